import { describe, expect, test } from "vitest";
import type { Crime, Located, Outcome } from "../../src/types.ts";
import { coverCells, crimeOf, HERE, listCovered, openLastQuestion } from "../support/stored.ts";
import { openQuestion, openTestStore, outcomeOf, THERE } from "../support/stored.ts";
import * as stored from "../support/stored.ts";
import { countRows, queryColumn, queryRows } from "../support/temp.ts";

const MILL_LANE = { id: 7, name: "On or near Mill Lane" };

/** A store with one open question of crimes and one of outcomes, and a way to save to each. */
function openSaver() {
  const store = openTestStore();
  const crimes = openQuestion(store);
  const outcomes = openQuestion(store, { kind: "outcomes" });
  return {
    store,
    file: store.file,
    saveCrimes: (...rows: Located<Crime>[]) => store.saveReply(crimes, { kind: "crimes", rows }),
    saveOutcomes: (...rows: Located<Outcome>[]) =>
      store.saveReply(outcomes, { kind: "outcomes", rows }),
  };
}

describe("crimes of a reply", () => {
  test("are stored with every value, and the place they lie in", () => {
    const { file, saveCrimes } = openSaver();
    const crime = crimeOf(1, { outcomeCategory: "Local resolution", outcomeDate: "2018-06" });
    expect(saveCrimes(crime)).toMatchObject({ added: 1, changed: 0 });
    expect(queryRows(file, "select * from crimes")).toEqual([
      {
        id: 1,
        persistent_id: "a".repeat(64),
        category: "burglary",
        month: "2018-05",
        street_id: 7,
        latitude: 51.5,
        longitude: 0.5,
        location_type: "Force",
        location_subtype: "",
        context: "",
        outcome_category: "Local resolution",
        outcome_date: "2018-06",
        force_id: "avon",
        neighbourhood_id: "A1",
        reported_by: null,
        lsoa_code: null,
      },
    ]);
  });

  test("are stored once, however often they come, in one reply and in several", () => {
    const { file, saveCrimes } = openSaver();
    expect(saveCrimes(crimeOf(1), crimeOf(1), crimeOf(2))).toMatchObject({ added: 2, changed: 0 });
    expect(saveCrimes(crimeOf(2), crimeOf(1))).toMatchObject({ added: 0, changed: 0 });
    expect(queryColumn(file, "select id from crimes order by id")).toEqual([1, 2]);
  });

  test("are two where one id stands in two months", () => {
    const { store, file, saveCrimes } = openSaver();
    saveCrimes(crimeOf(1));
    const april = openQuestion(store, { month: "2018-04" });
    const crime = crimeOf(1, { month: "2018-04", category: "drugs" });
    expect(stored.saveCrimes(store, april, crime)).toMatchObject({ added: 1, changed: 0 });
    expect(queryRows(file, "select month, id, category from crimes order by month")).toEqual([
      { month: "2018-04", id: 1, category: "drugs" },
      { month: "2018-05", id: 1, category: "burglary" },
    ]);
  });

  test("keep apart that share a persistent id, and lack one where it is null", () => {
    const { file, saveCrimes } = openSaver();
    saveCrimes(crimeOf(1), crimeOf(2), crimeOf(3, { persistentId: null }));
    const shared = "select count(*) from crimes where persistent_id is not null";
    expect(queryColumn(file, shared)).toEqual([2]);
  });

  test("are brought up to date when something in them differs, null included", () => {
    const { file, saveCrimes } = openSaver();
    saveCrimes(crimeOf(1), crimeOf(2));
    const now = { outcomeCategory: "Suspect charged", outcomeDate: "2018-06", locationType: null };
    expect(saveCrimes(crimeOf(1, now), crimeOf(2))).toMatchObject({ added: 0, changed: 1 });
    const sql = "select outcome_category, location_type from crimes order by id";
    expect(queryRows(file, sql)).toEqual([
      { outcome_category: "Suspect charged", location_type: null },
      { outcome_category: null, location_type: "Force" },
    ]);
  });

  test("may have no place, and lie in no neighbourhood", () => {
    const { file, saveCrimes } = openSaver();
    saveCrimes(crimeOf(1, { place: null, area: null }));
    const sql = "select street_id, latitude, longitude, force_id, neighbourhood_id from crimes";
    expect(Object.values(queryRows(file, sql)[0] ?? {})).toEqual([null, null, null, null, null]);
  });

  test("bring their category and street when the database lacks them", () => {
    const { file, saveCrimes } = openSaver();
    const place = { street: { id: 99, name: "On or near New Street" }, latitude: 51, longitude: 0 };
    saveCrimes(crimeOf(1, { category: "quantum-fraud", place }));
    expect(queryRows(file, "select * from crime_categories")).toEqual([
      { id: "quantum-fraud", name: "quantum-fraud" },
    ]);
    expect(queryRows(file, "select * from streets")).toEqual([
      { id: 99, name: "On or near New Street" },
    ]);
    expect(queryRows(file, "pragma foreign_key_check")).toEqual([]);
  });

  test("bring a street's new name, and leave a category's real name alone", () => {
    const { store, file, saveCrimes } = openSaver();
    store.areas.saveCategories([{ id: "burglary", name: "Burglary" }]);
    saveCrimes(crimeOf(1));
    const place = { street: { ...MILL_LANE, name: "Mill Road" }, latitude: 51.5, longitude: 0.5 };
    saveCrimes(crimeOf(2, { place }));
    expect(queryColumn(file, "select name from streets")).toEqual(["Mill Road"]);
    expect(queryColumn(file, "select name from crime_categories")).toEqual(["Burglary"]);
  });
});

