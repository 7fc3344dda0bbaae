import { describe, expect, test, vi } from "vitest";
import { createContext } from "../../src/crawl/crawl.ts";
import { createHealth, patiently } from "../../src/crawl/health.ts";
import type { Health } from "../../src/crawl/health.ts";
import { UkpoliceError } from "../../src/errors.ts";
import type { Api } from "../../src/fetch/api.ts";
import {
  BlockedError,
  RefusedError,
  RejectedError,
  TransientError,
} from "../../src/fetch/errors.ts";
import { createSilence } from "../../src/report/lines.ts";
import { openTestStore } from "../support/stored.ts";
import { queryColumn } from "../support/temp.ts";

const unasked = () => Promise.reject(new Error("this is not to be asked"));
const never = new AbortController().signal;

/** An API of which only the probe is answered: with each of the values, then with the last. */
function fakeApi(...answers: boolean[]) {
  let asked = 0;
  const next = () => answers[asked++] ?? answers.at(-1) ?? true;
  const probe = vi.fn(() => Promise.resolve(next() ? ("up" as const) : ("down" as const)));
  const pace = { hold: vi.fn(), release: vi.fn(), slowDown: vi.fn(), pausedMs: () => 0 };
  const api: Api = {
    fetchPublished: unasked,
    fetchLastUpdated: unasked,
    fetchCategories: unasked,
    fetchForces: unasked,
    fetchNeighbourhoods: unasked,
    fetchBoundary: unasked,
    fetchRecords: unasked,
    close: () => Promise.resolve(),
    pace,
    probe,
  };
  return { api, probe };
}

function openHealth({ answers, patienceMs = 60_000 }: { answers: boolean[]; patienceMs?: number }) {
  const said: string[] = [];
  const reporter = {
    progress: () => {},
    waits: () => {},
    note: (text: string) => said.push(`note: ${text}`),
    warn: (text: string) => said.push(`warning: ${text}`),
  };
  const { api, probe } = fakeApi(...answers);
  return { health: createHealth({ api, reporter, patienceMs }), probe, said };
}

describe("the health of the API", () => {
  test("is up when a cheap question is answered: what failed has a cause of its own", async () => {
    const { health, probe, said } = openHealth({ answers: [true] });
    expect(await health.check(never)).toBe("up");
    expect(probe).toHaveBeenCalledOnce();
    expect(said).toEqual([]);
  });

  test("is no outage where its name is not found: that is said, and what to check", async () => {
    const { health, said } = openHealth({ answers: [false], patienceMs: 0 });
    const error = new TransientError("/forces: getaddrinfo ENOTFOUND api", { unresolved: "api" });
    await expect(health.check(never, error)).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringMatching(/^no address was found for the API's name for 0 minutes \(/),
      hint: expect.stringMatching(/network.*--api-url/),
    });
    expect(said.join()).toContain("waiting for the network");
    expect(said.join()).not.toContain("is down");
  });

  test("is recovered after an outage, which is said at its beginning and its end", async () => {
    const { health, probe, said } = openHealth({ answers: [false, true] });
    expect(await health.check(never)).toBe("recovered");
    expect(probe).toHaveBeenCalledTimes(2);
    expect(said).toEqual([
      "warning: the API is down; waiting for it, at most 1 minute",
      "note: the API answers again",
    ]);
  });

  test("is told to the book of runs, so that an outage counts for no work", async () => {
    const store = openTestStore();
    store.run.begin();
    store.run.noteProgress({ month: "2018-05", nth: 1, months: 1, total: 9, done: 0, failed: 0 });
    const { api } = fakeApi(false, true);
    const tools = { api, store, reporter: createSilence(), signal: never };
    await createContext(tools, { concurrency: 1, patienceMs: 60_000 }).health.check(never);
    store.run.end(0);
    const [waitedMs] = queryColumn(store.file, "select waited_ms from runs");
    expect(waitedMs).toBeGreaterThan(1900);
    expect(waitedMs).toBeLessThan(10_000);
  });

  test("is asked once for all who want to know at the same time", async () => {
    const { health, probe } = openHealth({ answers: [true] });
    const checks = await Promise.all([1, 2, 3].map(() => health.check(never)));
    expect(checks).toEqual(["up", "up", "up"]);
    expect(probe).toHaveBeenCalledOnce();
    await health.check(never);
    expect(probe).toHaveBeenCalledTimes(2);
  });

  test("is given up when the API stays down for longer than there is patience", async () => {
    const { health } = openHealth({ answers: [false], patienceMs: 0 });
    await expect(health.check(never)).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining("stayed down"),
      hint: expect.stringContaining("run the same command again"),
    });
  });

  test("is no longer waited for when the crawl is stopped", async () => {
    const { health } = openHealth({ answers: [false] });
    const controller = new AbortController();
    const check = health.check(controller.signal);
    setImmediate(() => controller.abort("SIGINT"));
    await expect(check).rejects.toMatchObject({ exitCode: 130 });
  });
});

