import PQueue from "p-queue";
import { throwIfStopped } from "../errors.ts";
import { BlockedError, looksBlocked, RefusedError, TransientError } from "./errors.ts";
import { Gate } from "./gate.ts";
import { createHttp, LONGEST_MS } from "./http.ts";
import type { HttpRequest, Proxies } from "./http.ts";
import { backoffMs, withRetries } from "./retry.ts";

const RETRIES = 6;
/** So many blocks in a row are no busy moment. */
const BUSY_BLOCKS = 3;

/** What became of one attempt: for logs, progress and tests. */
export type Attempt = {
  method: "GET" | "POST";
  path: string;
  ms: number;
  /** How long all requests pause after it, in milliseconds; 0 mostly. */
  pauseMs: number;
  error?: unknown;
};

export type QueueOptions = {
  baseUrl: URL;
  /** Starts a second. */
  rate: number;
  /** Requests in flight at once. */
  concurrency: number;
  userAgent: string;
  proxies?: Proxies | undefined;
  timeoutMs?: number | undefined;
  /** A request goes out. */
  onStart?: (() => void) | undefined;
  onAttempt?: ((attempt: Attempt) => void) | undefined;
};

export type AskOptions = {
  /** How often a request is tried again that failed by a fault of the moment. */
  retries?: number;
  /** The same where a gateway seems to have given up. */
  gatewayRetries?: number;
  /** How long a whole reply is waited for, in milliseconds. */
  timeoutMs?: number | undefined;
  /** Whether it goes ahead of those that wait, also while these are held back. */
  ahead?: boolean;
  /** Told how long the answer took on the wire, in milliseconds: no wait before it is counted. */
  onAnswer?: (ms: number) => void;
};

/** How fast questions are asked. */
export type Pace = {
  /** Holds all questions back but those that go ahead, until they are let go. */
  hold(): void;
  release(): void;
  /** Asks more slowly from now on; every answer brings it nearer to the full rate again. */
  slowDown(): void;
  /** For how many milliseconds from now nothing is asked, not even ahead. */
  pausedMs(): number;
};

export type Queue = {
  ask(request: HttpRequest, signal: AbortSignal, options?: AskOptions): Promise<unknown>;
  pace: Pace;
  close(): Promise<void>;
};

/** The way of every request: retries around the queue, the queue around the gate, then the wire. */
export function createQueue({
  rate,
  concurrency,
  onStart,
  onAttempt,
  timeoutMs: longestMs = LONGEST_MS,
  ...rest
}: QueueOptions): Queue {
  const http = createHttp({ ...rest, connections: concurrency + 1 });
  const queue = new PQueue({ concurrency });
  const gate = new Gate(rate);
  let blocks = 0;

  async function attempt(request: HttpRequest, signal: AbortSignal, options: AskOptions) {
    await gate.pass(signal, options.ahead);
    const method = request.form === undefined ? "GET" : "POST";
    const startMs = performance.now();
    onStart?.();
    const report = (outcome: { pauseMs: number; error?: unknown }) => {
      const ms = performance.now() - startMs;
      onAttempt?.({ method, path: request.path, ms, ...outcome });
      if (!("error" in outcome)) options.onAnswer?.(ms);
    };
    try {
      const reply = await http.send(request, Math.min(longestMs, options.timeoutMs ?? longestMs));
      blocks = 0;
      gate.speedUp();
      report({ pauseMs: 0 });
      return reply;
    } catch (error) {
      if (looksBlocked(error)) {
        blocks += 1;
        if (isCertainBlock(error) || blocks >= BUSY_BLOCKS) gate.slowDown();
      }
      const pauseMs = pauseAfter(error, blocks);
      if (pauseMs > 0) gate.close(pauseMs);
      report({ pauseMs, error });
      throw error;
    }
  }

  return {
    async ask(request, signal, options = {}) {
      const { retries = RETRIES, gatewayRetries = retries } = options;
      const send = async () => {
        const leave = options.ahead ? () => {} : await enter(queue);
        try {
          return await attempt(request, signal, options);
        } finally {
          leave();
        }
      };
      try {
        const isBusy = () => blocks < BUSY_BLOCKS;
        return await withRetries(send, { retries, gatewayRetries, isBusy, signal });
      } catch (error) {
        throwIfStopped(signal);
        throw error;
      }
    },
    pace: {
      hold: () => gate.hold(),
      release: () => gate.release(),
      slowDown: () => gate.slowDown(),
      pausedMs: () => gate.closedMs(),
    },
    /** A signal to stop lets what is on the wire settle; only this ends it. */
    close: () => http.close(),
  };
}

function isCertainBlock(error: unknown): boolean {
  return error instanceof BlockedError && error.isCertain;
}

/** How long every request waits after a failure: as the server wishes, and ever longer for blocks. */
function pauseAfter(error: unknown, blocks: number): number {
  if (error instanceof BlockedError) {
    return error.waitMs ?? (error.isCertain ? 1000 + backoffMs(blocks) : 0);
  }
  if (looksBlocked(error) && blocks >= BUSY_BLOCKS) return 1000 + backoffMs(blocks);
  const hasWish = error instanceof TransientError || error instanceof RefusedError;
  return hasWish ? (error.waitMs ?? 0) : 0;
}

/**
 * Waits for a place in the queue; the answer gives it up again. The queue gets no reply to hold:
 * it remembers its last hundred tasks, and a reply can be megabytes.
 */
function enter(queue: PQueue): Promise<() => void> {
  return new Promise((entered) => {
    void queue.add(() => new Promise<void>(entered));
  });
}
