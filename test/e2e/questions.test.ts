import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { loadSample } from "../../src/sandbox/sample.ts";
import { startSandbox } from "../../src/sandbox/server.ts";
import { openStore } from "../../src/store/store.ts";
import { writeBoroughs } from "../support/boroughs.ts";
import { expectTwoLines, runCli } from "../support/cli.ts";
import { crimeRow, importRows } from "../support/imported.ts";
import { readPage } from "../support/pages.ts";
import { createFolder, queryColumn, queryRows } from "../support/temp.ts";

const cwd = createFolder();
const file = join(cwd, "ukpolice.db");

/** The sample with boroughs, and in a copy two months of the archive. */
beforeAll(async () => {
  expect(await runCli(["crawl", "--sandbox", "--quiet"], { cwd })).toMatchObject({ code: 0 });
  copyFileSync(join(cwd, "sandbox/ukpolice.db"), file);
  const wards = ["export", "--format", "geojson", "--what", "neighbourhoods", "--out", "map"];
  expect(await runCli(wards, { cwd })).toMatchObject({ code: 0 });
  writeBoroughs(join(cwd, "map/neighbourhoods.geojson"), join(cwd, "boroughs.geojson"));
  const keys = ["--id", "name", "--label", "name", "--population", "people"];
  const add = ["areas", "add", "boroughs.geojson", "--name", "boroughs", ...keys, "--quiet"];
  expect(await runCli(add, { cwd })).toMatchObject({ code: 0 });
  copyFileSync(file, join(cwd, "imported.db"));
  const store = openStore(join(cwd, "imported.db"));
  const dover = { code: "E01000002", name: "Dover 001B" };
  importRows(store, "crimes", [crimeRow(1), crimeRow(2), crimeRow(3, { lsoa: dover })]);
  importRows(store, "crimes", [crimeRow(1), crimeRow(2)], { month: "2012-03" });
  store.close();
  expect(await runCli(["areas", "update", "--db", "imported.db"], { cwd })).toMatchObject({
    code: 0,
  });
}, 180_000);

type Row = Record<string, string | number | null>;
type Document = { title: string; rows: Row[]; cautions: string[] };

async function report(args: string, db = "ukpolice.db"): Promise<Document> {
  const { out, err, code } = await runCli(["report", ...args.split(" "), "--json", "--db", db], {
    cwd,
  });
  expect({ err, code }).toEqual({ err: "", code: 0 });
  return JSON.parse(out);
}

const countOf = (where: string) =>
  queryColumn(file, `select count(*) from crimes where ${where}`)[0];

