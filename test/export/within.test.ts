import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readWithin } from "../../src/export/within.ts";
import { contains } from "../../src/geo/contain.ts";
import type { Ring } from "../../src/types.ts";
import { runCli } from "../support/cli.ts";
import { crawlSample, exportDatabase, listFiles, queryDuckDb } from "../support/exported.ts";
import { failureOf } from "../support/http.ts";
import { createFolder, queryColumn, queryRows } from "../support/temp.ts";

/** A square of one degree with a hole in its middle, longitude first. */
const SQUARE = [
  [
    [0, 51],
    [1, 51],
    [1, 52],
    [0, 52],
    [0, 51],
  ],
  [
    [0.4, 51.4],
    [0.6, 51.4],
    [0.6, 51.6],
    [0.4, 51.6],
    [0.4, 51.4],
  ],
];
const polygon = { type: "Polygon", coordinates: SQUARE };
const feature = (geometry: unknown) => ({ type: "Feature", geometry, properties: { name: "x" } });
const at = (latitude: number, longitude: number) => ({ latitude, longitude });

function fileOf(content: unknown): string {
  const file = join(createFolder(), "place.geojson");
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

describe("a place that records are to lie in", () => {
  test.each([
    ["a polygon", polygon],
    ["a feature", feature(polygon)],
    ["some polygons", { type: "MultiPolygon", coordinates: [SQUARE] }],
    ["a collection", { type: "FeatureCollection", features: [feature(null), feature(polygon)] }],
    ["geometries", { type: "GeometryCollection", geometries: [polygon] }],
    ["a polygon after a byte order mark", `\uFEFF${JSON.stringify(polygon)}`],
  ])("is %s, without its holes", (_, content) => {
    const within = readWithin(fileOf(content));
    expect(within(at(51.2, 0.2))).toBe(true);
    expect(within(at(51.5, 0.5))).toBe(false);
    expect(within(at(51.2, 1.2))).toBe(false);
  });

  test.each([
    ["500m", true, false],
    ["1.2km", true, true],
    ["100m", false, false],
  ])("is a circle of %s", (radius, near, far) => {
    const within = readWithin(`51.5,-0.12,${radius}`);
    expect(within(at(51.502, -0.12))).toBe(near); // 222 m
    expect(within(at(51.51, -0.12))).toBe(far); // 1112 m
  });

  test.each([
    ["51.5,-0.12", /51\.5,-0\.12 is not a circle/],
    ["51.5,-0.12,500", /is not a circle/],
    ["51.5,-0.12,0m", /radius/],
    ["51.5,-0.12,9000km", /radius/],
    ["91,-0.12,500m", /globe/],
    ["no-such.geojson", /neither a circle nor a file/],
  ])("cannot be %s", (text, says) => {
    expect(() => readWithin(text)).toThrow(says);
  });

  test.each([
    ["no JSON", "{", /cannot be read as JSON/],
    ["a point", { type: "Point", coordinates: [0, 51] }, /no polygon/],
    ["text", { type: "Polygon", coordinates: [[["0", "51"]]] }, /no polygon/],
    ["nothing", { type: "FeatureCollection", features: [] }, /holds no polygon/],
    ["a feature of nothing", feature(null), /holds no polygon/],
    ["a polygon of nothing", { type: "Polygon", coordinates: [] }, /empty polygon/],
    ["a line", { type: "Polygon", coordinates: [SQUARE[0]?.slice(0, 3)] }, /ring of 3 corners/],
    [
      "metres of the National Grid",
      { type: "Polygon", coordinates: [Array(4).fill([530_000, 180_000])] },
      /530000,180000, which are no degrees/,
    ],
    [
      "degrees in the wrong order",
      { type: "Polygon", coordinates: [Array(4).fill([51.5, -0.12])] },
      /wrong order/,
    ],
  ])("cannot be a file of %s", (_, content, says) => {
    const file = fileOf(content);
    expect(() => readWithin(file)).toThrow(says);
    expect(() => readWithin(file)).toThrow(file);
  });
});

/** Those of the Metropolitan Police with the most crimes. */
const BUSIEST = `select neighbourhood_id from neighbourhood_counts
  where kind = 'crimes' and force_id = 'metropolitan'
  group by neighbourhood_id order by sum(records) desc limit 3`;

describe("an export within a place", () => {
  let database: string;

  beforeAll(async () => void (database = await crawlSample()), 60_000);

  test("has the records whose points lie in the boundaries of neighbourhoods, and no others", async () => {
    const boundaries = queryColumn(
      database,
      `select boundary from neighbourhoods where force_id = 'metropolitan' and id in (${BUSIEST})`,
    ).map((text) => JSON.parse(String(text)));
    const within = readWithin(
      fileOf({ type: "FeatureCollection", features: boundaries.map(feature) }),
    );
    const rings = boundaries.map(({ coordinates }): Ring => {
      const [ring = []]: [number, number][][] = coordinates;
      return ring.map(([longitude, latitude]) => at(latitude, longitude));
    });
    const rows = queryRows(
      database,
      "select id, latitude, longitude from crimes where latitude is not null order by id",
    );
    const wanted = rows.filter(({ latitude, longitude }) =>
      rings.some((ring) => contains(ring, at(Number(latitude), Number(longitude)))),
    );
    const run = { format: "parquet", whats: ["crimes", "stops"], within } as const;
    const { folder, result } = await exportDatabase(database, run);
    const found = await queryDuckDb(folder, "select id from 'crimes/*/*.parquet' order by id");
    expect(found.length).toBeGreaterThan(500);
    expect(found.map(({ id }) => Number(id))).toEqual(wanted.map(({ id }) => id));
    expect(result.written.find(({ what }) => what === "crimes")?.records).toBe(wanted.length);
    const there = `select count(*) from crimes where neighbourhood_id in (${BUSIEST})`;
    expect(found.length).toBeGreaterThanOrEqual(Number(queryColumn(database, there)[0]));
  });

  test("makes no files without records, and removes those that have none any more", async () => {
    const folder = createFolder();
    const write = (text: string) => {
      const within = readWithin(text);
      const whats = ["crimes"] as const;
      return exportDatabase(database, { whats, within, folder, options: text, changed: true });
    };
    const { result } = await write("51.513683,-0.111974,20m");
    const city = ["2018-04", "2018-05"].map((m) => `${m}/${m}-city-of-london-street.csv`);
    expect(listFiles(folder)).toEqual(city);
    expect(result.paths).toEqual(city);
    const same = await write("51.513683,-0.111974,20m");
    expect(same.result).toMatchObject({ paths: [], kept: city, removed: [] });
    const { result: moved } = await write("51.496411,-0.1431,20m");
    expect(moved.removed).toEqual(city);
    expect(listFiles(folder)).toEqual(moved.paths);
  });

  test("of nothing is wrong usage", async () => {
    const run = { whats: ["crimes"], within: readWithin("57.15,-2.1,1km") } as const;
    const error = await failureOf(exportDatabase(database, run));
    expect(error).toMatchObject({ exitCode: 2, message: expect.stringContaining("empty") });
  });

  test("is an option of the command line, which names what it leaves out", async () => {
    const cwd = createFolder();
    const args = ["export", "--format", "csv", "--db", database, "--within"];
    const { code, err } = await runCli([...args, "51.5155,-0.0922,300m", "--out", "out"], { cwd });
    expect(code).toBe(0);
    expect(err).toContain("neighbourhoods are left out: --within");
    const both = ["51.5,-0.1,1km", "--what", "neighbourhoods", "--out", "out"];
    expect(await runCli([...args, ...both], { cwd })).toMatchObject({ code: 2 });
    const bad = await runCli([...args, "place.json", "--out", "out"], { cwd });
    expect(bad).toMatchObject({ code: 2, err: expect.stringContaining("--within place.json") });
  });
});
