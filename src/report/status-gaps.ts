import { findKnownGap } from "../police-api.ts";
import type { Kind, Month, Source } from "../types.ts";
import type { Gap } from "./status-shape.ts";

type Row = { force: string } & Partial<Record<Kind, Record<Month, number>>>;

/** The months of each kind that are the archive's. */
export type ArchiveMonths = Partial<Record<Kind, readonly Month[]>>;

/**
 * Gaps that are known, and those that only the data shows; months in a row are one. Of a force that
 * has no file yet at all it is not known that it ever published one.
 */
export function findGaps(
  coverage: readonly Row[],
  kinds: readonly Kind[],
  archive: ArchiveMonths = {},
): Gap[] {
  return coverage.flatMap((row) => kinds.flatMap((kind) => gapsOf(row, kind, archive[kind] ?? [])));
}

function gapsOf(row: Row, kind: Kind, archive: readonly Month[]): Gap[] {
  const own = Object.keys(row[kind] ?? {}).sort();
  const first = own[0] ?? "9999";
  const months = new Set([...own, ...archive.filter((month) => month > first)]);
  const gaps: Gap[] = [];
  let last: Gap | undefined;
  for (const month of [...months].sort()) {
    const source = archive.includes(month) ? "archive" : "api";
    const gap = gapOf(row, { kind, month, source });
    if (gap === undefined) last = undefined;
    else if (last?.known === gap.known && last.lacks === gap.lacks) last.to = month;
    else gaps.push((last = gap));
  }
  return gaps;
}

type At = { kind: Kind; month: Month; source: Source };

function gapOf(row: Row, { kind, month, source }: At): Gap | undefined {
  const covered = row[kind]?.[month];
  const records = covered ?? 0;
  const known = findKnownGap({ forceId: row.force, kind, month, source }, records)?.why ?? null;
  if (known === null && records > 0) return undefined;
  const lacks = covered === undefined ? "file" : "records";
  return { force: row.force, kind, from: month, to: month, lacks, known };
}
