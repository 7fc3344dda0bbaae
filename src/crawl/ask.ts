import { InvalidReplyError, RefusedError, RejectedError } from "../fetch/errors.ts";
import { TransientError } from "../fetch/errors.ts";
import { bisectRing } from "../geo/bisect.ts";
import type { Locate } from "../geo/locate.ts";
import type { Polygon } from "../store/frontier.ts";
import type { Reply, Saved } from "../store/store.ts";
import type { Crime, Located, Outcome, Ring } from "../types.ts";
import type { Context } from "./context.ts";

/** Deeper than a country can be cut: a point of 10 cm is 27 bisections below it, on each side. */
const MAX_DEPTH = 60;

/** What became of a polygon: its records are stored, it was cut, or it failed for now. */
export type Answer = { saved: Saved; records: number } | { pieces: Polygon[] } | { failed: string };

/** Asks for one polygon and commits what came of it. `ring` is undefined where there is none. */
export async function askPolygon(
  context: Context,
  locate: Locate,
  polygon: Polygon,
  ring: Ring | undefined,
): Promise<Answer> {
  const { store, health, signal } = context;
  if (ring === undefined) return save(context, polygon, { kind: polygon.kind, rows: [] });
  for (;;) {
    try {
      return save(context, polygon, await fetchReply(context, locate, polygon, ring));
    } catch (error) {
      if (error instanceof InvalidReplyError || error instanceof RejectedError) {
        return fail(context, polygon, error.message);
      }
      const maybeDown = error instanceof RefusedError || error instanceof TransientError;
      if (!maybeDown) throw error;
      if ((await health.check(signal)) === "recovered") continue;
      if (error instanceof TransientError) return fail(context, polygon, error.message);
      const pieces = polygon.depth < MAX_DEPTH ? bisectRing(ring) : [];
      if (pieces.length === 0) return fail(context, polygon, "refused, and too small to be cut");
      return { pieces: store.frontier.replacePolygon(polygon, pieces.map(toSeed(polygon))) };
    }
  }
}

function toSeed({ area, depth }: Polygon) {
  return (ring: Ring) => ({ area, ring, depth: depth + 1, expected: null });
}

async function fetchReply(
  { api, signal }: Context,
  locate: Locate,
  { kind, month }: Polygon,
  ring: Ring,
): Promise<Reply> {
  return kind === "crimes"
    ? { kind, rows: locateAll(locate, await api.fetchCrimes({ ring, month }, signal)) }
    : { kind, rows: locateAll(locate, await api.fetchOutcomes({ ring, month }, signal)) };
}

/** A point in several boundaries belongs to the first, so that the order of requests is no matter. */
function locateAll<R extends Crime | Outcome>(locate: Locate, records: R[]): Located<R>[] {
  return records.map((record) => {
    const [area = null] = record.place === null ? [] : locate(record.place);
    return { ...record, area };
  });
}

function save({ store }: Context, polygon: Polygon, reply: Reply): Answer {
  return { saved: store.saveReply(polygon, reply), records: reply.rows.length };
}

function fail({ store }: Context, polygon: Polygon, reason: string): Answer {
  store.frontier.failPolygon(polygon, reason);
  return { failed: reason };
}
