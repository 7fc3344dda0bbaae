import type { PlanName, Seed } from "../store/frontier.ts";
import type { Store } from "../store/store.ts";
import type { Kind, Month } from "../types.ts";

/** Chooses the polygons that cover a month. */
export type Plan = {
  name: PlanName;
  /** The scopes whose sweeps together cover these forces. */
  scopes(forces: readonly string[]): string[];
  /** The polygons that a sweep of a scope starts with. */
  seeds(scope: string, kind: Kind, month: Month): Seed[];
};

/** One polygon for every neighbourhood, one sweep for every force: the reference. */
export function createNeighbourhoodPlan(store: Store): Plan {
  return {
    name: "neighbourhoods",
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
  };
}
