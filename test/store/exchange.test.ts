import { describe, expect, test } from "vitest";
import type { Store } from "../../src/store/store.ts";
import type { Crime, Located, Outcome } from "../../src/types.ts";
import { AT, coverCells, crimeOf, HERE, listCovered, openLastQuestion } from "../support/stored.ts";
import {
  openTestStore,
  outcomeOf,
  saveCrimes,
  saveOutcomes,
  SWEEP,
  TRIANGLE,
} from "../support/stored.ts";
import { countRows, queryColumn, queryRows } from "../support/temp.ts";

const IN_KENT = { forceId: "kent", neighbourhoodId: "K1" };
const NEWER = "2018-08-01";
const CRIMES = "select id, ifnull(force_id, '') as force, context from crimes order by id";

/** Avon's crimes 1 and 2, Kent's 3 and 4, and 5 in no force, all covered. */
function openCovered(): Store {
  const store = openTestStore();
  store.areas.saveNeighbourhoods("kent", [{ id: "K1", name: "Area K1" }], AT);
  store.areas.saveBoundary(IN_KENT, TRIANGLE, AT);
  const rows = [1, 2].map((id) => crimeOf(id));
  rows.push(...[3, 4].map((id) => crimeOf(id, { area: IN_KENT })), crimeOf(5, { area: null }));
  saveCrimes(store, openLastQuestion(store, { forces: ["avon", "kent", ""] }), ...rows);
  return store;
}

function stageCrimes(store: Store, forces: readonly string[], ...rows: Located<Crime>[]): void {
  const staged = { forces, staged: true, release: NEWER };
  saveCrimes(store, openLastQuestion(store, staged), ...rows);
}

function stageOutcomes(store: Store, forces: readonly string[], ...rows: Located<Outcome>[]): void {
  const staged = { kind: "outcomes", forces, staged: true, release: NEWER } as const;
  saveOutcomes(store, openLastQuestion(store, staged), ...rows);
}

function listReleases(store: Store): string[] {
  const cells = store.coverage.readCover().listAll();
  return cells.map((cell) => `${cell.kind} ${cell.forceId} ${cell.release} ${cell.records}`);
}

describe("what is staged", () => {
  test("leaves rows, counts and coverage as they are, until it is all there and put in place", () => {
    const store = openCovered();
    const before = queryRows(store.file, CRIMES);
    stageCrimes(store, ["avon", "kent", ""], crimeOf(7), crimeOf(8, { area: null }));
    expect(queryRows(store.file, CRIMES)).toEqual(before);
    expect(store.records.countMonth("crimes", "2018-05")).toBe(5);
    expect(store.sweeps.list()).toMatchObject([{ staged: true, left: 0 }]);
    expect(listReleases(store)).toEqual([
      "crimes  2018-07-01 1",
      "crimes avon 2018-07-01 2",
      "crimes kent 2018-07-01 2",
    ]);
  });

  test("outlasts the process", () => {
    const store = openCovered();
    stageCrimes(store, ["avon"], crimeOf(7));
    store.close();
    const again = openTestStore(store.file);
    expect(again.exchangeMonth("2018-05")).toMatchObject([{ added: 1, removed: 2 }]);
  });
});

