import { usageError } from "./errors.ts";
import type { Month } from "./types.ts";

// Plain arithmetic: date-fns, file by file, would be a fifth of what a start costs.

/** Whether a text is a month, `YYYY-MM`. */
export function isMonth(text: string): boolean {
  return /^\d{4}-(0[1-9]|1[0-2])$/.test(text);
}

/** The month after another. */
export function nextMonth(month: Month): Month {
  const count = countMonths(month) + 1;
  const year = String(Math.floor(count / 12)).padStart(4, "0");
  return `${year}-${String((count % 12) + 1).padStart(2, "0")}`;
}

/** Every month of the calendar from the first to the last of a list, in any order. */
export function fillMonths(months: readonly Month[]): Month[] {
  const sorted = months.toSorted();
  const last = sorted.at(-1) ?? "";
  const filled: Month[] = [];
  for (let month = sorted[0]; month !== undefined && month <= last; month = nextMonth(month)) {
    filled.push(month);
  }
  return filled;
}

/** How many months of the calendar lie between two dates, `YYYY-MM` and more of them. */
export function monthsBetween(later: string, earlier: string): number {
  return countMonths(later) - countMonths(earlier);
}

type Bounds = { since?: Month | undefined; until?: Month | undefined };

/** Fails when the bounds are the wrong way round: that is known before the API is asked. */
export function checkOrder({ since, until }: Bounds): void {
  if (since !== undefined && until !== undefined && since > until) {
    throw usageError(`--since ${since} is after --until ${until}`, "swap them");
  }
}

/** Months since the year 0. */
function countMonths(date: string): number {
  return Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1;
}