describe("outcomes of a reply", () => {
  test("are stored once by crime, category, date and person, null or not", () => {
    const { file, saveOutcomes } = openSaver();
    const cautioned = { id: "cautioned", name: "Offender given a caution" };
    const all = [
      outcomeOf(1),
      outcomeOf(1, { personId: 0 }),
      outcomeOf(1, { personId: 5 }),
      outcomeOf(1, { category: cautioned }),
      outcomeOf(1, { date: "2018-04" }),
      outcomeOf(2),
    ];
    expect(saveOutcomes(...all)).toMatchObject({ added: 6, changed: 0 });
    expect(saveOutcomes(...all)).toMatchObject({ added: 0, changed: 0 });
    const persons = "select person_id from outcomes where crime_id = 1 order by person_id";
    expect(queryColumn(file, persons)).toEqual([null, null, null, 0, 5]);
  });

  test("may be of a crime that is not stored, and bring its category and street", () => {
    const { file, saveOutcomes } = openSaver();
    saveOutcomes(outcomeOf(123456, { crimeCategory: "piracy" }));
    expect(countRows(file, "crimes")).toBe(0);
    expect(queryColumn(file, "select id from crime_categories")).toEqual(["piracy"]);
    expect(queryRows(file, "select * from outcome_categories")).toEqual([
      { id: "charged", name: "Suspect charged" },
    ]);
    expect(queryColumn(file, "select id from streets")).toEqual([7]);
    expect(queryRows(file, "pragma foreign_key_check")).toEqual([]);
  });

  test("are brought up to date when their crime differs", () => {
    const { file, saveOutcomes } = openSaver();
    saveOutcomes(outcomeOf(1), outcomeOf(1, { personId: 5 }));
    const now = outcomeOf(1, { crimePersistentId: "b".repeat(64), area: THERE });
    expect(saveOutcomes(now)).toMatchObject({ added: 0, changed: 1 });
    const sql = "select crime_persistent_id as pid, neighbourhood_id as nid from outcomes";
    expect(queryRows(file, `${sql} where person_id is null`)).toEqual([
      { pid: "b".repeat(64), nid: "A2" },
    ]);
    expect(queryRows(file, `${sql} where person_id = 5`)).toEqual([{ pid: null, nid: "A1" }]);
  });
});

describe("outcomes that are equal to the letter", () => {
  const NTHS = "select crime_id, person_id, nth from outcomes order by crime_id, person_id, nth";
  const twin = outcomeOf(1);
  const other = outcomeOf(1, { personId: 5 });
  const row = (nth: number, person_id: number | null = null) => ({ crime_id: 1, person_id, nth });

  test("are stored as often as the reply has them, each by its number", () => {
    const { file, saveOutcomes } = openSaver();
    const saved = saveOutcomes(twin, other, twin, twin);
    expect(saved).toMatchObject({ added: 4, changed: 0 });
    expect(queryRows(file, NTHS)).toEqual([row(1), row(2), row(3), row(1, 5)]);
  });

  test("are stored as often as the reply with the most has them, where replies overlap", () => {
    const { file, saveOutcomes } = openSaver();
    expect(saveOutcomes(twin, twin)).toMatchObject({ added: 2 });
    expect(saveOutcomes(twin, other, twin, twin)).toMatchObject({ added: 2, changed: 0 });
    expect(saveOutcomes(other, twin)).toMatchObject({ added: 0, changed: 0 });
    expect(queryRows(file, NTHS)).toEqual([row(1), row(2), row(3), row(1, 5)]);
  });

  test("are no more when a reply is saved twice", () => {
    const { file, saveOutcomes } = openSaver();
    saveOutcomes(twin, twin);
    expect(saveOutcomes(twin, twin)).toMatchObject({ added: 0, changed: 0 });
    expect(queryRows(file, NTHS)).toEqual([row(1), row(2)]);
  });

  test("are as many when they were staged, by overlapping replies that came twice", () => {
    const store = openTestStore();
    const sweep = { kind: "outcomes", staged: true } as const;
    const [first, second, third] = stored.openQuestions(store, {
      sweep,
      seeds: [stored.seedOf(HERE), stored.seedOf(THERE), stored.seedOf(HERE)],
    });
    if (first === undefined || second === undefined || third === undefined) {
      throw new Error("three questions are needed");
    }
    stored.saveOutcomes(store, first, twin, twin);
    stored.saveOutcomes(store, second, twin, other, twin, twin);
    stored.saveOutcomes(store, third, twin, twin);
    expect(countRows(store.file, "outcomes")).toBe(0);
    expect(store.exchangeMonth("2018-05")).toMatchObject([{ added: 4, changed: 0, removed: 0 }]);
    expect(queryRows(store.file, NTHS)).toEqual([row(1), row(2), row(3), row(1, 5)]);
    expect(queryColumn(store.file, "select records from coverage")).toEqual([4]);
  });
});

