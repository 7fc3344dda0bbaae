import { describe, expect, test } from "vitest";
import { indexRecords } from "../../src/sandbox/world.ts";
import type { World } from "../../src/sandbox/world.ts";
import type { Point } from "../../src/types.ts";
import { crawlServed, newDatabase, polygonsAsked } from "../support/crawled.ts";
import { countRows, queryColumn, queryRows, readContent } from "../support/temp.ts";
import { createWorld, gridOfCrimes, rawCrime, serve, square } from "../support/world.ts";

const HERE = { latitude: 51.05, longitude: 0.05 };
const THERE = { latitude: 53.05, longitude: 0.05 };

function pileOfCrimes(count: number, firstId: number, point: Point, other = {}) {
  return Array.from({ length: count }, (_, index) => rawCrime(firstId + index, point, other));
}

/** Ten neighbourhoods in a row, with two crimes in each. */
function rowOfAreas() {
  const ten = Array.from({ length: 10 }, (_, n) => n);
  const areas = { avon: Object.fromEntries(ten.map((n) => [`A${n}`, square(51, n / 10, 0.08)])) };
  const crimes = ten.flatMap((n) =>
    [1, 2].map((m) => rawCrime(10 * n + m, { latitude: 51.05, longitude: n / 10 + 0.05 })),
  );
  return createWorld({ areas, crimes });
}

describe("a polygon with more than 10,000 records", () => {
  test("is cut until its pieces are answered, and every record is there once", async () => {
    const crimes = gridOfCrimes(12_500, 51, 0, 0.1);
    const served = await serve(
      createWorld({ areas: { avon: { A1: square(51, 0, 0.1) } }, crimes }),
    );
    const { file, result } = await crawlServed(served);
    expect(queryColumn(file, "select id from crimes order by id")).toEqual(
      crimes.map(({ id }) => id),
    );
    expect(result).toMatchObject({
      changes: {
        crimes: { added: 12_500, changed: 0 },
        outcomes: { added: 4166, changed: 0 },
      },
      failures: [],
      lastUpdate: "2018-05",
    });
    const asked = polygonsAsked(served);
    expect(new Set(asked).size).toBe(asked.length);
    expect(served.seen.filter(({ status }) => status === 503)).toHaveLength(1);
    expect(queryRows(file, "pragma foreign_key_check")).toEqual([]);
  });

  test("is cut where it is concave, and loses nothing", async () => {
    // No crime lies on an edge: there, the last bit of a cut edge's corner would decide.
    const shape = [
      { latitude: "51", longitude: "0" },
      { latitude: "51.0991001", longitude: "0" },
      { latitude: "51.0200037", longitude: "0.0500071" },
      { latitude: "51.1", longitude: "0.1" },
      { latitude: "51", longitude: "0.1" },
    ];
    const crimes = gridOfCrimes(25_000, 51, 0, 0.1);
    const served = await serve(createWorld({ areas: { avon: { A1: shape } }, crimes }));
    const { file, result } = await crawlServed(served);
    const ring = shape.map((p) => ({ latitude: +p.latitude, longitude: +p.longitude }));
    const inside = createWorld({ areas: {}, crimes }).records("crimes", "2018-05")?.find(ring);
    expect(inside?.length).toBeGreaterThan(10_000);
    expect(queryColumn(file, "select id from crimes order by id")).toEqual(
      inside?.map((index) => index + 1).sort((a, b) => a - b),
    );
    expect(result.failures).toEqual([]);
  });

  test("on one point is reported as failed, and all else is complete", async () => {
    const months = ["2018-04", "2018-05"];
    const pile = pileOfCrimes(12_000, 1000, HERE);
    const before = pileOfCrimes(3, 1, HERE, { month: "2018-04", outcome_status: null });
    const elsewhere = pileOfCrimes(5, 10, THERE);
    const areas = { avon: { A1: square(51, 0, 0.1), A2: square(53, 0, 0.1) } };
    const crimes = [...pile, ...before, ...elsewhere];
    const served = await serve(createWorld({ areas, crimes, months }));
    const { file, result } = await crawlServed(served);

    expect(result.failures).toEqual([
      {
        month: "2018-05",
        kind: "crimes",
        where: "avon/A1",
        reason: expect.stringContaining("too small"),
      },
    ]);
    expect(result.lastUpdate).toBe("2018-04");
    expect(countRows(file, "crimes")).toBe(8);
    expect(countRows(file, "outcomes")).toBe(4000 + 1);
    const covered = "select month || ' ' || kind from coverage order by 1";
    expect(queryColumn(file, covered)).toEqual([
      "2018-04 crimes",
      "2018-04 outcomes",
      "2018-05 outcomes",
    ]);

    served.seen.length = 0;
    const again = await crawlServed(served, { file });
    expect(polygonsAsked(served)).toHaveLength(1);
    expect(again.result).toMatchObject({ lastUpdate: "2018-04", failures: result.failures });
  });
});

