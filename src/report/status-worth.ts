import { monthsBetween } from "../months.ts";
import type { Revision } from "../store/read/revisions.ts";
import { KINDS } from "../types.ts";
import { shareOf } from "./status-revisions.ts";
import { listOlder } from "./status-months.ts";
import type { MonthStatus, Worth } from "./status-shape.ts";

/** A refresh of few months is to bring so much of all that is likely to have changed. */
const MOST = 0.8;

/**
 * The months of an older release that a refresh is worth most for, newest first, measured from the
 * revisions so far; none where none was measured, or nothing changed.
 */
export function findWorth(
  months: readonly MonthStatus[],
  revisions: readonly Revision[],
  release: string | null,
): Worth[] {
  if (release === null) return [];
  const shares = measureShares(revisions);
  const all = listOlder(months)
    .toReversed()
    .flatMap((month): Worth[] => {
      const age = monthsBetween(release, month.month);
      const share = shares.get(age) ?? 0;
      const records = KINDS.reduce((sum, kind) => sum + (month[kind] ?? 0), 0);
      const expected = Math.round(share * records);
      return expected === 0 ? [] : [{ month: month.month, age, share, expected }];
    });
  const enough = MOST * all.reduce((sum, { expected }) => sum + expected, 0);
  let sum = 0;
  const end = all.findIndex(({ expected }) => (sum += expected) >= enough);
  return all.slice(0, end + 1);
}

/** How much of a month a release changed, by the age in months that it had then. */
function measureShares(revisions: readonly Revision[]): Map<number, number> {
  const sums = new Map<number, { kept: number; added: number; changed: number; removed: number }>();
  for (const { month, from, to, ...changes } of revisions) {
    if (from === "" || to === "" || from === to) continue; // of which age that is, nobody knows
    const age = monthsBetween(to, month);
    const sum = sums.get(age) ?? { kept: 0, added: 0, changed: 0, removed: 0 };
    sums.set(age, sum);
    for (const name of ["kept", "added", "changed", "removed"] as const) sum[name] += changes[name];
  }
  return new Map([...sums].map(([age, sum]) => [age, shareOf(sum)]));
}
