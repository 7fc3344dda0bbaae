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
  const isSeconds = /^\s*\d+\s*$/.test(value);
  const isDate = /^\s*[A-Za-z]{3,9}, .*GMT\s*$/.test(value);
  const ms = isSeconds ? Number(value) * 1000 : isDate ? Date.parse(value) - now : Number.NaN;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, ms), 600_000);
}

/**
 * Runs `attempt` until it succeeds, fails for good, or has failed `retries` times more.
 * Only a TransientError is worth another attempt. The signal ends pauses; an attempt that runs
 * is let settle, so the signal is not for p-retry, which would throw its result away.
 */
export function withRetries<T>(
  attempt: () => Promise<T>,
  { retries, signal }: { retries: number; signal: AbortSignal },
): Promise<T> {
  return pRetry(attempt, {
    retries,
    minTimeout: 0,
    shouldRetry: ({ error }) => error instanceof TransientError,
    onFailedAttempt: async ({ error, attemptNumber, retriesLeft }) => {
      if (!(error instanceof TransientError) || retriesLeft === 0) return;
      const pauseMs = Math.max(error.waitMs ?? 0, backoffMs(attemptNumber));
      await sleep(pauseMs, undefined, { signal });
    },
  });
}
