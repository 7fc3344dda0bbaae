import { bisectRing } from "../../geo/bisect.ts";
import type { Question, Seed } from "../../store/frontier.ts";
import type { Store } from "../../store/store.ts";
import type { Area, Kind, Month, PlanName, Point, Ring } from "../../types.ts";

/** Polygons to ask for together with another one, and the one that takes the place of all. */
export type Joined = { others: readonly Question[]; whole: Seed };

/** Cells of a month and kind. */
export type Cells = { forces: readonly string[]; kind: Kind; month: Month };

/** A plan chooses the polygons that cover a month, and how to cut one that is too large. */
export type Plan = {
  name: PlanName;
  /** Polygons for outcomes, for each one for crimes; only to show how far a month is. */
  outcomesShare: number;
  /** The polygons that a sweep of cells starts with, in the order in which to ask them. */
  seeds(cells: Cells): Seed[];
  /** Pieces to ask in the place of a polygon that is forecast too large; empty: ask it whole. */
  foresee(question: Question): Seed[];
  /** A polygon to ask in the place of one and of others that wait, where larger ones are known to do. */
  join(question: Question, waiting: readonly Question[]): Joined | undefined;
  /** How many records a polygon is expected to hold, by what is known by now. */
  expect(question: Question): number;
  /** Pieces of a polygon that holds so much, and was too large; empty where it cannot be cut. */
  split(question: Question, ring: Ring, atLeast: number): Seed[];
  /** Takes note of where the records of a polygon were. */
  learn(question: Question, ring: Ring, points: readonly Point[]): void;
};

/** Deeper than a country can be cut: 10 cm are 27 bisections below it, on each side. */
export const MOST_CUTS = 60;

/** One polygon for every neighbourhood: the reference. */
export function createNeighbourhoodPlan(store: Store): Plan {
  return {
    name: "neighbourhoods",
    outcomesShare: 1,
    seeds: ({ forces }) =>
      forces
        .flatMap((force) => store.areas.listNeighbourhoods(force))
        .filter(({ hasBoundary, boundaryAt }) => hasBoundary || boundaryAt === null)
        .map(toSeed),
    foresee: () => [],
    join: () => undefined,
    expect: () => 0,
    split: ({ area, depth }, ring) =>
      depth >= MOST_CUTS
        ? []
        : bisectRing(ring).map((piece) => ({
            area,
            ring: piece,
            depth: depth + 1,
            expected: null,
          })),
    learn: () => {},
  };
}

/**
 * The neighbourhoods of some forces whose boundary is not known, for it got no answer: nobody knows
 * which tiles they are in, so that their questions are left open.
 */
export function listUnknown(store: Store, forces: readonly string[]): Seed[] {
  return forces
    .flatMap((force) => store.areas.listNeighbourhoods(force))
    .filter(({ hasBoundary, boundaryAt }) => !hasBoundary && boundaryAt === null)
    .map(toSeed);
}

function toSeed({ forceId, neighbourhoodId }: Area): Seed {
  return { area: { forceId, neighbourhoodId }, ring: null, depth: 0, expected: null };
}
