import PQueue from "p-queue";
import { throwIfStopped } from "../errors.ts";
import { TooManyRequestsError } from "./errors.ts";
import { Gate } from "./gate.ts";
import { createHttp } from "./http.ts";
import type { HttpOptions, HttpRequest } from "./http.ts";
import { backoffMs, withRetries } from "./retry.ts";

const TIMEOUT_MS = 120_000;
const RETRIES = 6;

/** What became of one attempt: for logs, progress and tests. */
export type Attempt = {
  method: "GET" | "POST";
  path: string;
  ms: number;
  error?: unknown;
};

export type QueueOptions = {
  baseUrl: URL;
  /** Starts a second. */
  rate: number;
  /** Requests in flight at once. */
  concurrency: number;
  userAgent: string;
  timeoutMs?: number | undefined;
  onAttempt?: ((attempt: Attempt) => void) | undefined;
};

/** How often a request is tried again, and whether it goes ahead of those that wait. */
export type AskOptions = { retries?: number; ahead?: boolean };

export type Queue = {
  ask(request: HttpRequest, signal: AbortSignal, options?: AskOptions): Promise<unknown>;
  close(): Promise<void>;
};

/** The way of every request: retries around the queue, the queue around the gate, then the wire. */
export function createQueue({ rate, concurrency, onAttempt, ...rest }: QueueOptions): Queue {
  const options: HttpOptions = {
    ...rest,
    connections: concurrency,
    timeoutMs: rest.timeoutMs ?? TIMEOUT_MS,
  };
  const http = createHttp(options);
  const queue = new PQueue({ concurrency });
  const gate = new Gate(rate);
  let excesses = 0;

  async function attempt(request: HttpRequest, signal: AbortSignal): Promise<unknown> {
    await gate.pass(signal);
    const method = request.form === undefined ? "GET" : "POST";
    const startMs = performance.now();
    const report = (outcome: { error?: unknown }) =>
      onAttempt?.({ method, path: request.path, ms: performance.now() - startMs, ...outcome });
    try {
      const reply = await http.send(request);
      excesses = 0;
      report({});
      return reply;
    } catch (error) {
      if (error instanceof TooManyRequestsError) {
        excesses += 1;
        gate.close(error.waitMs ?? 1000 + backoffMs(excesses));
      }
      report({ error });
      throw error;
    }
  }

  return {
    async ask(request, signal, { retries = RETRIES, ahead = false } = {}) {
      const send = async () => {
        const leave = await enter(queue, ahead ? 1 : 0);
        try {
          return await attempt(request, signal);
        } finally {
          leave();
        }
      };
      try {
        return await withRetries(send, { retries, signal });
      } catch (error) {
        throwIfStopped(signal);
        throw error;
      }
    },
    /** A signal to stop lets what is on the wire settle; only this ends it. */
    close: () => http.close(),
  };
}

/**
 * Waits for a place in the queue; the answer gives it up again. The queue gets no reply to hold:
 * it remembers its last hundred tasks, and a reply can be megabytes.
 */
function enter(queue: PQueue, priority: number): Promise<() => void> {
  return new Promise((entered) => {
    void queue.add(() => new Promise<void>(entered), { priority });
  });
}
