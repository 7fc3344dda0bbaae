import type { PlanName } from "../store/frontier.ts";
import { createNeighbourhoodPlan } from "./plan.ts";
import type { Plan } from "./plan.ts";
import { createTilePlan } from "./tiles.ts";
import type { TileOptions } from "./tiles.ts";

/** The plan that was asked for; 'auto' is tiles, but for one neighbourhood, which needs none. */
export function choosePlan(name: PlanName | "auto", neighbourhoods: number): PlanName {
  if (name !== "auto") return name;
  return neighbourhoods === 1 ? "neighbourhoods" : "tiles";
}

export function createPlan(name: PlanName, options: TileOptions): Plan {
  return name === "tiles" ? createTilePlan(options) : createNeighbourhoodPlan(options.store);
}
