import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { browse } from "../support/browsing.ts";
import { expectTwoLines, runCli } from "../support/cli.ts";
import { createFolder, queryColumn, queryRows } from "../support/temp.ts";

const cwd = createFolder();
const file = join(cwd, "sandbox/ukpolice.db");
const db = ["--db", "sandbox/ukpolice.db"];
const areas = (...args: string[]) => runCli(["areas", ...args, ...db], { cwd });

beforeAll(async () => {
  expect(await runCli(["crawl", "--sandbox", "--quiet"], { cwd })).toMatchObject({ code: 0 });
  const wards = ["export", "--format", "geojson", "--what", "neighbourhoods", "--out", "map"];
  expect(await runCli([...wards, ...db], { cwd })).toMatchObject({ code: 0 });
}, 180_000);

/** What each area has of every kind, month and category. */
const counts = (layer: string, area: string) =>
  queryRows(
    file,
    `select kind, month, category, ${area} as area, sum(records) as records
     from records_by_area where layer = '${layer}' and area <> ''
     group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
  );

describe("the neighbourhoods, exported and added again", () => {
  test("have the same counts as the neighbourhoods themselves", async () => {
    const keys = ["--name", "wards", "--id", "neighbourhood_id", "--label", "name"];
    const { out, err, code } = await areas("add", "map/neighbourhoods.geojson", ...keys);
    expect(code).toBe(0);
    expect(err).toMatch(/wards: 162 areas\n/);
    expect(err).toMatch(
      /no point can lie in what has no geometry: sandbox-empty .*sandbox-missing/,
    );
    expect(out).toMatch(/^wards is there: .*\n[\d,]+ points, \d+ of them in none of its areas/);
    expect(out).toMatch(/it overlaps itself: \d+ points in several areas, counted in the first: /);
    const wards = counts("wards", "area");
    expect(wards.length).toBeGreaterThan(3000);
    const own = counts("neighbourhoods", "substr(area, instr(area, '/') + 1)");
    expect(wards).toEqual(own);
  }, 120_000);

  test("are listed beside the layers that are there from the start", async () => {
    const { out } = await areas("list");
    expect(out).toMatch(
      /^layer +areas .*\nforces +3\b.*\nneighbourhoods +162\ndistricts .*\nlsoas .*\nwards +162 /,
    );
    const { out: json } = await areas("list", "--json");
    const wards = JSON.parse(json).layers.find(({ name }: { name: string }) => name === "wards");
    expect(wards).toMatchObject({
      file: "neighbourhoods.geojson",
      areas: 162,
      flawed: 2,
      uncounted: 0,
    });
  });

  test("take no second layer of that name, and go when they are removed", async () => {
    const again = await areas("add", "map/neighbourhoods.geojson", "--name", "wards");
    expectTwoLines(again, { exit: 2, says: /wards is there/, hint: /areas remove wards/ });
    expect(await areas("remove", "wards")).toMatchObject({ code: 0, out: "wards is removed\n" });
    expect(queryColumn(file, "select name from layers")).toEqual([]);
    expectTwoLines(await areas("remove", "wards"), {
      exit: 2,
      says: /no layer wards/,
      hint: /list/,
    });
  });
});

describe("a layer of a database that goes on being crawled", () => {
  test("has what later crawls bring, by their end", async () => {
    const crawl = (...more: string[]) =>
      runCli(["crawl", "--sandbox", "--quiet", "--db", "later.db", ...more], { cwd });
    expect(await crawl("--until", "2018-04")).toMatchObject({ code: 0 });
    const add = ["areas", "add", "map/neighbourhoods.geojson", "--name", "wards"];
    const keys = ["--id", "neighbourhood_id", "--db", "later.db", "--quiet"];
    expect(await runCli([...add, ...keys], { cwd })).toMatchObject({ code: 0, out: "" });
    expect(await crawl()).toMatchObject({ code: 0 });
    const later = join(cwd, "later.db");
    const sums = (layer: string) =>
      queryRows(
        later,
        `select kind, month, sum(records) as records from records_by_area
         where layer = '${layer}' and area <> '' group by 1, 2 order by 1, 2`,
      );
    expect(sums("wards").map(({ month }) => month)).toContain("2018-05");
    expect(sums("wards")).toEqual(sums("neighbourhoods"));
    expect(queryColumn(later, "select * from uncounted")).toEqual([]);
  }, 120_000);
});

describe("what is no layer", () => {
  test.each([
    [["add"], /lacks a file/],
    [["add", "map/neighbourhoods.geojson"], /lacks --name/],
    [["add", "map/neighbourhoods.geojson", "--name", "a/b"], /letters, digits/],
    [["add", "map/neighbourhoods.geojson", "--name", "lsoas"], /is there without a file/],
    [["add", "none.geojson", "--name", "x"], /none\.geojson cannot be read: there is no such file/],
    [
      ["add", "map/neighbourhoods.geojson", "--name", "x", "--id", "nam"],
      /without the property nam/,
    ],
    [["add", "people.csv", "--name", "ward"], /there is no layer ward/],
    [["list", "wards"], /takes no name/],
    [["remove"], /lacks a name/],
    [["list", "--id", "x"], /--id is of no use/],
  ])("is refused in two lines: %j", async (args, says) => {
    expectTwoLines(await areas(...args), { exit: 2, says, hint: /./ });
    expect(queryColumn(file, "select name from layers")).toEqual([]);
  });

  test.each([
    ["grid", 530_000, 180_000, /British National Grid/],
    ["swapped", 51.5, -0.1, /latitude stands before longitude/],
    ["mercator", -14_000, 6_710_000, /no degrees/],
  ])("is in another projection: %s", async (name, x, y, says) => {
    const ring = [
      [x, y],
      [x + 0.1, y],
      [x, y + 0.1],
      [x, y],
    ];
    const geometry = { type: "Polygon", coordinates: [ring] };
    const features = [{ type: "Feature", properties: {}, geometry }];
    const path = `${name}.geojson`;
    writeFileSync(join(cwd, path), JSON.stringify({ type: "FeatureCollection", features }));
    expectTwoLines(await areas("add", path, "--name", name), { exit: 2, says, hint: /./ });
  });
});

/** What steers a terminal: an escape, a bell, and a mark that turns the direction of writing. */
const STEERING = ["\u001B", "\u0007", "\u202E"];
const HOSTILE = `<img src=x onerror=alert(1)>${STEERING.join("]0;")}'"; drop table crimes; --`;

test("the SQL box measures distances", async () => {
  const { ask } = await browse(file);
  const sql = "select round(distance_m(51.5, -0.1, 51.5, -0.11)) as metres";
  const { body } = await ask(`/sql?${new URLSearchParams({ sql })}`);
  expect(body).toContain("692");
});

describe("a hostile layer", () => {
  test("steers neither terminal nor page by its names", async () => {
    const collection = JSON.parse(readFileSync(join(cwd, "map/neighbourhoods.geojson"), "utf8"));
    for (const [at, feature] of collection.features.entries()) {
      feature.properties = {
        id: `${HOSTILE}${at}`,
        label: HOSTILE,
        [HOSTILE]: "x",
        people: HOSTILE,
      };
    }
    writeFileSync(join(cwd, "hostile.geojson"), JSON.stringify(collection));
    const keys = ["--id", "id", "--label", "label", "--population", "people"];
    const added = await areas("add", "hostile.geojson", "--name", "hostile", ...keys);
    expect(added.code).toBe(5);
    const listed = await areas("list");
    const reported = await runCli(["report", "areas", "--layer", "hostile", ...db], { cwd });
    const refused = await runCli(["report", "trend", "--area", "hostile/none", ...db], { cwd });
    expect(reported.out).toContain("onerror");
    for (const { out, err } of [added, listed, reported, refused])
      for (const steering of STEERING) expect(out + err).not.toContain(steering);
    const { ask } = await browse(file);
    for (const page of ["/tables/layer_areas", "/sql?sql=select+label+from+layer_areas+limit+9"]) {
      const { body: html } = await ask(page);
      expect(html).toContain("onerror");
      expect(html).not.toContain("<img src=x");
    }
  }, 120_000);
});
