import { describe, expect, test } from "vitest";
import { openReading } from "../../support/imported-reading.ts";
import { crimeRow, importRows, outcomeRow, stopRow } from "../../support/imported.ts";
import {
  crimeOf,
  openLastQuestion,
  openQuestions,
  openTestStore,
  outcomeOf,
  saveCrimes,
  saveOutcomes,
} from "../../support/stored.ts";
import { queryColumn, queryRows } from "../../support/temp.ts";

const LSOAS = "select code, name, district, vintage, name_2011 from lsoas order by code";

describe("what an LSOA is called", () => {
  const before = { month: "2023-05" };
  const since = { month: "2023-06" };
  const named = (name: string) => [crimeRow(1, { lsoa: { code: "E01000001", name } })];

  test.each([
    ["older", before, since],
    ["newer", since, before],
  ])("is known of both vintages when the %s one comes first", (_, first, second) => {
    const store = openTestStore();
    for (const at of [first, second]) {
      const name = at === before ? "Kettering 001A" : "North Northamptonshire 001A";
      importRows(store, "crimes", named(name), at);
    }
    expect(queryRows(store.file, LSOAS)).toEqual([
      {
        code: "E01000001",
        name: "North Northamptonshire 001A",
        district: "North Northamptonshire",
        vintage: 2021,
        name_2011: "Kettering 001A",
      },
    ]);
  });

  test("stands once where both call it the same", () => {
    const store = openTestStore();
    for (const at of [before, since, before]) importRows(store, "crimes", named("Camden 028B"), at);
    expect(queryRows(store.file, LSOAS)).toEqual([
      {
        code: "E01000001",
        name: "Camden 028B",
        district: "Camden",
        vintage: 2021,
        name_2011: null,
      },
    ]);
  });

  test("gives its district to whoever groups by that", () => {
    const store = openTestStore();
    importRows(store, "crimes", [crimeRow(1), crimeRow(2), crimeRow(3, { lsoa: null })]);
    const sql = `select district, count(*) as crimes from crimes_by_lsoa group by district`;
    expect(queryRows(store.file, sql)).toEqual([
      { district: null, crimes: 1 },
      { district: "Dover", crimes: 2 },
    ]);
  });
});

describe("points", () => {
  const POINTS = "select latitude, longitude, lsoa_code from points order by 1, 2";

  test("are learnt from crimes of June 2023 on", () => {
    const store = openTestStore();
    importRows(store, "crimes", [crimeRow(1)], { month: "2023-05" });
    importRows(store, "outcomes", [outcomeRow(1)], { month: "2023-06" });
    expect(queryRows(store.file, POINTS)).toEqual([]);
    importRows(store, "crimes", [crimeRow(1), crimeRow(2, { lsoa: null, latitude: 51.6 })], {
      month: "2023-06",
    });
    expect(queryRows(store.file, POINTS)).toEqual([
      { latitude: 51.5, longitude: 0.5, lsoa_code: "E01000001" },
    ]);
  });

  test("that lie in two LSOAs tell none", () => {
    const store = openTestStore();
    const lsoa = { code: "E01000002", name: "Dover 001B" };
    importRows(store, "crimes", [crimeRow(1), crimeRow(2, { lsoa }), crimeRow(3)]);
    expect(queryRows(store.file, POINTS)).toEqual([
      { latitude: 51.5, longitude: 0.5, lsoa_code: null },
    ]);
    saveCrimes(
      store,
      openLastQuestion(store, { month: "2024-02" }),
      crimeOf(1, { month: "2024-02" }),
    );
    expect(queryColumn(store.file, "select lsoa_code from crimes where id > 0")).toEqual([null]);
  });
});

