/** The share of the allowed rate that is used: the rest absorbs jitter between here and the wire. */
const USED_SHARE = 0.98;
/** How much longer than the API's window ours is, for the same reason. */
const WINDOW_SHARE = 1.018;
/** How many late starts may be caught up with, so that a busy moment costs no throughput. */
const CATCH_UP = 4;
/** Starts never come closer than this share of the even distance: catching up is not a burst. */
const CLOSEST_SHARE = 0.25;

/** After a block this share of the rate is used, and more with every answer. */
const SLOW_SHARE = 0.1;
const FASTER = 1.05;

/**
 * A token bucket of shallow depth in front of the network. Starts are spread evenly over
 * time; a late timer is caught up with; and no more than `rate` of them ever fall into one
 * second. Time is monotonic, so that a clock put back neither opens nor shuts the gate.
 */
export class Gate {
  readonly #evenMs: number;
  readonly #windowMs: number;
  readonly #windowSize: number;
  readonly #starts: number[] = [];
  readonly #waiting: (() => void)[] = [];
  /** Those that go ahead of the others, also while these are held back. */
  readonly #ahead: (() => void)[] = [];
  #holders = 0;
  #share = 1;
  #dueMs = 0;
  #closedUntilMs = 0;
  #timer: NodeJS.Timeout | undefined;

  /** `rate` is in starts a second, above 0. */
  constructor(rate: number) {
    this.#evenMs = 1000 / (rate * USED_SHARE);
    this.#windowSize = Math.max(1, Math.floor(rate));
    this.#windowMs = (this.#windowSize / rate) * 1000 * WINDOW_SHARE;
  }

  /** Resolves when a request may start; rejects with the signal's reason when it is given first. */
  pass(signal: AbortSignal, ahead = false): Promise<void> {
    const waiting = ahead ? this.#ahead : this.#waiting;
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const leave = () => {
        waiting.splice(waiting.indexOf(enter), 1);
        if (this.#next() === undefined) this.#rest();
        reject(signal.reason);
      };
      const enter = () => {
        signal.removeEventListener("abort", leave);
        resolve();
      };
      signal.addEventListener("abort", leave, { once: true });
      waiting.push(enter);
      this.#serve();
    });
  }

  /** Holds back whoever does not go ahead, until all who hold them have let them go. */
  hold(): void {
    this.#holders += 1;
  }

  release(): void {
    this.#holders -= 1;
    this.#serve();
  }

  /** Spreads starts over a longer time from now on. */
  slowDown(): void {
    this.#share = SLOW_SHARE;
  }

  /** Comes a little nearer to the full rate. */
  speedUp(): void {
    this.#share = Math.min(1, this.#share * FASTER);
  }

  /** Keeps every request back for `ms` milliseconds from now. */
  close(ms: number): void {
    this.#closedUntilMs = Math.max(this.#closedUntilMs, performance.now() + ms);
  }

  /** For how many milliseconds from now every request is kept back. */
  closedMs(): number {
    return Math.max(0, this.#closedUntilMs - performance.now());
  }

  #serve(): void {
    if (this.#timer !== undefined) return;
    while (this.#next() !== undefined) {
      const now = performance.now();
      const at = this.#nextStart(now);
      if (at > now) {
        this.#timer = setTimeout(() => {
          this.#timer = undefined;
          this.#serve();
        }, at - now);
        return;
      }
      this.#start(now);
    }
  }

  /** Who starts next; undefined when nobody may. */
  #next(): (() => void)[] | undefined {
    if (this.#ahead.length > 0) return this.#ahead;
    return this.#holders > 0 || this.#waiting.length === 0 ? undefined : this.#waiting;
  }

  #rest(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #nextStart(now: number): number {
    const last = this.#starts.at(-1) ?? -Infinity;
    const first = this.#starts.length < this.#windowSize ? -Infinity : (this.#starts[0] ?? 0);
    return Math.max(
      this.#closedUntilMs,
      Math.max(this.#dueMs, now - CATCH_UP * this.#evenMs),
      last + (this.#share < 1 ? 1 / this.#share : CLOSEST_SHARE) * this.#evenMs,
      first + this.#windowMs,
    );
  }

  #start(now: number): void {
    this.#dueMs = Math.max(this.#dueMs, now - CATCH_UP * this.#evenMs) + this.#evenMs;
    this.#starts.push(now);
    if (this.#starts.length > this.#windowSize) this.#starts.shift();
    this.#next()?.shift()?.();
  }
}
