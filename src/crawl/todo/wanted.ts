import { listForcesOfKind } from "../../completeness.ts";
import type { Cover } from "../../completeness.ts";
import type { OpenSweep } from "../../store/sweeps.ts";
import type { Kind, Month, PlanName, Published } from "../../types.ts";

/** What a run asks for. */
export type Wanted = {
  kinds: readonly Kind[];
  /** The months asked for of a kind, oldest first. */
  monthsOf: (kind: Kind) => readonly Month[];
  /** Those of which complete ones shall be fetched again, oldest first. */
  again: readonly Month[];
  /** The forces of the cells that are wanted; '' among them: what lies in none, too. */
  forcesOf: (month: Month, kind: Kind) => readonly string[];
  plan: PlanName;
};

/** What the API publishes, and what the database holds. */
export type State = {
  published: readonly Month[];
  /** The API's newest release, `YYYY-MM-DD`; '' where it is not known. */
  release: string;
  cover: Cover;
  sweeps: readonly OpenSweep[];
};

/** The plan of a kind's sweeps: stops are not asked for by area. */
export function planOf(kind: Kind, plan: PlanName): OpenSweep["plan"] {
  return kind === "stops" ? "forces" : plan;
}

/** Chooses forces by kind: those with areas, and of stops those that were named and publish some. */
export function createForcesOf(
  areas: readonly string[],
  named: readonly string[],
  stops: Published["stops"],
): Wanted["forcesOf"] {
  return (month, kind) =>
    listForcesOfKind({ month, kind }, kind === "stops" ? named : areas, stops);
}
