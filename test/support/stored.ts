import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Polygon, Seed, Sweep } from "../../src/store/frontier.ts";
import { openStore } from "../../src/store/store.ts";
import type { Store } from "../../src/store/store.ts";
import type { Area, Crime, Outcome, Point, Ring } from "../../src/types.ts";
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

/** Locates every stored record anew; answers how many moved. */
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
  scope: "avon",
  release: "2018-07-01",
  refresh: false,
};

export function seedOf(area: Area | null, ring: Ring | null = null): Seed {
  return { area, ring, depth: 0, expected: null };
}

/** The open polygons of a new sweep, one for each of the seeds. */
export function openPolygons(
  store: Store,
  { sweep = {}, seeds = [seedOf(HERE), seedOf(THERE)] }: { sweep?: Partial<Sweep>; seeds?: Seed[] },
): Polygon[] {
  const id = store.frontier.openSweep({ ...SWEEP, ...sweep }, () => seeds);
  return store.frontier.listOpen(id);
}

/** The only polygon of a new sweep of the kind. */
export function openPolygon(store: Store, sweep: Partial<Sweep> = {}): Polygon {
  const [polygon] = openPolygons(store, { sweep, seeds: [seedOf(HERE), seedOf(THERE)] });
  if (polygon === undefined) throw new Error("no polygon was opened");
  return polygon;
}

export function crimeOf(id: number, other: Partial<Crime> = {}): Crime {
  return {
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
    area: HERE,
    ...other,
  };
}

export function outcomeOf(crimeId: number, other: Partial<Outcome> = {}): Outcome {
  return {
    category: { id: "charged", name: "Suspect charged" },
    date: "2018-05",
    personId: null,
    crimeId,
    crimeCategory: "burglary",
    crimeMonth: "2018-03",
    crimePersistentId: null,
    place: { street: { id: 7, name: "On or near Mill Lane" }, latitude: 51.5, longitude: 0.5 },
    area: HERE,
    ...other,
  };
}
