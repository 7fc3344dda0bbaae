import { describe, expect, test } from "vitest";
import { toCrimeId } from "../../../src/store/archive/ids.ts";
import type { Store } from "../../../src/store/store.ts";
import { crimeRow, FILE, importRows, outcomeRow, stopRow } from "../../support/imported.ts";
import {
  coverCells,
  crimeOf,
  HERE,
  listCovered,
  openLastQuestion,
  openQuestion,
  openTestStore,
  saveCrimes,
  stopOf,
} from "../../support/stored.ts";
import { queryColumn, queryRows } from "../../support/temp.ts";

const COUNTS = `select 'force' as of, category, force_id, '' as area, records from force_counts
  union all
  select 'area', category, force_id, neighbourhood_id, records from neighbourhood_counts
  order by 1, 2, 3, 4`;

function countRows(store: Store, table: string): unknown {
  return queryColumn(store.file, `select count(*) from ${table}`)[0];
}

describe("a file of the archive", () => {
  test("is stored row by row, with all that it says", () => {
    const store = openTestStore();
    importRows(store, "crimes", [
      crimeRow(1, { area: HERE }),
      crimeRow(2, { persistentId: null, outcome: null, crimeType: "Violent crime" }),
      crimeRow(3, { location: null, latitude: null, longitude: null, lsoa: null }),
    ]);
    const rows = queryRows(
      store.file,
      `select crimes.id, persistent_id, category, streets.name as street, latitude, force_id,
         neighbourhood_id, reported_by, lsoa_code, outcome_category
       from crimes left join streets on streets.id = street_id order by crimes.id desc`,
    );
    const first = {
      id: toCrimeId("kent", 1),
      persistent_id: "a".repeat(64),
      category: "burglary",
      street: "On or near Mill Lane",
      latitude: 51.5,
      force_id: "avon",
      neighbourhood_id: "A1",
      reported_by: "kent",
      lsoa_code: "E01000001",
      outcome_category: "Under investigation",
    };
    const nowhere = { force_id: null, neighbourhood_id: null };
    expect(rows).toEqual([
      first,
      {
        ...first,
        ...nowhere,
        id: toCrimeId("kent", 2),
        persistent_id: null,
        category: "violent-crime-to-2013",
        outcome_category: null,
      },
      {
        ...first,
        ...nowhere,
        id: toCrimeId("kent", 3),
        street: null,
        latitude: null,
        lsoa_code: null,
      },
    ]);
  });

  test("covers its cell with as many records as it has rows, and is done then", () => {
    const store = openTestStore();
    expect(store.archive.isDone(FILE)).toBe(false);
    importRows(store, "crimes", [crimeRow(1, { area: HERE }), crimeRow(2)]);
    const [cell] = store.coverage.readCover().listAll();
    expect(cell).toEqual({
      month: "2024-01",
      kind: "crimes",
      forceId: "kent",
      source: "archive",
      release: "2024-06-01",
      records: 2,
    });
    expect(store.archive.isDone(FILE)).toBe(true);
    expect(store.archive.isDone({ ...FILE, release: "2024-05" })).toBe(true);
    expect(store.archive.isDone({ ...FILE, release: "2024-07" })).toBe(false);
    expect(store.archive.isDone({ ...FILE, kind: "outcomes" })).toBe(false);
    expect(store.archive.sourceOf("2024-01", "crimes")).toBe("archive");
  });

  test("keeps rows that are equal to the letter, as often as they are there", () => {
    const store = openTestStore();
    const nths = [1, 2, 3];
    importRows(
      store,
      "outcomes",
      nths.map((nth) => outcomeRow(nth, { nth })),
    );
    importRows(
      store,
      "stops",
      nths.map((nth) => stopRow(nth, { nth })),
    );
    importRows(
      store,
      "crimes",
      nths.map((row) => crimeRow(row)),
    );
    expect(["outcomes", "stops", "crimes"].map((table) => countRows(store, table))).toEqual([
      3, 3, 3,
    ]);
  });

  test("is counted where its rows lie, else for who published it", () => {
    const store = openTestStore();
    importRows(store, "crimes", [crimeRow(1, { area: HERE }), crimeRow(2), crimeRow(3)]);
    expect(queryRows(store.file, COUNTS)).toEqual([
      { of: "area", category: "burglary", force_id: "", area: "", records: 2 },
      { of: "area", category: "burglary", force_id: "avon", area: "A1", records: 1 },
      { of: "force", category: "burglary", force_id: "avon", area: "", records: 1 },
      { of: "force", category: "burglary", force_id: "kent", area: "", records: 2 },
    ]);
  });

  test("takes the place of what an earlier release had, in rows and in counts", () => {
    const store = openTestStore();
    for (const kind of ["crimes", "outcomes", "stops"] as const) {
      const make = { crimes: crimeRow, outcomes: outcomeRow, stops: stopRow }[kind];
      const rows = (count: number) => Array.from({ length: count }, (_, at) => make(at + 1));
      importRows<"crimes" | "outcomes" | "stops">(store, kind, rows(3));
      importRows<"crimes" | "outcomes" | "stops">(store, kind, rows(2), { release: "2024-07" });
      importRows<"crimes" | "outcomes" | "stops">(store, kind, rows(4), { forceId: "avon" });
      expect(countRows(store, kind)).toBe(6);
      const counted = `select force_id, sum(records) as records from force_counts
        where kind = '${kind}' group by force_id`;
      expect(queryRows(store.file, counted)).toEqual([
        { force_id: "avon", records: 4 },
        { force_id: "kent", records: 2 },
      ]);
    }
    const stops =
      "select sum(records) from stop_counts where field = 'type' and reported_by = 'kent'";
    expect(queryColumn(store.file, stops)).toEqual([2]);
  });

  test("that is rolled back leaves all as it was, and can be written again", () => {
    const store = openTestStore();
    importRows(store, "crimes", [crimeRow(1)]);
    const writing = store.archive.begin({ month: "2024-01", kind: "crimes", replaces: false });
    writing.file({ ...FILE, release: "2024-07", forceName: null });
    const lsoa = { code: "E01000002", name: "Dover 001B" };
    writing.rows([crimeRow(1, { location: "Another", crimeType: "Other", lsoa })]);
    writing.rollback();
    expect(queryColumn(store.file, "select name from streets")).toEqual(["On or near Mill Lane"]);
    expect(store.archive.isDone({ ...FILE, release: "2024-07" })).toBe(false);
    importRows(store, "crimes", [crimeRow(1, { location: "Another", crimeType: "Other", lsoa })], {
      release: "2024-07",
    });
    const found = `select streets.name, category, lsoa_code from crimes join streets on streets.id = street_id`;
    expect(queryRows(store.file, found)).toEqual([
      { name: "Another", category: "other", lsoa_code: "E01000002" },
    ]);
    expect(queryRows(store.file, "pragma foreign_key_check")).toEqual([]);
  });

  test("names its force, unless the API has; what that does not list is none of its own", () => {
    const store = openTestStore();
    const rows = [crimeRow(1)];
    importRows(store, "crimes", rows, { forceName: "Kent Police" });
    importRows(store, "crimes", rows, { forceId: "surrey", forceName: "Surrey Police" });
    importRows(store, "crimes", rows, { forceId: "btp", forceName: null });
    const forces = "select id, name, listed from forces order by id";
    expect(queryRows(store.file, forces)).toEqual([
      { id: "avon", name: "Avon", listed: 1 },
      { id: "btp", name: "British Transport Police", listed: 0 },
      { id: "kent", name: "Kent", listed: 1 },
      { id: "surrey", name: "Surrey Police", listed: 0 },
    ]);
    store.areas.saveForces([{ id: "kent", name: "Kent" }], "2024-07-01T00:00:00.000Z");
    expect(queryColumn(store.file, "select id from forces where listed = 1")).toEqual([
      "avon",
      "kent",
    ]);
  });
});

