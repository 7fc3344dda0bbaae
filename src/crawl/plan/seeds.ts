import { NOWHERE } from "../../completeness.ts";
import { ENDPOINTS } from "../../fetch/kinds.ts";
import type { Seed } from "../../store/frontier.ts";
import type { Cells, Plan } from "./plan.ts";

/** The questions that a sweep of cells starts with: polygons, and forces by their names. */
export function listSeeds(plan: Plan, cells: Cells): Seed[] {
  const { byArea } = ENDPOINTS[cells.kind];
  return [...(byArea === null ? [] : plan.seeds(cells)), ...listForces(cells).map(toSeed)];
}

/** The forces of cells that are asked for by their names. */
export function listForces({ kind, forces }: Pick<Cells, "kind" | "forces">): string[] {
  const { byForce } = ENDPOINTS[kind];
  return byForce === null ? [] : forces.filter((forceId) => forceId !== NOWHERE);
}

function toSeed(forceId: string): Seed {
  return { forceId, area: null, ring: null, depth: 0, expected: null };
}
