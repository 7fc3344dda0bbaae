import { NOWHERE } from "../completeness.ts";
import type { Cover } from "../completeness.ts";
import type { Aim } from "../store/last-update.ts";
import type { Releases } from "../store/coverage.ts";
import type { Store } from "../store/store.ts";
import { KINDS } from "../types.ts";
import type { Kind, Month, PlanName } from "../types.ts";
import { findStart } from "./todo/last-update.ts";
import { chooseAgain, chooseMonths } from "./todo/months.ts";
import { listTodo } from "./todo/todo.ts";
import type { Todo } from "./todo/todo.ts";
import { createForcesOf } from "./todo/wanted.ts";
import type { Wanted } from "./todo/wanted.ts";

export type WorkOptions = {
  since?: Month | undefined;
  until?: Month | undefined;
  /** Only months after the one in last_update.json. */
  fromLastUpdate?: boolean | undefined;
  forces: readonly string[] | "all";
  /** All of them unless said. */
  kinds?: readonly Kind[] | undefined;
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
  forcesOf: Wanted["forcesOf"];
  /** Whether some cell of a month that is wanted is not covered. */
  isLacking: (cover: Cover, month: Month) => boolean;
  /** What last_update.json is to be for. */
  aim: Aim;
  /** Whether all forces were asked for, but what lies in none is left out. */
  isPartial: boolean;
};

/** Prepares the work of a run. Bounds and options that make no sense are wrong usage. */
export function prepareWork(
  store: Store,
  options: WorkOptions,
  { published, stops, release, areas }: Releases & { areas: WorkAreas },
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
  const { kinds = KINDS } = options;
  const late = chooseLate(store, published, options);
  const named = options.forces === "all" ? [NOWHERE] : options.forces;
  const wanted: Wanted = {
    kinds,
    monthsOf: (kind) => (kind === "stops" ? late : months),
    again,
    forcesOf: createForcesOf(forces, named, stops),
    plan,
  };
  const todo = listTodo(wanted, state);
  const since = months[0] ?? published.toSorted()[0] ?? "";
  return {
    ...todo,
    notes: [...notes, ...todo.notes],
    plan,
    months,
    forces,
    forcesOf: wanted.forcesOf,
    isLacking: (found, month) =>
      kinds.some((kind) => found.listLacking(month, kind, wanted.forcesOf(month, kind)).length > 0),
    aim: { since, forces: aim },
    isPartial: options.forces === "all" && !isWhole,
  };
}

/**
 * The months of which stops are wanted: some forces publish theirs when a month is complete
 * otherwise, so that '-u' looks at all months that it keeps.
 */
function chooseLate(store: Store, published: readonly Month[], options: WorkOptions): Month[] {
  const { fromLastUpdate, until = "9999-12" } = options;
  const since = fromLastUpdate ? store.lastUpdate.read()?.since : options.since;
  return published.toSorted().filter((month) => month >= (since ?? "") && month <= until);
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
