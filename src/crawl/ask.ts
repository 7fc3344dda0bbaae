import { InvalidReplyError, RefusedError, RejectedError } from "../fetch/errors.ts";
import { TransientError } from "../fetch/errors.ts";
import type { Locate } from "../geo/locate.ts";
import type { Polygon } from "../store/frontier.ts";
import type { Reply, Saved } from "../store/store.ts";
import type { Area, Crime, Outcome, Place, Ring } from "../types.ts";
import type { Context } from "./context.ts";
import type { Plan } from "./plan.ts";

/** Deeper than a country can be cut: 10 cm are 27 bisections below it, on each side. */
const MAX_DEPTH = 60;

/** What became of a polygon: its records are stored, it was cut, or it failed for now. */
export type Answer = { saved: Saved; records: number } | { pieces: Polygon[] } | { failed: string };

/** How records find their neighbourhood, and what learns where they are. */
export type Guide = { plan: Plan; locate: Locate };

/** Asks for one polygon and commits what came of it. `ring` is undefined where there is none. */
export async function askPolygon(
  context: Context,
  guide: Guide,
  polygon: Polygon,
  ring: Ring | undefined,
): Promise<Answer> {
  const { store, health, signal } = context;
  if (ring === undefined) return save(context, polygon, { kind: polygon.kind, rows: [] });
  for (;;) {
    try {
      const found = await fetchRecords(context, polygon, ring);
      health.answered();
      guide.plan.learn(polygon, ring, placesOf(found.records));
      return save(context, polygon, toReply(guide, polygon, found));
    } catch (error) {
      if (error instanceof InvalidReplyError || error instanceof RejectedError) {
        return fail(context, polygon, error.message);
      }
      const maybeDown = error instanceof RefusedError || error instanceof TransientError;
      if (!maybeDown) throw error;
      if ((await health.check(signal)) === "recovered") continue;
      if (error instanceof TransientError) return fail(context, polygon, error.message);
      await health.refused(signal);
      const pieces = polygon.depth < MAX_DEPTH ? guide.plan.split(polygon, ring) : [];
      if (pieces.length === 0) return fail(context, polygon, "refused, and too small to be cut");
      return { pieces: store.frontier.replacePolygon(polygon, pieces) };
    }
  }
}

type Found = { kind: "crimes"; records: Crime[] } | { kind: "outcomes"; records: Outcome[] };

async function fetchRecords(
  { api, signal }: Context,
  { kind, month }: Polygon,
  ring: Ring,
): Promise<Found> {
  return kind === "crimes"
    ? { kind, records: await api.fetchCrimes({ ring, month }, signal) }
    : { kind, records: await api.fetchOutcomes({ ring, month }, signal) };
}

function placesOf(records: readonly (Crime | Outcome)[]): Place[] {
  return records.flatMap(({ place }) => place ?? []);
}

function toReply(guide: Guide, polygon: Polygon, found: Found): Reply {
  const belongs = createFilter(polygon);
  return found.kind === "crimes"
    ? { kind: found.kind, rows: locateAll(guide.locate, found.records, belongs) }
    : { kind: found.kind, rows: locateAll(guide.locate, found.records, belongs) };
}

/** A tile for some forces reaches beyond them: only what lies within their boundaries is kept. */
function createFilter({ scope, area }: Polygon): (areas: readonly Area[]) => boolean {
  if (scope === "all" || area !== null) return () => true;
  const forces = new Set(scope.split(","));
  return (areas) => areas.some(({ forceId }) => forces.has(forceId));
}

/**
 * Finds the neighbourhood of each record, and leaves out what does not belong.
 * A point in several boundaries belongs to the first, so that the order of requests is no matter.
 */
export function locateAll<R extends Crime | Outcome>(
  locate: Locate,
  records: readonly R[],
  belongs: (areas: readonly Area[]) => boolean,
): R[] {
  return records.filter((record) => {
    const areas = record.place === null ? [] : locate(record.place);
    record.area = areas[0] ?? null;
    return belongs(areas);
  });
}

function save({ store }: Context, polygon: Polygon, reply: Reply): Answer {
  return { saved: store.saveReply(polygon, reply), records: reply.rows.length };
}

function fail({ store }: Context, polygon: Polygon, reason: string): Answer {
  store.frontier.failPolygon(polygon, reason);
  return { failed: reason };
}
