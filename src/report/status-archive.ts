import type { Cover } from "../completeness.ts";
import { formatShare, plural } from "../text.ts";
import type { Kind, Month, Source } from "../types.ts";
import type { ArchiveMonths } from "./status-gaps.ts";
import type { StatusDocument } from "./status-shape.ts";
import { span } from "./summary.ts";

const NAMES: Record<Source, string> = { api: "the API", archive: "the archive" };

/** The months of each kind that are the archive's, oldest first. */
export function listArchiveMonths(cover: Cover, kinds: readonly Kind[]): ArchiveMonths {
  return Object.fromEntries(
    kinds.map((kind) => [
      kind,
      cover.listMonths(kind).filter((month) => cover.sourceOf(month, kind) === "archive"),
    ]),
  );
}

/** Which months are from the archive and which from the API, where any is from the archive. */
export function describeSources({ months, kinds }: StatusDocument): [string, string][] {
  const told = kinds.flatMap((kind) => {
    const runs = listRuns(months.map(({ month, sources }) => [month, sources[kind]]));
    return runs.length === 0 ? [] : [{ kind, runs }];
  });
  if (!told.some(({ runs }) => runs.some(({ source }) => source === "archive"))) return [];
  const texts = new Map<string, Kind[]>();
  for (const { kind, runs } of told) {
    const text = runs.map((run) => `${NAMES[run.source]} ${span(run.months)}`).join(", ");
    texts.set(text, [...(texts.get(text) ?? []), kind]);
  }
  const parts = [...texts].map(([text, of]) =>
    texts.size === 1 ? text : `${of.join(" and ")} ${text}`,
  );
  return [["from", parts.join("; ")]];
}

type Run = { source: Source; months: Month[] };

/** Months in a row of one source; those of which nothing is there end no run. */
function listRuns(months: readonly (readonly [Month, Source | undefined])[]): Run[] {
  const runs: Run[] = [];
  for (const [month, source] of months) {
    const last = runs.at(-1);
    if (source === undefined) continue;
    if (last?.source === source) last.months.push(month);
    else runs.push({ source, months: [month] });
  }
  return runs;
}

/** Of how many of the API's records the LSOA was learnt, where any files told some. */
export function describeLsoas({ lsoas }: StatusDocument): [string, string][] {
  if (lsoas.located === 0) return [];
  const share = formatShare(lsoas.found / lsoas.located);
  return [["LSOAs", `known for ${share} of ${plural(lsoas.located, "record")} of the API`]];
}