describe("putting a month in place", () => {
  test("replaces the cells of its sweep: rows are added, changed, kept and removed", () => {
    const store = openCovered();
    const all = ["avon", "kent", ""];
    const rows = [
      crimeOf(1),
      crimeOf(3, { area: IN_KENT, context: "revised" }),
      crimeOf(5, { area: null }),
      crimeOf(6, { area: IN_KENT }),
    ];
    stageCrimes(store, all, ...rows);
    expect(store.exchangeMonth("2018-05")).toEqual([
      { kind: "crimes", kept: 2, added: 1, changed: 1, removed: 2, doubted: [] },
    ]);
    expect(queryRows(store.file, CRIMES)).toEqual([
      { id: 1, force: "avon", context: "" },
      { id: 3, force: "kent", context: "revised" },
      { id: 5, force: "", context: "" },
      { id: 6, force: "kent", context: "" },
    ]);
    expect(listReleases(store)).toEqual([
      `crimes  ${NEWER} 1`,
      `crimes avon ${NEWER} 1`,
      `crimes kent ${NEWER} 2`,
    ]);
    expect(store.records.countMonth("crimes", "2018-05")).toBe(4);
    for (const table of ["staged_crimes", "sweeps", "sweep_cells", "questions"]) {
      expect(countRows(store.file, table)).toBe(0);
    }
  });

  test("leaves other cells' rows and coverage alone", () => {
    const store = openCovered();
    stageCrimes(store, ["kent"], crimeOf(6, { area: IN_KENT }));
    expect(store.exchangeMonth("2018-05")).toMatchObject([{ added: 1, changed: 0, removed: 2 }]);
    expect(queryColumn(store.file, CRIMES)).toEqual([1, 2, 5, 6]);
    expect(listReleases(store)).toEqual([
      "crimes  2018-07-01 1",
      "crimes avon 2018-07-01 2",
      `crimes kent ${NEWER} 1`,
    ]);
  });

  test("leaves other months and kinds alone, stored and staged", () => {
    const store = openCovered();
    const april = { month: "2018-04" };
    coverCells(store, april);
    coverCells(store, { kind: "outcomes" });
    const staged = openLastQuestion(store, { ...april, staged: true, release: NEWER });
    saveCrimes(store, staged, crimeOf(1, april));
    stageCrimes(store, ["avon"], crimeOf(1));
    store.exchangeMonth("2018-05");
    const aprils = "select id from crimes where month = '2018-04'";
    expect(queryColumn(store.file, aprils)).toEqual([999]);
    expect(countRows(store.file, "outcomes")).toBe(1);
    expect(store.exchangeMonth("2018-04")).toMatchObject([{ added: 1, removed: 1 }]);
    expect(queryColumn(store.file, aprils)).toEqual([1]);
  });

  test("keeps the id of a row that is there already, and the equal ones of outcomes", () => {
    const store = openCovered();
    const twins = [outcomeOf(1), outcomeOf(1), outcomeOf(2)];
    saveOutcomes(store, openLastQuestion(store, { kind: "outcomes" }), ...twins);
    const sql = "select id, crime_id, nth from outcomes order by id";
    const before = queryRows(store.file, sql);
    stageOutcomes(store, ["avon"], outcomeOf(2), outcomeOf(1), outcomeOf(1));
    expect(store.exchangeMonth("2018-05")).toMatchObject([{ added: 0, changed: 0, removed: 0 }]);
    expect(queryRows(store.file, sql)).toEqual(before);
    stageOutcomes(store, ["avon"], outcomeOf(2), outcomeOf(1), outcomeOf(3));
    expect(store.exchangeMonth("2018-05")).toMatchObject([{ added: 1, changed: 0, removed: 1 }]);
    expect(queryRows(store.file, "select crime_id, nth from outcomes order by crime_id")).toEqual([
      { crime_id: 1, nth: 1 },
      { crime_id: 2, nth: 1 },
      { crime_id: 3, nth: 1 },
    ]);
  });

  test("uncovers a cell that it does not replace and that loses a row to one that it does", () => {
    const store = openCovered();
    stageCrimes(store, ["kent"], crimeOf(2, { area: IN_KENT }), crimeOf(3, { area: IN_KENT }));
    expect(store.exchangeMonth("2018-05")).toMatchObject([{ added: 0, changed: 1, removed: 1 }]);
    expect(queryRows(store.file, CRIMES).map(({ id, force }) => `${id} ${force}`)).toEqual([
      "1 avon",
      "2 kent",
      "3 kent",
      "5 ",
    ]);
    expect(listReleases(store)).toEqual(["crimes  2018-07-01 1", `crimes kent ${NEWER} 2`]);
  });

  test("keeps rows and coverage of cells that came without a record and had thousands", () => {
    const store = openCovered();
    const many = Array.from({ length: 1000 }, (_, id) => crimeOf(id, { month: "2018-04" }));
    saveCrimes(store, openLastQuestion(store, { month: "2018-04" }), ...many);
    stageCrimes(store, ["avon", "kent", ""], crimeOf(3, { area: IN_KENT }));
    expect(store.exchangeMonth("2018-05")).toEqual([
      { kind: "crimes", kept: 1, added: 0, changed: 0, removed: 2, doubted: ["avon"] },
    ]);
    expect(queryColumn(store.file, "select id from crimes where month = '2018-05'")).toEqual([
      1, 2, 3,
    ]);
    expect(listReleases(store).slice(1)).toEqual([
      `crimes  ${NEWER} 0`,
      "crimes avon 2018-07-01 2",
      `crimes kent ${NEWER} 1`,
    ]);
    expect(countRows(store.file, "sweeps")).toBe(0);
  });

  test("changes nothing where a whole month came without one record", () => {
    const store = openCovered();
    const before = { rows: queryRows(store.file, CRIMES), releases: listReleases(store) };
    stageCrimes(store, ["avon", "kent", ""]);
    const [exchanged] = store.exchangeMonth("2018-05");
    expect(exchanged).toMatchObject({ added: 0, changed: 0, removed: 0 });
    expect([...(exchanged?.doubted ?? [])].sort()).toEqual(["", "avon", "kent"]);
    expect({ rows: queryRows(store.file, CRIMES), releases: listReleases(store) }).toEqual(before);
  });

  test("puts crimes in place first: they tell whether there can be no outcomes", () => {
    const store = openCovered();
    stageOutcomes(store, ["avon", "kent", ""]);
    stageCrimes(store, ["avon", "kent", ""], crimeOf(1));
    expect(store.exchangeMonth("2018-05")).toMatchObject([
      { kind: "crimes", removed: 4, doubted: [] },
      { kind: "outcomes", doubted: [] },
    ]);
    expect(listCovered(store)).toContain("2018-05 outcomes avon");
  });

  test("takes its cells from a sweep that was begun before, and leaves it its others", () => {
    const store = openTestStore();
    store.sweeps.begin({ ...SWEEP, forces: ["kent", "surrey"] });
    store.sweeps.begin({ ...SWEEP, forces: ["avon"] });
    store.sweeps.begin({ ...SWEEP, forces: ["avon"], month: "2018-04" });
    stageCrimes(store, ["avon", "kent", ""], crimeOf(1));
    store.exchangeMonth("2018-05");
    expect(store.sweeps.list().map(({ month, forces }) => [month, ...forces])).toEqual([
      ["2018-04", "avon"],
      ["2018-05", "surrey"],
    ]);
  });

  test("does nothing where nothing is staged", () => {
    const store = openCovered();
    expect(store.exchangeMonth("2018-05")).toEqual([]);
    expect(countRows(store.file, "crimes")).toBe(5);
  });
});