describe("an outage", () => {
  test("is waited for: no polygon is cut for it, and the crawl goes on", async () => {
    const world = rowOfAreas();
    let down = false;
    const served = await serve(world, { isDown: () => down });
    const { seen } = served;
    seen.push = (...requests) => {
      const probeRefused = requests.some(
        ({ path, status }) => path === "/forces" && status === 503, // the second of two cheap ones
      );
      down = down ? !probeRefused : polygonsAsked(served).length === 4;
      return Array.prototype.push.apply(seen, requests);
    };
    const { file, result, notes, warnings } = await crawlServed(served);
    expect(seen.some(({ status }) => status === 503)).toBe(true);
    expect(warnings.join()).toMatch(/the API is down/);
    expect(notes.join()).toMatch(/answers again/);
    expect(new Set(polygonsAsked(served)).size).toBe(20);
    expect(result).toMatchObject({ failures: [], lastUpdate: "2018-05" });
    expect(countRows(file, "crimes")).toBe(20);
  });

  test("that lasts ends the crawl with exit code 3, and what was fetched is kept", async () => {
    const world = rowOfAreas();
    const file = newDatabase();
    let asked = 0;
    const served = await serve(world, { isDown: () => asked++ > 20 });
    await expect(crawlServed(served, { file, options: { patienceMs: 0 } })).rejects.toMatchObject({
      exitCode: 3,
      hint: expect.stringContaining("again later"),
    });
    const kept = countRows(file, "crimes");
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(20);
    const { result } = await crawlServed(await serve(world), { file });
    expect(result).toMatchObject({
      changes: { crimes: { added: 20 - kept } },
      lastUpdate: "2018-05",
    });
  });
});

describe("a reply that does not fit", () => {
  test("fails its polygon alone, with a reason, and is asked again by the next crawl", async () => {
    const good = rowOfAreas();
    let broken = true;
    const bad = indexRecords([{ latitude: 51.05, longitude: 0.35 }], () =>
      JSON.stringify(rawCrime(7, HERE, { month: "2016-01" })),
    );
    const world: World = {
      ...good,
      records(kind, month) {
        const records = good.records(kind, month);
        if (!broken || kind === "outcomes" || records === undefined) return records;
        const json = (index: number) => (index === -1 ? bad.json(0) : records.json(index));
        return { json, find: (ring) => [...records.find(ring), ...bad.find(ring).map(() => -1)] };
      },
    };
    const served = await serve(world);
    const { file, result } = await crawlServed(served);
    expect(result.failures).toMatchObject([
      { where: "avon/A3", kind: "crimes", reason: expect.stringContaining("2016-01") },
    ]);
    expect(countRows(file, "crimes")).toBe(18);
    broken = false;
    served.seen.length = 0;
    const again = await crawlServed(served, { file });
    expect(again.result).toMatchObject({ failures: [], lastUpdate: "2018-05" });
    expect(polygonsAsked(served)).toHaveLength(1);
  });
});

describe("a crawl that is stopped", () => {
  test("lets what is on the wire settle, and the next one asks only for the rest", async () => {
    const world = rowOfAreas();
    const controller = new AbortController();
    const file = newDatabase();
    const served = await serve(world, { latency: "small" });
    served.seen.push = (...requests) => {
      if (polygonsAsked(served).length === 5) controller.abort("SIGTERM");
      return Array.prototype.push.apply(served.seen, requests);
    };
    const stopped = crawlServed(served, { file, signal: controller.signal });
    await expect(stopped).rejects.toMatchObject({ exitCode: 143 });
    const rest = await serve(world);
    await crawlServed(rest, { file });
    const asked = [...polygonsAsked(served), ...polygonsAsked(rest)];
    expect(polygonsAsked(rest).length).toBeLessThan(20);
    expect(new Set(asked).size).toBe(20);
    expect(asked).toHaveLength(20);
    const undisturbed = await crawlServed(await serve(world));
    expect(readContent(file)).toEqual(readContent(undisturbed.file));
  });
});
