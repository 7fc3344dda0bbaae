import { describe, expect, test } from "vitest";
import { countLayers } from "../../src/areas/count.ts";
import type { Wish } from "../../src/reports/report.ts";
import { readStatement, runReport } from "../../src/reports/run.ts";
import { openForReading } from "../../src/store/database.ts";
import { createReportReader } from "../../src/store/read/reports.ts";
import type { Store } from "../../src/store/store.ts";
import { crimeRow, importRows, stopRow } from "../support/imported.ts";
import { AT, crimeOf, openLastQuestion, openTestStore, saveCrimes } from "../support/stored.ts";

const signal = new AbortController().signal;

/** Asks a report of a store, once its layers have counted what is there. */
async function ask(store: Store, wish: Partial<Wish>, isCounted = true) {
  if (isCounted) await countLayers({ store, signal });
  const db = openForReading(store.file);
  try {
    return runReport(createReportReader(db), { name: "trend", areas: [], ...wish });
  } finally {
    db.close();
  }
}

const PLACE = { street: { id: 7, name: "Mill Lane" }, latitude: 51.5, longitude: 0.5 };

/** Crimes of avon of a month, so many of them. */
function saveMonth(store: Store, month: string, crimes: number): void {
  const rows = Array.from({ length: crimes }, (_, at) => crimeOf(at + 1, { month, place: PLACE }));
  saveCrimes(store, openLastQuestion(store, { month }), ...rows);
}

describe("a trend", () => {
  test("has the year before beside it, and the change", async () => {
    const store = openTestStore();
    saveMonth(store, "2017-05", 20);
    saveMonth(store, "2018-05", 30);
    const { columns, rows } = await ask(store, { since: "2018-01" });
    expect(columns).toEqual(["month", "records", "year_before", "change_percent", "rate"]);
    expect(rows).toEqual([["2018-05", 30, 20, 50, null]]);
  });

  test("is of twelve months unless it is said", async () => {
    const store = openTestStore();
    for (let month = 1; month <= 9; month += 1) {
      saveMonth(store, `2017-0${month}`, 10);
      saveMonth(store, `2018-0${month}`, 10);
    }
    const { rows } = await ask(store, {});
    expect(rows).toHaveLength(12);
    expect(rows[0]?.[0]).toBe("2017-07");
  });

  test("makes rates of people and a year, and says where nobody is known to live", async () => {
    const store = openTestStore();
    saveMonth(store, "2018-05", 30);
    store.layers.savePopulations("forces", [["avon", 60_000]]);
    const { rows } = await ask(store, { areas: ["forces/avon"], per: 1000 });
    expect(rows[0]?.[4]).toBe(6);
    const { cautions } = await ask(store, { areas: ["neighbourhoods/avon/A1"], per: 1000 });
    expect(cautions.join("\n")).toMatch(/no population is known for Area A1: ukpolice areas add/);
  });
});

