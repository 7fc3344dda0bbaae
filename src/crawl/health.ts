import { setTimeout as sleep } from "node:timers/promises";
import { EXIT, throwIfStopped, UkpoliceError } from "../errors.ts";
import type { Api } from "../fetch/api.ts";
import {
  BlockedError,
  looksBlocked,
  RefusedError,
  RejectedError,
  TransientError,
} from "../fetch/errors.ts";
import type { Reporter } from "./reporter.ts";
import { isFailedQuestion } from "./unanswered.ts";

/** Who is told to wait longer says so. */
const WORTH_A_WORD_MS = 20_000;
const DAY_MS = 24 * 3_600_000;
const FIRST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 30_000;
/** When all is kept back for longer, it is by the API's wish. */
const LONGEST_OWN_MS = 60_000;
/** So many refusals in a row are not chance: a plan would have to be wrong everywhere at once. */
const SUSPICIOUS = { refused: 60, blocked: 3, long: 20 };
/** How often an answer is asked for again while the API is well otherwise. */
const TRIES = 2;

export type Health = {
  /**
   * Asks something cheap, while everything else is held back. 'up': the API answers, so what
   * failed has a cause of its own. 'recovered': it was down, or blocked us, and the wait for it is
   * over. Throws (exit 3) when it stays so, or when what failed was told to wait longer than there
   * is patience.
   */
  check(signal: AbortSignal, error?: unknown): Promise<"up" | "recovered">;
  /**
   * Says that an area was refused, or blocked, while cheap questions are answered. After many in a
   * row it waits, longer each time, for they may be an outage of areas alone. Throws (exit 3) when
   * that lasts. Returns whether there were so many. While `another` is answered, it is no outage.
   */
  refused(
    how: "refused" | "blocked",
    signal: AbortSignal,
    another?: () => Promise<unknown>,
  ): Promise<boolean>;
  /**
   * Says that a reply was too long to be taken. Returns whether there were so many in a row that it
   * is not for the size of their areas.
   */
  tooLong(): boolean;
  /** Says that an area was answered. */
  answered(): void;
};

export type HealthOptions = {
  api: Pick<Api, "probe" | "pace">;
  reporter: Reporter;
  /** How long to wait for an API that is down. */
  patienceMs: number;
};

const TROUBLE = {
  down: {
    is: "the API is down; waiting for it",
    stayed: "the API stayed down",
    hint: "check the network and --api-url; everything fetched is kept: run the same command again later",
  },
  unresolved: {
    is: "no address is found for the API's name; waiting for the network",
    stayed: "no address was found for the API's name",
    hint: "check the network, its name server, proxies and --api-url; everything fetched is kept: run the same command again",
  },
  blocked: {
    is: "the API blocks our requests; pausing",
    stayed: "the API went on blocking us",
    hint: "everything fetched is kept; wait an hour, then run the same command with --rate 5",
  },
};

