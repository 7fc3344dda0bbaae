import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { createStaleness } from "../../src/crawl/areas/areas.ts";
import { chooseBoundaries } from "../../src/crawl/areas/boundaries.ts";
import { crawlServed } from "../support/crawled.ts";
import { queryColumn, queryRows } from "../support/temp.ts";
import { createWorld, gridOfCrimes, serve, square } from "../support/world.ts";

const NOW = "2026-06-01T00:00:00.000Z";
/** Older than the first of May. */
const isStale = (at: string | null) => at === null || at < "2026-05-01";
const asked = (at: string | null, count: number) =>
  Array.from({ length: count }, (_, index) => ({ boundaryAt: at, index }));

test.each([
  [-31, true],
  [-29, false],
  [0, false],
  [0.5, false],
  // of a clock that was wrong
  [2, true],
  [3000, true],
])("what was asked for %d days from now is old: %s", (days, isOld) => {
  const at = new Date(Date.now() + days * 24 * 3_600_000).toISOString();
  expect(createStaleness({ refreshBoundaries: false })(at)).toBe(isOld);
});

describe("the boundaries that are asked for", () => {
  test("are all of them when none was yet", () => {
    expect(chooseBoundaries(asked(null, 60), isStale)).toHaveLength(60);
  });

  test("are a sixth when all are old, rounded up, the oldest first", () => {
    const areas = [...asked("2026-04-01", 50), ...asked("2026-03-01", 11)];
    const chosen = chooseBoundaries(areas, isStale);
    expect(chosen).toHaveLength(11);
    expect(chosen.every(({ boundaryAt }) => boundaryAt === "2026-03-01")).toBe(true);
  });

  test("are none when a sixth was asked for lately", () => {
    const areas = [...asked("2026-03-01", 50), ...asked(NOW, 10)];
    expect(chooseBoundaries(areas, isStale)).toEqual([]);
  });

  test("are those that are new as well, which leave less room for the old", () => {
    const areas = [...asked("2026-03-01", 50), ...asked(NOW, 7), ...asked(null, 3)];
    const chosen = chooseBoundaries(areas, isStale);
    expect(chosen.filter(({ boundaryAt }) => boundaryAt === null)).toHaveLength(3);
    expect(chosen.length).toBeLessThanOrEqual(6);
  });

  test("have each been asked for within six months", () => {
    const areas = asked("2026-01-01", 60);
    const seen = new Set<number>();
    for (let month = 2; month <= 7; month += 1) {
      const today = `2026-0${month}-02`;
      const chosen = chooseBoundaries(areas, (at) => at === null || at < `2026-0${month}-01`);
      for (const area of chosen) {
        seen.add(area.index);
        area.boundaryAt = today;
      }
    }
    expect(seen.size).toBe(60);
  });

  test("are all where everything is to be fetched anew", () => {
    expect(chooseBoundaries(asked(NOW, 60), () => true)).toHaveLength(60);
  });
});

describe("old boundaries", () => {
  const wards = Object.fromEntries(
    Array.from({ length: 60 }, (_, at) => [`W${at}`, square(51 + at / 1000, 0, 0.001)]),
  );
  const crimes = gridOfCrimes(60, 51, 0, 0.06);

  /** A database that was filled a month ago. */
  async function crawlLastMonth(): Promise<string> {
    const world = createWorld({ areas: { avon: wards }, crimes, months: ["2018-04"] });
    const { file } = await crawlServed(await serve(world), { options: { plan: "tiles" } });
    const db = new Database(file);
    const month = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-31 days')";
    db.exec(`update neighbourhoods set boundary_at = ${month}`);
    db.close();
    return file;
  }

  test("are asked for beside the records, a sixth of them", async () => {
    const file = await crawlLastMonth();
    const world = createWorld({ areas: { avon: wards }, crimes, months: ["2018-04", "2018-05"] });
    const site = await serve(world, { latency: "small" });
    await crawlServed(site, { file, options: { plan: "tiles" } });
    const paths = site.seen.map(({ path }) => path);
    const isBoundary = (path: string) => path.endsWith("/boundary");
    expect(paths.filter(isBoundary)).toHaveLength(10);
    const firstArea = paths.indexOf("/crimes-street/all-crime");
    expect(firstArea).toBeGreaterThan(0);
    expect(firstArea).toBeLessThan(paths.findLastIndex(isBoundary));
  });

  test("that moved have all records located anew before the run ends", async () => {
    const file = await crawlLastMonth();
    const moved = { ...wards, W0: square(51, 0, 0.03), W1: square(51, 0.03, 0.03) };
    const world = createWorld({ areas: { avon: moved }, crimes, months: ["2018-04", "2018-05"] });
    await crawlServed(await serve(world), { file, options: { plan: "tiles" } });
    const fresh = await crawlServed(await serve(world), { options: { plan: "tiles" } });
    const places = `select month, id, force_id, neighbourhood_id from crimes
      where month = '2018-05' order by id`;
    const asked = "select id from neighbourhoods where boundary_at > date('now', '-1 day')";
    expect(queryColumn(file, asked)).toContain("W0");
    expect(queryColumn(file, asked)).toContain("W1");
    expect(queryRows(file, places)).toEqual(queryRows(fresh.file, places));
    expect(queryRows(file, "select * from facts where name = 'boundaries_moved'")).toEqual([]);
  });
});
