import type { Progress } from "../crawl/reporter.ts";

const WINDOW_MS = 20_000;

/** Requests a second and time left, from what happened in the last twenty seconds. */
export class Meter {
  readonly #requests: number[] = [];
  #finished: { atMs: number; done: number; key: string }[] = [];

  /** Counts one request that ended now. */
  countRequest(nowMs = performance.now()): void {
    this.#requests.push(nowMs);
    while ((this.#requests[0] ?? nowMs) < nowMs - WINDOW_MS) this.#requests.shift();
  }

  /** Requests a second of late. */
  rate(nowMs = performance.now()): number {
    const [first = nowMs] = this.#requests;
    const seconds = Math.max(1, (nowMs - first) / 1000);
    return Math.max(0, this.#requests.length - 1) / seconds;
  }

  /** Milliseconds until the part at hand is done, at the pace of late; undefined while unknown. */
  timeLeft(progress: Progress, nowMs = performance.now()): number | undefined {
    const { done, total } = progress;
    const key = progress.part === "month" ? progress.month : progress.part;
    this.#finished = this.#finished.filter(
      (mark) => mark.key === key && mark.atMs >= nowMs - WINDOW_MS,
    );
    this.#finished.push({ atMs: nowMs, done, key });
    const [first] = this.#finished;
    if (first === undefined || done <= first.done) return undefined;
    return ((nowMs - first.atMs) / (done - first.done)) * (total - done);
  }
}
