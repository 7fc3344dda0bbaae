import { findKnownGap } from "../police-api.ts";
import type { Kind, Month } from "../types.ts";
import type { Gap } from "./status-shape.ts";

type Row = { force: string } & Partial<Record<Kind, Record<Month, number>>>;

/** Gaps that are known, and those that only the data shows; months in a row are one. */
export function findGaps(coverage: readonly Row[], kinds: readonly Kind[]): Gap[] {
  return coverage.flatMap((row) => kinds.flatMap((kind) => gapsOf(row, kind)));
}

function gapsOf(row: Row, kind: Kind): Gap[] {
  const gaps: Gap[] = [];
  let last: Gap | undefined;
  for (const month of Object.keys(row[kind] ?? {}).sort()) {
    const gap = gapOf(row, kind, month);
    if (gap === undefined) last = undefined;
    else if (last?.known === gap.known) last.to = month;
    else gaps.push((last = gap));
  }
  return gaps;
}

function gapOf(row: Row, kind: Kind, month: Month): Gap | undefined {
  const records = row[kind]?.[month] ?? 0;
  const known = findKnownGap({ forceId: row.force, kind, month }, records)?.why ?? null;
  if (known === null && records > 0) return undefined;
  return { force: row.force, kind, from: month, to: month, known };
}
