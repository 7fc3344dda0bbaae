import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import { BlockedError, RejectedError, TransientError } from "../../src/fetch/errors.ts";
import type { RawCrime, RawStop } from "../../src/sandbox/world.ts";
import { runCli } from "../support/cli.ts";
import { crawlServed } from "../support/crawled.ts";
import type { CrawlRun } from "../support/crawled.ts";
import { countRows, queryColumn, queryRows } from "../support/temp.ts";
import { createWorld, gridOfCrimes, rawCrime, rawStop, serve, square } from "../support/world.ts";
import type { Served, WorldParts } from "../support/world.ts";

const MONTHS = ["2018-04", "2018-05"];
const AREAS = { avon: { A1: square(51, 0, 0.1) }, kent: { K1: square(51, 0.2, 0.1) } };
const TILES = { plan: "tiles" } as const;
const INSIDE = {
  latitude: "51.050000",
  longitude: "0.050000",
  street: { id: 5, name: "A Street" },
};

const crimes = MONTHS.flatMap((month, at) =>
  gridOfCrimes(20, 51, 0, 0.1).map((crime) => ({
    ...crime,
    id: crime.id + at * 100,
    month,
    outcome_status: { category: "Local resolution", date: month },
  })),
);

function stopOf(month: string, other: Partial<RawStop> = {}): RawStop {
  return rawStop({ datetime: `${month}-15T12:00:00+00:00`, ...other });
}

function unlocatedOf(id: number, month: string): RawCrime {
  return rawCrime(id, { latitude: 0, longitude: 0 }, { month, location: null });
}

function worldOf(parts: Partial<WorldParts>) {
  return createWorld({ areas: AREAS, crimes, months: MONTHS, ...parts });
}

function asked({ seen }: Served, path: string): string[] {
  return seen
    .filter((one) => one.path === path)
    .map(({ params }) => `${params.get("date")} ${params.get("force")}`)
    .sort();
}

const COVERED = "select month || ' ' || force_id from coverage where kind = 'stops' order by 1";

