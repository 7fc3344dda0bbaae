import { NOWHERE } from "../../completeness.ts";
import { usageError } from "../../errors.ts";
import type { OpenSweep } from "../../store/sweeps.ts";
import type { Month } from "../../types.ts";
import { planOf } from "./wanted.ts";
import type { State, Wanted } from "./wanted.ts";

/** The sweeps that stage what they bring, by what a run does with them. */
export type SortedStaged = {
  /** Of months that are no longer published: given up. */
  over: OpenSweep[];
  /** This run's own, to go on with. */
  going: OpenSweep[];
  /** This run's own, of an earlier release or another plan: they begin again. */
  restarted: OpenSweep[];
  /** Those of other forces. */
  foreign: OpenSweep[];
  notes: string[];
};

/** Sorts what is staged. Throws (exit 2) where it is in the way of a refresh that was asked for. */
export function sortStaged(wanted: Wanted, { published, release, sweeps }: State): SortedStaged {
  const staged = sweeps.filter((sweep) => sweep.staged);
  const over = staged.filter(({ month }) => !published.includes(month));
  const left = staged.filter(
    ({ month, kind }) => published.includes(month) && wanted.kinds.includes(kind),
  );
  const isSame = (sweep: OpenSweep) => isOwn(sweep, wanted);
  const foreign = left.filter((sweep) => !isSame(sweep));
  const [other] = foreign;
  if (wanted.again.length > 0 && other !== undefined) throw inTheWay(other);
  const own = left.filter(
    (sweep) =>
      isSame(sweep) &&
      (wanted.again.length > 0 || wanted.monthsOf(sweep.kind).includes(sweep.month)),
  );
  const isStale = (sweep: OpenSweep) =>
    sweep.plan !== planOf(sweep.kind, wanted.plan) || (release !== "" && sweep.release !== release);
  const restarted = own.filter(isStale);
  const going = own.filter((sweep) => !isStale(sweep));
  const notes = listNotes({ over, going, restarted }, release);
  return { over, going, restarted, foreign, notes };
}

type Noted = Pick<SortedStaged, "over" | "going" | "restarted">;

function listNotes({ over, going, restarted }: Noted, release: string): string[] {
  const notes = listMonths(over).map(
    (month) => `${month} is no longer published; its refresh is given up, and its rows stay`,
  );
  if (restarted.length > 0) {
    const months = listMonths(restarted).join(", ");
    const isNews = release !== "" && restarted.some((sweep) => sweep.release !== release);
    const why = isNews ? "the API was released anew" : "it is to be by another plan";
    notes.push(`${why}; the refresh of ${months} begins again`);
  } else if (going.length > 0) {
    notes.push(`going on with the refresh of ${listMonths(going).join(", ")}`);
  }
  return notes;
}

function listMonths(sweeps: readonly OpenSweep[]): Month[] {
  return [...new Set(sweeps.map(({ month }) => month))];
}

function inTheWay({ month, forces }: OpenSweep) {
  const isAll = forces.includes(NOWHERE);
  const whose = isAll ? "all forces" : forces.join(", ");
  const option = isAll ? "" : ` --force ${forces.join(" ")}`;
  return usageError(
    `a refresh of ${month} for ${whose} is not finished`,
    `finish it first: ukpolice crawl --refresh${option}`,
  );
}

/** Stops are of those that published some when it began; more may publish theirs by now. */
function isOwn({ month, kind, forces }: OpenSweep, { forcesOf }: Wanted): boolean {
  const wanted = forcesOf(month, kind);
  return kind === "stops"
    ? forces.every((force) => wanted.includes(force))
    : sameForces(forces, wanted);
}

function sameForces(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((force) => b.includes(force));
}
