import type { ExportReader } from "../store/read/export.ts";
import type { CountedSlice } from "../store/read/slices.ts";
import { KINDS } from "../types.ts";
import type { Kind, Month } from "../types.ts";
import type { Format, What } from "./format.ts";

/** Which records are wanted; undefined: all of them. */
export type Selection = {
  whats: readonly What[];
  since: Month | undefined;
  until: Month | undefined;
  forces: readonly string[] | undefined;
  /** Of crimes, and of the crimes that outcomes belong to. */
  categories: readonly string[] | undefined;
};

/** The slices of a kind that are wanted and there, oldest first. */
export type Found = { kind: Kind; slices: readonly CountedSlice[] };

/** One file to be, and what goes into it. */
export type Part = { what: What; path: string; slices: readonly CountedSlice[]; records: number };

/** Whether a month is within the bounds of a selection. */
export function isWanted({ since = "", until }: Selection, month: Month): boolean {
  return month >= since && (until === undefined || month <= until);
}

/** What is there of what is wanted. */
export function findSlices(reader: ExportReader, selection: Selection): Found[] {
  const { whats, forces, categories } = selection;
  const isOfForces = ({ forceId }: CountedSlice) =>
    forces === undefined || (forceId !== null && forces.includes(forceId));
  return KINDS.filter((kind) => whats.includes(kind)).map((kind) => {
    const months = reader.listMonths(kind).filter((month) => isWanted(selection, month));
    const slices = months.flatMap((month) => reader.listSlices(kind, month, categories));
    return { kind, slices: slices.filter(isOfForces) };
  });
}

export type PlanOptions = {
  format: Format;
  /** All records of a kind go into one file. */
  alone: boolean;
};

/** The files that an export makes, in order; none is without records. */
export function planParts(
  reader: ExportReader,
  { whats, forces }: Selection,
  { found, format, alone }: PlanOptions & { found: readonly Found[] },
): Part[] {
  const parts = found.flatMap(({ kind, slices }) => {
    const byPath = new Map<string, CountedSlice[]>();
    for (const slice of slices) {
      const path = alone ? kind : format.pathOf(kind, slice);
      byPath.set(path, [...(byPath.get(path) ?? []), slice]);
    }
    return [...byPath].map(([path, shared]): Part => {
      const records = shared.reduce((sum, slice) => sum + slice.records, 0);
      return { what: kind, path, slices: shared, records };
    });
  });
  const records = whats.includes("neighbourhoods") ? reader.countNeighbourhoods(forces) : 0;
  if (records === 0) return parts;
  const path = format.pathOf("neighbourhoods", undefined);
  return [...parts, { what: "neighbourhoods", path, slices: [], records }];
}
