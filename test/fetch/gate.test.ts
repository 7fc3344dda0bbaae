import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Gate } from "../../src/fetch/gate.ts";
import { never } from "../support/http.ts";

const START_MS = 0;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** Makes every timer late by what `lateMs` says. */
function delayTimers(lateMs: () => number): void {
  const punctual = globalThis.setTimeout;
  const late = (callback: () => void, ms = 0) => punctual(callback, ms + lateMs());
  vi.stubGlobal("setTimeout", late);
}

/** Asks for `count` starts at once; the times at which they were given. */
function startAll(gate: Gate, count: number, signal = never()): number[] {
  const starts: number[] = [];
  for (let index = 0; index < count; index += 1) {
    gate.pass(signal).then(
      () => starts.push(performance.now() - START_MS),
      () => {},
    );
  }
  return starts;
}

/** The most starts in any window that is `ms` long, its end excluded. */
function mostWithin(starts: readonly number[], ms: number): number {
  const counts = starts.map(
    (start) => starts.filter((at) => at >= start && at < start + ms).length,
  );
  return Math.max(0, ...counts);
}

describe("the gate at 15 starts a second", () => {
  it("never gives more than 15 in any 1,000 ms, however late timers are", async () => {
    const lateness = fc.array(fc.oneof(fc.constant(0), fc.nat(30), fc.nat(300), fc.nat(5000)), {
      minLength: 1,
      maxLength: 40,
    });
    const property = fc.asyncProperty(lateness, async (all) => {
      let turn = 0;
      delayTimers(() => all[turn++ % all.length] ?? 0);
      const starts = startAll(new Gate(15), 90);
      await vi.advanceTimersByTimeAsync(600_000);
      expect(starts).toHaveLength(90);
      expect(mostWithin(starts, 1000)).toBeLessThanOrEqual(15);
      expect(mostWithin(starts, 100)).toBeLessThanOrEqual(6);
      vi.unstubAllGlobals();
    });
    await fc.assert(property, { numRuns: 60 });
  });

  it("gives at least 14.5 a second for as long as it is asked", async () => {
    const starts = startAll(new Gate(15), 600);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(starts.length).toBe(600);
    const seconds = ((starts.at(-1) ?? 0) - (starts[0] ?? 0)) / 1000;
    expect(599 / seconds).toBeGreaterThanOrEqual(14.5);
    expect(599 / seconds).toBeLessThanOrEqual(15);
  });

  it("keeps up 14.5 a second while timers are late by up to 15 ms", async () => {
    let turn = 0;
    delayTimers(() => [0, 3, 15, 1, 8, 0, 12][turn++ % 7] ?? 0);
    const starts = startAll(new Gate(15), 300);
    await vi.advanceTimersByTimeAsync(40_000);
    const seconds = ((starts.at(-1) ?? 0) - (starts[0] ?? 0)) / 1000;
    expect(starts).toHaveLength(300);
    expect(299 / seconds).toBeGreaterThanOrEqual(14.5);
  });

  it("spreads starts evenly, from the first second on", async () => {
    const starts = startAll(new Gate(15), 40);
    await vi.advanceTimersByTimeAsync(5000);
    const gaps = starts.slice(1).map((at, index) => at - (starts[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(15);
    expect(mostWithin(starts, 200)).toBeLessThanOrEqual(7);
  });

  it.each([
    ["the event loop was blocked", 3000],
    ["the machine slept for ten minutes", 600_000],
  ])("does not burst after %s", async (_, blockedMs) => {
    let blocked = false;
    delayTimers(() => {
      if (blocked) return 0;
      blocked = true;
      return blockedMs;
    });
    const starts = startAll(new Gate(15), 60);
    await vi.advanceTimersByTimeAsync(blockedMs + 17_000);
    const late = starts.filter((at) => at >= (starts[1] ?? 0));
    expect(starts).toHaveLength(60);
    expect(mostWithin(late, 100)).toBeLessThanOrEqual(6);
    expect(mostWithin(late, 1000)).toBeLessThanOrEqual(15);
  });

  it.each([-3_600_000, 3_600_000])(
    "keeps its rate when the clock of the machine is set by %i ms",
    async (byMs) => {
      const starts = startAll(new Gate(15), 90);
      await vi.advanceTimersByTimeAsync(2000);
      vi.setSystemTime(Date.now() + byMs);
      await vi.advanceTimersByTimeAsync(4300);
      expect(starts).toHaveLength(90);
      expect(mostWithin(starts, 1000)).toBeLessThanOrEqual(15);
    },
  );

  it("does not burst after a long pause between requests", async () => {
    const gate = new Gate(15);
    const first = startAll(gate, 1);
    await vi.advanceTimersByTimeAsync(60_000);
    const starts = startAll(gate, 40);
    await vi.advanceTimersByTimeAsync(5000);
    expect(first).toHaveLength(1);
    expect(starts).toHaveLength(40);
    expect(mostWithin(starts, 100)).toBeLessThanOrEqual(6);
    expect(mostWithin(starts, 1000)).toBeLessThanOrEqual(15);
  });

  it("lets requests through in the order in which they came", async () => {
    const gate = new Gate(15);
    const order: number[] = [];
    for (let index = 0; index < 20; index += 1) gate.pass(never()).then(() => order.push(index));
    await vi.advanceTimersByTimeAsync(3000);
    expect(order).toEqual(Array.from({ length: 20 }, (_, index) => index));
  });
});

describe("a closed gate", () => {
  it("holds all until its time is over, then gives no burst", async () => {
    const gate = new Gate(15);
    const starts = startAll(gate, 50);
    await vi.advanceTimersByTimeAsync(500);
    const before = starts.length;
    gate.close(4000);
    const closedAt = performance.now();
    await vi.advanceTimersByTimeAsync(3999);
    expect(starts).toHaveLength(before);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(starts).toHaveLength(50);
    expect(starts[before] ?? 0).toBeGreaterThanOrEqual(closedAt + 4000);
    expect(mostWithin(starts.slice(before), 100)).toBeLessThanOrEqual(6);
    expect(mostWithin(starts, 1000)).toBeLessThanOrEqual(15);
  });

  it("is not opened earlier by a shorter closing", async () => {
    const gate = new Gate(15);
    gate.close(5000);
    gate.close(100);
    const starts = startAll(gate, 1);
    await vi.advanceTimersByTimeAsync(4900);
    expect(starts).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(starts).toHaveLength(1);
  });
});

describe("a request that waits at the gate", () => {
  it("is rejected with the signal's reason, and takes no start from the others", async () => {
    const gate = new Gate(15);
    const controller = new AbortController();
    const first = startAll(gate, 1);
    const reasons: unknown[] = [];
    gate.pass(controller.signal).catch((reason: unknown) => reasons.push(reason));
    const others = startAll(gate, 3);
    await vi.advanceTimersByTimeAsync(10);
    controller.abort("SIGTERM");
    await vi.advanceTimersByTimeAsync(0);
    expect(reasons).toEqual(["SIGTERM"]);
    await vi.advanceTimersByTimeAsync(300);
    expect(first).toHaveLength(1);
    expect(others).toHaveLength(3);
    expect(others[0] ?? Infinity).toBeLessThan(100);
  });

  it("is rejected at once when the signal was given before", async () => {
    await expect(new Gate(15).pass(AbortSignal.abort("SIGINT"))).rejects.toBe("SIGINT");
  });

  it("leaves no timer behind that keeps the process alive", async () => {
    const gate = new Gate(15);
    const controller = new AbortController();
    gate.close(600_000);
    startAll(gate, 2, controller.signal);
    controller.abort("SIGINT");
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("a gate of any rate", () => {
  it.each([0.2, 0.5, 1, 2.5, 7, 14.9])("of %d a second gives no more than that", async (rate) => {
    const starts = startAll(new Gate(rate), 20);
    await vi.advanceTimersByTimeAsync((30 / rate) * 1000);
    expect(starts).toHaveLength(20);
    expect(mostWithin(starts, 1000)).toBeLessThanOrEqual(Math.ceil(rate));
    const seconds = ((starts.at(-1) ?? 0) - (starts[0] ?? 0)) / 1000;
    expect(19 / seconds).toBeLessThanOrEqual(rate);
    expect(19 / seconds).toBeGreaterThanOrEqual(rate * 0.9);
  });
});