/** Tells an outage and a block from what one question alone meets. All who ask share one probe. */
export function createHealth({ api, reporter, patienceMs }: HealthOptions): Health {
  let running: Promise<"up" | "recovered"> | undefined;
  let waiting: Promise<void> | undefined;
  let refusals = 0;
  let pauses = 0;
  let suspectMs = 0;

  async function check(signal: AbortSignal, error: unknown): Promise<"up" | "recovered"> {
    let state = await api.probe(signal);
    if (state === "up") return "up";
    const first = state;
    const sinceMs = performance.now();
    const why = error instanceof UkpoliceError ? ` (${error.message})` : "";
    const trouble = nameTrouble(state, error);
    reporter.warn(`${TROUBLE[trouble].is}, at most ${minutes(patienceMs)}${why}`);
    reporter.waits(trouble === "blocked" ? "paused" : trouble);
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      const wishMs = api.pace.pausedMs();
      if (wishMs > Math.max(patienceMs, LONGEST_OWN_MS)) throw toldToWait(wishMs);
      await sleep(pauseMs, undefined, { signal }).catch(() => throwIfStopped(signal));
      state = await api.probe(signal);
      if (state === "up") break;
      if (performance.now() - sinceMs > patienceMs) {
        throw stayed(nameTrouble(state, error), `for ${minutes(patienceMs)}${why}`, error);
      }
    }
    if (first === "blocked") api.pace.slowDown();
    reporter.note(`the API answers again${first === "blocked" ? "; asking slowly at first" : ""}`);
    return "recovered";
  }

  async function holdAndCheck(signal: AbortSignal, error: unknown) {
    api.pace.hold();
    try {
      return await check(signal, error);
    } finally {
      api.pace.release();
      reporter.waits(undefined);
      running = undefined;
    }
  }

  async function waitSuspiciously(how: "refused" | "blocked", signal: AbortSignal) {
    if (pauses === 0) {
      suspectMs = performance.now();
      reporter.warn(`the API ${how} ${refusals} areas in a row; asking more slowly`);
    }
    if (performance.now() - suspectMs > patienceMs) {
      const { hint } = TROUBLE[how === "blocked" ? "blocked" : "down"];
      const message = `the API ${how} every area for ${minutes(patienceMs)}`;
      throw new UkpoliceError(message, EXIT.unreachable, { hint });
    }
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** pauses, LONGEST_PAUSE_MS);
    pauses += 1;
    api.pace.hold();
    reporter.waits("paused");
    await sleep(pauseMs, undefined, { signal }).catch(() => throwIfStopped(signal));
    api.pace.slowDown();
    api.pace.release();
    reporter.waits(undefined);
  }

  const answered = () => {
    refusals = 0;
    pauses = 0;
  };

  return {
    check(signal, error) {
      const waitMs = wishOf(error);
      if (waitMs > patienceMs) throw toldToWait(waitMs);
      if (waitMs > WORTH_A_WORD_MS && running === undefined) {
        reporter.warn(`the API asks us to wait ${minutes(waitMs)}`);
      }
      running ??= holdAndCheck(signal, error);
      return running;
    },
    async refused(how, signal, another) {
      refusals += 1;
      if (refusals < SUSPICIOUS[how]) return false;
      if (another !== undefined && (await isAnswered(another))) {
        answered();
        return false;
      }
      waiting ??= waitSuspiciously(how, signal).finally(() => (waiting = undefined));
      await waiting;
      return true;
    },
    tooLong: () => (refusals += 1) >= SUSPICIOUS.long,
    answered,
  };
}

async function isAnswered(question: () => Promise<unknown>): Promise<boolean> {
  try {
    await question();
    return true;
  } catch (error) {
    if (!isFailedQuestion(error)) throw error;
    return false;
  }
}

type Trouble = keyof typeof TROUBLE;

function nameTrouble(state: "down" | "blocked", error: unknown): Trouble {
  const isUnresolved = error instanceof TransientError && error.unresolved !== undefined;
  return state === "down" && isUnresolved ? "unresolved" : state;
}

function stayed(trouble: Trouble, howLong: string, cause: unknown): UkpoliceError {
  const { stayed: what, hint } = TROUBLE[trouble];
  return new UkpoliceError(`${what} ${howLong}`, EXIT.unreachable, { hint, cause });
}

/** How long the server wishes us to wait, in milliseconds. */
function wishOf(error: unknown): number {
  const kinds = [BlockedError, RefusedError, TransientError];
  for (const kind of kinds) if (error instanceof kind) return error.waitMs ?? 0;
  return 0;
}

function toldToWait(ms: number): UkpoliceError {
  const time = ms >= DAY_MS ? "a day or more" : minutes(ms);
  return new UkpoliceError(`the API asks us to wait ${time}`, EXIT.unreachable, {
    hint: "everything fetched is kept; run the same command again then",
  });
}

/** Asks until the API answers, waiting out its outages and blocks. */
export async function patiently<T>(
  health: Health,
  signal: AbortSignal,
  question: () => Promise<T>,
): Promise<T> {
  for (let failures = 0; ;) {
    try {
      const answer = await question();
      health.answered();
      return answer;
    } catch (error) {
      const kinds = [RefusedError, TransientError, BlockedError];
      if (!kinds.some((kind) => error instanceof kind)) {
        const isTurnedAway = error instanceof RejectedError && error.status !== 404;
        if (isTurnedAway) await health.refused("blocked", signal);
        throw error;
      }
      if ((await health.check(signal, error)) === "recovered") continue;
      failures += 1;
      if (looksBlocked(error)) await health.refused("blocked", signal);
      if (failures === TRIES) throw error;
    }
  }
}

function minutes(ms: number): string {
  const count = Math.round(ms / 6000) / 10;
  return count === 1 ? "1 minute" : `${count} minutes`;
}
