import { subDays } from "date-fns/subDays";
import { usageError } from "../errors.ts";
import { InvalidReplyError, RejectedError } from "../fetch/errors.ts";
import { suggest } from "../suggest.ts";
import type { Area } from "../types.ts";
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
  const isStale = staleness(wanted.refreshBoundaries);
  const selected = await refreshForces(context, wanted.forces, isStale);
  await refreshNeighbourhoods(context, selected, isStale);
  await refreshBoundaries(context, selected, isStale);
  return selected;
}

type IsStale = (at: string | null) => boolean;

function staleness(refresh: boolean): IsStale {
  const limit = refresh ? new Date() : subDays(new Date(), FRESH_DAYS);
  return (at) => at === null || at < limit.toISOString();
}

async function refreshForces(
  { api, store, signal, health }: Context,
  wanted: readonly string[] | "all",
  isStale: IsStale,
): Promise<string[]> {
  const known = () => store.areas.listForces().map(({ id }) => id);
  const isKnown = (id: string) => known().includes(id);
  const unknown = wanted === "all" ? [] : wanted.filter((id) => !isKnown(id));
  if (isStale(store.areas.forcesListedAt()) || unknown.length > 0) {
    const forces = await patiently(health, signal, () => api.fetchForces(signal));
    store.areas.saveForces(forces, now());
  }
  const ids = known();
  if (wanted === "all") return ids;
  for (const id of wanted) {
    if (!ids.includes(id)) throw usageError(`there is no force '${id}'`, suggest(id, ids));
  }
  return [...new Set(wanted)].sort();
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