describe("a month of the API", () => {
  const MONTH = "2018-05";

  test("is known by what is covered, by what was begun, and by rows that were given up", () => {
    const store = openTestStore();
    expect(store.archive.sourceOf(MONTH, "crimes")).toBeUndefined();
    const question = openQuestion(store, { kind: "crimes" });
    expect(store.archive.sourceOf(MONTH, "crimes")).toBe("api");
    saveCrimes(store, question, crimeOf(1));
    store.sweeps.giveUp(MONTH);
    expect(store.archive.sourceOf(MONTH, "crimes")).toBe("api");
    expect(store.archive.sourceOf(MONTH, "outcomes")).toBeUndefined();
    coverCells(store, { kind: "outcomes" });
    expect(store.archive.sourceOf(MONTH, "outcomes")).toBe("api");
  });

  test("is not written to unless it is replaced", () => {
    const store = openTestStore();
    coverCells(store);
    const begin = () => store.archive.begin({ month: MONTH, kind: "crimes", replaces: false });
    expect(begin).toThrow("not to be replaced");
    expect(listCovered(store)).toEqual(["2018-05 crimes avon"]);
  });

  test("is replaced as a whole: rows, what was begun, what is staged, covered and counted", () => {
    const store = openTestStore();
    coverCells(store, { forces: ["avon", "kent", ""] });
    saveCrimes(store, openQuestion(store, { staged: true }), crimeOf(5));
    coverCells(store, { kind: "outcomes" });
    importRows(store, "crimes", [crimeRow(1), crimeRow(2)], { month: MONTH, replaces: true });
    expect(listCovered(store)).toEqual(["2018-05 crimes kent", "2018-05 outcomes avon"]);
    expect(queryColumn(store.file, "select id from crimes where id > 0")).toEqual([]);
    expect(
      ["staged_crimes", "sweeps", "questions"].map((table) => countRows(store, table)),
    ).toEqual([0, 0, 0]);
    const counted = "select force_id, records from force_counts where kind = 'crimes'";
    expect(queryRows(store.file, counted)).toEqual([{ force_id: "kent", records: 2 }]);
  });

  test("stays when what was to replace it is rolled back", () => {
    const store = openTestStore();
    coverCells(store, { forces: ["avon", "kent"] });
    const writing = store.archive.begin({ month: MONTH, kind: "crimes", replaces: true });
    writing.file({ ...FILE, month: MONTH, forceName: null });
    writing.rows([crimeRow(1)]);
    writing.rollback();
    expect(queryColumn(store.file, "select id from crimes")).toEqual([999]);
    expect(listCovered(store)).toEqual(["2018-05 crimes avon", "2018-05 crimes kent"]);
  });
});