describe("stops", () => {
  const stops = {
    "2018-04": { avon: [stopOf("2018-04"), stopOf("2018-04")], btp: [stopOf("2018-04")] },
    "2018-05": { avon: [stopOf("2018-05", { location: INSIDE, outcome: false })] },
  };

  test("are asked for by the forces that publish some, and kept as often as they come", async () => {
    const site = await serve(worldOf({ stops }));
    const { file, result } = await crawlServed(site, { options: TILES });
    expect(asked(site, "/stops-force")).toEqual(["2018-04 avon", "2018-04 btp", "2018-05 avon"]);
    expect(result).toMatchObject({ incomplete: [], failures: [], lastUpdate: "2018-05" });
    expect(result.changes.stops).toEqual({ kept: 0, added: 4, changed: 0, removed: 0 });
    expect(queryColumn(file, COVERED)).toEqual(["2018-04 avon", "2018-04 btp", "2018-05 avon"]);
    const rows = `select month, reported_by, force_id, neighbourhood_id, outcome, nth
      from stops order by month, reported_by, nth`;
    const nowhere = { force_id: null, neighbourhood_id: null };
    const arrest = { outcome: "A no further action disposal" };
    expect(queryRows(file, rows)).toEqual([
      { month: "2018-04", reported_by: "avon", ...nowhere, ...arrest, nth: 1 },
      { month: "2018-04", reported_by: "avon", ...nowhere, ...arrest, nth: 2 },
      { month: "2018-04", reported_by: "btp", ...nowhere, ...arrest, nth: 1 },
      {
        month: "2018-05",
        reported_by: "avon",
        force_id: "avon",
        neighbourhood_id: "A1",
        outcome: null,
        nth: 1,
      },
    ]);
    const names = "select id || ' ' || name || ' ' || listed from forces order by id";
    expect(queryColumn(file, names)).toContain("btp British Transport Police 0");
  });

  test.each([
    ["a plain crawl", TILES],
    ["-u", { ...TILES, fromLastUpdate: true }],
  ])("that come late, in a month that is complete, are brought by %s", async (_, options) => {
    const late: { [month: string]: Record<string, RawStop[]> } = structuredClone(stops);
    const site = await serve(worldOf({ stops: late }));
    const { file } = await crawlServed(site, { options: TILES });
    late["2018-04"] = { ...late["2018-04"], kent: [stopOf("2018-04")] };
    site.seen.length = 0;
    const { result } = await crawlServed(site, { file, options });
    expect(asked(site, "/stops-force")).toEqual(["2018-04 kent"]);
    expect(site.seen.filter(({ params }) => params.has("poly"))).toEqual([]);
    expect(result).toMatchObject({ incomplete: [], lastUpdate: "2018-05" });
    expect(countRows(file, "stops")).toBe(5);
  });

  test.each<[string, CrawlRun["options"], number[]]>([
    ["crimes and outcomes alone", { kinds: ["crimes", "outcomes"] }, [40, 0]],
    ["stops alone", { kinds: ["stops"] }, [0, 4]],
    ["one force's", { forces: ["avon"] }, [40, 3]],
    ["those of a force without areas", { forces: ["btp"] }, [0, 1]],
  ])("are fetched where they are asked for: %s", async (_, options, counts) => {
    const site = await serve(worldOf({ stops }));
    const { file, result } = await crawlServed(site, { options: { ...TILES, ...options } });
    expect(result).toMatchObject({ incomplete: [], failures: [] });
    expect(["crimes", "stops"].map((table) => countRows(file, table))).toEqual(counts);
    site.seen.length = 0;
    await crawlServed(site, { file, options: { ...TILES, ...options } });
    expect(site.seen.length).toBeLessThanOrEqual(2);
  });

  test("of a force that fails keep nothing else from being complete", async () => {
    const site = await serve(worldOf({ stops }));
    const api = failing(site, ({ forceId, month }) => forceId === "btp" && month === "2018-04");
    const { file, result } = await crawlServed({ ...site, api }, { options: TILES });
    expect(result.failures).toMatchObject([{ month: "2018-04", kind: "stops", where: "btp" }]);
    expect(result).toMatchObject({ incomplete: ["2018-04"], lastUpdate: "2018-05" });
    expect(queryColumn(file, COVERED)).toEqual(["2018-04 avon", "2018-05 avon"]);
    site.seen.length = 0;
    const { result: next } = await crawlServed(site, { file, options: TILES });
    expect(asked(site, "/stops-force")).toEqual(["2018-04 btp"]);
    expect(next).toMatchObject({ incomplete: [], failures: [] });
  });

  test.each([
    ["a page for people", new TransientError("a page", { isPage: true })],
    ["403", new BlockedError("403", { isCertain: false })],
  ])(
    "of a force that is turned away alone, by %s, are named, and all else comes",
    async (_, error) => {
      const site = await serve(worldOf({ stops }));
      const api = failing(site, ({ forceId }) => forceId === "btp", error);
      const { file, result } = await crawlServed({ ...site, api }, { options: TILES });
      expect(result.failures).toMatchObject([{ month: "2018-04", kind: "stops", where: "btp" }]);
      expect(queryColumn(file, COVERED)).toEqual(["2018-04 avon", "2018-05 avon"]);
    },
  );

  test("are replaced by a refresh, and those of a force that is new come with it", async () => {
    const revised: { [month: string]: Record<string, RawStop[]> } = structuredClone(stops);
    const site = await serve(worldOf({ stops: revised }));
    const { file } = await crawlServed(site, { options: TILES });
    revised["2018-04"] = {
      avon: [stopOf("2018-04"), stopOf("2018-04", { gender: "Female" })],
      btp: [stopOf("2018-04")],
      kent: [stopOf("2018-04")],
    };
    const { result } = await crawlServed(site, { file, options: { ...TILES, refresh: Infinity } });
    expect(result.changes.stops).toEqual({ kept: 3, added: 2, changed: 0, removed: 1 });
    const genders = "select gender from stops where reported_by = 'avon' order by month, id";
    expect(queryColumn(file, genders)).toEqual(["Male", "Female", "Male"]);
    expect(queryColumn(file, "select count(*) from staged_stops")).toEqual([0]);
  });

  test("of a force that is no longer listed stay, and call for no refresh", async () => {
    const listed: { [month: string]: Record<string, RawStop[]> } = structuredClone(stops);
    const world = { ...worldOf({ stops: listed }), released: "2018-06-01" };
    const { file } = await crawlServed(await serve(world), { options: TILES });
    delete listed["2018-04"]?.["btp"];
    const later = { ...worldOf({ stops: listed }), released: "2018-07-01" };
    const options = { ...TILES, refresh: Infinity };
    const { result } = await crawlServed(await serve(later), { file, options });
    expect(result.outdated).toEqual([]);
    const { out } = await runCli(["status", "--json", "--db", file], { cwd: dirname(file) });
    const { months } = JSON.parse(out);
    expect(months).toMatchObject([{ older: false }, { older: false }]);
    expect(queryColumn(file, COVERED)).toContain("2018-04 btp");
  });

  test("of a force that is listed, answered by none, are not believed, the first time either", async () => {
    const some = { avon: [stopOf("2018-04")] };
    const site = await serve(worldOf({ stops: { "2018-04": some, "2018-05": { avon: [] } } }));
    const { file, result, notes } = await crawlServed(site, { options: TILES });
    expect(notes).toContain("the stops of 2018-05 are complete, but for what is not believed");
    expect(result.doubts).toEqual([{ month: "2018-05", kind: "stops", forces: ["avon"] }]);
    expect(queryColumn(file, COVERED)).toEqual(["2018-04 avon"]);
  });
});

