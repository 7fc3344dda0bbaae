import { expect } from "vitest";
import type { RawCrime, World } from "../../src/sandbox/world.ts";
import { crawlServed } from "./crawled.ts";
import type { CrawlRun } from "./crawled.ts";
import { readContent } from "./temp.ts";
import { createWorld, gridOfCrimes, rawCrime, serve, square } from "./world.ts";
import type { Served } from "./world.ts";

/** Two months of which the API revises everything, and crawls of them. */
export const MONTHS = ["2018-04", "2018-05"];
export const AREAS = {
  avon: { A1: square(51, 0, 0.1), A2: square(51, 0.1, 0.1) },
  kent: { K1: square(51, 0.15, 0.1) }, // overlaps A2
};
export const OLD = "2018-06-01";
export const NEW = "2018-07-01";

/** 60 crimes of each month over both forces, one of them in no neighbourhood. */
export function crimesOf(month: string, firstId: number): RawCrime[] {
  const inside = gridOfCrimes(59, 51, 0, 0.25).map((crime, index) => {
    const id = firstId + index;
    const status = id % 3 === 0 ? { category: "Local resolution", date: month } : null;
    return {
      ...crime,
      id,
      month,
      outcome_status: status,
      persistent_id: `${id}`.padStart(64, "0"),
    };
  });
  return [...inside, rawCrime(firstId + 59, { latitude: 51.3, longitude: 0.3 }, { month })];
}

/** A world that can be released anew while it is served. */
export function createPublisher(crimes: readonly RawCrime[], months = MONTHS) {
  let moved = false;
  let world: World = { ...createWorld({ areas: AREAS, crimes, months }), released: OLD };
  const served: World = {
    get forces() {
      return world.forces;
    },
    get months() {
      return world.months;
    },
    get released() {
      return world.released;
    },
    categories: world.categories,
    neighbourhoods: (force) => world.neighbourhoods(force),
    boundary: (force, id) =>
      moved && force === "kent" ? square(51, 0.1, 0.15) : world.boundary(force, id),
    records: (kind, month) => world.records(kind, month),
  };
  return {
    served,
    /** Lets the boundary of Kent grow into Avon. */
    move: (): void => void (moved = true),
    release(released: string, revised: readonly RawCrime[], now = months) {
      world = { ...createWorld({ areas: AREAS, crimes: revised, months: now }), released };
    },
  };
}

export const BEFORE = MONTHS.flatMap((month, index) => crimesOf(month, 1000 * (index + 1)));
/** Every id is new, a fifth of the records are gone, one changed, and three appeared. */
export const AFTER = MONTHS.flatMap((month, index) => [
  ...crimesOf(month, 7000 + 1000 * index).filter((_, at) => at % 5 !== 0),
  ...crimesOf(month, 9500 + 100 * index).slice(0, 3),
]).map((crime, at) => (at === 7 ? { ...crime, category: "drugs" } : crime));

export const TILES = { plan: "tiles" } as const;
export const REFRESH = { ...TILES, refresh: Infinity };

export async function truthOf(crimes: readonly RawCrime[], options: CrawlRun["options"] = TILES) {
  const world = { ...createWorld({ areas: AREAS, crimes, months: MONTHS }), released: NEW };
  const { file } = await crawlServed(await serve(world), { options });
  return readContent(file);
}

/** Ends a crawl after so many polygons, as a kill would: what was committed stays. */
export async function crawlSome(
  served: Served,
  file: string,
  polygons: number,
  options: CrawlRun["options"] = REFRESH,
) {
  const stop = new AbortController();
  let left = polygons;
  const checks: Promise<string>[] = [];
  let before: Promise<unknown> = Promise.resolve();
  const api: Served["api"] = {
    ...served.api,
    fetchRecords: (...args) => {
      const ask = () => served.api.fetchRecords(...args);
      return "ring" in args[1] ? counted(ask) : ask();
    },
    fetchLastUpdated: (...args) => {
      const answer = served.api.fetchLastUpdated(...args);
      checks.push(answer);
      return answer;
    },
  };
  const run = { file, options: { ...options, concurrency: 1 }, signal: stop.signal };
  await expect(crawlServed({ ...served, api }, run)).rejects.toThrow(/stopped/);

  function counted<T>(ask: () => Promise<T>): Promise<T> {
    const answer = before.then(async () => {
      left -= 1;
      if (left < 0) {
        // A month that is all there is put in place first.
        await Promise.allSettled(checks);
        await new Promise((resolve) => setImmediate(resolve));
        stop.abort("SIGTERM");
      }
      return ask();
    });
    before = answer.catch(() => {});
    return answer;
  }
}
