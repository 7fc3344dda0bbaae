import { describe, expect, test } from "vitest";
import type { Store } from "../../src/store/store.ts";
import { crimeOf, HERE, listCovered, openLastQuestion, openQuestion } from "../support/stored.ts";
import { openQuestions, openTestStore, outcomeOf, saveCrimes } from "../support/stored.ts";
import { saveOutcomes, seedOf, SWEEP, THERE, TRIANGLE } from "../support/stored.ts";
import { countRows, queryColumn, queryRows } from "../support/temp.ts";

const NOT_AGAIN = () => {
  throw new Error("seeded again");
};

function openTwo(store: Store) {
  const [first, second] = openQuestions(store, {});
  if (first === undefined || second === undefined) throw new Error("two questions are needed");
  return { first, second };
}

describe("a sweep", () => {
  test("begins with its seeds, in their order", () => {
    const store = openTestStore();
    const questions = openQuestions(store, { seeds: [seedOf(THERE), seedOf(HERE, TRIANGLE)] });
    const common = { month: "2018-05", kind: "crimes", staged: false, depth: 0 };
    expect(questions).toMatchObject([
      { ...common, area: THERE, ring: null, forces: new Set(["avon"]) },
      { ...common, area: HERE, ring: TRIANGLE, forces: new Set(["avon"]) },
    ]);
  });

  test("is listed from its beginning on, and says what is left once its questions are chosen", () => {
    const store = openTestStore();
    const id = store.sweeps.begin({ ...SWEEP, forces: ["kent", "avon"] });
    const listed = { ...SWEEP, id, forces: ["avon", "kent"] };
    expect(store.sweeps.list()).toEqual([{ ...listed, left: null }]);
    store.frontier.openSweep(id, () => [seedOf(HERE), seedOf(THERE), seedOf(null, TRIANGLE)]);
    const [first, second] = store.frontier.listOpen(id);
    if (first === undefined || second === undefined) throw new Error("two questions are needed");
    store.frontier.failQuestion(first, "refused");
    saveCrimes(store, second);
    expect(store.sweeps.list()).toEqual([{ ...listed, left: 2 }]);
  });

  test("that was begun goes on: it is not seeded again, and what is done is not asked", () => {
    const store = openTestStore();
    const { first, second } = openTwo(store);
    saveCrimes(store, first, crimeOf(1));
    expect(store.frontier.openSweep(first.sweepId, NOT_AGAIN)).toBeUndefined();
    expect(store.frontier.listOpen(first.sweepId)).toEqual([second]);
    expect(store.frontier.countStates(first.sweepId)).toEqual({ open: 1, done: 1, failed: 0 });
    const records = "select records from questions where state = 'done'";
    expect(queryColumn(store.file, records)).toEqual([1]);
  });

  test("goes on after the database was closed and opened again", () => {
    const store = openTestStore();
    const questions = openQuestions(store, { seeds: [seedOf(HERE, TRIANGLE), seedOf(THERE)] });
    const listed = store.sweeps.list();
    store.close();
    const again = openTestStore(store.file);
    expect(again.sweeps.list()).toEqual(listed);
    const id = listed[0]?.id ?? 0;
    again.frontier.openSweep(id, NOT_AGAIN);
    expect(again.frontier.listOpen(id)).toEqual(questions);
  });

  test("without seeds is complete at once", () => {
    const store = openTestStore();
    const id = store.sweeps.begin({ ...SWEEP, forces: ["kent"] });
    expect(store.frontier.openSweep(id, () => [])).toEqual({ doubted: [] });
    expect(listCovered(store)).toEqual(["2018-05 crimes kent"]);
    expect(countRows(store.file, "sweeps")).toBe(0);
  });

  test("becomes coverage with its last question, and is gone with all of its questions and cells", () => {
    const store = openTestStore();
    const { first, second } = openTwo(store);
    expect(saveCrimes(store, second).completed).toBeUndefined();
    expect(listCovered(store)).toEqual([]);
    expect(saveCrimes(store, first, crimeOf(1), crimeOf(2)).completed).toEqual({ doubted: [] });
    const sql = "select month, kind, force_id, source, release, records from coverage";
    expect(queryRows(store.file, sql)).toEqual([
      {
        month: "2018-05",
        kind: "crimes",
        force_id: "avon",
        source: "api",
        release: "2018-07-01",
        records: 2,
      },
    ]);
    for (const table of ["sweeps", "sweep_cells", "questions"]) {
      expect(countRows(store.file, table)).toBe(0);
    }
  });

  test("covers its own cells and no others, however forces are called", () => {
    const store = openTestStore();
    openQuestions(store, { sweep: { forces: ["kent,avon", "von", "all"] }, seeds: [] });
    expect(listCovered(store)).toEqual([
      "2018-05 crimes all",
      "2018-05 crimes kent,avon",
      "2018-05 crimes von",
    ]);
  });

  test("leaves a month complete only when crimes and outcomes both are", () => {
    const store = openTestStore();
    const isComplete = () => store.coverage.readCover().isComplete("2018-05", ["kent"]);
    openQuestions(store, { sweep: { forces: ["kent"] }, seeds: [] });
    expect(isComplete()).toBe(false);
    openQuestions(store, { sweep: { forces: ["kent"], kind: "outcomes" }, seeds: [] });
    expect(isComplete()).toBe(true);
  });
});

