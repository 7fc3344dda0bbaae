import { subDays } from "date-fns/subDays";
import { usageError } from "../errors.ts";
import type { UkpoliceError } from "../errors.ts";
import { InvalidReplyError, RefusedError, RejectedError } from "../fetch/errors.ts";
import { TransientError } from "../fetch/errors.ts";
import { findFlaw } from "../geo/flaw.ts";
import type { ListedNeighbourhood } from "../store/areas.ts";
import { suggest } from "../suggest.ts";
import type { Area, Force } from "../types.ts";
import type { Context } from "./context.ts";
import { patiently } from "./health.ts";
import { runPool } from "./pool.ts";

/** Forces, neighbourhoods and boundaries change seldom: they are asked for again after this long. */
const FRESH_DAYS = 30;

const NONE = "the API has none";

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
    try {
      const list = await patiently(health, signal, () => api.fetchNeighbourhoods(id, signal));
      store.areas.saveNeighbourhoods(id, list, now());
    } catch (error) {
      doWithout(context, id, error);
    }
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
      const flaw = ring === null ? NONE : findFlaw(ring);
      if (flaw === undefined) store.areas.saveBoundary(area, ring, now());
      else skipBoundary(context, area, flaw);
    } catch (error) {
      if (!canDoWithout(error, area.hasBoundary)) throw error;
      if (isOfTheMoment(error)) reporter.warn(keepsEarlier(area, error.message));
      else skipBoundary(context, area, error.message);
    }
    store.run.touch();
    done += 1;
    show();
  });
}

/** What will not change; and what an earlier answer stands in for, whatever fails now. */
function canDoWithout(error: unknown, hasEarlier: boolean): error is UkpoliceError {
  if (error instanceof InvalidReplyError || error instanceof RejectedError) return true;
  return hasEarlier && isOfTheMoment(error);
}

function isOfTheMoment(error: unknown): boolean {
  return error instanceof TransientError || error instanceof RefusedError;
}

function keepsEarlier(area: Area, why: string): string {
  return `the earlier boundary of ${describeArea(area)} is kept: ${why}`;
}

/** A boundary that cannot be: an earlier one stays, and where there was none, there is none. */
function skipBoundary({ store, reporter }: Context, area: ListedNeighbourhood, why: string): void {
  store.areas.saveBoundary(area, store.areas.findBoundary(area) ?? null, now());
  if (area.hasBoundary) return reporter.warn(keepsEarlier(area, why));
  if (why === NONE) return; // that is no news: it is reported at the end
  reporter.warn(`no boundary for ${describeArea(area)}: ${why}`);
}

/**
 * A force without a list (404) has no neighbourhoods; but what an earlier list named is kept, and
 * used when the new one cannot be read. Without any, nobody could say when the force is complete.
 */
function doWithout({ store, reporter }: Context, forceId: string, error: unknown): void {
  const hasEarlier = store.areas.listNeighbourhoods(forceId).length > 0;
  if (!canDoWithout(error, hasEarlier)) throw error;
  if (hasEarlier) {
    reporter.warn(`the earlier list of neighbourhoods of ${forceId} is kept: ${error.message}`);
    return;
  }
  if (!(error instanceof RejectedError && error.status === 404)) throw error;
  store.areas.saveNeighbourhoods(forceId, [], now());
}

/** How a neighbourhood is named to people: its ids are unique only within a force. */
export function describeArea({ forceId, neighbourhoodId }: Area): string {
  return `${forceId}/${neighbourhoodId}`;
}

function each<T>({ concurrency, abandon }: Context, items: T[], work: (item: T) => Promise<void>) {
  const left = items.values();
  return runPool({ next: () => left.next().value, work, limit: concurrency + 2, abandon });
}

function now(): string {
  return new Date().toISOString();
}
