import { cpSync, existsSync } from "node:fs";
import Database from "better-sqlite3";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UkpoliceError } from "../../src/errors.ts";
import { createApi } from "../../src/fetch/api.ts";
import type { FaultRates } from "../../src/sandbox/faults.ts";
import { startSandbox } from "../../src/sandbox/server.ts";
import type { World } from "../../src/sandbox/world.ts";
import { KINDS } from "../../src/types.ts";
import type { PlanName } from "../../src/types.ts";
import { crawlServed, newDatabase } from "../support/crawled.ts";
import { inspect } from "../support/invariants.ts";
import { disturbances, randomFaults, randomWorld } from "../support/random-world.ts";
import type { RandomWorld } from "../support/random-world.ts";
import { readRows, truthOf } from "../support/truth.ts";

const PLANS = ["tiles", "neighbourhoods"] as const;
const MOST_RUNS = 15;

type Case = {
  world: World;
  plan: PlanName;
  faults?: FaultRates;
  seed?: number;
  /** Before all forces, only these. */
  firstForces?: readonly string[];
  disturbances?: Disturbance[];
};

type Made = {
  made: RandomWorld;
  faults: FaultRates;
  seed: number;
  disturbances: Disturbance[];
};
type Disturbance = { how: "stop" | "die"; after: number };
type Step = { forces: readonly string[] | "all"; disturbance?: Disturbance | undefined };

/** Crawls until all of the world is there, disturbed or not; answers the database's path. */
async function crawlToEnd({ world, plan, faults = {}, seed = 1, ...how }: Case): Promise<string> {
  let file = newDatabase();
  let onRequest = () => {};
  const sandbox = await startSandbox({
    world,
    faults,
    seed,
    limited: false,
    onRequest: () => onRequest(),
  });
  const baseUrl = new URL(sandbox.url);

  async function run({ forces, disturbance }: Step): Promise<boolean> {
    const api = createApi({
      baseUrl,
      rate: 1000,
      concurrency: 4,
      userAgent: "ukpolice/test",
      timeoutMs: 300,
    });
    const controller = new AbortController();
    let left = disturbance?.after ?? Infinity;
    let next = file;
    onRequest = () => {
      left -= 1;
      if (left !== 0) return;
      if (disturbance?.how === "die") next = copyAsLeft(file);
      controller.abort("SIGTERM");
    };
    const options = { plan, forces, concurrency: 4 };
    const { signal } = controller;
    try {
      const { result } = await crawlServed({ url: "", api, seen: [] }, { file, signal, options });
      const isAnswered = result.failures.length + result.unanswered.length === 0;
      return isAnswered && next === file;
    } catch (error) {
      if (error instanceof UkpoliceError) return false;
      throw error;
    } finally {
      onRequest = () => {};
      await api.close();
      file = next;
      expect(inspect(file, world.forces.length, history).wrong).toEqual([]);
    }
  }

  const inside = plan === "neighbourhoods";
  const history = new Map([[world.released ?? "2018-05-01", truthOf(world, { inside })]]);
  const early = how.firstForces ?? [];
  try {
    if (early.length > 0) await run({ forces: early });
    for (const disturbance of how.disturbances ?? []) await run({ forces: "all", disturbance });
    for (let runs = 0; runs < MOST_RUNS; runs += 1) if (await run({ forces: "all" })) return file;
    throw new Error(`not done after ${MOST_RUNS} runs`);
  } finally {
    await sandbox.close();
  }
}

/** What a process that dies at this moment leaves: no transaction is under way between requests. */
function copyAsLeft(file: string): string {
  const copy = newDatabase();
  for (const suffix of ["", "-wal"]) {
    if (existsSync(file + suffix)) cpSync(file + suffix, copy + suffix);
  }
  return copy;
}

function expectTruth(file: string, world: World, inside: boolean): void {
  const truth = truthOf(world, { inside });
  const db = new Database(file, { readonly: true });
  try {
    for (const kind of KINDS) {
      for (const month of world.months) {
        expect(readRows(db, kind, month)).toEqual(truth[kind].get(month));
      }
    }
  } finally {
    db.close();
  }
}

/**
 * True once so many milliseconds have passed: every commit waits for the disk, and on a busy
 * machine fewer worlds are crawled. The run under way is let end, which a limit of fast-check is not.
 */
function createTimeLimit(ms: number): () => boolean {
  const endMs = performance.now() + ms;
  return () => performance.now() > endMs;
}

describe("a crawl of any world", () => {
  test.each(PLANS)("holds its truth: %s", async (plan) => {
    const isOver = createTimeLimit(3000);
    const property = fc.asyncProperty(randomWorld, async ({ world }) => {
      if (isOver()) return;
      expectTruth(await crawlToEnd({ world, plan }), world, plan === "neighbourhoods");
    });
    await fc.assert(property, { numRuns: 50 });
  });

  test.each(PLANS)("holds its truth, whichever force came first: %s", async (plan) => {
    const isOver = createTimeLimit(2000);
    const property = fc.asyncProperty(randomWorld, fc.nat(2), async ({ world, forces }, chosen) => {
      if (isOver()) return;
      const firstForces = [forces[chosen % forces.length] ?? ""];
      const file = await crawlToEnd({ world, plan, firstForces });
      expectTruth(file, world, plan === "neighbourhoods");
    });
    await fc.assert(property, { numRuns: 25 });
  });

  test.each(PLANS)(
    "holds its truth, broken replies, stops and deaths or not: %s",
    async (plan) => {
      const isOver = createTimeLimit(4000);
      const one = fc.record({
        made: randomWorld,
        faults: randomFaults,
        seed: fc.nat(10_000),
        disturbances,
      });
      const expectOne = async ({ made: { world }, ...how }: Made) => {
        const file = await crawlToEnd({ world, plan, ...how });
        expectTruth(file, world, plan === "neighbourhoods");
      };
      // Pauses between attempts take their time, so several worlds are crawled side by side.
      const six = fc.array(one, { minLength: 6, maxLength: 6 });
      const property = fc.asyncProperty(six, async (all) => {
        if (!isOver()) await Promise.all(all.map(expectOne));
      });
      await fc.assert(property, { numRuns: 6, endOnFailure: true });
    },
    120_000,
  );
});
