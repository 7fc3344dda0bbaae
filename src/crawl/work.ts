import { NOWHERE } from "../completeness.ts";
import type { Cover } from "../completeness.ts";
import type { Aim } from "../store/last-update.ts";
import type { Releases } from "../store/coverage.ts";
import type { Store } from "../store/store.ts";
import type { Month, PlanName } from "../types.ts";
import { findStart } from "./todo/last-update.ts";
import { chooseAgain, chooseMonths } from "./todo/months.ts";
import { listTodo } from "./todo/todo.ts";
import type { Todo } from "./todo/todo.ts";

export type WorkOptions = {
  since?: Month | undefined;
  until?: Month | undefined;
  /** Only months after the one in last_update.json. */
  fromLastUpdate?: boolean | undefined;
  forces: readonly string[] | "all";
  /** Which polygons are asked; 'auto' takes the plan that needs fewer requests. */
  plan: PlanName | "auto";
  /** How many of the newest complete months to fetch again; none unless said. */
  refresh?: number | undefined;
};

/** The forces whose cells can be asked for, and how many neighbourhoods they have. */
export type WorkAreas = {
  selected: readonly string[];
  listed: readonly string[];
  neighbourhoods: number;
};

/** All that a run is going to do, prepared once: a dry run estimates it, and a crawl does it. */
export type Work = Todo & {
  plan: PlanName;
  /** The months asked for, oldest first. */
  months: Month[];
  /** The forces of the cells that are wanted; '' among them: what lies in none, too. */
  forces: readonly string[];
  /** What last_update.json is to be for. */
  aim: Aim;
  /** Whether all forces were asked for, but what lies in none is left out. */
  isPartial: boolean;
};

/** Prepares the work of a run. Bounds and options that make no sense are wrong usage. */
export function prepareWork(
  store: Store,
  options: WorkOptions,
  { published, release, areas }: Releases & { areas: WorkAreas },
): Work {
  const plan = choosePlan(options, areas);
  const isWhole =
    options.forces === "all" && plan === "tiles" && areas.listed.length === areas.selected.length;
  const forces = isWhole ? [...areas.listed, NOWHERE] : areas.listed;
  const aim: Aim["forces"] = isWhole ? "all" : areas.selected;
  const after = options.fromLastUpdate ? findStart(store, aim) : undefined;
  const { months, notes } = chooseMonths(published, { ...options, after });
  const again = chooseAgain(published, options);
  const cover = store.coverage.readCover();
  const state = { published, release, cover, sweeps: store.sweeps.list() };
  const todo = listTodo({ months, again, forces, plan }, state);
  const since = months[0] ?? published.toSorted()[0] ?? "";
  return {
    ...todo,
    notes: [...notes, ...todo.notes],
    plan,
    months,
    forces,
    aim: { since, forces: aim },
    isPartial: options.forces === "all" && !isWhole,
  };
}

/** 'auto' is tiles, but for one neighbourhood, which needs none. */
function choosePlan({ plan, forces }: WorkOptions, { neighbourhoods }: WorkAreas): PlanName {
  if (plan !== "auto") return plan;
  return forces !== "all" && neighbourhoods === 1 ? "neighbourhoods" : "tiles";
}

/** Complete months of which some cell is of an earlier release than the API's newest. */
export function listOutdated(
  cover: Cover,
  { published, release }: Releases,
  forces: readonly string[],
): Month[] {
  if (release === "") return [];
  return published.toSorted().filter((month) => {
    const oldest = cover.findOldestRelease(month, forces);
    return cover.isComplete(month, forces) && oldest !== undefined && oldest < release;
  });
}
