import type { PlanName } from "../store/frontier.ts";
import { createNeighbourhoodPlan } from "./plan.ts";
import type { Plan } from "./plan.ts";
import { createTilePlan } from "./tiles.ts";
import type { TileOptions } from "./tiles.ts";

/** The plan of that name; 'auto' asks tiles, and neighbourhoods where these are fewer. */
export function createPlan({ name, ...options }: TileOptions & { name: PlanName | "auto" }): Plan {
  const { store, selected } = options;
  if (name === "neighbourhoods") return createNeighbourhoodPlan(store);
  const few =
    selected === "all" ? [] : selected.flatMap((id) => store.areas.listNeighbourhoods(id));
  const fewest = name === "auto" && few.length === 1;
  return fewest ? createNeighbourhoodPlan(store) : createTilePlan(options);
}
