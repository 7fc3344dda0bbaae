import { UkpoliceError } from "../../errors.ts";
import {
  BlockedError,
  InvalidReplyError,
  looksBlocked,
  OversizeError,
  RefusedError,
  RejectedError,
  TransientError,
} from "../../fetch/errors.ts";
import type { Question } from "../../store/frontier.ts";
import type { Month } from "../../types.ts";
import type { Context } from "../context.ts";
import { isFailedQuestion, isMissing, nameFailure } from "../unanswered.ts";

/**
 * What a failure means, whatever its form: the area is too large; it is to be asked again, since
 * the API was down or blocked us and is not any more; it has no answer, ever; or its month is no
 * longer published. Throws (exit 3) when the API stays down, or goes on blocking us.
 */
export type Judgement =
  | { is: "again" }
  | { is: "gone" }
  | { is: "never"; reason: string }
  /** Cut so many times, it is not too large any more, whatever it looks like; it holds so much. */
  | { is: "too large"; reason: string; mostCuts: number; atLeast: number };

/** A reply beyond the bound of 12 MiB holds more than so many records of 400 bytes. */
const OVERSIZE = { mostCuts: 10, atLeast: 31_000 };
/** A gateway that gives up on so small an area has another reason. */
const GATEWAY_CUTS = 20;
/** How often one question is asked that is turned away: a block may have ended just now. */
const TURNED_AWAY_TRIES = 2;
/** The same where it is blocked for certain, or many are in a row. */
const BLOCKED_TRIES = 4;

const AGAIN: Judgement = { is: "again" };

/** What is judged: why a question was not answered, the so manyeth time. */
export type Failed = { question: Question; error: unknown; tries: number };

/** Judges why an area was not answered; asks something cheap where that is not certain. */
export async function judge(context: Context, failed: Failed): Promise<Judgement> {
  const { health, signal } = context;
  const { question, error } = failed;
  if (!(error instanceof UkpoliceError)) throw error;
  const reason = error.message;
  if (error instanceof InvalidReplyError) return { is: "never", reason };
  if (error instanceof OversizeError) {
    return health.tooLong() ? { is: "never", reason } : { is: "too large", reason, ...OVERSIZE };
  }
  if (isMissing(error)) {
    const isGone = !(await isPublished(context, question.month));
    return isGone ? { is: "gone" } : { is: "never", reason };
  }
  const kinds = [BlockedError, RefusedError, RejectedError, TransientError];
  if (!kinds.some((kind) => error instanceof kind)) throw error;
  if ((await health.check(signal, error)) === "recovered") return AGAIN;
  if (error instanceof RejectedError && error.status < 400) return { is: "never", reason };
  if (looksBlocked(error) || error instanceof RejectedError) {
    return judgeBlock(context, failed, reason);
  }
  if (error instanceof TransientError && !error.isGateway) return { is: "never", reason };
  await health.refused("refused", signal);
  return error instanceof RefusedError
    ? { is: "too large", reason: "refused", mostCuts: Infinity, atLeast: 0 }
    : { is: "too large", reason, mostCuts: GATEWAY_CUTS, atLeast: 0 };
}

/** A spot of land of ten metres: whether areas are answered at all. */
const SPOT = [
  { latitude: 51.5, longitude: -0.12 },
  { latitude: 51.5, longitude: -0.1199 },
  { latitude: 51.5001, longitude: -0.12 },
];

/**
 * Cheap questions are answered: an area that is turned away while another is answered has no
 * answer, many in a row are blocked. A 429 says that it is a block.
 */
async function judgeBlock(context: Context, failed: Failed, reason: string): Promise<Judgement> {
  const { api, health, signal } = context;
  const { question, error, tries } = failed;
  const isCertain = error instanceof BlockedError && error.isCertain;
  const { month } = question;
  const kind = question.kind === "stops" ? "crimes" : question.kind; // stops have no areas
  const askSpot = () => api.fetchRecords(kind, { ring: SPOT, month }, signal, { retries: 0 });
  const isBlock = await health.refused("blocked", signal, isCertain ? undefined : askSpot);
  const most = isBlock || isCertain ? BLOCKED_TRIES : TURNED_AWAY_TRIES;
  return tries < most ? AGAIN : { is: "never", reason };
}

/** The window moves in the midst of long crawls: the API is asked whether a month is still there. */
export async function isPublished(context: Context, month: Month): Promise<boolean> {
  const { store, unanswered, askPublished } = context;
  try {
    const listed = await askPublished();
    store.coverage.savePublished(listed);
    return listed.published.includes(month);
  } catch (error) {
    if (!isFailedQuestion(error)) throw error;
    unanswered.add(nameFailure("the list of months", error));
    return true;
  }
}