describe("a record that moves to another cell", () => {
  const IN_KENT = { forceId: "kent", neighbourhoodId: "K1" };

  /** Avon's crime 999 is covered. */
  function openCovered() {
    const store = openTestStore();
    store.areas.saveNeighbourhoods("kent", [{ id: "K1", name: "Area K1" }], stored.AT);
    store.areas.saveBoundary(IN_KENT, stored.TRIANGLE, stored.AT);
    coverCells(store);
    expect(listCovered(store)).toEqual(["2018-05 crimes avon"]);
    return store;
  }

  test("from a covered one uncovers that", () => {
    const store = openCovered();
    const question = openLastQuestion(store, { forces: ["kent"] });
    const saved = stored.saveCrimes(store, question, crimeOf(999, { area: IN_KENT }));
    expect(saved).toEqual({ added: 0, changed: 1, completed: { doubted: [] } });
    expect(listCovered(store)).toEqual(["2018-05 crimes kent"]);
    expect(queryColumn(store.file, "select force_id from crimes")).toEqual(["kent"]);
  });

  test("from what lies in no force uncovers that, and back again", () => {
    const store = openTestStore();
    const nowhere = openLastQuestion(store, { forces: ["avon", ""] });
    stored.saveCrimes(store, nowhere, crimeOf(1), crimeOf(2, { area: null }));
    stored.saveCrimes(store, openQuestion(store), crimeOf(2));
    expect(listCovered(store)).toEqual(["2018-05 crimes avon"]);
    coverCells(store);
    const again = openQuestion(store, { forces: [""] });
    stored.saveCrimes(store, again, crimeOf(999, { area: null }));
    expect(listCovered(store)).toEqual([]);
  });

  test("uncovers no other month and kind", () => {
    const store = openCovered();
    coverCells(store, { month: "2018-04" });
    coverCells(store, { kind: "outcomes" });
    const question = openQuestion(store, { forces: ["kent"] });
    stored.saveCrimes(store, question, crimeOf(999, { area: IN_KENT }));
    expect(listCovered(store)).toEqual(["2018-04 crimes avon", "2018-05 outcomes avon"]);
  });

  test("within the sweep's own cells, or not at all, uncovers nothing", () => {
    const store = openCovered();
    const question = openQuestion(store, { forces: ["kent"] });
    stored.saveCrimes(store, question, crimeOf(999), crimeOf(7, { area: IN_KENT }));
    stored.saveCrimes(store, question, crimeOf(7, { area: IN_KENT, context: "new" }));
    expect(listCovered(store)).toEqual(["2018-05 crimes avon"]);
  });

  test("among staged rows uncovers nothing: what is stored stays where it is", () => {
    const store = openCovered();
    const question = openQuestion(store, { forces: ["kent"], staged: true });
    stored.saveCrimes(store, question, crimeOf(5));
    stored.saveCrimes(store, question, crimeOf(5, { area: IN_KENT }));
    expect(listCovered(store)).toEqual(["2018-05 crimes avon"]);
  });
});

describe("a reply that cannot be stored", () => {
  const nowhere = { forceId: "nowhere", neighbourhoodId: "N1" };
  const place = { street: { id: 31, name: "On or near Elm Row" }, latitude: 51, longitude: 0 };

  test("leaves nothing, and its question stays open", () => {
    const { store, file, saveCrimes } = openSaver();
    const broken = crimeOf(2, { area: nowhere });
    expect(() => saveCrimes(crimeOf(1, { place, category: "arson" }), broken)).toThrow(/FOREIGN/);
    for (const table of ["crimes", "streets", "crime_categories"]) {
      expect(countRows(file, table)).toBe(0);
    }
    expect(queryColumn(file, "select distinct state from questions")).toEqual(["open"]);
    expect(listCovered(store)).toEqual([]);
  });

  test("does not keep the next one with the same street and categories from being stored", () => {
    const { file, saveCrimes, saveOutcomes } = openSaver();
    const category = { id: "lost", name: "Lost" };
    expect(() => saveCrimes(crimeOf(1, { place, category: "arson", area: nowhere }))).toThrow();
    expect(() => saveOutcomes(outcomeOf(1, { place, category, area: nowhere }))).toThrow();
    saveCrimes(crimeOf(1, { place, category: "arson" }));
    saveOutcomes(outcomeOf(1, { place, category }));
    expect(queryColumn(file, "select street_id from crimes")).toEqual([31]);
    expect(queryColumn(file, "select category from outcomes")).toEqual(["lost"]);
    expect(queryRows(file, "pragma foreign_key_check")).toEqual([]);
  });
});
