import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contains } from "../../src/geo/contain.ts";
import { crawlServed, newDatabase, polygonsAsked } from "../support/crawled.ts";
import { countRows, queryColumn, queryRows, readContent } from "../support/temp.ts";
import { createWorld, gridOfCrimes, rawCrime, serve, square } from "../support/world.ts";
import type { AreaShape } from "../support/world.ts";

const WEST = { latitude: 51.05, longitude: 0.05 };
const BOTH = { latitude: 51.05, longitude: 0.15 };
const EAST = { latitude: 51.05, longitude: 0.25 };
const NOWHERE = { latitude: 53, longitude: 0.5 };
const AREAS = "select id, force_id, neighbourhood_id as area from crimes order by id";

/** Two forces, side by side: avon's A1 and kent's K1, which overlap between 0.1 and 0.2 east. */
const twoForces = () => ({
  kent: { K1: square(51, 0.1, 0.2) },
  avon: { A1: square(51, 0, 0.2) },
});

/** The twelve crimes of twoForces, four of them in each of the three strips. */
const twelve = [WEST, BOTH, EAST].flatMap((point, strip) =>
  [1, 2, 3, 4].map((n) => rawCrime(strip * 10 + n, point)),
);

describe("a crawl", () => {
  test("stores what two boundaries share once, in the first of them by key", async () => {
    const served = await serve(createWorld({ areas: twoForces(), crimes: twelve }));
    const { file, result } = await crawlServed(served);
    expect(queryRows(file, AREAS)).toEqual(
      twelve.map(({ id }) =>
        id < 20 ? { id, force_id: "avon", area: "A1" } : { id, force_id: "kent", area: "K1" },
      ),
    );
    expect(countRows(file, "outcomes")).toBe(twelve.filter(({ id }) => id % 3 === 0).length);
    expect(queryRows(file, "pragma foreign_key_check")).toEqual([]);
    expect(result).toMatchObject({
      changes: { crimes: { added: 12, changed: 0 } },
      crawled: ["2018-05"],
      lastUpdate: "2018-05",
      forces: 2,
      failures: [],
    });
  });

  test("asks no polygon again once its month is complete, and changes no row", async () => {
    const served = await serve(createWorld({ areas: twoForces(), crimes: twelve }));
    const { file } = await crawlServed(served);
    const before = readContent(file);
    served.seen.length = 0;
    const { result } = await crawlServed(served, { file });
    expect(served.seen.length).toBeLessThan(10);
    expect(polygonsAsked(served)).toEqual([]);
    expect(result).toMatchObject({ crawled: [], lastUpdate: "2018-05" });
    expect(readContent(file)).toEqual(before);
  });

  test("stores a crime of an unknown category, and an unknown outcome", async () => {
    const outcome_status = { category: "Taken to the moon", date: "2018-05" };
    const crimes = [rawCrime(1, WEST, { category: "moon-theft", outcome_status })];
    const served = await serve(createWorld({ areas: twoForces(), crimes }));
    const { file, result } = await crawlServed(served);
    expect(queryColumn(file, "select category from crimes")).toEqual(["moon-theft"]);
    expect(queryColumn(file, "select category from outcomes")).toEqual(["taken-to-the-moon"]);
    const named = "select name from crime_categories where id in ('moon-theft', 'burglary')";
    expect(queryColumn(file, named).sort()).toEqual(["Burglary", "moon-theft"]);
    expect(result.lastUpdate).toBe("2018-05");
  });

  test("is not held up by forces without neighbourhoods, nor by these without boundaries", async () => {
    const areas: Record<string, Record<string, AreaShape>> = {
      avon: { A1: square(51, 0, 0.2), A2: "empty", A3: "missing" },
      kent: {},
    };
    const served = await serve(createWorld({ areas, crimes: twelve }));
    const { file, result } = await crawlServed(served);
    expect(result).toMatchObject({
      lastUpdate: "2018-05",
      withoutBoundary: ["avon/A2", "avon/A3"],
      neighbourhoods: 3,
      failures: [],
    });
    const without = "select id from neighbourhoods where boundary is null order by id";
    expect(queryColumn(file, without)).toEqual(["A2", "A3"]);
    expect(countRows(file, "crimes")).toBe(8);
  });

  test("encodes ids with spaces and strange characters, and stores them as they are", async () => {
    const id = "Belfast City/North #1?";
    const areas = { "north west": { [id]: square(51, 0, 0.2) } };
    const { file } = await crawlServed(await serve(createWorld({ areas, crimes: twelve })));
    const sql = "select distinct force_id || ':' || neighbourhood_id from crimes";
    expect(queryColumn(file, sql)).toEqual([`north west:${id}`]);
  });

  test("finds what every boundary holds, whatever the boundaries and crimes are", async () => {
    const spot = fc.integer({ min: 0, max: 12 }).map((n) => n / 10);
    const shape = fc.tuple(spot, spot, fc.integer({ min: 1, max: 6 }));
    const points = fc.array(fc.tuple(spot, spot), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(fc.array(shape, { minLength: 1, maxLength: 5 }), points, async (all, at) => {
        const rings = all.map(
          ([y, x, side], n) => [`A${n}`, square(51 + y, x, side / 10)] as const,
        );
        const crimes = at.map(([y, x], n) => rawCrime(n, { latitude: 51 + y, longitude: x }));
        const served = await serve(
          createWorld({ areas: { avon: Object.fromEntries(rings) }, crimes }),
        );
        const { file } = await crawlServed(served);
        const expected = at.flatMap(([y, x], id) => {
          const point = { latitude: Number((51 + y).toFixed(6)), longitude: x };
          const found = rings.find(([, ring]) => contains(ring.map(toNumbers), point));
          return found === undefined ? [] : [{ id, force_id: "avon", area: found[0] }];
        });
        expect(queryRows(file, AREAS)).toEqual(expected);
      }),
      { numRuns: 12 },
    );
  });
});

