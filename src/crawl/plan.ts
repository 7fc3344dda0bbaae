import { bisectRing } from "../geo/bisect.ts";
import type { PlanName, Polygon, Seed } from "../store/frontier.ts";
import type { Store } from "../store/store.ts";
import type { Kind, Month, Point, Ring } from "../types.ts";

/** A plan chooses the polygons that cover a month, and how to cut one that is too large. */
export type Plan = {
  name: PlanName;
  /** Polygons for outcomes, for each one for crimes; for the outlook alone. */
  outcomesShare: number;
  /** The scopes whose sweeps together cover these forces. */
  scopes(forces: readonly string[]): string[];
  /** The polygons that a sweep of a scope starts with, in the order in which to ask them. */
  seeds(scope: string, kind: Kind, month: Month): Seed[];
  /** Pieces to ask in the place of a polygon that is forecast too large; empty: ask it whole. */
  foresee(polygon: Polygon): Seed[];
  /** Pieces of a polygon that was refused; empty where it is too small to be cut. */
  split(polygon: Polygon, ring: Ring): Seed[];
  /** Takes note of where the records of a polygon were. */
  learn(polygon: Polygon, ring: Ring, points: readonly Point[]): void;
};

/** One polygon for every neighbourhood, one sweep for every force: the reference. */
export function createNeighbourhoodPlan(store: Store): Plan {
  return {
    name: "neighbourhoods",
    outcomesShare: 1,
    scopes: (forces) => [...forces],
    seeds: (forceId) =>
      store.areas
        .listNeighbourhoods(forceId)
        .filter(({ hasBoundary }) => hasBoundary)
        .map(({ neighbourhoodId }) => ({
          area: { forceId, neighbourhoodId },
          ring: null,
          depth: 0,
          expected: null,
        })),
    foresee: () => [],
    split: ({ area, depth }, ring) =>
      bisectRing(ring).map((piece) => ({ area, ring: piece, depth: depth + 1, expected: null })),
    learn: () => {},
  };
}