describe("refusals of areas while the API answers", () => {
  const refuse = (health: Health, times: number) =>
    Promise.all(Array.from({ length: times }, () => health.refused("refused", never)));

  test("are believed, as long as they are few in a row", async () => {
    const { health, said } = openHealth({ answers: [] });
    for (let round = 0; round < 5; round += 1) {
      await refuse(health, 59);
      health.answered();
    }
    expect(said).toEqual([]);
  });

  test("are waited with, all together, when they are many in a row", async () => {
    const { health, said } = openHealth({ answers: [] });
    await refuse(health, 59);
    const beginMs = performance.now();
    await refuse(health, 14);
    expect(performance.now() - beginMs).toBeGreaterThan(1900);
    expect(performance.now() - beginMs).toBeLessThan(4000);
    expect(said).toEqual(["warning: the API refused 60 areas in a row; asking more slowly"]);
  });

  test("are no outage while another question of their sort is answered", async () => {
    const { health, said } = openHealth({ answers: [] });
    const another = vi.fn(() => Promise.resolve([]));
    const refuse = () => health.refused("blocked", never, another);
    for (let time = 0; time < 9; time += 1) expect(await refuse()).toBe(false);
    expect(another).toHaveBeenCalledTimes(3);
    expect(said).toEqual([]);
    another.mockRejectedValue(new BlockedError("403", { isCertain: false }));
    for (let time = 0; time < 2; time += 1) expect(await refuse()).toBe(false);
    expect(await refuse()).toBe(true);
    expect(said.join()).toMatch(/the API blocked 3 areas in a row/);
  });

  test("end the crawl with exit code 3 when they last longer than there is patience", async () => {
    const { health } = openHealth({ answers: [], patienceMs: 1000 });
    await refuse(health, 59);
    const end = async () => {
      for (;;) await health.refused("refused", never);
    };
    await expect(end()).rejects.toMatchObject({ exitCode: 3 });
  });
});

describe("asking patiently", () => {
  const health = (...answers: ("up" | "recovered")[]): Health => {
    const left = answers.values();
    return {
      check: () => Promise.resolve(left.next().value ?? "up"),
      refused: () => Promise.resolve(false),
      tooLong: () => false,
      answered: () => {},
    };
  };

  test("asks again after an outage, and gives the answer", async () => {
    const question = vi
      .fn<() => Promise<string>>()
      .mockRejectedValueOnce(new RefusedError("/forces"))
      .mockRejectedValueOnce(new TransientError("/forces: cut"))
      .mockResolvedValue("forces");
    const outages = health("recovered", "recovered");
    expect(await patiently(outages, never, question)).toBe("forces");
  });

  test("waits out any number of outages", async () => {
    let failures = 0;
    const question = () =>
      failures++ < 9 ? Promise.reject(new RefusedError("/forces")) : Promise.resolve(failures);
    expect(await patiently({ ...health(), check: async () => "recovered" }, never, question)).toBe(
      10,
    );
  });

  test("gives up at the second failure while the API is well otherwise", async () => {
    const question = vi.fn(() => Promise.reject(new RefusedError("/forces")));
    await expect(patiently(health(), never, question)).rejects.toThrow(RefusedError);
    expect(question).toHaveBeenCalledTimes(2);
  });

  test.each([
    new RejectedError("/forces", 404),
    new UkpoliceError("stopped", 130),
    new TypeError("bug"),
  ])("does not ask again after what will not change: %s", async (error) => {
    const question = vi.fn(() => Promise.reject(error));
    await expect(patiently(health(), never, question)).rejects.toBe(error);
    expect(question).toHaveBeenCalledOnce();
  });
});
