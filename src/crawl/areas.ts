import { subDays } from "date-fns/subDays";
import { usageError } from "../errors.ts";
import { InvalidReplyError, RejectedError } from "../fetch/errors.ts";
import { suggest } from "../suggest.ts";
import type { Area, Force } from "../types.ts";
import type { Context } from "./context.ts";
import { patiently } from "./health.ts";
import { runPool } from "./pool.ts";

/** Forces, neighbourhoods and boundaries change seldom: they are asked for again after this long. */
const FRESH_DAYS = 30;

export type AreasWanted = { forces: readonly string[] | "all"; refreshBoundaries: boolean };

/**
 * Brings forces, neighbourhoods and boundaries up to date, asking only for what is not fresh.
 * Answers the ids of the selected forces; an unknown one is wrong usage.
 */
export async function refreshAreas(context: Context, wanted: AreasWanted): Promise<string[]> {
  const isStale = createStaleness(wanted);
  const { selected, fetched } = await selectForces(context, wanted);
  if (fetched !== undefined) context.store.areas.saveForces(fetched, now());
  await refreshNeighbourhoods(context, selected, isStale);
  await refreshBoundaries(context, selected, isStale);
  return selected;
}

export type IsStale = (at: string | null) => boolean;

/** Tells what has to be asked for again, by the time at which it was last asked for. */
export function createStaleness({ refreshBoundaries }: AreasWanted): IsStale {
  const limit = refreshBoundaries ? new Date() : subDays(new Date(), FRESH_DAYS);
  return (at) => at === null || at < limit.toISOString();
}

/** The ids of the selected forces, and all forces when they had to be asked for. */
export async function selectForces(
  { api, store, signal, health }: Context,
  wanted: AreasWanted,
): Promise<{ selected: string[]; fetched: Force[] | undefined }> {
  const { forces } = wanted;
  const stored = store.areas.listForces().map(({ id }) => id);
  const known = forces === "all" || forces.every((id) => stored.includes(id));
  const stale = createStaleness(wanted)(store.areas.forcesListedAt());
  const ask = () => api.fetchForces(signal);
  const fetched = known && !stale ? undefined : await patiently(health, signal, ask);
  const ids = [...new Set([...stored, ...(fetched ?? []).map(({ id }) => id)])].sort();
  if (forces === "all") return { selected: ids, fetched };
  for (const id of forces) {
    if (!ids.includes(id)) throw usageError(`there is no force '${id}'`, suggest(id, ids));
  }
  return { selected: [...new Set(forces)].sort(), fetched };
}

async function refreshNeighbourhoods(context: Context, selected: string[], isStale: IsStale) {
  const { api, store, reporter, signal, health } = context;
  const forces = store.areas.listForces().filter(({ id }) => selected.includes(id));
  const stale = forces.filter(({ listedAt }) => isStale(listedAt));
  let done = forces.length - stale.length;
  const show = () => reporter.progress({ part: "forces", done, total: forces.length });
  show();
  await each(context, stale, async ({ id }) => {
    const list = await patiently(health, signal, () => api.fetchNeighbourhoods(id, signal)).catch(
      noneIfMissing,
    );
    store.areas.saveNeighbourhoods(id, list, now());
    done += 1;
    show();
  });
}

async function refreshBoundaries(context: Context, selected: string[], isStale: IsStale) {
  const { api, store, reporter, signal, health } = context;
  const areas = selected.flatMap((id) => store.areas.listNeighbourhoods(id));
  const stale = areas.filter(({ boundaryAt }) => isStale(boundaryAt));
  let done = areas.length - stale.length;
  const show = () => reporter.progress({ part: "neighbourhoods", done, total: areas.length });
  show();
  await each(context, stale, async (area) => {
    const { forceId, neighbourhoodId } = area;
    try {
      const ring = await patiently(health, signal, () =>
        api.fetchBoundary(forceId, neighbourhoodId, signal),
      );
      store.areas.saveBoundary(area, ring, now());
    } catch (error) {
      if (!(error instanceof InvalidReplyError || error instanceof RejectedError)) throw error;
      reporter.warn(`no boundary for ${describeArea(area)}: ${error.message}`);
    }
    store.run.touch();
    done += 1;
    show();
  });
}

/** How a neighbourhood is named to people: its ids are unique only within a force. */
export function describeArea({ forceId, neighbourhoodId }: Area): string {
  return `${forceId}/${neighbourhoodId}`;
}

function each<T>({ concurrency, abandon }: Context, items: T[], work: (item: T) => Promise<void>) {
  const left = items.values();
  return runPool({ next: () => left.next().value, work, limit: concurrency + 2, abandon });
}

function noneIfMissing(error: unknown): [] {
  if (error instanceof RejectedError && error.status === 404) return [];
  throw error;
}

function now(): string {
  return new Date().toISOString();
}
