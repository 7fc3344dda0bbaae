import { describe, expect, test } from "vitest";
import { Meter } from "../../src/report/meter.ts";
import { Pace } from "../../src/report/pace.ts";

const MINUTE = 60_000;

describe("the time left", () => {
  /** Questions that come one after another, each after so many ms; looks after each. */
  function run(pace: Pace, times: readonly number[], total: (settled: number) => number) {
    let nowMs = 0;
    pace.note({ settled: 0, total: total(0) }, nowMs);
    return times.map((ms, at) => {
      nowMs += ms;
      pace.note({ settled: at + 1, total: total(at + 1) }, nowMs);
      return pace.timeLeft(nowMs);
    });
  }

  test("is unknown until something was measured", () => {
    const [first, second] = run(new Pace(), [1000, 1000], () => 100);
    expect([first, second]).toEqual([undefined, undefined]);
  });

  test("is that of what is left at the pace so far", () => {
    const lefts = run(
      new Pace(),
      Array.from({ length: 50 }, () => 1000),
      () => 100,
    );
    expect(lefts.at(-1)).toBeCloseTo(50_000, -2);
  });

  test("does not jump where a month begins, whose large areas are asked first", () => {
    const month = [
      ...Array.from({ length: 10 }, () => 3000),
      ...Array.from({ length: 90 }, () => 300),
    ];
    const times = Array.from({ length: 12 }, () => month).flat();
    const lefts = run(new Pace(), times, () => times.length);
    const truth = (at: number) => times.slice(at + 1).reduce((sum, ms) => sum + ms, 0);
    for (let at = 300; at < times.length; at += 1) {
      const left = lefts[at] ?? Number.NaN;
      expect(Math.abs(left - (lefts[at - 1] ?? 0))).toBeLessThan(15_000);
      expect(Math.abs(left - truth(at))).toBeLessThan(0.12 * truth(0));
    }
  });

  test("follows a new total slowly", () => {
    const times = Array.from({ length: 240 }, () => 1000);
    const lefts = run(new Pace(), times, (settled) => (settled < 120 ? 3600 : 1800));
    expect(lefts[119]).toBeGreaterThan(3_200_000);
    expect(lefts[239]).toBeLessThan(1_600_000);
  });

  test("does not count the time of an outage", () => {
    const pace = new Pace();
    run(
      pace,
      Array.from({ length: 30 }, () => 1000),
      () => 60,
    );
    pace.stop(true, 30_000);
    expect(pace.timeLeft(10 * MINUTE)).toBeCloseTo(30_000, -3);
    pace.stop(false, 10 * MINUTE);
    expect(pace.timeLeft(10 * MINUTE)).toBeCloseTo(30_000, -3);
  });

  test("is of the time at hand: an hour ago it may have been slower", () => {
    const times = [
      ...Array.from({ length: 60 }, () => MINUTE),
      ...Array.from({ length: 900 }, () => 1000),
    ];
    const lefts = run(new Pace(), times, () => 1060);
    expect(lefts.at(-1)).toBeCloseTo(100_000, -4);
  });
});

describe("what is measured of a run", () => {
  test("is requests a second of the last twenty seconds, be it ever so silent", () => {
    const meter = new Meter(0);
    for (let at = 100; at <= 10_000; at += 100) meter.end(0, at);
    expect(meter.view(10_000).rate).toBeCloseTo(10, 0);
    expect(meter.view(20_000).rate).toBeCloseTo(5, 0);
    expect(meter.view(31_000).rate).toBe(0);
  });

  test("is for how long nothing came, and how many replies it waits for", () => {
    const meter = new Meter(0);
    meter.start(0);
    meter.start(1000);
    expect(meter.view(2000).wait).toBeUndefined();
    meter.end(0, 2000);
    expect(meter.view(4900).wait).toBeUndefined();
    expect(meter.view(47_000).wait).toEqual({ for: "replies", ms: 45_000, replies: 1 });
    meter.end(0, 47_500);
    expect(meter.view(48_000).wait).toBeUndefined();
    meter.start(90_000);
    expect(meter.view(91_000).wait).toBeUndefined();
  });

  test("is an outage, and a pause that the API asks for", () => {
    const meter = new Meter(0);
    meter.wait("down", 1000);
    meter.start(1500);
    expect(meter.view(60_000).wait).toEqual({ for: "down" });
    meter.wait(undefined, 60_000);
    expect(meter.view(61_000).wait).toBeUndefined();
    meter.end(30_000, 62_000);
    expect(meter.view(91_000).wait).toEqual({ for: "paused" });
  });
});
