import { describe, expect, test } from "vitest";
import { crawl } from "../../src/crawl/crawl.ts";
import type { RawCrime } from "../../src/sandbox/world.ts";
import { openStore } from "../../src/store/store.ts";
import { crawlServed, polygonsAsked } from "../support/crawled.ts";
import { AFTER, BEFORE, crawlSome, createPublisher, crimesOf, MONTHS } from "../support/revised.ts";
import { NEW, OLD, REFRESH, TILES, truthOf } from "../support/revised.ts";
import { countRows, queryColumn, queryRows, readContent } from "../support/temp.ts";
import { rawCrime, serve } from "../support/world.ts";

const STAGED_IN_APRIL = `select count(*) from questions join sweeps on sweeps.id = sweep_id
  where month = '2018-04' and state <> 'done'`;

describe("a refresh", () => {
  test.each([["tiles"], ["neighbourhoods"]] as const)(
    "by %s leaves exactly what the API now publishes, though every id is new",
    async (plan) => {
      const { served, release } = createPublisher(BEFORE);
      const site = await serve(served);
      const { file } = await crawlServed(site, { options: { plan } });
      release(NEW, AFTER);
      const { result } = await crawlServed(site, { file, options: { plan, refresh: Infinity } });
      expect(readContent(file)).toEqual(await truthOf(AFTER, { plan }));
      expect(result.refreshed).toEqual(MONTHS);
      expect(result.outdated).toEqual([]);
      expect(queryColumn(file, "select count(*) from staged_crimes")).toEqual([0]);
      expect(queryColumn(file, "select count(*) from sweeps")).toEqual([0]);
    },
  );

  test("counts what it kept, added, changed and removed", async () => {
    const { served, release } = createPublisher(BEFORE);
    const site = await serve(served);
    const { file } = await crawlServed(site, { options: TILES });
    const april = BEFORE.filter(({ month }) => month === "2018-04");
    const revised = BEFORE.filter((crime) => crime !== april[0]).map((crime) =>
      crime === april[1] ? { ...crime, category: "drugs" } : crime,
    );
    const extra = rawCrime(99, { latitude: 51.05, longitude: 0.05 }, { month: "2018-04" });
    release(NEW, [...revised, { ...extra, outcome_status: null }]);
    const { result } = await crawlServed(site, { file, options: REFRESH });
    expect(result.changes.crimes).toEqual({
      kept: BEFORE.length - 2,
      added: 1,
      changed: 1,
      removed: 1,
    });
  });

  test("of the newest so many months leaves the others as they are, and says that they are older", async () => {
    const { served, release } = createPublisher(BEFORE);
    const site = await serve(served);
    const { file } = await crawlServed(site, { options: TILES });
    release(NEW, AFTER);
    const { result } = await crawlServed(site, { file, options: { ...TILES, refresh: 1 } });
    expect(result.refreshed).toEqual(["2018-05"]);
    expect(result.outdated).toEqual(["2018-04"]);
    const ids = (month: string, crimes: readonly RawCrime[]) =>
      crimes.filter((crime) => crime.month === month).map(({ id }) => id);
    const stored = (month: string) =>
      queryColumn(file, `select id from crimes where month = '${month}' order by id`);
    expect(stored("2018-04")).toEqual(ids("2018-04", BEFORE));
    expect(stored("2018-05")).toEqual(ids("2018-05", AFTER));
  });

  test("keeps the earlier rows until the whole month is there, and says that it is refreshed", async () => {
    const { served, release } = createPublisher(BEFORE);
    const site = await serve(served);
    const { file } = await crawlServed(site, { options: TILES });
    const before = readContent(file);
    release(NEW, AFTER);
    await crawlSome(site, file, 1);
    expect(readContent(file)).toEqual(before);
    expect(countRows(file, "staged_crimes")).toBeGreaterThan(0);
    expect(queryRows(file, "select month, refreshing from months")).toEqual([
      { month: "2018-04", refreshing: 1 },
      { month: "2018-05", refreshing: 1 },
    ]);
  });

  test.each([1, 2, 3])(
    "stopped after %i polygons goes on, and asks nothing twice",
    async (some) => {
      const { served, release } = createPublisher(BEFORE);
      const site = await serve(served);
      const { file } = await crawlServed(site, { options: TILES });
      release(NEW, AFTER);
      site.seen.length = 0;
      await crawlSome(site, file, some);
      const { result, notes } = await crawlServed(site, { file, options: REFRESH });
      const asked = polygonsAsked(site);
      expect(new Set(asked).size).toBe(asked.length);
      expect(readContent(file)).toEqual(await truthOf(AFTER));
      expect(notes.join()).toContain("going on with the refresh of");
      expect(result.refreshed.length).toBeGreaterThan(0);
    },
  );

  test("that was stopped is not begun anew for months that it had finished", async () => {
    const { served, release } = createPublisher(BEFORE);
    const site = await serve(served);
    const { file } = await crawlServed(site, { options: TILES });
    release(NEW, AFTER);
    await crawlSome(site, file, 3);
    expect(queryColumn(file, "select distinct month from sweeps")).toEqual(["2018-05"]);
    const { result } = await crawlServed(site, { file, options: REFRESH });
    expect(result.refreshed).toEqual(["2018-05"]);
  });

  test("goes on with a plain crawl of its month", async () => {
    const { served, release } = createPublisher(BEFORE);
    const site = await serve(served);
    const { file } = await crawlServed(site, { options: TILES });
    release(NEW, AFTER);
    await crawlSome(site, file, 1);
    await crawlServed(site, { file, options: TILES });
    expect(readContent(file)).toEqual(await truthOf(AFTER));
  });

  test("begins again when the API is released anew meanwhile", async () => {
    const { served, release } = createPublisher(BEFORE);
    const site = await serve(served);
    const { file } = await crawlServed(site, { options: TILES });
    release("2018-06-15", crimesOf("2018-04", 20_000).concat(crimesOf("2018-05", 30_000)));
    await crawlSome(site, file, 1);
    release(NEW, AFTER);
    const { notes } = await crawlServed(site, { file, options: REFRESH });
    expect(notes.join()).toContain("released anew");
    expect(readContent(file)).toEqual(await truthOf(AFTER));
  });

  test("begins again when the API is released anew before its month is put in place", async () => {
    const { served, release } = createPublisher(BEFORE);
    const site = await serve(served);
    const { file } = await crawlServed(site, { options: TILES });
    release("2018-06-15", crimesOf("2018-04", 20_000).concat(crimesOf("2018-05", 30_000)));
    let left = 2;
    const fetchRecords: typeof site.api.fetchRecords = async (kind, ...args) => {
      const records = await site.api.fetchRecords(kind, ...args);
      if (kind === "crimes") left -= 1;
      if (left === 0) release(NEW, AFTER);
      return records;
    };
    const api = { ...site.api, fetchRecords };
    const options = { ...REFRESH, concurrency: 1 };
    const { notes, result } = await crawlServed({ ...site, api }, { file, options });
    expect(notes.join()).toContain("released anew meanwhile");
    expect(readContent(file)).toEqual(await truthOf(AFTER));
    expect(result).toMatchObject({ outdated: [], release: NEW });
  });

  test("is given up for a month that is no longer published, whose rows stay", async () => {
    const { served, release } = createPublisher(BEFORE);
    const site = await serve(served);
    const { file } = await crawlServed(site, { options: TILES });
    release(NEW, AFTER);
    await crawlSome(site, file, 1);
    release("2018-08-01", AFTER, ["2018-05"]);
    const { notes } = await crawlServed(site, { file, options: REFRESH });
    expect(notes.join()).toContain("2018-04 is no longer published");
    expect(queryColumn(file, "select count(*) from crimes where month = '2018-04'")).toEqual([60]);
    expect(countRows(file, "sweeps")).toBe(0);
    expect(countRows(file, "staged_crimes")).toBe(0);
  });

  test("survives a kill between the last reply and the exchange of the rows", async () => {
    const { served, release } = createPublisher(BEFORE);
    let site = await serve(served);
    const { file } = await crawlServed(site, { options: TILES });
    release(NEW, AFTER);
    const killed = new Error("killed");
    const store = openStore(file);
    const exchangeMonth = () => {
      throw killed;
    };
    const signal = new AbortController().signal;
    const reporter = { progress: () => {}, note: () => {}, warn: () => {}, waits: () => {} };
    const tools = { api: site.api, store: { ...store, exchangeMonth }, reporter, signal };
    const options = { ...REFRESH, forces: "all" as const, refreshBoundaries: false };
    const settings = { ...options, concurrency: 1, patienceMs: 60_000 };
    await expect(crawl(tools, settings)).rejects.toBe(killed);
    store.close();
    expect(queryColumn(file, STAGED_IN_APRIL)).toEqual([0]);
    const asked = polygonsAsked(site).length;
    site = await serve(served); // the crawl that died took its client with it
    await crawlServed(site, { file, options: REFRESH });
    expect(polygonsAsked(site).filter((one) => one.includes("2018-04"))).toEqual([]);
    expect(asked).toBeGreaterThan(0);
    expect(readContent(file)).toEqual(await truthOf(AFTER));
  });
});

