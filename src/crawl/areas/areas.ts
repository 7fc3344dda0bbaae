import { usageError } from "../../errors.ts";
import { suggest } from "../../suggest.ts";
import type { Force } from "../../types.ts";
import type { Context } from "../context.ts";
import { patiently } from "../health.ts";
import { runPool } from "../pool.ts";
import { isFailedQuestion, isMissing, nameFailure } from "../unanswered.ts";
import { updateBoundaries } from "./boundaries.ts";
import type { IsStale } from "./boundaries.ts";

const DAY_MS = 24 * 3_600_000;
/** Forces and neighbourhoods change seldom: their lists are asked for again after this long. */
const FRESH_MS = 30 * DAY_MS;

export type AreasWanted = {
  forces: readonly string[] | "all";
  refreshBoundaries: boolean;
  /** Forces that may be named beside those of the API's list: they have no areas. */
  publishers: readonly string[];
};

/**
 * Brings forces, neighbourhoods and boundaries up to date, asking only for what is not fresh.
 * Returns the ids of the selected forces; an unknown one is wrong usage.
 */
export async function updateAreas(context: Context, wanted: AreasWanted): Promise<string[]> {
  const isStale = createStaleness(wanted);
  const { selected, fetched } = await selectForces(context, wanted);
  if (fetched !== undefined) context.store.areas.saveForces(fetched, now());
  await updateLists(context, selected, isStale);
  await updateBoundaries(context, selected, isStale);
  return selected;
}

/**
 * Judges by age, or everything as stale where boundaries shall be fetched anew. A time that is yet
 * to come is of a clock that was wrong, and would not be of age for as long.
 */
export function createStaleness({
  refreshBoundaries,
}: Pick<AreasWanted, "refreshBoundaries">): IsStale {
  const nowMs = Date.now();
  const limit = new Date(nowMs - FRESH_MS).toISOString();
  const tomorrow = new Date(nowMs + DAY_MS).toISOString();
  return (at) => refreshBoundaries || at === null || at < limit || at > tomorrow;
}

/** The ids of the selected forces, and all forces when they had to be asked for. */
export async function selectForces(
  context: Context,
  wanted: AreasWanted,
): Promise<{ selected: string[]; fetched: Force[] | undefined }> {
  const { forces, publishers } = wanted;
  const stored = context.store.areas.listForces();
  const known =
    forces === "all" ||
    forces.every((id) => [...stored.map((force) => force.id), ...publishers].includes(id));
  const stale = createStaleness(wanted)(context.store.areas.forcesListedAt());
  const fetched = known && !stale ? undefined : await fetchForces(context, stored.length > 0);
  // A force that an import alone has named may be none of the API's.
  const sure = stored.filter(({ listedAt }) => fetched === undefined || listedAt !== null);
  const ids = [...new Set([...sure, ...(fetched ?? [])].map(({ id }) => id))].sort();
  if (forces === "all") return { selected: ids, fetched };
  const all = [...new Set([...ids, ...publishers])];
  for (const id of forces) {
    if (!all.includes(id)) throw usageError(`there is no force '${id}'`, suggest(id, all));
  }
  return { selected: [...new Set(forces)].filter((id) => ids.includes(id)).sort(), fetched };
}

/** The earlier list stands in for one that cannot be had. */
async function fetchForces(context: Context, hasEarlier: boolean): Promise<Force[] | undefined> {
  const { api, signal, health, unanswered } = context;
  try {
    return await patiently(health, signal, () => api.fetchForces(signal));
  } catch (error) {
    if (!hasEarlier || !isFailedQuestion(error)) throw error;
    unanswered.add(nameFailure("the list of forces", error));
    return undefined;
  }
}

async function updateLists(context: Context, selected: readonly string[], isStale: IsStale) {
  const { store, reporter, concurrency, abandon } = context;
  const forces = store.areas.listForces().filter(({ id }) => selected.includes(id));
  const stale = forces.filter(({ listedAt }) => isStale(listedAt)).values();
  let done = forces.filter(({ listedAt }) => !isStale(listedAt)).length;
  const show = () => reporter.progress({ part: "forces", done, total: forces.length });
  show();
  await runPool({
    next: () => stale.next().value,
    work: async ({ id }) => {
      await updateList(context, id);
      done += 1;
      show();
    },
    limit: concurrency + 2,
    abandon,
  });
}

/**
 * An empty list, or none (404), is believed of a force that never had one; what an earlier list
 * named is kept. Whatever else comes is not a list: the question is named and asked again.
 */
async function updateList(context: Context, forceId: string): Promise<void> {
  const { api, store, reporter, signal, health, unanswered } = context;
  try {
    const list = await patiently(health, signal, () =>
      api.fetchNeighbourhoods(forceId, signal).catch((error: unknown) => {
        if (isMissing(error)) return [];
        throw error;
      }),
    );
    if (list.length > 0 || store.areas.listNeighbourhoods(forceId).length === 0) {
      store.areas.saveNeighbourhoods(forceId, list, now());
      return;
    }
    reporter.warn(`the earlier neighbourhoods of ${forceId} are kept: the API now lists none`);
  } catch (error) {
    if (!isFailedQuestion(error)) throw error;
    unanswered.add(nameFailure(`the neighbourhoods of ${forceId}`, error));
  }
}

function now(): string {
  return new Date().toISOString();
}
