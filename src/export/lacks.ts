import { fillMonths, nextMonth } from "../months.ts";
import type { WantedCells } from "../store/read/wanted-cells.ts";
import type { Kind, Month } from "../types.ts";
import { isWanted } from "./plan.ts";
import type { Found, Selection } from "./plan.ts";

/** Months that are not complete in the database, all for the same forces. */
export type Lack = {
  kind: Kind;
  from: Month;
  to: Month;
  /** `missing`: nothing is there; `part`: some is, but not all was fetched. */
  state: "missing" | "part";
  /** The forces that are not complete; undefined: none is. */
  forces: readonly string[] | undefined;
};

/** What is wanted and not complete in the database. */
export function findLacks(
  selection: Selection,
  found: readonly Found[],
  { cover, forcesOf }: WantedCells,
): Lack[] {
  const months = listMonths(selection, [
    ...cover.listMonths().filter((month) => isWanted(selection, month)),
    ...found.flatMap(({ slices }) => slices.map(({ month }) => month)),
  ]);
  return found.flatMap(({ kind, slices }) => {
    const there = new Set(slices.map(({ month }) => month));
    const lacks = months.flatMap((month): Lack[] => {
      const forces = forcesOf(month, kind);
      const lacking = cover.listLacking(month, kind, forces);
      if (lacking.length === 0) return [];
      const all = lacking.length === forces.length;
      const state = all && !there.has(month) ? "missing" : "part";
      return [{ kind, from: month, to: month, state, forces: all ? undefined : lacking }];
    });
    return joinLacks(lacks);
  });
}

/** Every month of the calendar between the bounds, or between what is there. */
function listMonths({ since, until }: Selection, known: readonly Month[]): Month[] {
  const sorted = [...known].sort();
  const first = since ?? sorted[0] ?? until;
  const last = until ?? sorted.at(-1) ?? since;
  return first === undefined || last === undefined || first > last ? [] : fillMonths([first, last]);
}

/** Months in a row that lack the same are one lack. */
function joinLacks(lacks: readonly Lack[]): Lack[] {
  const joined: Lack[] = [];
  for (const lack of lacks) {
    const before = joined.at(-1);
    const follows = before !== undefined && nextMonth(before.to) === lack.from;
    const same = before?.state === lack.state && before.forces?.join() === lack.forces?.join();
    if (follows && same) before.to = lack.to;
    else joined.push({ ...lack });
  }
  return joined;
}
