import { describe, expect, test } from "vitest";
import type { RawCrime } from "../../src/sandbox/world.ts";
import { loadSample } from "../../src/sandbox/sample.ts";
import { crawlServed, newDatabase, polygonsAsked } from "../support/crawled.ts";
import type { CrawlRun } from "../support/crawled.ts";
import { countRows, queryColumn, queryRows } from "../support/temp.ts";
import { createWorld, gridOfCrimes, rawCrime, serve, square } from "../support/world.ts";
import { loadLondon } from "../support/london.ts";

const TILES = { plan: "tiles" } as const;
const MONTHS = ["2018-04", "2018-05"];

function tiles(run: CrawlRun = {}): CrawlRun {
  return { ...run, options: { ...TILES, ...run.options } };
}

const WORLDS = {
  "the bundled sample": loadSample,
  "all that was recorded of London": loadLondon,
};

const LOCATED = [
  "select * from crimes where force_id is not null order by id",
  `select crime_id, category, date, person_id, crime_category, crime_month, crime_persistent_id,
     street_id, latitude, longitude, force_id, neighbourhood_id
   from outcomes where force_id is not null order by 1, 2, 3, 4`,
];

/** A town of crimes in each month, with ids of their own. */
function towns(counts: readonly number[], south: number, side: number): RawCrime[] {
  return counts.flatMap((count, index) =>
    gridOfCrimes(count, south, 0, side).map((crime) => ({
      ...crime,
      id: crime.id + 1_000_000 * index,
      month: MONTHS[index] ?? "",
      outcome_status: null,
    })),
  );
}