describe("a refresh of a month of the archive", () => {
  const sweep = {
    month: "2024-01",
    staged: true,
    release: "2024-08-01",
    forces: ["avon", "kent", ""],
  };

  test("takes the place of all that is from there, and writes down no revision", () => {
    const store = openTestStore();
    importRows(store, "crimes", [crimeRow(1), crimeRow(2)]);
    importRows(store, "crimes", [crimeRow(1)], { forceId: "btp" });
    saveCrimes(store, openLastQuestion(store, sweep), crimeOf(7, { month: "2024-01" }));
    const [exchanged] = store.exchangeMonth("2024-01");
    expect(exchanged).toEqual({
      kind: "crimes",
      kept: 0,
      added: 1,
      changed: 0,
      removed: 3,
      doubted: [],
    });
    expect(queryColumn(store.file, "select id from crimes")).toEqual([7]);
    expect(listCovered(store)).toEqual([
      "2024-01 crimes ",
      "2024-01 crimes avon",
      "2024-01 crimes kent",
    ]);
    expect(store.archive.sourceOf("2024-01", "crimes")).toBe("api");
    expect(
      ["revisions", "sweeps", "staged_crimes"].map((table) => countRows(store, table)),
    ).toEqual([0, 0, 0]);
    const counted = "select force_id, records from force_counts";
    expect(queryRows(store.file, counted)).toEqual([{ force_id: "avon", records: 1 }]);
  });

  test("leaves it as it is when one answer of none is not believed", () => {
    const store = openTestStore();
    importRows(store, "crimes", [crimeRow(1), crimeRow(2)]);
    saveCrimes(store, openLastQuestion(store, sweep));
    const [exchanged] = store.exchangeMonth("2024-01");
    expect(exchanged?.doubted).toContain("avon");
    expect(countRows(store, "crimes")).toBe(2);
    expect(store.archive.sourceOf("2024-01", "crimes")).toBe("archive");
    expect(countRows(store, "sweeps")).toBe(0);
  });
});

test("stops of the archive are known by what is covered alone", () => {
  const store = openTestStore();
  importRows(store, "stops", [stopRow(1)]);
  expect(store.archive.sourceOf("2024-01", "stops")).toBe("archive");
  const question = openQuestion(store, { kind: "stops", plan: "forces", month: "2018-05" });
  store.saveReply(question, { kind: "stops", rows: [stopOf()] });
  store.sweeps.giveUp("2018-05");
  expect(store.archive.sourceOf("2018-05", "stops")).toBe("api");
});
