import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Store } from "../../src/store/store.ts";
import type { Area, Crime, Located, Outcome } from "../../src/types.ts";
import { AT, crimeOf, HERE, openLastQuestion, openTestStore } from "../support/stored.ts";
import { outcomeOf, relocate, saveCrimes, saveOutcomes, TRIANGLE } from "../support/stored.ts";
import { queryRows } from "../support/temp.ts";

const IN_KENT: Area = { forceId: "kent", neighbourhoodId: "K1" };
const ALL = ["avon", "kent", ""];
const FIRST = "2018-07-01";
const SECOND = "2018-08-01";
const THIRD = "2018-09-01";
const CHANGES = "added, changed, outcomes_changed as outcomes, removed";

type Sweep = { forces?: readonly string[]; release?: string; staged?: boolean };

function openTwoForces(): Store {
  const store = openTestStore();
  store.areas.saveNeighbourhoods("kent", [{ id: "K1", name: "Area K1" }], AT);
  store.areas.saveBoundary(IN_KENT, TRIANGLE, AT);
  return store;
}

function crawlCrimes(store: Store, rows: Located<Crime>[], sweep: Sweep = {}): void {
  saveCrimes(store, openLastQuestion(store, { forces: ALL, release: FIRST, ...sweep }), ...rows);
}

/** What the API has of some cells at a release takes the place of what is there. */
function refreshCrimes(store: Store, release: string, rows: Located<Crime>[], sweep: Sweep = {}) {
  crawlCrimes(store, rows, { release, staged: true, ...sweep });
  return store.exchangeMonth("2018-05");
}

function crawlOutcomes(store: Store, rows: Located<Outcome>[], sweep: Sweep = {}): void {
  const all = { kind: "outcomes" as const, forces: ALL, release: FIRST, ...sweep };
  saveOutcomes(store, openLastQuestion(store, all), ...rows);
}

const listRevisions = ({ file }: Store, columns: string) =>
  queryRows(file, `select ${columns} from revisions order by nth, kind, force_id, category`);
const listHistory = ({ file }: Store) =>
  queryRows(
    file,
    `select crime_id as id, nth, from_category || ' ' || from_date as was,
       to_category || ' ' || to_date as "is", from_release as since, to_release as at
     from crime_outcome_history order by nth, crime_id`,
  );
/** A crime with its latest outcome. */
const solved = (id: number, outcomeCategory: string, outcomeDate = "2018-06") =>
  crimeOf(id, { outcomeCategory, outcomeDate });