describe("the plan of tiles", () => {
  for (const [name, load] of Object.entries(WORLDS)) {
    test(`stores the same rows as the walk of neighbourhoods: ${name}`, async ({ skip }) => {
      const world = load();
      if (world === undefined) return skip("the recorded data is not at hand");
      const walked = await serve(world);
      const tiled = await serve(world);
      const walk = await crawlServed(walked);
      const plan = await crawlServed(tiled, tiles());
      for (const sql of LOCATED)
        expect(queryRows(plan.file, sql)).toEqual(queryRows(walk.file, sql));
      expect(polygonsAsked(walked).length).toBeGreaterThan(20 * polygonsAsked(tiled).length);
      const outside = "select count(*) from crimes where force_id is null";
      expect(queryColumn(plan.file, outside)[0]).toBeGreaterThan(0);
    }, 120_000);
  }

  test("follows a density that changes tenfold between months", async () => {
    const crimes = [...towns([3000, 30_000], 51, 0.1), ...towns([20_000, 2000], 53, 0.2)];
    crimes.forEach((crime, index) => {
      crime.id = index + 1;
      if (index % 500 === 0) crime.outcome_status = { category: "Fined", date: crime.month };
    });
    const areas = { avon: { A1: square(51, 0, 0.1), A2: square(53, 0, 0.2) } };
    const served = await serve(createWorld({ areas, crimes, months: MONTHS }));
    const { file, result } = await crawlServed(served, tiles());
    expect(result).toMatchObject({ failures: [], lastUpdate: "2018-05" });
    expect(countRows(file, "crimes")).toBe(55_000);
    expect(polygonsAsked(served).length).toBeLessThan(40);
  }, 60_000);

  test("finds all crimes where they are all in one town of a large country", async () => {
    const areas = { avon: { A1: square(50, -5, 5), A2: square(50, 0, 5), A3: square(55, -5, 5) } };
    const served = await serve(createWorld({ areas, crimes: gridOfCrimes(24_000, 51, 0.5, 0.01) }));
    const { file, result } = await crawlServed(served, tiles());
    expect(result).toMatchObject({ failures: [], lastUpdate: "2018-05" });
    expect(countRows(file, "crimes")).toBe(24_000);
    expect(polygonsAsked(served).length).toBeLessThan(60);
  }, 60_000);

  test("reports a point that holds too many, and completes everything else", async () => {
    const pile = Array.from({ length: 12_000 }, (_, index) =>
      rawCrime(50_000 + index, { latitude: 51.05, longitude: 0.05 }, { outcome_status: null }),
    );
    const crimes = [...gridOfCrimes(500, 51, 0, 0.09), ...pile];
    const areas = { avon: { A1: square(51, 0, 0.1) } };
    const served = await serve(createWorld({ areas, crimes }));
    const { file, result } = await crawlServed(served, tiles());
    expect(result.failures).toMatchObject([{ month: "2018-05", kind: "crimes" }]);
    expect(result.lastUpdate).toBeNull();
    expect(countRows(file, "crimes")).toBe(500);
    const again = await serve(createWorld({ areas, crimes }));
    await crawlServed(again, tiles({ file }));
    expect(polygonsAsked(again)).toHaveLength(1);
  }, 60_000);

  test("blames no crawl for a polygon that failed in a crawl for another force", async () => {
    const pile = Array.from({ length: 10_001 }, (_, index) =>
      rawCrime(50_000 + index, { latitude: 51.05, longitude: 0.05 }, { outcome_status: null }),
    );
    const areas = { avon: { A1: square(51, 0, 0.1) }, kent: { K1: square(53, 0, 0.1) } };
    const crimes = [...pile, rawCrime(1, { latitude: 53.05, longitude: 0.05 })];
    const served = await serve(createWorld({ areas, crimes }));
    const file = newDatabase();
    const avon = await crawlServed(served, tiles({ file, options: { forces: ["avon"] } }));
    expect(avon.result.failures).toHaveLength(1);
    const kent = await crawlServed(served, tiles({ file, options: { forces: ["kent"] } }));
    expect(kent.result).toMatchObject({ failures: [], lastUpdate: "2018-05" });
  }, 60_000);

  test("keeps with --force only what lies within these forces, a killed crawl's tiles included", async () => {
    const areas = { avon: { A1: square(51, 0, 0.1) }, kent: { K1: square(51, 0.1, 0.1) } };
    const crimes = [
      ...gridOfCrimes(50, 51, 0, 0.1),
      ...gridOfCrimes(50, 51, 0.1, 0.1).map((crime) => ({ ...crime, id: crime.id + 1000 })),
      rawCrime(5000, { latitude: 51.3, longitude: 0.05 }),
    ];
    const served = await serve(createWorld({ areas, crimes }));
    const file = newDatabase();
    await crawlServed(served, tiles({ file, options: { forces: ["kent"] } }));
    expect(queryColumn(file, "select distinct force_id from crimes")).toEqual(["kent"]);
    const { result } = await crawlServed(served, tiles({ file }));
    expect(countRows(file, "crimes")).toBe(101);
    expect(result.lastUpdate).toBe("2018-05");
  });

  test("finds what lies in no neighbourhood, though the forces were crawled one by one before", async () => {
    const areas = {
      avon: { A1: square(51, 0, 0.1) },
      kent: { K1: square(51, 0.2, 0.1) },
      none: {},
    };
    const crimes = [
      ...gridOfCrimes(30, 51, 0, 0.1),
      rawCrime(99, { latitude: 51.05, longitude: 0.15 }),
    ];
    const served = await serve(createWorld({ areas, crimes }));
    const file = newDatabase();
    for (const force of Object.keys(areas)) {
      await crawlServed(served, tiles({ file, options: { forces: [force] } }));
    }
    expect(countRows(file, "crimes")).toBe(30);
    const { result } = await crawlServed(served, tiles({ file }));
    expect(result).toMatchObject({
      refreshed: ["2018-05"],
      changes: { crimes: { added: 1 } },
    });
    served.seen.length = 0;
    const again = await crawlServed(served, tiles({ file }));
    expect(again.result).toMatchObject({ crawled: [], refreshed: [] });
    expect(polygonsAsked(served)).toEqual([]);
  });
});
