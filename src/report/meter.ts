import type { Progress, Reporter } from "../crawl/reporter.ts";
import { Pace } from "./pace.ts";

/** Requests a second are those of so much time, at most. */
const RATE_MS = 20_000;
/** When nothing came for so long, it is said. */
const SILENT_MS = 3000;

/** What a run waits for, and since when; `replies`: requests that are on the wire. */
export type Wait =
  | { for: "down" }
  | { for: "unresolved" }
  | { for: "paused" }
  | { for: "replies"; ms: number; replies: number };

/** How far a run is, as it is shown. */
export type View = {
  /** Undefined: it is not known yet what is to do. */
  progress: Progress | undefined;
  /** Requests a second of late. */
  rate: number;
  /** Milliseconds until all is done; undefined while unknown. */
  leftMs: number | undefined;
  wait: Wait | undefined;
};

/** What is measured of a run: requests a second, the time left, and what it waits for. */
export class Meter {
  readonly #beginMs: number;
  readonly #pace = new Pace();
  #ends: number[] = [];
  #isOnWire = 0;
  /** Since when nothing came. */
  #silentMs: number;
  #pausedUntilMs = -Infinity;
  #stopped: Parameters<Reporter["waits"]>[0];
  #progress: Progress | undefined;

  constructor(nowMs = performance.now()) {
    this.#beginMs = nowMs;
    this.#silentMs = nowMs;
  }

  /** Counts a request that goes out now. */
  start(nowMs = performance.now()): void {
    if (this.#isOnWire === 0) this.#silentMs = nowMs;
    this.#isOnWire += 1;
  }

  /** Counts a request that ended now; after it, all wait for `pauseMs`. */
  end(pauseMs = 0, nowMs = performance.now()): void {
    this.#isOnWire -= 1;
    this.#silentMs = nowMs;
    this.#ends.push(nowMs);
    if (pauseMs > 0) this.#pausedUntilMs = Math.max(this.#pausedUntilMs, nowMs + pauseMs);
  }

  /** Notes that nothing is asked for now; undefined: it goes on. */
  wait(why: Parameters<Reporter["waits"]>[0], nowMs = performance.now()): void {
    this.#pace.stop(why !== undefined, nowMs);
    if (this.#stopped !== why) this.#silentMs = nowMs;
    this.#stopped = why;
  }

  /** Notes how far it is. */
  note(progress: Progress, nowMs = performance.now()): void {
    const { part, done, total } = progress;
    if (part !== this.#progress?.part) this.#pace.reset();
    this.#progress = progress;
    const settled = done + (part === "months" ? progress.failed : 0);
    this.#pace.note({ settled, total }, nowMs);
  }

  view(nowMs = performance.now()): View {
    return {
      progress: this.#progress,
      rate: this.#measureRate(nowMs),
      leftMs: this.#pace.timeLeft(nowMs),
      wait: this.#findWait(nowMs),
    };
  }

  #measureRate(nowMs: number): number {
    this.#ends = this.#ends.filter((atMs) => atMs > nowMs - RATE_MS);
    const overMs = Math.min(RATE_MS, Math.max(1000, nowMs - this.#beginMs));
    return this.#ends.length / (overMs / 1000);
  }

  #findWait(nowMs: number): Wait | undefined {
    if (this.#stopped !== undefined) return { for: this.#stopped };
    if (nowMs < this.#pausedUntilMs) return { for: "paused" };
    const ms = nowMs - this.#silentMs;
    return ms < SILENT_MS ? undefined : { for: "replies", ms, replies: this.#isOnWire };
  }
}