describe("a replacement of a month", () => {
  test("is written down by force and category, from which release to which, and when", () => {
    const store = openTwoForces();
    crawlCrimes(store, [
      ...[1, 2, 3].map((id) => crimeOf(id)),
      crimeOf(4, { category: "drugs" }),
      crimeOf(5, { area: IN_KENT }),
      crimeOf(6, { area: null }),
    ]);
    refreshCrimes(store, SECOND, [
      crimeOf(1),
      crimeOf(2, { context: "revised" }),
      crimeOf(4, { category: "drugs" }),
      crimeOf(5, { area: IN_KENT }),
      crimeOf(7, { area: IN_KENT }),
      crimeOf(8, { area: IN_KENT }),
    ]);
    const columns = `force_id as force, category, kept, ${CHANGES}`;
    const nothing = { kept: 0, added: 0, changed: 0, outcomes: 0, removed: 0 };
    expect(listRevisions(store, columns)).toEqual([
      { ...nothing, force: "", category: "burglary", removed: 1 },
      { ...nothing, force: "avon", category: "burglary", kept: 1, changed: 1, removed: 1 },
      { ...nothing, force: "avon", category: "drugs", kept: 1 },
      { ...nothing, force: "kent", category: "burglary", kept: 1, added: 2 },
    ]);
    expect(listRevisions(store, "distinct month, nth, kind, from_release, to_release")).toEqual([
      { month: "2018-05", nth: 1, kind: "crimes", from_release: FIRST, to_release: SECOND },
    ]);
    const [when] = listRevisions(store, "distinct revised_at as at");
    expect(Date.now() - Date.parse(String(when?.["at"]))).toBeLessThan(60_000);
  });

  test("counts a record that changes force or category where it is now, as changed", () => {
    const store = openTwoForces();
    const elsewhere = { street: { id: 8, name: "On or near a Pier" }, latitude: 50, longitude: 1 };
    crawlCrimes(store, [crimeOf(1), crimeOf(2), crimeOf(3)]);
    refreshCrimes(store, SECOND, [
      crimeOf(1, { area: IN_KENT, place: elsewhere }),
      crimeOf(2, { category: "drugs" }),
      crimeOf(3),
    ]);
    expect(listRevisions(store, `force_id as force, category, kept, ${CHANGES}`)).toEqual([
      {
        force: "avon",
        category: "burglary",
        kept: 1,
        added: 0,
        changed: 0,
        outcomes: 0,
        removed: 0,
      },
      { force: "avon", category: "drugs", kept: 0, added: 0, changed: 1, outcomes: 0, removed: 0 },
      {
        force: "kent",
        category: "burglary",
        kept: 0,
        added: 0,
        changed: 1,
        outcomes: 0,
        removed: 0,
      },
    ]);
  });

  test("knows outcomes that are equal to the letter by how many they are", () => {
    const store = openTwoForces();
    crawlOutcomes(store, [outcomeOf(1), outcomeOf(1), outcomeOf(2)]);
    const release = SECOND;
    crawlOutcomes(store, [outcomeOf(1), outcomeOf(2), outcomeOf(2)], { staged: true, release });
    store.exchangeMonth("2018-05");
    expect(listRevisions(store, `kind, category, kept, ${CHANGES}`)).toEqual([
      {
        kind: "outcomes",
        category: "charged",
        kept: 2,
        added: 1,
        changed: 0,
        outcomes: 0,
        removed: 1,
      },
    ]);
  });

  test("tells of the cells that it replaced, and of no others", () => {
    const store = openTwoForces();
    crawlCrimes(store, [crimeOf(1), crimeOf(2, { area: IN_KENT })]);
    refreshCrimes(store, SECOND, [crimeOf(3, { area: IN_KENT })], { forces: ["kent"] });
    expect(listRevisions(store, `force_id as force, from_release as since, ${CHANGES}`)).toEqual([
      { force: "kent", since: FIRST, added: 1, changed: 0, outcomes: 0, removed: 1 },
    ]);
    refreshCrimes(store, THIRD, [crimeOf(1), crimeOf(3, { area: IN_KENT })]);
    expect(listRevisions(store, "nth, force_id as force, from_release as since, kept")).toEqual([
      { nth: 1, force: "kent", since: FIRST, kept: 0 },
      { nth: 2, force: "avon", since: FIRST, kept: 1 },
      { nth: 2, force: "kent", since: SECOND, kept: 1 },
    ]);
  });

  test("says nothing of a cell that was not covered before: it is there for the first time", () => {
    const store = openTwoForces();
    crawlCrimes(store, [crimeOf(1)], { forces: ["avon"] });
    const rows = [solved(1, "Local resolution"), crimeOf(2, { area: IN_KENT })];
    refreshCrimes(store, SECOND, rows);
    expect(listRevisions(store, `force_id as force, ${CHANGES}`)).toEqual([
      { force: "avon", added: 0, changed: 1, outcomes: 1, removed: 0 },
    ]);
  });

  test("says nothing of a cell whose answer of none is not believed", () => {
    const store = openTwoForces();
    const many = Array.from({ length: 1000 }, (_, id) => crimeOf(id, { month: "2018-04" }));
    saveCrimes(store, openLastQuestion(store, { month: "2018-04" }), ...many);
    crawlCrimes(store, [crimeOf(1), crimeOf(2, { area: IN_KENT })]);
    refreshCrimes(store, SECOND, [crimeOf(2, { area: IN_KENT })]);
    expect(listRevisions(store, `force_id as force, kept, ${CHANGES}`)).toEqual([
      { force: "kent", kept: 1, added: 0, changed: 0, outcomes: 0, removed: 0 },
    ]);
  });

  test("by the same release is told only of what changed all the same", () => {
    const store = openTwoForces();
    const rows = [crimeOf(1), crimeOf(2, { area: IN_KENT })];
    crawlCrimes(store, rows);
    refreshCrimes(store, FIRST, rows);
    expect(listRevisions(store, "force_id")).toEqual([]);
    refreshCrimes(store, FIRST, [crimeOf(1), crimeOf(3, { area: IN_KENT })]);
    expect(listRevisions(store, `force_id as force, nth, ${CHANGES}`)).toEqual([
      { force: "kent", nth: 1, added: 1, changed: 0, outcomes: 0, removed: 1 },
    ]);
  });

  test("is of no release where that was not known", () => {
    const store = openTwoForces();
    crawlCrimes(store, [crimeOf(1)], { release: "" });
    refreshCrimes(store, SECOND, [crimeOf(1)]);
    refreshCrimes(store, "", [crimeOf(2)]);
    expect(listRevisions(store, "nth, from_release as since, to_release as at")).toEqual([
      { nth: 1, since: "", at: SECOND },
      { nth: 2, since: SECOND, at: "" },
    ]);
  });

  test("is no revision where boundaries alone moved a record", () => {
    const store = openTwoForces();
    crawlCrimes(store, [crimeOf(1), crimeOf(2)]);
    crawlCrimes(store, [crimeOf(1), crimeOf(2, { area: IN_KENT })], {
      release: SECOND,
      staged: true,
    });
    store.exchangeMonth("2018-05");
    expect(listRevisions(store, `force_id as force, kept, ${CHANGES}`)).toEqual([
      { force: "avon", kept: 1, added: 0, changed: 0, outcomes: 0, removed: 0 },
      { force: "kent", kept: 1, added: 0, changed: 0, outcomes: 0, removed: 0 },
    ]);
    relocate(store, () => HERE);
    refreshCrimes(store, THIRD, [crimeOf(1), crimeOf(2)]);
    expect(listRevisions(store, "sum(changed + added + removed) as changes")).toEqual([
      { changes: 0 },
    ]);
  });

  test("is written down with the rows, or not at all", () => {
    const store = openTwoForces();
    crawlCrimes(store, [crimeOf(1)]);
    crawlCrimes(store, [solved(1, "Local resolution")], { release: SECOND, staged: true });
    store.close();
    expect(listRevisions(store, "nth")).toEqual([]);
    const again = openTestStore(store.file);
    again.exchangeMonth("2018-05");
    expect(listRevisions(again, CHANGES)).toEqual([
      { added: 0, changed: 1, outcomes: 1, removed: 0 },
    ]);
    again.exchangeMonth("2018-05");
    expect(listRevisions(again, "nth")).toHaveLength(1);
  });
});

