/** The share of the allowed rate that is used: the rest absorbs jitter between here and the wire. */
const USED_SHARE = 0.98;
/** How much longer than the API's window ours is, for the same reason. */
const WINDOW_SHARE = 1.018;
/** How many late starts may be caught up with, so that a busy moment costs no throughput. */
const CATCH_UP = 4;
/** Starts never come closer than this share of the even distance: catching up is not a burst. */
const CLOSEST_SHARE = 0.25;

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
  pass(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        if (this.#waiting.length === 0) this.#rest();
        reject(signal.reason);
      };
      const enter = () => {
        signal.removeEventListener("abort", leave);
        resolve();
      };
      signal.addEventListener("abort", leave, { once: true });
      this.#waiting.push(enter);
      this.#serve();
    });
  }

  /** Keeps every request back for `ms` milliseconds from now. */
  close(ms: number): void {
    this.#closedUntilMs = Math.max(this.#closedUntilMs, performance.now() + ms);
  }

  #serve(): void {
    if (this.#timer !== undefined) return;
    while (this.#waiting.length > 0) {
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
      last + CLOSEST_SHARE * this.#evenMs,
      first + this.#windowMs,
    );
  }

  #start(now: number): void {
    this.#dueMs = Math.max(this.#dueMs, now - CATCH_UP * this.#evenMs) + this.#evenMs;
    this.#starts.push(now);
    if (this.#starts.length > this.#windowSize) this.#starts.shift();
    this.#waiting.shift()?.();
  }
}
