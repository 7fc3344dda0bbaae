import { setTimeout as sleep } from "node:timers/promises";
import { EXIT, throwIfStopped, UkpoliceError } from "../errors.ts";
import type { Api } from "../fetch/api.ts";
import { RefusedError, TransientError } from "../fetch/errors.ts";
import type { Reporter } from "./reporter.ts";

const FIRST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 30_000;
/** So many refusals in a row are not chance: a plan would have to be wrong everywhere at once. */
const SUSPICIOUS = 60;
/** How often an answer is asked for again while the API is well otherwise. */
const TRIES = 3;

export type Health = {
  /**
   * Asks something cheap. 'up': the API answers, so what failed has a cause of its own.
   * 'recovered': it was down, and the wait for it is over. Throws (exit 3) when it stays down.
   */
  check(signal: AbortSignal): Promise<"up" | "recovered">;
  /**
   * Says that an area was refused while the API is up. After very many in a row it waits, longer
   * each time, for they may be an outage of areas alone. Throws (exit 3) when that lasts.
   */
  refused(signal: AbortSignal): Promise<void>;
  /** Says that an area was answered. */
  answered(): void;
};

export type HealthOptions = {
  api: Api;
  reporter: Reporter;
  /** How long to wait for an API that is down. */
  patienceMs: number;
};

/** Tells an outage from an area that is too large. All who ask meanwhile share one probe. */
export function createHealth({ api, reporter, patienceMs }: HealthOptions): Health {
  let running: Promise<"up" | "recovered"> | undefined;
  let waiting: Promise<void> | undefined;
  let refusals = 0;
  let pauses = 0;
  let suspectMs = 0;

  async function check(signal: AbortSignal): Promise<"up" | "recovered"> {
    if (await api.probe(signal)) return "up";
    const sinceMs = performance.now();
    reporter.warn(`the API is down; waiting for it, at most ${minutes(patienceMs)}`);
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      await sleep(pauseMs, undefined, { signal }).catch(() => throwIfStopped(signal));
      if (await api.probe(signal)) break;
      if (performance.now() - sinceMs > patienceMs) {
        throw stayedDown(`the API stayed down for ${minutes(patienceMs)}`);
      }
    }
    reporter.note("the API answers again");
    return "recovered";
  }

  async function waitSuspiciously(signal: AbortSignal): Promise<void> {
    if (pauses === 0) {
      suspectMs = performance.now();
      reporter.warn(`the API refused ${refusals} areas in a row; asking more slowly`);
    }
    if (performance.now() - suspectMs > patienceMs) {
      throw stayedDown(`the API refused every area for ${minutes(patienceMs)}`);
    }
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** pauses, LONGEST_PAUSE_MS);
    pauses += 1;
    await sleep(pauseMs, undefined, { signal }).catch(() => throwIfStopped(signal));
  }

  return {
    check(signal) {
      running ??= check(signal).finally(() => (running = undefined));
      return running;
    },
    async refused(signal) {
      refusals += 1;
      if (refusals < SUSPICIOUS) return;
      waiting ??= waitSuspiciously(signal).finally(() => (waiting = undefined));
      await waiting;
    },
    answered() {
      refusals = 0;
      pauses = 0;
    },
  };
}

function stayedDown(message: string): UkpoliceError {
  const hint = "everything fetched is kept; run the same command again later";
  return new UkpoliceError(message, EXIT.unreachable, { hint });
}

/** Asks until the API answers, waiting out its outages. */
export async function patiently<T>(
  health: Pick<Health, "check">,
  signal: AbortSignal,
  question: () => Promise<T>,
): Promise<T> {
  for (let failures = 0; ;) {
    try {
      return await question();
    } catch (error) {
      if (!(error instanceof RefusedError || error instanceof TransientError)) throw error;
      if ((await health.check(signal)) === "up") failures += 1;
      if (failures === TRIES) throw error;
    }
  }
}

function minutes(ms: number): string {
  const count = Math.round(ms / 6000) / 10;
  return count === 1 ? "1 minute" : `${count} minutes`;
}
