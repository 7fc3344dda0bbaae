import { NOWHERE } from "../../completeness.ts";
import {
  InvalidReplyError,
  RefusedError,
  RejectedError,
  TransientError,
} from "../../fetch/errors.ts";
import type { Locate } from "../../geo/locate.ts";
import type { Question } from "../../store/frontier.ts";
import type { Saved } from "../../store/store.ts";
import type { Located, Place, Ring } from "../../types.ts";
import type { Context } from "../context.ts";
import type { Plan } from "../plan/plan.ts";

/** Deeper than a country can be cut: 10 cm are 27 bisections below it, on each side. */
const MAX_DEPTH = 60;

/** What became of a question: its records are stored, it was cut, or it failed for now. */
export type Answer =
  | { saved: Saved; records: number }
  | { pieces: Question[] }
  | { failed: string };

/** How records find their neighbourhood, and what learns where they are. */
export type Guide = { plan: Plan; locate: Locate };

/** Asks for one polygon and commits what came of it. `ring` is undefined where none is known. */
export async function askQuestion(
  context: Context,
  guide: Guide,
  question: Question,
  ring: Ring | undefined,
): Promise<Answer> {
  const { api, store, health, signal } = context;
  const { kind, month, forces } = question;
  const fail = (reason: string): Answer => {
    store.frontier.failQuestion(question, reason);
    return { failed: reason };
  };
  if (ring === undefined) return fail("its boundary is not known");
  for (;;) {
    try {
      const records = await api.fetchRecords(kind, { ring, month }, signal);
      health.answered();
      guide.plan.learn(question, ring, placesOf(records));
      const rows = locateAll(guide.locate, records, forces);
      return { saved: store.saveReply(question, { kind, rows }), records: rows.length };
    } catch (error) {
      if (error instanceof InvalidReplyError || error instanceof RejectedError) {
        return fail(error.message);
      }
      const maybeDown = error instanceof RefusedError || error instanceof TransientError;
      if (!maybeDown) throw error;
      if ((await health.check(signal)) === "recovered") continue;
      if (error instanceof TransientError) return fail(error.message);
      await health.refused(signal);
      const pieces = question.depth < MAX_DEPTH ? guide.plan.split(question, ring) : [];
      if (pieces.length === 0) return fail("refused, and too small to be cut");
      return { pieces: store.frontier.replaceQuestion(question, pieces) };
    }
  }
}

type Placed = { place: Place | null };

function placesOf(records: readonly Placed[]): Place[] {
  return records.flatMap(({ place }) => place ?? []);
}

/**
 * Finds the neighbourhood of each record, and leaves out what belongs to none of the cells: a tile
 * reaches beyond its forces. A point in several boundaries belongs to the first, so that the order
 * of requests does not matter.
 */
export function locateAll<R extends Placed>(
  locate: Locate,
  records: readonly R[],
  forces: ReadonlySet<string>,
): Located<R>[] {
  const rows: Located<R>[] = [];
  for (const record of records) {
    const area = record.place === null ? null : (locate(record.place)[0] ?? null);
    if (forces.has(area?.forceId ?? NOWHERE)) rows.push({ record, area });
  }
  return rows;
}