describe("a refresh of one force", () => {
  const KENT = { forces: ["kent"], ...REFRESH };

  test("replaces what lies in it, and nothing else", async () => {
    const { served, release } = createPublisher(BEFORE);
    const site = await serve(served);
    const { file } = await crawlServed(site, { options: TILES });
    release(NEW, AFTER);
    const { result } = await crawlServed(site, { file, options: KENT });
    const inKent = (crime: RawCrime) =>
      Number(crime.location?.longitude) > 0.2 && Number(crime.location?.latitude) < 51.1;
    const wanted = [
      ...BEFORE.filter((crime) => !inKent(crime)),
      ...AFTER.filter((crime) => inKent(crime)),
    ].map(({ id }) => id);
    expect(queryColumn(file, "select id from crimes order by id")).toEqual(
      wanted.sort((a, b) => a - b),
    );
    expect(result.outdated).toEqual([]);
    const releases = "select distinct force_id, release from coverage order by 1";
    expect(queryRows(file, releases)).toEqual([
      { force_id: "", release: OLD },
      { force_id: "avon", release: OLD },
      { force_id: "kent", release: NEW },
    ]);
  });

  test("has to be finished before one of another scope begins", async () => {
    const { served, release } = createPublisher(BEFORE);
    const site = await serve(served);
    const { file } = await crawlServed(site, { options: TILES });
    release(NEW, AFTER);
    await crawlSome(site, file, 1, KENT);
    await expect(crawlServed(site, { file, options: REFRESH })).rejects.toMatchObject({
      exitCode: 2,
      hint: "finish it first: ukpolice crawl --refresh --force kent",
    });
  });
});

test("a month that one force has of an earlier release is replaced as a whole by a crawl of all", async () => {
  const { served, release } = createPublisher(BEFORE);
  const site = await serve(served);
  const { file } = await crawlServed(site, { options: { forces: ["kent"], ...TILES } });
  release(NEW, AFTER);
  const { result } = await crawlServed(site, { file, options: TILES });
  expect(readContent(file)).toEqual(await truthOf(AFTER));
  expect(result.refreshed).toEqual(MONTHS);
});

test("a plain crawl counts the complete months that are older than the API's release", async () => {
  const { served, release } = createPublisher(BEFORE);
  const site = await serve(served);
  const { file } = await crawlServed(site, { options: TILES });
  release(NEW, AFTER);
  const { result } = await crawlServed(site, { file, options: TILES });
  expect(result).toMatchObject({ outdated: MONTHS, crawled: [], refreshed: [], release: NEW });
});
