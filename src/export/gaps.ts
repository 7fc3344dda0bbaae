import { addMonths } from "date-fns/addMonths";
import { format } from "date-fns/format";
import { parseISO } from "date-fns/parseISO";
import type { Covered } from "../store/read/export.ts";
import type { Kind, Month } from "../types.ts";
import { isWanted } from "./plan.ts";
import type { Found, Selection } from "./plan.ts";

/** Months that are not complete in the database, all for the same forces. */
export type Gap = {
  kind: Kind;
  from: Month;
  to: Month;
  /** `missing`: nothing is there; `part`: some is, but not all was fetched. */
  state: "missing" | "part";
  /** The forces that are not complete; undefined: none is. */
  forces: readonly string[] | undefined;
};

/**
 * What is wanted and not complete in the database. Without a selection of forces, those count of
 * which anything was ever fetched: a database of one force does not lack the others.
 */
export function findGaps(
  selection: Selection,
  found: readonly Found[],
  covered: readonly Covered[],
): Gap[] {
  const wanted = covered.filter(({ month }) => isWanted(selection, month));
  const forces = selection.forces ?? listForces(found, covered);
  const months = listMonths(selection, [
    ...wanted.map(({ month }) => month),
    ...found.flatMap(({ slices }) => slices.map(({ month }) => month)),
  ]);
  return found.flatMap(({ kind, slices }) => {
    const rows = wanted.filter((row) => row.kind === kind);
    const complete = new Set(rows.map(({ month, forceId }) => `${month} ${forceId}`));
    const there = new Set(slices.map(({ month }) => month));
    const gaps = months.flatMap((month): Gap[] => {
      const lacking = forces.filter((force) => !complete.has(`${month} ${force}`));
      const all = lacking.length === forces.length;
      if (!all && lacking.length === 0) return [];
      const state = all && !there.has(month) ? "missing" : "part";
      return [{ kind, from: month, to: month, state, forces: all ? undefined : lacking }];
    });
    return joinGaps(gaps);
  });
}

function listForces(found: readonly Found[], covered: readonly Covered[]): string[] {
  const rows = [...covered, ...found.flatMap(({ slices }) => slices)];
  return [...new Set(rows.flatMap(({ forceId }) => forceId ?? []))].sort();
}

/** Every month of the calendar between the bounds, or between what is there. */
function listMonths({ since, until }: Selection, known: readonly Month[]): Month[] {
  const sorted = [...known].sort();
  const first = since ?? sorted[0] ?? until;
  const last = until ?? sorted.at(-1) ?? since;
  const months: Month[] = [];
  if (first === undefined || last === undefined) return months;
  for (let month = first; month <= last; month = after(month)) months.push(month);
  return months;
}

/** Months in a row that lack the same are one gap. */
function joinGaps(gaps: readonly Gap[]): Gap[] {
  const joined: Gap[] = [];
  for (const gap of gaps) {
    const before = joined.at(-1);
    const follows = before !== undefined && after(before.to) === gap.from;
    const same = before?.state === gap.state && before.forces?.join() === gap.forces?.join();
    if (follows && same) before.to = gap.to;
    else joined.push({ ...gap });
  }
  return joined;
}

function after(month: Month): Month {
  return format(addMonths(parseISO(month), 1), "yyyy-MM");
}