describe("a new sweep", () => {
  test("takes its cells from an open one, which is gone without any, and others of the month stay", () => {
    const store = openTestStore();
    openQuestions(store, { sweep: { forces: ["avon"] } });
    openQuestions(store, { sweep: { forces: ["avon"], kind: "outcomes" } });
    openQuestions(store, { sweep: { forces: ["avon"], month: "2018-04" } });
    openQuestions(store, { sweep: { forces: ["avon", "kent", ""], plan: "tiles" } });
    const listed = store.sweeps.list().map(({ month, kind, forces }) => [month, kind, ...forces]);
    expect(listed).toEqual([
      ["2018-04", "crimes", "avon"],
      ["2018-05", "crimes", "", "avon", "kent"],
      ["2018-05", "outcomes", "avon"],
    ]);
    expect(countRows(store.file, "questions")).toBe(6);
  });

  test("of some forces leaves a wider one its other cells and questions", () => {
    const store = openTestStore();
    const [tile] = openQuestions(store, {
      sweep: { forces: ["avon", "kent", ""], plan: "tiles" },
      seeds: [seedOf(null, TRIANGLE)],
    });
    if (tile === undefined) throw new Error("no question");
    openQuestions(store, { sweep: { forces: ["kent"] }, seeds: [] });
    expect(store.sweeps.list()).toMatchObject([
      { id: tile.sweepId, forces: ["", "avon"], left: 1 },
    ]);
    expect(listCovered(store)).toEqual(["2018-05 crimes kent"]);
    saveCrimes(store, tile, crimeOf(1));
    expect(listCovered(store)).toEqual([
      "2018-05 crimes ",
      "2018-05 crimes avon",
      "2018-05 crimes kent",
    ]);
  });

  test("deletes what was left of its cells, and no row of other cells, months and kinds", () => {
    const store = openTestStore();
    const both = { forces: ["avon", ""], plan: "tiles" } as const;
    const nowhere = { area: null };
    saveCrimes(store, openQuestion(store, both), crimeOf(1), crimeOf(2, nowhere));
    const april = { ...both, month: "2018-04" };
    saveCrimes(store, openQuestion(store, april), crimeOf(1, { month: "2018-04" }));
    const outcomes = { ...both, kind: "outcomes" } as const;
    saveOutcomes(store, openQuestion(store, outcomes), outcomeOf(1));
    store.sweeps.begin({ ...SWEEP, release: "2018-08-01" });
    expect(queryRows(store.file, "select month, id from crimes order by month")).toEqual([
      { month: "2018-04", id: 1 },
      { month: "2018-05", id: 2 },
    ]);
    expect(countRows(store.file, "outcomes")).toBe(1);
    store.sweeps.begin({ ...SWEEP, forces: [""] });
    expect(queryColumn(store.file, "select month from crimes")).toEqual(["2018-04"]);
  });

  test("that stages what it brings takes no cell, and deletes nothing", () => {
    const store = openTestStore();
    const question = openLastQuestion(store);
    store.sweeps.begin({ ...SWEEP, staged: true });
    saveCrimes(store, question, crimeOf(1));
    store.sweeps.begin({ ...SWEEP, month: "2018-04", staged: true });
    expect(countRows(store.file, "crimes")).toBe(1);
    expect(listCovered(store)).toEqual(["2018-05 crimes avon"]);
  });

  test("begins together with others, in the place of those that are given up", () => {
    const store = openTestStore();
    const staged = { ...SWEEP, staged: true };
    const given = [staged, { ...staged, month: "2018-04" }].map(store.sweeps.begin);
    const may = openQuestionOf(store, given[0]);
    saveCrimes(store, may, crimeOf(1));
    const april = openQuestionOf(store, given[1]);
    saveCrimes(store, april, crimeOf(1, { month: "2018-04" }));
    const ids = store.sweeps.exchange(given.slice(0, 1), [
      { ...staged, release: "2018-08-01" },
      { ...staged, kind: "outcomes", release: "2018-08-01" },
    ]);
    expect(store.sweeps.list()).toMatchObject([
      { id: given[1], month: "2018-04", left: 1 },
      { id: ids[0], kind: "crimes", release: "2018-08-01", left: null },
      { id: ids[1], kind: "outcomes", release: "2018-08-01", left: null },
    ]);
    expect(queryColumn(store.file, "select month from staged_crimes")).toEqual(["2018-04"]);
  });
});