function toNumbers({ latitude, longitude }: { latitude: string; longitude: string }) {
  return { latitude: Number(latitude), longitude: Number(longitude) };
}

describe("a narrower and a wider crawl", () => {
  const months = ["2018-04", "2018-05"];
  const crimes = [...twelve, rawCrime(91, WEST, { month: "2018-04", outcome_status: null })];
  const narrow = { forces: ["avon"], since: "2018-05" };

  test("add up: the wider one asks only for what the narrower left", async () => {
    const served = await serve(createWorld({ areas: twoForces(), crimes, months }));
    const { file, result } = await crawlServed(served, { options: narrow });
    expect(result).toMatchObject({ months: ["2018-05"], lastUpdate: "2018-05", forces: 1 });
    const first = polygonsAsked(served);
    expect(first).toHaveLength(2);
    served.seen.length = 0;

    const wide = await crawlServed(served, { file });
    expect(wide.result).toMatchObject({ crawled: months, lastUpdate: "2018-05", forces: 2 });
    const second = polygonsAsked(served);
    expect(second).toHaveLength(6);
    expect(second.filter((polygon) => first.includes(polygon))).toEqual([]);
    expect(countRows(file, "crimes")).toBe(13);
  });

  test("add up the other way round: the narrower one has nothing to ask for", async () => {
    const served = await serve(createWorld({ areas: twoForces(), crimes, months }));
    const { file } = await crawlServed(served);
    served.seen.length = 0;
    const { result } = await crawlServed(served, { file, options: narrow });
    expect(polygonsAsked(served)).toEqual([]);
    expect(result).toMatchObject({ crawled: [], lastUpdate: "2018-05", forces: 1 });
  });

  test("end the same in either order as the wide one alone", async () => {
    const world = createWorld({ areas: twoForces(), crimes, months });
    const alone = await crawlServed(await serve(world));
    const served = await serve(world);
    const { file } = await crawlServed(served, { options: narrow });
    await crawlServed(served, { file });
    expect(readContent(file)).toEqual(readContent(alone.file));
  });
});

describe("boundaries", () => {
  test("that are fetched anew relocate the crimes, and no month is asked again", async () => {
    const areas: Record<string, Record<string, AreaShape>> = twoForces();
    const served = await serve(createWorld({ areas, crimes: twelve }));
    const { file } = await crawlServed(served);
    areas["avon"] = { A1: square(51, 0, 0.1), A2: square(53, 0, 1) };
    served.seen.length = 0;

    const { result } = await crawlServed(served, { file, options: { refreshBoundaries: true } });
    expect(polygonsAsked(served)).toEqual([]);
    expect(result.neighbourhoods).toBe(3);
    const kent = "select count(*) from crimes where force_id = 'kent'";
    expect(queryColumn(file, kent)).toEqual([8]);
    expect(queryRows(file, "pragma foreign_key_check")).toEqual([]);
  });

  test("are kept: a fresh one is not asked for again", async () => {
    const crimes = gridOfCrimes(10, 51, 0, 0.2);
    const served = await serve(createWorld({ areas: twoForces(), crimes }));
    const file = newDatabase();
    await crawlServed(served, { file });
    await crawlServed(served, { file });
    const asked = served.seen.filter(({ path }) => path.endsWith("/boundary"));
    expect(asked).toHaveLength(2);
  });

  test("that hold none of the crimes leave them out, since nobody asks there", async () => {
    const crimes = [...twelve, rawCrime(99, NOWHERE)];
    const served = await serve(createWorld({ areas: twoForces(), crimes }));
    const { file } = await crawlServed(served);
    expect(queryColumn(file, "select count(*) from crimes where id = 99")).toEqual([0]);
  });
});
