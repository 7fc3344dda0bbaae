import { TransientError } from "../../fetch/errors.ts";
import { MOST_OF_FORCE } from "../../police-api.ts";
import type { Question } from "../../store/frontier.ts";
import { isFailedQuestion, isMissing } from "../unanswered.ts";
import type { Context } from "../context.ts";
import type { Answer, Guide } from "./ask.ts";
import { isPublished, judge } from "./judge.ts";

type ForceQuestion = Question & { forceId: string };

/** Tries of a force at which a gateway gave up, before its month is looked into. */
const GATEWAY_RETRIES = 1;

/**
 * Asks for what a force publishes and no area has, and commits what came of it. It cannot be cut:
 * what is too large, or fails for good, is named.
 */
export async function askForce(
  context: Context,
  guide: Guide,
  question: ForceQuestion,
): Promise<Answer> {
  const { store } = context;
  const { month } = question;
  for (let tries = 1; ; tries += 1) {
    try {
      return await fetchAndSave(context, guide, question);
    } catch (error) {
      const judgement = await judge(context, { question, error, tries });
      if (judgement.is === "again") continue;
      if (judgement.is === "gone" || guide.isGone(month)) return { gone: true };
      if (isNone(error)) {
        if (!(await isPublished(context, month))) return { gone: true };
        if (await isUnknown(context, question)) return saveNone(context, question);
      }
      store.frontier.failQuestion(question, judgement.reason);
      return { failed: judgement.reason };
    }
  }
}

async function fetchAndSave(
  { api, store, health, signal, reporter }: Context,
  { locate, patience, isGone }: Guide,
  { forceId, ...question }: ForceQuestion,
): Promise<Answer> {
  const { kind, month } = question;
  const how = { gatewayRetries: GATEWAY_RETRIES, timeoutMs: patience.waitMs(MOST_OF_FORCE) };
  const records = await api.fetchRecords(kind, { forceId, month }, signal, how);
  health.answered();
  if (isGone(month)) return { gone: true };
  if (kind === "crimes") noteKnown({ store, reporter }, forceId);
  const rows = records.map((record) => ({
    record,
    area: record.place === null ? null : (locate(record.place)[0] ?? null),
    reportedBy: forceId,
  }));
  const saved = store.saveReply({ ...question, forceId }, { kind, rows });
  return { saved, records: rows.length };
}

/** One that was unknown when earlier months were asked for lacks these crimes there. */
function noteKnown({ store, reporter }: Pick<Context, "store" | "reporter">, forceId: string) {
  const known = store.areas.knowsUnlocated(forceId);
  if (known === true) return;
  store.areas.noteUnlocated(forceId, true);
  if (known === undefined) return;
  reporter.warn(
    `the API knows crimes without a location of ${forceId} now; ` +
      "ukpolice crawl --refresh brings those of earlier months",
  );
}

/**
 * Forces that have no crimes without a location get 502 for every month. So does a month that is
 * broken, and everything while the endpoint is: another month of the force, and another force, tell
 * these apart, once.
 */
async function isUnknown(context: Context, { kind, month, forceId }: ForceQuestion) {
  if (kind !== "crimes") return false;
  const { store, reporter } = context;
  const known = store.areas.knowsUnlocated(forceId);
  if (known !== undefined) return !known;
  if (!(await knowsAnyone(context, { month, forceId }))) return false;
  if (await answersElsewhere(context, { month, forceId })) return false;
  if (store.areas.knowsUnlocated(forceId) === false) return true; // another month found out
  store.areas.noteUnlocated(forceId, false);
  reporter.note(`the API knows no crimes without a location of ${forceId}`);
  return true;
}

type Asked = Pick<ForceQuestion, "month" | "forceId">;

/** So many other forces are asked for, to see whether the endpoint has an answer for anyone. */
const OTHERS = 3;

/** Where there is no other force, nothing tells. */
async function knowsAnyone(context: Context, { month, forceId }: Asked): Promise<boolean> {
  const { areas } = context.store;
  const others = areas.listForces().filter(({ id }) => id !== forceId);
  if (others.length === 0) return true;
  if (others.some(({ id }) => areas.knowsUnlocated(id) === true)) return true;
  const unasked = others.filter(({ id }) => areas.knowsUnlocated(id) === undefined);
  for (const { id } of unasked.slice(0, OTHERS)) {
    if (await isAnswered(context, { month, forceId: id })) return true;
  }
  return false;
}

async function answersElsewhere(context: Context, { month, forceId }: Asked): Promise<boolean> {
  const { published } = await context.askPublished();
  const other = published.find((one) => one !== month);
  return other !== undefined && isAnswered(context, { month: other, forceId });
}

async function isAnswered({ api, signal }: Context, asked: Asked): Promise<boolean> {
  try {
    await api.fetchRecords("crimes", asked, signal, { retries: 1 });
    return true;
  } catch (error) {
    if (!isFailedQuestion(error)) throw error;
    return !isNone(error);
  }
}

function saveNone({ store }: Context, question: Question): Answer {
  return { saved: store.saveReply(question, { kind: question.kind, rows: [] }), records: 0 };
}

/** What is said of a force that is not known: 502, or nothing where other servers say 404. */
function isNone(error: unknown): boolean {
  return isMissing(error) || (error instanceof TransientError && error.isGateway);
}
