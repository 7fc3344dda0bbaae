import { findFlaw } from "../../geo/flaw.ts";
import type { ListedNeighbourhood } from "../../store/areas.ts";
import type { Area } from "../../types.ts";
import type { Context } from "../context.ts";
import { patiently } from "../health.ts";
import type { Health } from "../health.ts";
import { runPool } from "../pool.ts";
import { isFailedQuestion, nameFailure } from "../unanswered.ts";

const NONE = "the API has none";

/** Tells what has to be asked for again, by the time at which it was last asked for. */
export type IsStale = (at: string | null) => boolean;

/** Boundaries change seldom: in so many months each is asked for once. */
const MONTHS_ROUND = 6;

/**
 * The boundaries to ask for: those that were not yet, or whose force lists other neighbourhoods
 * now, and once a month a sixth of all, the oldest first. Where `isStale` holds of everything,
 * that is all of them.
 */
export function chooseBoundaries<A extends Pick<ListedNeighbourhood, "boundaryAt">>(
  areas: readonly A[],
  isStale: IsStale,
): A[] {
  const { lacking, old } = sortBoundaries(areas, isStale);
  return [...lacking, ...old];
}

/** The same, those first without which records cannot be located. */
function sortBoundaries<A extends Pick<ListedNeighbourhood, "boundaryAt">>(
  areas: readonly A[],
  isStale: IsStale,
): { lacking: A[]; old: A[] } {
  const isAll = isStale(new Date().toISOString());
  const stale = areas.filter(({ boundaryAt }) => isStale(boundaryAt));
  const lacking = isAll ? stale : stale.filter(({ boundaryAt }) => boundaryAt === null);
  const old = stale.filter((area) => !lacking.includes(area));
  const room = Math.ceil(areas.length / MONTHS_ROUND) - (areas.length - stale.length);
  const oldest = old.toSorted((a, b) => ((a.boundaryAt ?? "") < (b.boundaryAt ?? "") ? -1 : 1));
  return { lacking, old: oldest.slice(0, Math.max(0, room)) };
}

/** Asks for the boundaries of some forces that are lacking, before any records. */
export async function updateBoundaries(
  context: Context,
  forces: readonly string[],
  isStale: IsStale,
): Promise<void> {
  const areas = forces.flatMap((id) => context.store.areas.listNeighbourhoods(id));
  const { lacking } = sortBoundaries(areas, isStale);
  const limit = context.concurrency + 2;
  await askBoundaries(context, { areas, wanted: lacking, limit, isShown: () => true });
}

/** So many requests at once leave room for those for records. */
const BESIDE = 4;

/**
 * Asks for those that are old beside the records, which are located by the earlier ones meanwhile.
 * Shows how far it is only where `isShown`.
 */
export async function renewBoundaries(
  context: Context,
  forces: readonly string[],
  { isStale, isShown }: { isStale: IsStale; isShown: () => boolean },
): Promise<void> {
  const areas = forces.flatMap((id) => context.store.areas.listNeighbourhoods(id));
  const { old } = sortBoundaries(areas, isStale);
  await askBoundaries(context, { areas, wanted: old, limit: BESIDE, isShown });
}

type Asking = {
  areas: readonly ListedNeighbourhood[];
  wanted: readonly ListedNeighbourhood[];
  limit: number;
  isShown: () => boolean;
};

async function askBoundaries(
  context: Context,
  { areas, wanted, limit, isShown }: Asking,
): Promise<void> {
  const { store, reporter, abandon } = context;
  const left = wanted.values();
  const ends = [areas.at(0), areas.at(-1)];
  let done = areas.length - wanted.length;
  const show = () => {
    if (isShown()) reporter.progress({ part: "neighbourhoods", done, total: areas.length });
  };
  show();
  await runPool({
    next: () => left.next().value,
    work: async (area) => {
      const another = ends.find((end) => end?.forceId !== area.forceId);
      await updateBoundary(another === undefined ? context : heed(context, another), area);
      store.run.touch();
      done += 1;
      show();
    },
    limit,
    abandon,
  });
}

/** Many that are turned away are no block while the boundary of another force is answered. */
function heed(context: Context, { forceId, neighbourhoodId }: Area): Context {
  const { api, health, signal } = context;
  const ask = () => api.fetchBoundary(forceId, neighbourhoodId, signal);
  const refused: Health["refused"] = (how) => health.refused(how, signal, ask);
  return { ...context, health: { ...health, refused } };
}

/**
 * That there is none is believed of a documented 404 or an empty ring alone. What fails is named,
 * and asked again by the next run; an earlier boundary is used meanwhile.
 */
async function updateBoundary(context: Context, area: ListedNeighbourhood): Promise<void> {
  const { api, store, signal, health, unanswered } = context;
  const { forceId, neighbourhoodId } = area;
  try {
    const ring = await patiently(health, signal, () =>
      api.fetchBoundary(forceId, neighbourhoodId, signal),
    );
    const flaw = ring === null ? NONE : findFlaw(ring);
    if (flaw === undefined) store.areas.saveBoundary(area, ring, new Date().toISOString());
    else passOver(context, area, flaw);
  } catch (error) {
    if (!isFailedQuestion(error)) throw error;
    unanswered.add(nameFailure(`the boundary of ${describeArea(area)}`, error));
  }
}

/** A boundary that cannot be: an earlier one stays, and where there was none, there is none. */
function passOver({ store, reporter }: Context, area: ListedNeighbourhood, why: string): void {
  const earlier = store.areas.findBoundary(area) ?? null;
  store.areas.saveBoundary(area, earlier, new Date().toISOString());
  if (earlier !== null) {
    reporter.warn(`the earlier boundary of ${describeArea(area)} is kept: ${why}`);
  } else if (why !== NONE) {
    reporter.warn(`no boundary for ${describeArea(area)}: ${why}`);
  }
}

/** How a neighbourhood is named to people: its ids are unique only within a force. */
export function describeArea({ forceId, neighbourhoodId }: Area): string {
  return `${forceId}/${neighbourhoodId}`;
}
