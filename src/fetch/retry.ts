import { setTimeout as sleep } from "node:timers/promises";
import pRetry from "p-retry";
import { TransientError } from "./errors.ts";

const BASE_MS = 500;
const CAP_MS = 30_000;

/**
 * The pause before attempt `failures + 1`, in milliseconds: exponential with full jitter,
 * so that requests which failed together do not come back together.
 */
export function backoffMs(failures: number, random: () => number = Math.random): number {
  return random() * Math.min(CAP_MS, BASE_MS * 2 ** (failures - 1));
}

/** `Retry-After` in milliseconds, given as seconds or as an HTTP date; undefined if neither. */
export function parseRetryAfter(value: string | undefined, now = Date.now()): number | undefined {
  if (value === undefined || value.trim() === "") return undefined;
  const seconds = Number(value);
  const ms = Number.isNaN(seconds) ? Date.parse(value) - now : seconds * 1000;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, ms), 600_000);
}

/**
 * Runs `attempt` until it succeeds, fails for good, or has failed `retries` times more.
 * Only a TransientError is worth another attempt. Rejects at once when the signal is given.
 */
export function withRetries<T>(
  attempt: () => Promise<T>,
  { retries, signal }: { retries: number; signal: AbortSignal },
): Promise<T> {
  return pRetry(attempt, {
    retries,
    minTimeout: 0,
    signal,
    shouldRetry: ({ error }) => error instanceof TransientError,
    onFailedAttempt: async ({ error, attemptNumber, retriesLeft }) => {
      if (!(error instanceof TransientError) || retriesLeft === 0) return;
      const pauseMs = Math.max(error.waitMs ?? 0, backoffMs(attemptNumber));
      await sleep(pauseMs, undefined, { signal });
    },
  });
}
