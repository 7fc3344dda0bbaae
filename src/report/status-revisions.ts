import type { Changes, Revision } from "../store/read/revisions.ts";
import { formatCount, plural, printable } from "../text.ts";

const LISTED = 40;

/** What releases changed, for people: a line for each month, kind and release. */
export function describeRevisions(database: string, revisions: readonly Revision[]): string {
  if (revisions.length === 0) {
    return [
      printable(`${database}: no revision yet`),
      "  a month that is fetched again is compared with what was here: ukpolice crawl --refresh",
    ].join("\n");
  }
  const months = new Set(revisions.map(({ month }) => month)).size;
  const more = revisions.length - LISTED;
  const lines = [
    `${database}: ${plural(revisions.length, "revision")} of ${plural(months, "month")}`,
    ...revisions.slice(0, LISTED).map(describeRevision),
    ...(more > 0 ? [`and ${formatCount(more)} more, with --json`] : []),
  ];
  return lines.map(printable).join("\n");
}

function describeRevision({ month, kind, from, to, ...changes }: Revision): string {
  const before = from === "" ? "" : ` (before: ${from})`;
  return `${month} ${kind}, as of ${nameRelease(to)}${before}: ${describeChanges(changes)}`;
}

/** A release's day. */
export function nameRelease(release: string): string {
  return release === "" ? "an unknown release" : release;
}

/** `12 added, 758 outcomes changed, 3 removed`. */
export function describeChanges(changes: Changes): string {
  const { added, changed, outcomesChanged, removed } = changes;
  const others = changed - outcomesChanged;
  const parts = [
    added === 0 ? [] : `${formatCount(added)} added`,
    outcomesChanged === 0 ? [] : `${plural(outcomesChanged, "outcome")} changed`,
    others === 0
      ? []
      : `${formatCount(others)} changed${outcomesChanged === 0 ? "" : " otherwise"}`,
    removed === 0 ? [] : `${formatCount(removed)} removed`,
  ].flat();
  return parts.length === 0 ? "nothing changed" : parts.join(", ");
}

/** How much of what there was before differs, 0 to 1. */
export function shareOf({ kept, added, changed, removed }: Omit<Changes, "outcomesChanged">) {
  return Math.min(1, (added + changed + removed) / Math.max(1, kept + changed + removed));
}

/** The stable document of `--revisions --json`. */
export function toRevisionsDocument(database: string, revisions: readonly Revision[]) {
  return {
    database,
    revisions: revisions.map(({ from, to, revisedAt, outcomesChanged, ...revision }) => ({
      ...revision,
      from_release: from,
      to_release: to,
      revised_at: revisedAt,
      outcomes_changed: outcomesChanged,
    })),
  };
}