describe("cells whose answer of none is not believed", () => {
  test("are not covered, while the others of their sweep are", () => {
    const store = openCovered();
    const many = Array.from({ length: 1000 }, (_, id) => crimeOf(id, { month: "2018-04" }));
    saveCrimes(store, openLastQuestion(store, { month: "2018-04" }), ...many);
    const forces = ["avon", "kent", ""];
    const question = openLastQuestion(store, { month: "2018-03", forces });
    const rows = [crimeOf(1, { month: "2018-03", area: IN_KENT })];
    expect(saveCrimes(store, question, ...rows).completed).toEqual({ doubted: ["avon"] });
    const covered = listCovered(store).filter((cell) => cell.startsWith("2018-03"));
    expect(covered).toEqual(["2018-03 crimes ", "2018-03 crimes kent"]);
    expect(store.sweeps.list()).toEqual([]);
  });

  test("are all of a month of which not one record came", () => {
    const store = openTestStore();
    const question = openLastQuestion(store, { forces: ["avon", ""] });
    const { completed } = saveCrimes(store, question);
    expect([...(completed?.doubted ?? [])].sort()).toEqual(["", "avon"]);
    expect(listCovered(store)).toEqual([]);
  });

  test("are not those of a force without boundaries: nothing was asked for them", () => {
    const store = openTestStore();
    const question = openLastQuestion(store, { forces: ["avon", "kent"] });
    expect(saveCrimes(store, question).completed).toEqual({ doubted: ["avon"] });
    expect(listCovered(store)).toEqual(["2018-05 crimes kent"]);
  });

  test("are not those of a month of which other cells have records", () => {
    const store = openCovered();
    const gone = openLastQuestion(store, { forces: ["kent"] });
    expect(saveCrimes(store, gone).completed).toEqual({ doubted: [] });
    expect(listCovered(store)).toContain("2018-05 crimes kent");
  });

  test("are covered once an answer is believed", () => {
    const store = openTestStore();
    saveCrimes(store, openLastQuestion(store));
    const again = openLastQuestion(store);
    expect(saveCrimes(store, again, crimeOf(1, { area: HERE })).completed).toEqual({ doubted: [] });
    expect(listCovered(store)).toEqual(["2018-05 crimes avon"]);
  });
});
