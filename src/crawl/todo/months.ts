import { usageError } from "../../errors.ts";
import { checkOrder } from "../../months.ts";
import type { Month } from "../../types.ts";

export type MonthBounds = {
  since?: Month | undefined;
  until?: Month | undefined;
  /** Only months later than this one. */
  after?: Month | undefined;
};

/**
 * The published months within the bounds, oldest first, with notes on bounds that reach
 * further than the API does. A bound that leaves nothing to ask for is wrong usage.
 */
export function chooseMonths(
  published: readonly Month[],
  { since, until, after }: MonthBounds,
): { months: Month[]; notes: string[] } {
  const window = [...published].sort();
  const oldest = window[0] ?? "";
  const newest = window.at(-1) ?? "";
  const hint = `the API publishes ${oldest} to ${newest}`;
  checkOrder({ since, until });
  if (until !== undefined && until < oldest) {
    throw usageError(`--until ${until} is before the oldest published month`, hint);
  }
  if (since !== undefined && since > newest) {
    throw usageError(`--since ${since} is after the newest published month`, hint);
  }
  const notes: string[] = [];
  if (until !== undefined && until > newest) {
    notes.push(`--until ${until} is not published yet; the newest month is ${newest}`);
  }
  if (since !== undefined && since < oldest) {
    notes.push(`--since ${since} is no longer published; the oldest month is ${oldest}`);
  }
  const months = window.filter(
    (month) => month >= (since ?? oldest) && month <= (until ?? newest) && month > (after ?? ""),
  );
  return { months, notes };
}

/** The published months within the bounds of which the newest so many shall be fetched again. */
export function chooseAgain(
  published: readonly Month[],
  { since = "", until = "9999-12", refresh = 0 }: MonthBounds & { refresh?: number | undefined },
): Month[] {
  if (refresh === 0) return [];
  const window = [...published].sort().filter((month) => month >= since && month <= until);
  return window.slice(Math.max(0, window.length - refresh));
}
