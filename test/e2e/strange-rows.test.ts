import { readFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { readRing } from "../../src/store/sound.ts";
import { browse } from "../support/browsing.ts";
import { expectFailure, expectTwoLines, runCli } from "../support/cli.ts";
import { databaseOf, listFiles, readText } from "../support/exported.ts";
import { crawlSmall } from "../support/small.ts";
import { crimeOf, outcomeOf } from "../support/stored.ts";
import { createFolder } from "../support/temp.ts";

/** A database that a stranger changed, by hand, after the crawl. */
function changedBy(sql: string): string {
  const file = databaseOf({
    crimes: [crimeOf(1), crimeOf(2), crimeOf(3, { month: "2018-04" })],
    outcomes: [outcomeOf(1)],
  });
  const db = new Database(file);
  db.unsafeMode();
  db.pragma("foreign_keys = off");
  db.exec(sql);
  db.close();
  return file;
}

const LONG = "x".repeat(20_000);

const STRANGE = [
  ["a latitude without end", "update crimes set latitude = 9e999 where id = 1", /latitude/],
  ["a longitude off the globe", "update crimes set longitude = 181 where id = 1", /longitude/],
  ["a text without end", `update crimes set context = '${LONG}' where id = 1`, /context/],
  ["an id beyond what counts", "update crimes set street_id = 1 << 60 where id = 1", /streetId/],
  ["a category that is not listed", "update crimes set category = 'b' where id = 1", /not listed/],
  ["a force too long for a file", `update crimes set force_id = '${LONG}' where id = 1`, /forceId/],
] as const;

describe.concurrent("an export of rows that no crawl wrote", () => {
  test.each(STRANGE)("leaves out %s, names it and exits with 5", async (_, sql, says) => {
    const file = changedBy(sql);
    for (const format of ["csv", "geojson", "parquet"]) {
      const cwd = createFolder();
      const args = ["export", "--format", format, "--out", "out", "--quiet", "--db", file];
      const finished = await runCli(args, { cwd });
      expectFailure(finished, { exit: 5, says, hint: /no crawl writes such rows/ });
      expect(finished.err).toMatch(/1 row of .* cannot be read and is left out/);
      expect(finished.err.length).toBeLessThan(1000);
      if (format !== "csv") continue;
      const street = readText(join(cwd, "out"), "2018-05/2018-05-avon-street.csv");
      expect(street.trimEnd().split("\n")).toHaveLength(2);
    }
  });

  test("says how many records were written, without them", async () => {
    const file = changedBy("update crimes set latitude = 9e999 where id = 1");
    const args = ["export", "--format", "csv", "--out", "out", "--what", "crimes", "--db", file];
    const { out, code } = await runCli(args, { cwd: createFolder() });
    expect(out).toMatch(/crimes +2 in 2 files/);
    expect(code).toBe(5);
  });

  test.each(["../../x", "2018-5", "9999-12", "", LONG])(
    "leaves out a month '%.20s'",
    async (month) => {
      const file = changedBy(
        `update crimes set month = '${month}' where id = 1;
       insert into coverage values ('${month}', 'crimes', 'avon', 'api', '', '', 1)`,
      );
      const cwd = createFolder();
      for (const format of ["csv", "geojson", "parquet"]) {
        const args = ["export", "--format", format, "--out", "out", "--quiet", "--db", file];
        const finished = await runCli(args, { cwd });
        expectFailure(finished, { exit: 5, says: /2 rows .* crimes of .*month/, hint: /no crawl/ });
      }
      expect(listFiles(cwd).filter((name) => !name.startsWith("out/"))).toEqual([]);
      expect(listFiles(cwd).some((name) => name.includes(month.slice(0, 200) || "%"))).toBe(false);
    },
  );

  test.each([
    "{}",
    "[]",
    "null",
    "{",
    '{"type":"Polygon","coordinates":[]}',
    '{"type":"Polygon","coordinates":[[[0,null],[1,1],[2,2],[0,0]]]}',
    '{"type":"Polygon","coordinates":[[[0,1e999],[1,1],[2,2],[0,0]]]}',
    '{"type":"Polygon","coordinates":[["a","b"]]}',
    "[".repeat(100_000),
  ])("leaves out a neighbourhood whose boundary is %.60s", async (boundary) => {
    const file = changedBy(`update neighbourhoods set boundary = '${boundary}' where id = 'A1'`);
    for (const format of ["csv", "geojson", "parquet"]) {
      const cwd = createFolder();
      const args = ["export", "--format", format, "--out", "out", "--quiet", "--db", file];
      const finished = await runCli(args, { cwd });
      const says = /1 row .*: neighbourhood avon\/A1 \(boundary\)/;
      expectFailure(finished, { exit: 5, says, hint: /no crawl/ });
      if (format !== "geojson") continue;
      const areas = JSON.parse(readText(join(cwd, "out"), "neighbourhoods.geojson"));
      expect(areas.features).toMatchObject([{ properties: { neighbourhood_id: "A2" } }]);
    }
  });
});

describe.concurrent("the status of a database with rows that no crawl wrote", () => {
  test.each([
    ["coverage", "insert into coverage values ('../../x', 'crimes', 'avon', 'api', '', '', 1)"],
    ["coverage", "insert into coverage values ('2018-05', 'crimes', 'avon', 'api', '', '', -1)"],
    ["force", `insert into forces (id, name) values ('x', '${LONG}')`],
    ["sweep", "insert into sweeps values (99, '../../x', 'crimes', 'tiles', '', 0, null)"],
    ["run", "insert into runs (pid, started_at, seen_at) values (1, 'once', 'never')"],
    ["fact", "insert or replace into facts values ('published', '{')"],
    ["fact", "insert or replace into facts values ('published', '[\"../../x\"]')"],
  ])("is told without them, and exits with 5: %s", async (what, sql) => {
    const cwd = createFolder();
    const args = ["status", "--db", changedBy(`delete from coverage; ${sql}`)];
    for (const more of [[], ["--json"]]) {
      const { code, out, err } = await runCli([...args, ...more], { cwd });
      expect(err).toMatch(new RegExp(`^ukpolice: 1 row of .* left out: ${what} .*\\nhint: `));
      expect(out).not.toMatch(/NaN|undefined|\.\.\/x/);
      expect(out).toContain("crimes");
      expect(code).toBe(5);
    }
  });
});

describe("the pages of a database with rows that no crawl wrote", () => {
  test("are there, and the map names the boundaries that it leaves out", async () => {
    const { ask } = await browse(
      changedBy(
        `update neighbourhoods set boundary = '{}' where id = 'A2';
         update crimes set latitude = 9e999 where id = 1;
         insert into coverage values ('../../x', 'crimes', 'avon', 'api', '', '', 1);
         insert into coverage values ('2018-05', 'crimes', 'avon', 'api', '', '', 2);
         insert into sweeps values (99, '../../x', 'crimes', 'tiles', '', 0, null);
         insert into runs (pid, started_at, seen_at) values (1, 'once', 'never')`,
      ),
    );
    const view = "month=2018-05&south=50&north=53&west=-1&east=2&zoom=19";
    const paths = ["/", "/map", "/progress", "/data/map/shapes", `/data/map/points?${view}`];
    for (const path of paths) {
      const { status, body } = await ask(path);
      expect([path, status]).toEqual([path, 200]);
      expect(body).not.toMatch(/NaN|Infinity/);
    }
    const { body } = await ask("/data/map/points?" + view);
    expect(JSON.parse(body)).toMatchObject({
      circles: [{ records: 1, latitude: expect.closeTo(51.5) }],
    });
  });
});

test("a crawl locates nothing without a boundary that is none, until it is fetched anew", async () => {
  const { cwd, args } = await crawlSmall();
  const db = new Database(join(cwd, "ukpolice.db"));
  db.exec("update neighbourhoods set boundary = '{}'; delete from coverage");
  db.close();
  const says = /stored boundary of avon\/A1 is no polygon/;
  expectTwoLines(await runCli(args, { cwd }), { exit: 4, says, hint: /--refresh-boundaries/ });
  const anew = await runCli([...args, "--refresh-boundaries"], { cwd });
  expect(anew).toMatchObject({ code: 0, err: "" });
  expect(await runCli(["status"], { cwd })).toMatchObject({ code: 0, err: "" });
});

test.each([
  ["asked", "{"],
  ["asked", "[7]"],
  ["published", '["../../x"]'],
  ["boundaries_moved", "7"],
  ["tile_sizes", '{"crimes":{"target":"many"}}'],
])("a crawl does not go on from a strange note of the one before: %s %s", async (name, value) => {
  const { cwd, args } = await crawlSmall();
  const db = new Database(join(cwd, "ukpolice.db"));
  db.prepare("insert or replace into facts values (?, ?)").run(name, value);
  db.exec("update runs set ended_at = null; delete from coverage"); // as if it was killed
  db.close();
  const says = new RegExp(`what the database keeps as ${name} cannot be read`);
  expectTwoLines(await runCli(args, { cwd }), { exit: 4, says, hint: /--db/ });
});

test("the ring of a boundary is read as it is", () => {
  const path = new URL("../fixtures/leicestershire_NC04_boundary.json", import.meta.url);
  const points: { latitude: string; longitude: string }[] = JSON.parse(readFileSync(path, "utf8"));
  const ring = points.map((point) => [Number(point.longitude), Number(point.latitude)]);
  expect(readRing(JSON.stringify({ type: "Polygon", coordinates: [ring] }))).toEqual(
    ring.map(([longitude, latitude]) => ({ latitude, longitude })),
  );
});