describe("a question of a council, a journalist or a charity", () => {
  test("burglaries a month in Hackney", async () => {
    const { rows } = await report("trend --area boroughs/hackney --category burglary");
    expect(rows.map(({ month, records }) => [month, records])).toEqual(
      ["2018-04", "2018-05"].map((month) => [
        month,
        countOf(`month = '${month}' and category = 'burglary' and neighbourhood_id like '00AM%'`),
      ]),
    );
    expect(Number(rows[0]?.["records"])).toBeGreaterThan(0);
  });

  test("crimes by ward", async () => {
    const { rows, cautions } = await report("areas --layer neighbourhoods");
    const [busiest] = rows;
    const [, ward] = String(busiest?.["id"]).split("/");
    expect(busiest?.["records"]).toBe(countOf(`neighbourhood_id = '${ward}'`));
    expect(rows.reduce((sum, { records }) => sum + Number(records), 0)).toBe(countOf("true"));
    expect(cautions.join("\n")).toMatch(/bundled sample/);
  });

  test("by LSOA and by district, where the archive tells them", async () => {
    const { rows } = await report("areas --layer lsoas --since 2024-01", "imported.db");
    expect(rows.map(({ id, area, records }) => [id, area, records])).toEqual([
      ["E01000001", "Dover 001A", 2],
      ["E01000002", "Dover 001B", 1],
    ]);
    const districts = await report("areas --layer districts --since 2024-01", "imported.db");
    expect(districts.rows).toMatchObject([{ id: "Dover", records: 3, percent: 100 }]);
  });

  test("per 1,000 people and year", async () => {
    const { rows } = await report("areas --layer boroughs --per 1000");
    const hackney = rows.find(({ id }) => id === "Hackney");
    const crimes = Number(countOf("neighbourhood_id like '00AM%'"));
    expect(hackney?.["records"]).toBe(crimes);
    expect(hackney?.["rate"]).toBeCloseTo((crimes * 6 * 1000) / 279_665, 2);
    const rates = rows.flatMap(({ rate }) => (typeof rate === "number" ? [rate] : []));
    expect(rates).toEqual(rates.toSorted((a, b) => b - a));
  });

  test("within 500 m of a school", async () => {
    const [latitude, longitude] = [51.5325, -0.12601];
    const { rows } = await report(`near --near ${latitude},${longitude} --within 500m`);
    const near = queryRows(file, "select latitude, longitude from crimes").filter((crime) => {
      const north = (Number(crime["latitude"]) - latitude) * 111_195;
      const east =
        (Number(crime["longitude"]) - longitude) * 111_195 * Math.cos(latitude / 57.29578);
      return crime["latitude"] !== null && Math.hypot(north, east) <= 500;
    });
    expect(near.length).toBeGreaterThan(300);
    const counted = rows.reduce((sum, { crimes }) => sum + Number(crimes), 0);
    expect(Math.abs(counted - near.length)).toBeLessThanOrEqual(2);
    expect((await report(`streets --near ${latitude},${longitude}`)).rows[0]).toMatchObject({
      latitude,
      longitude,
      crimes: countOf(`latitude = ${latitude} and longitude = ${longitude}`),
    });
  });

  test("the share that was charged, and how old the crimes were", async () => {
    const { rows, cautions } = await report("outcomes --by state --category burglary");
    const charged = countOf(
      `category = 'burglary' and (outcome_category like 'Offender sent%'
         or outcome_category like '% court %' or outcome_category like 'Court %'
         or outcome_category like 'Defendant%' or outcome_category like 'Offender fined'
         or outcome_category like 'Offender given community%'
         or outcome_category like 'Offender given suspended%'
         or outcome_category like 'Offender given conditional%'
         or outcome_category like 'Offender otherwise%' or outcome_category like 'Offender ordered%')`,
    );
    expect(rows.find(({ what }) => what === "charged")?.["crimes"]).toBe(charged);
    expect(cautions.join("\n")).toMatch(/outcomes come late: .* 0 to 1 month old/);
    const { rows: months } = await report("outcomes --by month --area boroughs/Camden");
    expect(months.map(({ months_since }) => months_since)).toEqual([1, 0]);
  });

  test("stop and search by ethnicity", async () => {
    const { rows } = await report("stops --by ethnicity --area forces/city-of-london");
    const black = "officer_defined_ethnicity = 'Black' and reported_by = 'city-of-london'";
    const stops = queryColumn(file, `select count(*) from stops where ${black}`)[0];
    expect(rows.find(({ what }) => what === "Black")?.["stops"]).toBe(stops);
  });

  test("2012, where the archive has been imported", async () => {
    const { rows } = await report("trend --since 2012-01 --until 2012-12", "imported.db");
    expect(rows).toMatchObject([{ month: "2012-03", records: 2, year_before: null }]);
    expectTwoLines(await runCli(["report", "trend", "--until", "2012-12"], { cwd }), {
      exit: 2,
      says: /there are no crimes from .* to 2012-12 here/,
      hint: /those from 2018-04 to 2018-05/,
    });
  });

  test("what the last release revised", async () => {
    const world = loadSample({ release: "2018-06-05" });
    const sandbox = await startSandbox({ world, limited: false });
    const refresh = ["crawl", "--refresh", "--quiet", "--db", "sandbox/ukpolice.db", "--api-url"];
    expect(await runCli([...refresh, sandbox.url], { cwd })).toMatchObject({ code: 0 });
    await sandbox.close();
    const { rows } = await report("revisions", "sandbox/ukpolice.db");
    expect(rows).toHaveLength(6);
    const sums = `select sum(added) as added, sum(removed) as removed from revisions
      where month = '2018-05' and kind = 'crimes'`;
    expect(rows.find(({ kind, month }) => kind === "crimes" && month === "2018-05")).toMatchObject(
      queryRows(join(cwd, "sandbox/ukpolice.db"), sums)[0] ?? {},
    );
  }, 120_000);

  test("each month by itself: a second crawl brings what is new, and finds nothing here", async () => {
    const again = ["crawl", "--from-last-update", "--sandbox", "--json"];
    const { code, out } = await runCli(again, { cwd });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ requests: expect.any(Number) });
  });

  test("has its command on the page of reports", () => {
    const questions = readPage("reports.md").match(/^\| \d+ +\|.*`ukpolice .*$/gm);
    expect(questions).toHaveLength(10);
  });
});

describe("a report", () => {
  test("compares areas side by side, and their rates", async () => {
    const { rows } = await report("compare --area boroughs/Camden --area boroughs/Hackney");
    const burglary = rows.find(({ what }) => what === "Burglary");
    const count = (ward: string) =>
      countOf(`category = 'burglary' and neighbourhood_id like '${ward}%'`);
    expect(burglary).toEqual({ what: "Burglary", Camden: count("00AG"), Hackney: count("00AM") });
  });

  test("is a table on a terminal, with what has to be known beside it", async () => {
    const { out, err } = await runCli(["report", "areas", "--layer", "boroughs", "--limit", "2"], {
      cwd,
    });
    expect(out).toMatch(
      /^areas: crimes, 2018-04 to 2018-05, by area of boroughs\nid +area +records/,
    );
    expect(out).toMatch(/\nand 6 more rows, with --limit or --csv\n$/);
    expect(err).toMatch(/^note: this is the bundled sample/);
    expect(err).toMatch(/note: .* have no location, and are in no area\n/);
  });

  test("is CSV for other programs", async () => {
    const { out } = await runCli(["report", "trend", "--csv"], { cwd });
    expect(out).toMatch(/^month,records,year_before,change_percent,rate\r\n2018-04,\d+,,,\r\n/);
  });

  test.each([
    ["near", /lacks --near/, /as in --near/],
    ["near --near 51.5,-0.1 --since 2011-01", /renewed with 2011-12/, /--since 2011-12/],
    ["near --near 51.5,-0.1 --within 30km", /no distance up to 20 km; write it as 500m/, /--help/],
    ["streets", /lacks an area/, /--area LAYER/],
    ["areas --layer borough", /no layer borough/, /'boroughs'/],
    ["trend --area Hackney", /names no layer/, /LAYER|layers:/],
    ["trend --area boroughs/Hackny", /no area Hackny/, /'Hackney'/],
    ["trend --category burglry", /category burglry/, /'burglary'/],
    ["compare --area boroughs/Hackney", /lacks areas/, /--area A --area B/],
    ["stops --by category", /nothing by category/, /ethnicity/],
    ["trend --csv --json", /two answers/, /choose one/],
    ["outcomes --layer lsoas", /not counted by LSOA/, /districts/],
  ])("is refused where it cannot be answered: %s", async (args, says, hint) => {
    const finished = await runCli(["report", ...args.split(" ")], { cwd });
    expectTwoLines(finished, { exit: 2, says, hint });
  });
});
