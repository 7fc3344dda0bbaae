/** The pace is that of so much time, at most: several months, whose questions are not alike. */
const WINDOW_MS = 600_000;
/** Below this there is no pace to speak of. */
const LEAST = { ms: 3000, questions: 3 };
/** Marks come no closer than this. */
const APART_MS = 1000;
/** The time left follows what is measured so slowly, at most: it is not to jump. */
const SETTLE_MS = 20_000;

/** How much there is to do, and how much of it is behind us, well done or not. */
export type Way = { settled: number; total: number };

type Mark = { atMs: number; settled: number };

/** How long it takes until all is done, by what was done so far. Waiting for an outage is no work. */
export class Pace {
  #marks: Mark[] = [];
  #way: Way = { settled: 0, total: 0 };
  #left: { atMs: number; ms: number } | undefined;
  #stoodMs = 0;
  #stopsMs: number | undefined;

  /** Notes how far it is; less than before is a new beginning. */
  note(way: Way, nowMs: number): void {
    if (way.settled < this.#way.settled) this.reset();
    this.#way = way;
    const mark = { atMs: this.#workedUntil(nowMs), settled: way.settled };
    const last = this.#marks.at(-1)?.atMs ?? -Infinity;
    if (mark.atMs - last >= APART_MS) this.#marks.push(mark);
    // The newest of those that are too old is where the time at hand begins.
    while ((this.#marks[1]?.atMs ?? mark.atMs) < mark.atMs - WINDOW_MS) this.#marks.shift();
  }

  /** Begins anew, with something else. */
  reset(): void {
    this.#marks = [];
    this.#left = undefined;
    this.#way = { settled: 0, total: 0 };
  }

  /** Stops the clock, or lets it go on. */
  stop(isStopped: boolean, nowMs: number): void {
    this.#stoodMs += this.#stopsMs === undefined ? 0 : nowMs - this.#stopsMs;
    this.#stopsMs = isStopped ? nowMs : undefined;
  }

  /** Milliseconds until all is done; undefined while unknown. */
  timeLeft(nowMs: number): number | undefined {
    const measured = this.#measure(nowMs);
    if (measured === undefined) return undefined;
    const before = this.#left ?? { atMs: nowMs, ms: measured.ms };
    const passedMs = nowMs - before.atMs;
    const expected = Math.max(0, before.ms - (this.#stopsMs === undefined ? passedMs : 0));
    const share = 1 - Math.exp(-passedMs / Math.min(SETTLE_MS, measured.overMs / 3));
    this.#left = { atMs: nowMs, ms: expected + share * (measured.ms - expected) };
    return this.#left.ms;
  }

  /** What is left at the pace of the time at hand, and how long that time is. */
  #measure(nowMs: number): { ms: number; overMs: number } | undefined {
    const { settled, total } = this.#way;
    const [first] = this.#marks;
    if (first === undefined) return undefined;
    const overMs = this.#workedUntil(nowMs) - first.atMs;
    const gained = settled - first.settled;
    if (overMs < LEAST.ms || gained < LEAST.questions) return undefined;
    return { ms: (overMs / gained) * (total - settled), overMs };
  }

  #workedUntil(nowMs: number): number {
    return (this.#stopsMs ?? nowMs) - this.#stoodMs;
  }
}
