import { setTimeout as sleep } from "node:timers/promises";
import pRetry from "p-retry";
import { BlockedError, looksBlocked, TransientError } from "./errors.ts";

const BASE_MS = 500;
const CAP_MS = 30_000;
/** No server is meant to keep us away for longer. */
const LONGEST_WISH_MS = 24 * 3_600_000;

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
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, ms), LONGEST_WISH_MS);
}

type Retries = {
  retries: number;
  /** The same where a gateway seems to have given up. */
  gatewayRetries?: number;
  /** Whether what looks like a block is still one of a busy moment. */
  isBusy?: () => boolean;
  signal: AbortSignal;
};

/** Who is told to wait longer than this is told so, in the place of another attempt. */
const SHORT_WAIT_MS = 30_000;

/**
 * Runs `attempt` until it succeeds, fails for good, or has failed so many times more. Only faults
 * of the moment are worth another attempt, and a 429 of a busy moment. The signal ends pauses; an attempt that runs
 * is let settle, so the signal is not for p-retry, which would throw its result away.
 */
export function withRetries<T>(
  attempt: () => Promise<T>,
  { retries, gatewayRetries = retries, isBusy = () => true, signal }: Retries,
): Promise<T> {
  return pRetry(attempt, {
    retries,
    minTimeout: 0,
    shouldRetry: ({ error, attemptNumber }) => {
      if (waitOf(error) > SHORT_WAIT_MS) return false;
      if (looksBlocked(error) && !isBusy()) return false;
      if (error instanceof BlockedError) return error.isCertain;
      return (
        error instanceof TransientError && (!error.isGateway || attemptNumber <= gatewayRetries)
      );
    },
    onFailedAttempt: async ({ error, attemptNumber, retriesLeft }) => {
      // The gate is closed after a block, for all requests.
      if (!(error instanceof TransientError) || retriesLeft === 0) return;
      if (waitOf(error) > SHORT_WAIT_MS) return;
      if (error.isGateway && attemptNumber > gatewayRetries) return;
      if (error.isPage && !isBusy()) return;
      const pauseMs = Math.max(error.waitMs ?? 0, backoffMs(attemptNumber));
      await sleep(pauseMs, undefined, { signal });
    },
  });
}

function waitOf(error: Error): number {
  const hasWish = error instanceof BlockedError || error instanceof TransientError;
  return hasWish ? (error.waitMs ?? 0) : 0;
}