describe("the history of a crime's latest outcome", () => {
  test("has each change: from what, to what, from which release to which", () => {
    const store = openTwoForces();
    crawlCrimes(store, [solved(1, "Under investigation", "2018-05"), solved(2, "Fined")]);
    refreshCrimes(store, SECOND, [solved(1, "Charged"), solved(2, "Fined")]);
    refreshCrimes(store, THIRD, [solved(1, "Charged"), solved(2, "Fined", "2018-07")]);
    refreshCrimes(store, THIRD, [solved(1, "Sent to prison", "2018-08"), solved(2, "Fined")]);
    expect(listHistory(store)).toEqual([
      {
        id: 1,
        nth: 1,
        was: "Under investigation 2018-05",
        is: "Charged 2018-06",
        since: FIRST,
        at: SECOND,
      },
      { id: 2, nth: 2, was: "Fined 2018-06", is: "Fined 2018-07", since: SECOND, at: THIRD },
      {
        id: 1,
        nth: 3,
        was: "Charged 2018-06",
        is: "Sent to prison 2018-08",
        since: THIRD,
        at: THIRD,
      },
      { id: 2, nth: 3, was: "Fined 2018-07", is: "Fined 2018-06", since: THIRD, at: THIRD },
    ]);
  });

  test("has the first outcome, and one that is taken back", () => {
    const store = openTwoForces();
    crawlCrimes(store, [crimeOf(1), solved(2, "Fined")]);
    refreshCrimes(store, SECOND, [solved(1, "Fined"), crimeOf(2)]);
    expect(
      queryRows(
        store.file,
        "select from_category, to_category, to_date from crime_outcome_history",
      ),
    ).toEqual([
      { from_category: null, to_category: "Fined", to_date: "2018-06" },
      { from_category: "Fined", to_category: null, to_date: null },
    ]);
  });

  test("has nothing of a crime that is removed, nor of one that returns", () => {
    const store = openTwoForces();
    crawlCrimes(store, [crimeOf(1), solved(2, "Under investigation")]);
    refreshCrimes(store, SECOND, [crimeOf(1)]);
    refreshCrimes(store, THIRD, [crimeOf(1), solved(2, "Fined")]);
    expect(listHistory(store)).toEqual([]);
    expect(listRevisions(store, `nth, ${CHANGES}`)).toEqual([
      { nth: 1, added: 0, changed: 0, outcomes: 0, removed: 1 },
      { nth: 2, added: 1, changed: 0, outcomes: 0, removed: 0 },
    ]);
  });
});

type Wanted = {
  id: number;
  place: number;
  category: string;
  context: string;
  outcome: string | null;
};

