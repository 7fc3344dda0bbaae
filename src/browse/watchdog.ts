import { once } from "node:events";
import { extname } from "node:path";
import { Worker } from "node:worker_threads";

/** The thread stands beside this file, built or not. */
const THREAD = new URL(`watchdog-thread${extname(import.meta.url)}`, import.meta.url);

export type Watch = {
  /** When to end, in nanoseconds of the process's own clock; 0: no time is set. */
  deadline: BigInt64Array;
  parent: number;
  mostBytes: number;
};

export type Watchdog = {
  /** Ends this process in so many milliseconds, unless it is allowed more by then. */
  allow(ms: number): void;
  /** Takes the time back. */
  rest(): void;
};

/**
 * Ends this process, whatever it is in the midst of, when its time or its parent is gone or when it
 * takes more memory. SQLite keeps its thread until it is done, so another thread has to look.
 */
export async function startWatchdog({ mostBytes }: Pick<Watch, "mostBytes">): Promise<Watchdog> {
  const deadline = new BigInt64Array(new SharedArrayBuffer(8));
  const workerData: Watch = { deadline, parent: process.ppid, mostBytes };
  const thread = new Worker(THREAD, { workerData });
  await once(thread, "message");
  thread.unref();
  return {
    allow: (ms) =>
      void Atomics.store(deadline, 0, process.hrtime.bigint() + BigInt(ms) * 1_000_000n),
    rest: () => void Atomics.store(deadline, 0, 0n),
  };
}
