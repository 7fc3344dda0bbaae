import { addMonths, format, parse } from "date-fns";
import type { Month } from "../types.ts";

/** `May 2018` of `2018-05`. */
export function nameMonth(month: Month): string {
  return format(parseMonth(month), "MMMM yyyy");
}

/** Every month from the first to the last of a sorted list, those it lacks included. */
export function fillMonths(months: readonly Month[]): Month[] {
  const [first] = months;
  const last = months.at(-1);
  if (first === undefined || last === undefined) return [];
  const filled: Month[] = [];
  for (let at = first; at <= last; at = format(addMonths(parseMonth(at), 1), "yyyy-MM"))
    filled.push(at);
  return filled;
}

function parseMonth(month: Month): Date {
  return parse(month, "yyyy-MM", new Date(0));
}
