import { NOWHERE } from "../../completeness.ts";
import type { Locate } from "../../geo/locate.ts";
import type { Question } from "../../store/frontier.ts";
import type { Saved } from "../../store/store.ts";
import type { Located, Month, Place, Ring } from "../../types.ts";
import type { Context } from "../context.ts";
import type { Cuts } from "../plan/cuts.ts";
import type { Patience } from "../plan/patience.ts";
import type { Plan } from "../plan/plan.ts";
import type { Sizes } from "../plan/sizes.ts";
import { judge } from "./judge.ts";

/** What became of a question: its records are stored, it was cut, it failed, or its month is gone. */
export type Answer =
  | { saved: Saved; records: number }
  | { pieces: Question[] }
  | { failed: string }
  | { gone: true };

/** How records find their neighbourhood, what learns where they are, and how many fit into a tile. */
export type Guide = {
  plan: Plan;
  sizes: Sizes;
  cuts: Cuts;
  patience: Patience;
  locate: Locate;
  /** Whether a month was given up meanwhile: then nothing of it is written any more. */
  isGone: (month: Month) => boolean;
};

/** Tries of a large area at which a gateway gave up, before it is taken for too large. */
const GATEWAY_RETRIES = 1;

/** Asks for one polygon and commits what came of it. `ring` is undefined where none is known. */
export async function askQuestion(
  context: Context,
  guide: Guide,
  question: Question,
  ring: Ring | undefined,
): Promise<Answer> {
  const { store } = context;
  const fail = (reason: string): Answer => {
    store.frontier.failQuestion(question, reason);
    return { failed: reason };
  };
  if (ring === undefined) return fail("its boundary is not known");
  for (let tries = 1; ; tries += 1) {
    try {
      return await fetchAndSave(context, guide, question, ring);
    } catch (error) {
      const judgement = await judge(context, { question, error, tries });
      if (judgement.is === "again") continue;
      if (judgement.is === "gone") return { gone: true };
      if (judgement.is === "never") return fail(judgement.reason);
      if (question.depth >= judgement.mostCuts) return fail(judgement.reason);
      if (guide.isGone(question.month)) return { gone: true };
      if (fits(guide, question)) guide.sizes.missed(question.kind);
      const seeds = guide.plan.split(question, ring, judgement.atLeast);
      if (seeds.length === 0) return fail(`${judgement.reason}, and too small to be cut`);
      const pieces = store.frontier.replaceQuestion(question, seeds);
      guide.cuts.cut(question, pieces);
      return { pieces };
    }
  }
}

/** Whether an area was meant to be answered, and is not small. */
function fits({ plan, sizes }: Guide, question: Question): boolean {
  const target = sizes.targetOf(question.kind);
  const expected = plan.expect(question);
  return expected >= target / 2 && expected <= 1.15 * target;
}

async function fetchAndSave(
  { api, store, health, signal }: Context,
  { plan, sizes, cuts, patience, locate, isGone }: Guide,
  question: Question,
  ring: Ring,
): Promise<Answer> {
  const { kind, month, forces } = question;
  const timeoutMs = patience.waitMs(plan.expect(question));
  let ms = 0;
  const onAnswer = (tookMs: number) => (ms = tookMs);
  const how = { gatewayRetries: GATEWAY_RETRIES, timeoutMs, onAnswer };
  const records = await api.fetchRecords(kind, { ring, month }, signal, how);
  health.answered();
  if (isGone(month)) return { gone: true };
  patience.took(records.length, ms);
  sizes.answered(kind, records.length);
  cuts.answered(question, records.length);
  plan.learn(question, ring, placesOf(records));
  const rows = locateAll(locate, records, forces);
  return { saved: store.saveReply(question, { kind, rows }), records: rows.length };
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
    if (forces.has(area?.forceId ?? NOWHERE)) rows.push({ record, area, reportedBy: null });
  }
  return rows;
}