describe("what is said beside an answer", () => {
  const cautionsOf = async (store: Store, wish: Partial<Wish> = {}, isCounted = true) =>
    (await ask(store, wish, isCounted)).cautions.join("\n");

  test("names months that are here in part", async () => {
    const store = openTestStore();
    saveMonth(store, "2018-05", 20);
    saveCrimes(
      store,
      openLastQuestion(store, { month: "2018-06", forces: ["avon", "kent"] }),
      crimeOf(1, { month: "2018-06" }),
    );
    expect(await cautionsOf(store)).toMatch(/crimes of 2018-05 \(kent\) are here in part/);
  });

  test("names months between that are not here", async () => {
    const store = openTestStore();
    saveMonth(store, "2018-05", 20);
    saveMonth(store, "2018-08", 20);
    expect(await cautionsOf(store)).toMatch(/2 months between 2018-05 and 2018-08 are not here/);
  });

  test("names a force that publishes nothing: that is no zero", async () => {
    const store = openTestStore();
    const force = { id: "greater-manchester", name: "Greater Manchester Police" };
    store.areas.saveForces([{ id: "avon", name: "Avon" }, force], AT);
    saveMonth(store, "2020-01", 20);
    const ofForce = { areas: ["forces/greater-manchester"] };
    expect(await cautionsOf(store, ofForce)).toMatch(
      /greater-manchester publishes none since July 2019/,
    );
    expect(await cautionsOf(store, { areas: ["forces/avon"] })).not.toMatch(/manchester/);
  });

  test("warns of small numbers, and of none where there are many", async () => {
    const store = openTestStore();
    saveMonth(store, "2018-05", 3);
    expect(await cautionsOf(store)).toMatch(
      /small numbers: 100.0% of the rows count fewer than 10/,
    );
    saveMonth(store, "2018-05", 30);
    expect(await cautionsOf(store)).not.toMatch(/small numbers/);
  });

  test("warns of points that were renewed, where areas are found by them", async () => {
    const store = openTestStore();
    saveMonth(store, "2022-05", 20);
    saveMonth(store, "2022-08", 20);
    const wards = { name: "areas", layer: "neighbourhoods" } as const;
    expect(await cautionsOf(store, wards)).toMatch(/renewed with 2022-07/);
    expect(await cautionsOf(store, { name: "areas" })).not.toMatch(/renewed/);
    expect(await cautionsOf(store, { ...wards, since: "2022-08" })).not.toMatch(/renewed/);
  });

  test("says what a layer has not counted yet", async () => {
    const store = openTestStore();
    importRows(store, "crimes", [crimeRow(1)]);
    const wish = { name: "areas", layer: "lsoas" } as const;
    expect(await cautionsOf(store, wish, false)).toMatch(/1 month of records is not counted yet/);
    expect(await cautionsOf(store, wish)).not.toMatch(/not counted/);
  });

  test("says how old crimes were whose outcomes it tells", async () => {
    const store = openTestStore();
    importRows(store, "crimes", [crimeRow(1)]);
    const cautions = await cautionsOf(store, { name: "outcomes" });
    expect(cautions).toMatch(/in the release of 2024-06 these crimes were 5 months old/);
    expect(cautions).toMatch(/anti-social behaviour has no outcomes, and is left out/);
  });
});

describe("points of two lists", () => {
  test.each([
    ["2011-10", "2011-12", "2011-12"],
    ["2022-05", "2022-08", "2022-07"],
  ])("are not compared: %s to %s", async (since, until, renewed) => {
    const store = openTestStore();
    saveMonth(store, since, 1);
    saveMonth(store, until, 1);
    const near = { latitude: 51.5, longitude: 0.5 };
    for (const wish of [
      { name: "near", near },
      { name: "streets", areas: ["forces/avon"] },
    ] as const)
      await expect(ask(store, { ...wish, since, until })).rejects.toThrow(
        `renewed with ${renewed}`,
      );
    expect((await ask(store, { name: "near", near, since: until, until })).rows).toHaveLength(1);
  });
});

describe("a report by area", () => {
  test("finds streets, stops and outcomes of districts, LSOAs and neighbourhoods alike", async () => {
    const store = openTestStore();
    importRows(store, "crimes", [crimeRow(1), crimeRow(2), crimeRow(3, { lsoa: null })]);
    importRows(store, "stops", [stopRow(1), stopRow(2, { officerDefinedEthnicity: null })]);
    for (const area of ["districts/Dover", "lsoas/E01000001", "lsoas/dover 001a"]) {
      const { rows } = await ask(store, { name: "streets", areas: [area] });
      expect(rows).toEqual([["On or near Mill Lane", 2, 100, 51.5, 0.5]]);
    }
    const outcomes = await ask(store, { name: "outcomes", areas: ["districts/Dover"] });
    expect(outcomes.rows[0]?.slice(0, 3)).toEqual(["Under investigation", "open", 2]);
    const stops = await ask(store, { name: "stops", areas: ["forces/kent"] });
    expect(stops.rows.map(([what, count]) => [what, count])).toEqual([
      ["(not told)", 1],
      ["White", 1],
    ]);
  });

  test("writes its statement with the values in it, as the SQL box takes it", async () => {
    const store = openTestStore();
    saveMonth(store, "2018-05", 3);
    const near = { latitude: 51.5, longitude: 0.5 };
    const { sql, rows } = await ask(store, { name: "near", near, within: 100, by: "street" });
    const db = openForReading(store.file);
    expect(db.prepare<[], unknown[]>(sql).raw().all()).toEqual(rows);
    db.close();
    expect(readStatement("near")).toContain("@within");
  });
});
