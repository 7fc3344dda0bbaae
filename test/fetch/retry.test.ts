import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { InvalidReplyError, RefusedError, TransientError } from "../../src/fetch/errors.ts";
import { backoffMs, parseRetryAfter, withRetries } from "../../src/fetch/retry.ts";
import { failureOf, never } from "../support/http.ts";

describe("the backoff", () => {
  it("lies between nothing and half a second doubled for each failure, at most 30 s", () => {
    const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    const property = fc.property(fc.integer({ min: 1, max: 60 }), unit, (failures, draw) => {
      const ms = backoffMs(failures, () => draw);
      expect(ms).toBeGreaterThanOrEqual(0);
      expect(ms).toBeLessThanOrEqual(Math.min(30_000, 500 * 2 ** (failures - 1)));
    });
    fc.assert(property);
  });

  it("doubles its bound until the cap", () => {
    const bounds = [1, 2, 3, 6, 7, 8, 50].map((failures) => backoffMs(failures, () => 1));
    expect(bounds).toEqual([500, 1000, 2000, 16_000, 30_000, 30_000, 30_000]);
  });

  it("differs from one request to the next", () => {
    expect(new Set(Array.from({ length: 20 }, () => backoffMs(4))).size).toBeGreaterThan(15);
  });
});

describe("Retry-After", () => {
  const now = Date.parse("2018-05-01T12:00:00Z");

  it.each([
    ["0", 0],
    ["1", 1000],
    ["120", 120_000],
    [" 7 ", 7000],
    ["86400", 86_400_000],
    ["Tue, 01 May 2018 12:00:30 GMT", 30_000],
    ["Tue, 01 May 2018 11:00:00 GMT", 0],
    ["Wed, 02 May 2018 12:00:00 GMT", 86_400_000],
  ])("of %j means %i ms", (value, ms) => {
    expect(parseRetryAfter(value, now)).toBe(ms);
  });

  it.each([[undefined], [""], ["  "], ["soon"], ["NaN"], ["Tue, 99 Foo 2018"]])(
    "of %j means nothing",
    (value) => {
      expect(parseRetryAfter(value, now)).toBeUndefined();
    },
  );

  it.each([["in 5 seconds"], ["retry 1"], ["0x10"], ["1;2"]])(
    "of %j is neither seconds nor a date, and means nothing",
    (value) => {
      expect(parseRetryAfter(value, now)).toBeUndefined();
    },
  );

  it("never yields a wait below 0 or above a day, whatever the header", () => {
    const property = fc.property(fc.string(), (value) => {
      const ms = parseRetryAfter(value, now) ?? 0;
      expect(ms >= 0 && ms <= 86_400_000).toBe(true);
    });
    fc.assert(property, { numRuns: 1000 });
  });
});

describe("withRetries", () => {
  beforeEach(() => {
    vi.spyOn(Math, "random").mockReturnValue(0);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("tries again after a fault of the moment, and gives what then succeeds", async () => {
    let attempts = 0;
    const attempt = async () => {
      attempts += 1;
      if (attempts < 4) throw new TransientError("a fault");
      return "done";
    };
    expect(await withRetries(attempt, { retries: 6, signal: never() })).toBe("done");
    expect(attempts).toBe(4);
  });

  it("gives the last error up after so many retries", async () => {
    let attempts = 0;
    const attempt = async () => {
      attempts += 1;
      throw new TransientError(`fault ${attempts}`);
    };
    const error = await failureOf(withRetries(attempt, { retries: 2, signal: never() }));
    expect(error).toBeInstanceOf(TransientError);
    expect(error).toHaveProperty("message", "fault 3");
  });

  it.each([
    new RefusedError("/x"),
    new InvalidReplyError("/x", "no"),
    new TypeError("a bug"),
    new Error("another bug"),
  ])("fails at once with any other error: %s", async (fault) => {
    let attempts = 0;
    const attempt = async () => {
      attempts += 1;
      throw fault;
    };
    expect(await failureOf(withRetries(attempt, { retries: 6, signal: never() }))).toBe(fault);
    expect(attempts).toBe(1);
  });

  it("waits as long as the server wishes", async () => {
    const times: number[] = [];
    const attempt = async () => {
      times.push(performance.now());
      if (times.length === 1) throw new TransientError("a fault", { waitMs: 150 });
    };
    await withRetries(attempt, { retries: 1, signal: never() });
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(148);
  });

  it("ends its pause when the signal is given", async () => {
    const controller = new AbortController();
    const attempt = async () => {
      setTimeout(() => controller.abort("SIGINT"), 20);
      throw new TransientError("a fault", { waitMs: 60_000 });
    };
    const startMs = performance.now();
    await failureOf(withRetries(attempt, { retries: 1, signal: controller.signal }));
    expect(performance.now() - startMs).toBeLessThan(2000);
  });
});