describe("the LSOA of what the API brings", () => {
  const CODES = `select 'crimes' as of, month, lsoa_code from crimes where id > 0
    union all select 'outcomes', crime_month, lsoa_code from outcomes where crime_id is not null
    union all select 'stops', month, lsoa_code from stops
    order by 1, 2`;

  test("is found as it comes, on the newest map alone", () => {
    const store = openTestStore();
    importRows(store, "crimes", [crimeRow(1)]);
    for (const month of ["2022-06", "2022-07"]) {
      saveCrimes(store, openLastQuestion(store, { month }), crimeOf(1, { month }));
    }
    saveOutcomes(
      store,
      openLastQuestion(store, { month: "2022-08", kind: "outcomes" }),
      outcomeOf(1, { date: "2022-08", crimeMonth: "2022-06" }),
      outcomeOf(2, { date: "2022-08", crimeMonth: "2022-07" }),
    );
    expect(queryRows(store.file, CODES)).toEqual([
      { of: "crimes", month: "2022-06", lsoa_code: null },
      { of: "crimes", month: "2022-07", lsoa_code: "E01000001" },
      { of: "outcomes", month: "2022-06", lsoa_code: null },
      { of: "outcomes", month: "2022-07", lsoa_code: "E01000001" },
    ]);
  });

  test("is found in what was there before, once, and in stops of both sources", () => {
    const store = openTestStore();
    for (const month of ["2022-06", "2022-07"]) {
      saveCrimes(store, openLastQuestion(store, { month }), crimeOf(1, { month }));
    }
    importRows(store, "stops", [stopRow(1)], { month: "2024-02" });
    importRows(store, "crimes", [crimeRow(1), crimeRow(2, { lsoa: null })]);
    expect(store.archive.fillLsoas()).toEqual({ filled: 2 });
    expect(queryRows(store.file, CODES)).toEqual([
      { of: "crimes", month: "2022-06", lsoa_code: null },
      { of: "crimes", month: "2022-07", lsoa_code: "E01000001" },
      { of: "stops", month: "2024-02", lsoa_code: "E01000001" },
    ]);
    // A row of the archive says itself that it has none.
    expect(queryColumn(store.file, "select count(lsoa_code) from crimes where id < 0")).toEqual([
      1,
    ]);
    expect(store.archive.fillLsoas()).toEqual({ filled: 0 });
  });

  test("is taken back when its point is found in two, so that the order of files does not matter", () => {
    const store = openTestStore();
    const at = { month: "2022-07" };
    saveCrimes(store, openLastQuestion(store, at), crimeOf(1, at));
    importRows(store, "crimes", [crimeRow(1)]);
    store.archive.fillLsoas();
    const lsoa = { code: "E01000002", name: "Dover 001B" };
    importRows(store, "crimes", [crimeRow(1, { lsoa })], { month: "2024-02" });
    store.archive.fillLsoas();
    expect(queryRows(store.file, CODES)).toEqual([
      { of: "crimes", month: "2022-07", lsoa_code: null },
    ]);
  });

  test("is no revision when a refresh finds it", () => {
    const store = openTestStore();
    const month = "2024-02";
    saveCrimes(store, openLastQuestion(store, { month }), crimeOf(1, { month }));
    importRows(store, "crimes", [crimeRow(1)]);
    const sweep = { month, staged: true, release: "2024-07-01" };
    saveCrimes(store, openLastQuestion(store, sweep), crimeOf(1, { month }));
    store.exchangeMonth(month);
    expect(queryRows(store.file, "select kept, changed, added, removed from revisions")).toEqual([
      { kept: 1, changed: 0, added: 0, removed: 0 },
    ]);
    expect(queryColumn(store.file, "select lsoa_code from crimes where id > 0")).toEqual([
      "E01000001",
    ]);
  });

  test("is told in shares, of what has a point on the newest map", () => {
    const store = openTestStore();
    const month = "2022-07";
    const [first, second] = openQuestions(store, { sweep: { month } });
    if (first === undefined || second === undefined) throw new Error("two questions are open");
    const elsewhere = { street: { id: 8, name: "Elsewhere" }, latitude: 51.7, longitude: 0.5 };
    saveCrimes(store, first, crimeOf(1, { month }), crimeOf(2, { month, place: elsewhere }));
    saveCrimes(store, second, crimeOf(3, { month, place: null }));
    const read = openReading(store);
    expect(read.lsoas()).toEqual([]);
    importRows(store, "crimes", [crimeRow(1)]);
    store.archive.fillLsoas();
    expect(read.lsoas()).toEqual([{ kind: "crimes", located: 2, found: 1 }]);
  });
});