describe("crimes without a location", () => {
  const unlocated = {
    "2018-04": { avon: [unlocatedOf(900, "2018-04"), unlocatedOf(901, "2018-04")] },
    "2018-05": { kent: [unlocatedOf(902, "2018-05")] },
  };

  test("stand among the crimes with who published them, and count for the force's cell", async () => {
    const site = await serve(worldOf({ unlocated }));
    const { file, result } = await crawlServed(site, { options: TILES });
    expect(result).toMatchObject({ incomplete: [], failures: [], lastUpdate: "2018-05" });
    const rows = `select id, reported_by, latitude, street_id, force_id from crimes
      where latitude is null order by id`;
    const nowhere = { latitude: null, street_id: null, force_id: null };
    expect(queryRows(file, rows)).toEqual([
      { id: 900, reported_by: "avon", ...nowhere },
      { id: 901, reported_by: "avon", ...nowhere },
      { id: 902, reported_by: "kent", ...nowhere },
    ]);
    const cells = `select month || ' ' || force_id || ' ' || records from coverage
      where kind = 'crimes' order by 1`;
    expect(queryColumn(file, cells)).toEqual([
      "2018-04  0",
      "2018-04 avon 22",
      "2018-04 kent 0",
      "2018-05  0",
      "2018-05 avon 20",
      "2018-05 kent 1",
    ]);
  });

  test("of a force alone come with its crawl, and no others", async () => {
    const site = await serve(worldOf({ unlocated }));
    const { file } = await crawlServed(site, { options: { ...TILES, forces: ["kent"] } });
    expect(asked(site, "/crimes-no-location")).toEqual(["2018-04 kent", "2018-05 kent"]);
    expect(queryColumn(file, "select id from crimes")).toEqual([902]);
  });

  test("are replaced by a refresh", async () => {
    const revised: Record<string, Record<string, RawCrime[]>> = structuredClone(unlocated);
    const site = await serve(worldOf({ unlocated: revised }));
    const { file } = await crawlServed(site, { options: TILES });
    revised["2018-04"] = { avon: [unlocatedOf(901, "2018-04"), unlocatedOf(903, "2018-04")] };
    await crawlServed(site, { file, options: { ...TILES, refresh: Infinity } });
    const ids = "select id from crimes where latitude is null order by id";
    expect(queryColumn(file, ids)).toEqual([901, 902, 903]);
  });

  test("of a force that the API does not know there are named once, and keep no month open", async () => {
    const site = await serve(worldOf({ unlocated }));
    const api = failing(site, ({ forceId }) => forceId === "kent");
    const { file, result, notes } = await crawlServed({ ...site, api }, { options: TILES });
    expect(result).toMatchObject({ incomplete: [], failures: [], unanswered: [] });
    const note = "the API knows no crimes without a location of kent"; // 502 or 404
    expect(notes.filter((each) => each.includes("kent"))).toEqual([note]);
    expect(queryColumn(file, "select unlocated from forces order by id")).toEqual([1, 0]);
  });

  test("of nobody, while the endpoint fails, are not taken for none", async () => {
    const site = await serve(worldOf({ unlocated }));
    const api = failing(site, () => true);
    const { file, result } = await crawlServed({ ...site, api }, { options: TILES });
    expect(result).toMatchObject({ incomplete: MONTHS, lastUpdate: null });
    expect(queryColumn(file, "select unlocated from forces order by id")).toEqual([null, null]);
    await crawlServed(site, { file, options: TILES });
    const ids = "select id from crimes where latitude is null order by id";
    expect(queryColumn(file, ids)).toEqual([900, 901, 902]);
  });

  test("of one month that is broken keep it open", async () => {
    const site = await serve(worldOf({ unlocated }));
    const api = failing(site, ({ forceId, month }) => forceId === "kent" && month === "2018-04");
    const { result } = await crawlServed({ ...site, api }, { options: TILES });
    expect(result).toMatchObject({ incomplete: ["2018-04"], lastUpdate: null });
    expect(result.failures).toMatchObject([{ month: "2018-04", kind: "crimes", where: "kent" }]);
  });

  test("that fail for good hold up their force's cell alone, and are asked for alone", async () => {
    const site = await serve(worldOf({ unlocated }));
    const api = failing(
      site,
      ({ forceId }) => forceId === "kent",
      new RejectedError("/crimes-no-location", 400),
    );
    const { file, result } = await crawlServed({ ...site, api }, { options: TILES });
    expect(result).toMatchObject({ incomplete: MONTHS, lastUpdate: null });
    const covered = `select month || ' ' || force_id || ' ' || records from coverage
      where kind = 'crimes' order by 1`;
    expect(queryColumn(file, covered)).toEqual([
      "2018-04  0",
      "2018-04 avon 22",
      "2018-05  0",
      "2018-05 avon 20",
    ]);
    site.seen.length = 0;
    const { result: next } = await crawlServed(site, { file, options: TILES });
    expect(asked(site, "/crimes-no-location")).toEqual(["2018-04 kent", "2018-05 kent"]);
    expect(site.seen.filter(({ params }) => params.has("poly"))).toEqual([]);
    expect(next).toMatchObject({ incomplete: [], failures: [], lastUpdate: "2018-05" });
    expect(queryColumn(file, "select count(*) from crimes where reported_by = 'kent'")).toEqual([
      1,
    ]);
  });
});

/** Has questions by force answered 502, or as is said. */
function failing(
  { url, api }: Served,
  isBroken: (question: { forceId: string; month: string }) => boolean,
  error: Error = new TransientError(`${url}: the API answered 502`, { isGateway: true }),
): Served["api"] {
  return {
    ...api,
    fetchRecords(kind, question, signal, how) {
      if ("ring" in question || !isBroken(question)) {
        return api.fetchRecords(kind, question, signal, how);
      }
      throw error;
    },
  };
}