function openQuestionOf(store: Store, id = 0) {
  store.frontier.openSweep(id, () => [seedOf(HERE), seedOf(THERE)]);
  const [question] = store.frontier.listOpen(id);
  if (question === undefined) throw new Error("no question");
  return question;
}

describe("boundaries that moved", () => {
  test("have the questions of their forces chosen anew, but not those of the whole country", () => {
    const store = openTestStore();
    const { first } = openTwo(store);
    const kent = openQuestions(store, { sweep: { forces: ["kent"] }, seeds: [seedOf(HERE)] });
    const country = { forces: ["avon", "kent", ""], kind: "outcomes" } as const;
    const all = openQuestions(store, { sweep: country });
    store.sweeps.forgetQuestions(["avon"]);
    expect(store.sweeps.list().map(({ forces, left }) => [forces, left])).toEqual([
      [["avon"], null],
      [["kent"], 1],
      [["", "avon", "kent"], 2],
    ]);
    store.frontier.openSweep(first.sweepId, () => [seedOf(THERE)]);
    expect(store.frontier.listOpen(first.sweepId)).toMatchObject([{ area: THERE }]);
    expect(store.frontier.listOpen(kent[0]?.sweepId ?? 0)).toEqual(kent);
    expect(store.frontier.listOpen(all[0]?.sweepId ?? 0)).toEqual(all);
  });
});

describe("a question that was cut", () => {
  test("gives way to its pieces, which are handed back as they are stored", () => {
    const store = openTestStore();
    const { first, second } = openTwo(store);
    const piece = { area: HERE, ring: TRIANGLE, depth: 1, expected: null };
    const pieces = store.frontier.replaceQuestion(first, [piece, piece]);
    expect(pieces).toMatchObject([piece, piece]);
    expect(store.frontier.listOpen(first.sweepId)).toEqual([second, ...pieces]);
  });

  test("is done only when the last of its pieces is", () => {
    const store = openTestStore();
    const [first] = openQuestions(store, { seeds: [seedOf(HERE)] });
    if (first === undefined) throw new Error("no question");
    const piece = { area: HERE, ring: TRIANGLE, depth: 1, expected: null };
    const completed = store.frontier
      .replaceQuestion(first, [piece, piece, piece])
      .map((question, index) => saveCrimes(store, question, crimeOf(index)).completed);
    expect(completed).toEqual([undefined, undefined, { doubted: [] }]);
  });
});

describe("a question that failed", () => {
  test("is listed with its reason, and keeps its sweep from being complete", () => {
    const store = openTestStore();
    const { first, second } = openTwo(store);
    store.frontier.failQuestion(first, "refused");
    expect(saveCrimes(store, second, crimeOf(1)).completed).toBeUndefined();
    expect(store.frontier.listFailures()).toMatchObject([
      {
        month: "2018-05",
        kind: "crimes",
        forces: new Set(["avon"]),
        area: HERE,
        reason: "refused",
      },
    ]);
    expect(listCovered(store)).toEqual([]);
  });

  test("is asked again, alone, when its sweep is opened again", () => {
    const store = openTestStore();
    const { first, second } = openTwo(store);
    store.frontier.failQuestion(first, "refused");
    saveCrimes(store, second, crimeOf(1));
    expect(store.frontier.listOpen(first.sweepId)).toEqual([]);
    store.frontier.openSweep(first.sweepId, NOT_AGAIN);
    expect(store.frontier.listOpen(first.sweepId)).toEqual([first]);
    expect(store.frontier.listFailures()).toEqual([]);
    expect(saveCrimes(store, first).completed).toEqual({ doubted: [] });
  });

  test("does not stand in the way of another kind or month", () => {
    const store = openTestStore();
    store.frontier.failQuestion(openQuestion(store), "refused");
    const others = [{ kind: "outcomes" }, { month: "2018-04" }] as const;
    for (const other of others) {
      openQuestions(store, { sweep: { forces: ["kent"], ...other }, seeds: [] });
    }
    expect(listCovered(store)).toEqual(["2018-04 crimes kent", "2018-05 outcomes kent"]);
  });
});
