import type { Estimate } from "../crawl/estimate.ts";
import type { Change, CrawlResult } from "../crawl/crawl-result.ts";
import { KINDS } from "../types.ts";
import type { Month } from "../types.ts";
import { formatBytes, formatCount, formatDuration, plural, printable, shellWord } from "../text.ts";

/** What only the command knows about a run. */
export type Spent = { database: string; requests: number; ms: number };

/** How many names a line lists before it says "and so many more". */
const LISTED = 5;

/** The stable document of `--json`. */
export function toDocument(result: CrawlResult, { database, requests, ms }: Spent) {
  return {
    database,
    changed: hasChanged(result),
    last_update: result.lastUpdate,
    months: result.months,
    crawled: result.crawled,
    refreshed: result.refreshed,
    incomplete: result.incomplete,
    release: result.release,
    outdated: result.outdated,
    ...result.changes,
    forces: result.forces,
    neighbourhoods: result.neighbourhoods,
    without_boundary: result.withoutBoundary,
    failures: result.failures,
    unanswered: result.unanswered,
    doubts: result.doubts,
    requests,
    seconds: Math.round(ms) / 1000,
  };
}

export type CrawlDocument = ReturnType<typeof toDocument>;

/** Whether a crawl brought anything: a record that is new, another than before, or gone. */
export function hasChanged({ changes }: Pick<CrawlResult, "changes">): boolean {
  return KINDS.some((kind) => {
    const { added, changed, removed } = changes[kind];
    return added + changed + removed > 0;
  });
}

/** The plan of a dry run, for people. */
export function describeEstimate(estimate: Estimate, { database, requests }: Spent): string {
  const { requests: wanted } = estimate;
  const lines = [
    `${database}: ${work(estimate.months, estimate.refreshed, ["would crawl", "would refresh"])}`,
    `  plan        ${estimate.plan}, ${plural(estimate.forces, "force")}, ${plural(estimate.neighbourhoods, "neighbourhood")}`,
    `  requests    about ${formatCount(wanted.total)}: ${formatCount(wanted.areas)} for areas, ${formatCount(wanted.polygons)} for records`,
    `  records     about ${formatCount(estimate.records)}, ${formatBytes(estimate.bytes)}`,
    `  time        about ${formatDuration(estimate.seconds * 1000)} at the rate and the API's known latency`,
    `nothing was written; ${plural(requests, "request")} asked`,
  ];
  return lines.map(printable).join("\n");
}

/** The stable document of `--dry-run --json`. */
export function toEstimateDocument(estimate: Estimate, { database }: Spent) {
  return { database, ...estimate };
}

/** The end of a run, for people: what changed, what it cost, what to do next. */
export function summarize(result: CrawlResult, { database, requests, ms }: Spent): string {
  const { crawled, refreshed, months, withoutBoundary, outdated } = result;
  const done = work(crawled, refreshed, ["crawled", "refreshed"]);
  const lines = [
    `${database}: ${done}${months.length === 0 ? "" : `, asked for ${span(months)}`}`,
    ...KINDS.map((kind) => `  ${kind.padEnd(11)} ${changes(result.changes[kind])}`),
    `  areas       ${plural(result.forces, "force")}, ${plural(result.neighbourhoods, "neighbourhood")}`,
    `  requests    ${formatCount(requests)} in ${formatDuration(ms)}`,
    `  last update ${result.lastUpdate ?? "no month is complete yet"}`,
  ];
  if (withoutBoundary.length > 0) {
    const count = plural(withoutBoundary.length, "neighbourhood");
    lines.push(`  without a boundary: ${count}: ${list(withoutBoundary)}`);
  }
  if (result.incomplete.length > 0) {
    lines.push(`  incomplete  ${list(result.incomplete)}: the same command goes on with them`);
  }
  if (outdated.length > 0) {
    const are = outdated.length === 1 ? "is" : "are";
    lines.push(
      `  older       ${plural(outdated.length, "complete month")} ${are} older than the API's release of ${result.release}`,
      "              fetch them again: ukpolice crawl --refresh (or --refresh 3, the newest three)",
    );
  }
  const option = database === "ukpolice.db" ? "" : ` --db ${shellWord(database)}`;
  lines.push(`look into it: ukpolice status${option}, or ukpolice browse${option}`);
  return lines.map(printable).join("\n");
}

/** Which months were worked on, and how. */
function work(crawled: Month[], refreshed: Month[], [crawl, refresh]: [string, string]): string {
  const parts = [
    crawled.length === 0 ? [] : `${crawl} ${span(crawled)}`,
    refreshed.length === 0 ? [] : `${refresh} ${span(refreshed)}`,
  ].flat();
  return parts.length === 0 ? "nothing to do" : parts.join(", ");
}

function changes({ kept, added, changed, removed }: Change): string {
  const same = kept === 0 ? "" : `, ${formatCount(kept)} kept`;
  const more = changed === 0 ? "" : `, ${formatCount(changed)} changed`;
  const fewer = removed === 0 ? "" : `, ${formatCount(removed)} removed`;
  return `${formatCount(added)} new${same}${more}${fewer}`;
}

/** `2018-04 to 2018-05`, or the one month that it is. */
export function span(months: readonly Month[]): string {
  const [first] = months;
  const last = months.at(-1);
  return first === last ? `${first}` : `${first} to ${last}`;
}

/** The first few of many. */
export function list(names: readonly string[], separator = ", "): string {
  const more = names.length > LISTED ? ` and ${names.length - LISTED} more` : "";
  return names.slice(0, LISTED).join(separator) + more;
}