/** Places are avon's, kent's, and that of no force. */
const PLACES: (Area | null)[] = [HERE, IN_KENT, null];

const crimes = fc.uniqueArray(
  fc.record<Wanted>({
    id: fc.nat(12),
    place: fc.nat(2),
    category: fc.constantFrom("burglary", "drugs"),
    context: fc.constantFrom("", "x"),
    outcome: fc.constantFrom(null, "Fined", "Charged"),
  }),
  { selector: ({ id }) => id, minLength: 1 },
);

function toCrime({ id, place, category, context, outcome }: Wanted): Located<Crime> {
  const street = { id: place, name: `On or near ${place}` };
  return crimeOf(id, {
    area: PLACES[place] ?? null,
    place: { street, latitude: 50 + place, longitude: 0 },
    category,
    context,
    outcomeCategory: outcome,
    outcomeDate: outcome === null ? null : "2018-06",
  });
}

const cellOf = ({ place }: Wanted) => PLACES[place]?.forceId ?? "";

/** What became of each record, one by one, of the covered cells that a release replaced. */
function tellTruth(
  before: readonly Wanted[],
  after: readonly Wanted[],
  covered: ReadonlySet<string>,
) {
  const lines = new Map<
    string,
    { kept: number; added: number; changed: number; outcomes: number; removed: number }
  >();
  const note = (
    crime: Wanted,
    ...what: ("kept" | "added" | "changed" | "outcomes" | "removed")[]
  ) => {
    if (!covered.has(cellOf(crime))) return;
    const key = `${cellOf(crime)} ${crime.category}`;
    const line = lines.get(key) ?? { kept: 0, added: 0, changed: 0, outcomes: 0, removed: 0 };
    lines.set(key, line);
    for (const one of what) line[one] += 1;
  };
  for (const crime of after) {
    const was = before.find(({ id }) => id === crime.id);
    if (was === undefined) note(crime, "added");
    else if (was.outcome !== crime.outcome) note(crime, "changed", "outcomes");
    else note(crime, JSON.stringify(was) === JSON.stringify(crime) ? "kept" : "changed");
  }
  for (const crime of before) {
    if (!after.some(({ id }) => id === crime.id)) note(crime, "removed");
  }
  return lines;
}

test("revisions of any releases are the truth, record by record", () => {
  const releases = fc.array(crimes, { minLength: 2, maxLength: 4 });
  const property = fc.property(releases, fc.boolean(), ([first = [], ...later], hasKent) => {
    const store = openTwoForces();
    const forces = hasKent ? ALL : ["avon", ""];
    const isHere = ({ place }: Wanted) => hasKent || place !== 1;
    crawlCrimes(store, first.filter(isHere).map(toCrime), { forces });
    let before = first.filter(isHere);
    later.forEach((crimesNow, index) => {
      const covered = new Set(listCovered(store));
      const release = `2018-08-0${index + 1}`;
      const [done] = refreshCrimes(store, release, crimesNow.map(toCrime));
      if (done?.doubted.length !== 0) return;
      const truth = tellTruth(before, crimesNow, covered);
      const told = listTold(store, release);
      expect(told).toEqual(new Map([...truth].sort(([a], [b]) => (a < b ? -1 : 1))));
      const changes = crimesNow.flatMap((crime) => {
        const was = before.find(({ id }) => id === crime.id);
        if (was === undefined || !covered.has(cellOf(crime))) return [];
        return was.outcome === crime.outcome
          ? []
          : { id: crime.id, was: was.outcome, is: crime.outcome };
      });
      expect(listChanges(store, release)).toEqual(changes.sort((a, b) => a.id - b.id));
      before = crimesNow;
    });
    store.close();
  });
  fc.assert(property, { numRuns: 60 });
});

function listCovered(store: Store): string[] {
  return store.coverage
    .readCover()
    .listCells("2018-05", "crimes")
    .map(({ forceId }) => forceId);
}

function listTold({ file }: Store, release: string) {
  const rows = queryRows(
    file,
    `select force_id || ' ' || category as line, kept, ${CHANGES} from revisions
     where to_release = '${release}' and kept + added + changed + removed > 0
     order by line`,
  );
  return new Map(rows.map(({ line, ...counts }) => [String(line), counts]));
}

function listChanges({ file }: Store, release: string) {
  return queryRows(
    file,
    `select crime_id as id, from_category as was, to_category as "is" from crime_outcome_history
     where to_release = '${release}' order by id`,
  );
}
