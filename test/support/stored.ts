import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Question, Seed } from "../../src/store/frontier.ts";
import { openStore } from "../../src/store/store.ts";
import type { Store } from "../../src/store/store.ts";
import type { Sweep } from "../../src/store/sweeps.ts";
import type { Area, Crime, Located, Outcome, Point, Ring, Stop } from "../../src/types.ts";
import { createFolder } from "./temp.ts";

export const AT = "2018-07-01T00:00:00.000Z";
export const HERE: Area = { forceId: "avon", neighbourhoodId: "A1" };
export const THERE: Area = { forceId: "avon", neighbourhoodId: "A2" };

/** A triangle about a place; any will do where geometry is not the matter. */
export const TRIANGLE: Ring = [
  { latitude: 51, longitude: 0 },
  { latitude: 51, longitude: 1 },
  { latitude: 52, longitude: 0.5 },
];

/** A store of its own with two forces, avon (A1 and A2, with boundaries) and kent (none). */
export function openTestStore(file = join(createFolder(), "ukpolice.db")): Store {
  const store = openStore(file);
  onTestFinished(() => {
    if (isOpen(store)) store.close();
  });
  store.areas.saveForces(
    [
      { id: "avon", name: "Avon" },
      { id: "kent", name: "Kent" },
    ],
    AT,
  );
  const list = ["A1", "A2"].map((id) => ({ id, name: `Area ${id}` }));
  store.areas.saveNeighbourhoods("avon", list, AT);
  for (const area of [HERE, THERE]) store.areas.saveBoundary(area, TRIANGLE, AT);
  return store;
}

/** Locates every stored record anew; returns how many moved. */
export function relocate(store: Store, locate: (point: Point) => Area | null): number {
  return store.records.relocate(locate);
}

function isOpen(store: Store): boolean {
  try {
    store.areas.listForces();
    return true;
  } catch {
    return false;
  }
}

export const SWEEP: Sweep = {
  month: "2018-05",
  kind: "crimes",
  plan: "neighbourhoods",
  release: "2018-07-01",
  staged: false,
  forces: ["avon"],
};

export function seedOf(area: Area | null, ring: Ring | null = null): Seed {
  return { area, ring, depth: 0, expected: null };
}

/** The open questions of a new sweep, one for each of the seeds. */
export function openQuestions(
  store: Store,
  { sweep = {}, seeds = [seedOf(HERE), seedOf(THERE)] }: { sweep?: Partial<Sweep>; seeds?: Seed[] },
): Question[] {
  const id = store.sweeps.begin({ ...SWEEP, ...sweep });
  store.frontier.openSweep(id, () => seeds);
  return store.frontier.listOpen(id);
}

/** One of the two questions of a new sweep: when it is done, the sweep is not. */
export function openQuestion(store: Store, sweep: Partial<Sweep> = {}): Question {
  return only(openQuestions(store, { sweep, seeds: [seedOf(HERE), seedOf(THERE)] }).slice(0, 1));
}

/** The only question of a new sweep: when it is done, the sweep is. */
export function openLastQuestion(store: Store, sweep: Partial<Sweep> = {}): Question {
  return only(openQuestions(store, { sweep, seeds: [seedOf(HERE)] }));
}

function only(questions: readonly Question[]): Question {
  const [question] = questions;
  if (question === undefined) throw new Error("no question was opened");
  return question;
}

/** Covers the cells of a sweep of no staged rows; what is asked of avon is answered by one record. */
export function coverCells(store: Store, sweep: Partial<Sweep> = {}): void {
  const { month, kind, forces } = { ...SWEEP, ...sweep };
  if (!forces.includes("avon")) {
    openQuestions(store, { sweep, seeds: [] });
    return;
  }
  const question = openLastQuestion(store, sweep);
  if (kind === "crimes") saveCrimes(store, question, crimeOf(999, { month }));
  else saveOutcomes(store, question, outcomeOf(999, { date: month }));
}

export function saveCrimes(store: Store, question: Question, ...rows: Located<Crime>[]) {
  return store.saveReply(question, { kind: "crimes", rows });
}

export function saveOutcomes(store: Store, question: Question, ...rows: Located<Outcome>[]) {
  return store.saveReply(question, { kind: "outcomes", rows });
}

/** The covered cells, each as `month kind force`. */
export function listCovered(store: Store): string[] {
  return store.coverage
    .readCover()
    .listAll()
    .map(({ month, kind, forceId }) => `${month} ${kind} ${forceId}`);
}

type Changes<R> = Partial<R> & { area?: Area | null };

/** A crime in avon's A1, with changes. */
export function crimeOf(id: number, changes: Changes<Crime> = {}): Located<Crime> {
  const { area = HERE, ...other } = changes;
  const record = {
    id,
    persistentId: "a".repeat(64),
    category: "burglary",
    month: "2018-05",
    place: { street: { id: 7, name: "On or near Mill Lane" }, latitude: 51.5, longitude: 0.5 },
    locationType: "Force",
    locationSubtype: "",
    context: "",
    outcomeCategory: null,
    outcomeDate: null,
    ...other,
  };
  return { record, area, reportedBy: null };
}

/** An outcome in avon's A1, with changes. */
export function outcomeOf(crimeId: number, changes: Changes<Outcome> = {}): Located<Outcome> {
  const { area = HERE, ...other } = changes;
  const record = {
    category: { id: "charged", name: "Suspect charged" },
    date: "2018-05",
    personId: null,
    crimeId,
    crimeCategory: "burglary",
    crimeMonth: "2018-03",
    crimePersistentId: null,
    place: { street: { id: 7, name: "On or near Mill Lane" }, latitude: 51.5, longitude: 0.5 },
    ...other,
  };
  return { record, area, reportedBy: null };
}

/** A stop in avon's A1 that kent published, with changes. */
export function stopOf(changes: Changes<Stop> & { reportedBy?: string } = {}): Located<Stop> {
  const { area = HERE, reportedBy = "kent", ...other } = changes;
  const record = {
    month: "2018-05",
    type: "Person search",
    datetime: "2018-05-15T12:00:00+00:00",
    involvedPerson: true,
    gender: "Male",
    ageRange: "18-24",
    selfDefinedEthnicity: "Other ethnic group - Not stated",
    officerDefinedEthnicity: "White",
    legislation: "Misuse of Drugs Act 1971 (section 23)",
    objectOfSearch: "Controlled drugs",
    outcome: "Arrest",
    outcomeObject: { id: "bu-arrest", name: "Arrest" },
    outcomeLinkedToObjectOfSearch: true,
    removalOfMoreThanOuterClothing: false,
    operation: null,
    operationName: null,
    place: { street: { id: 7, name: "On or near Mill Lane" }, latitude: 51.5, longitude: 0.5 },
    ...other,
  };
  return { record, area, reportedBy };
}
