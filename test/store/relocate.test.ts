import { describe, expect, test } from "vitest";
import type { Area, Point } from "../../src/types.ts";
import { AT, crimeOf, HERE, openQuestion, openTestStore, outcomeOf } from "../support/stored.ts";
import { relocate, THERE, TRIANGLE } from "../support/stored.ts";
import { queryColumn, queryRows } from "../support/temp.ts";

const CRIMES = "select neighbourhood_id from crimes order by id";

/** Crimes 1 and 2 in A1, at 51.5 and 51.6 north; crime 3 without a place; an outcome of the first. */
function openStocked() {
  const store = openTestStore();
  const place = { street: { id: 7, name: "Mill Lane" }, latitude: 51.6, longitude: 0.5 };
  const rows = [crimeOf(1), crimeOf(2, { place }), crimeOf(3, { place: null, area: null })];
  store.saveReply(openQuestion(store), { kind: "crimes", rows });
  const outcomes = openQuestion(store, { kind: "outcomes" });
  store.saveReply(outcomes, { kind: "outcomes", rows: [outcomeOf(1)] });
  relocate(store, () => HERE);
  return store;
}

describe("locating records anew", () => {
  test("moves what the boundaries put elsewhere, and counts it", () => {
    const store = openStocked();
    const locate = ({ latitude }: Point): Area | null => (latitude > 51.55 ? THERE : HERE);
    expect(relocate(store, locate)).toBe(1);
    expect(queryColumn(store.file, CRIMES)).toEqual(["A1", "A2", null]);
  });

  test("takes records out of every neighbourhood, outcomes too", () => {
    const store = openStocked();
    expect(relocate(store, () => null)).toBe(3);
    expect(queryColumn(store.file, CRIMES)).toEqual([null, null, null]);
    expect(queryRows(store.file, "select force_id, neighbourhood_id from outcomes")).toEqual([
      { force_id: null, neighbourhood_id: null },
    ]);
  });

  test("changes nothing where nothing moved, and leaves records without a place alone", () => {
    const store = openStocked();
    expect(relocate(store, () => HERE)).toBe(0);
    expect(queryColumn(store.file, CRIMES)).toEqual(["A1", "A1", null]);
  });
});

describe("whether boundaries moved", () => {
  test("is known from a new boundary until records were located by it", () => {
    const store = openTestStore();
    expect(store.areas.listMovedForces().length > 0).toBe(true);
    relocate(store, () => HERE);
    expect(store.areas.listMovedForces().length > 0).toBe(false);
  });

  test("is not said of a boundary that came again as it was", () => {
    const store = openStocked();
    store.areas.saveBoundary(HERE, TRIANGLE, AT);
    expect(store.areas.listMovedForces().length > 0).toBe(false);
    store.areas.saveBoundary(HERE, TRIANGLE.slice(1).concat(TRIANGLE[0] ?? []), AT);
    expect(store.areas.listMovedForces().length > 0).toBe(true);
  });

  test("is said of a boundary that went, by itself or with its neighbourhood", () => {
    const store = openStocked();
    store.areas.saveBoundary(HERE, null, AT);
    expect(store.areas.listMovedForces().length > 0).toBe(true);
    relocate(store, () => null);
    store.areas.saveNeighbourhoods("avon", [{ id: "A1", name: "Area A1" }], AT);
    expect(store.areas.listMovedForces().length > 0).toBe(true);
  });

  test("is said of a boundary that came back with its neighbourhood", () => {
    const store = openStocked();
    const [first, second] = [
      { id: "A1", name: "Area A1" },
      { id: "A2", name: "Area A2" },
    ];
    store.areas.saveNeighbourhoods("avon", [first], AT);
    relocate(store, () => HERE);
    store.areas.saveNeighbourhoods("avon", [first, second], AT);
    expect(store.areas.listBoundaries()).toHaveLength(2);
    expect(store.areas.listMovedForces().length > 0).toBe(true);
  });
});

describe("boundaries", () => {
  test("are stored as a closed GeoJSON polygon, longitude first, and read as they were", () => {
    const store = openTestStore();
    const sql = "select boundary from neighbourhoods where id = 'A1'";
    expect(JSON.parse(String(queryColumn(store.file, sql)[0]))).toEqual({
      type: "Polygon",
      coordinates: [
        [
          [0, 51],
          [1, 51],
          [0.5, 52],
          [0, 51],
        ],
      ],
    });
    const [first] = store.areas.listBoundaries();
    expect(first).toMatchObject(HERE);
    expect(first?.ring.slice(0, 3)).toEqual(TRIANGLE);
  });

  test("of neighbourhoods no longer listed are kept, and locate nothing", () => {
    const store = openTestStore();
    store.areas.saveNeighbourhoods("avon", [{ id: "A2", name: "Renamed" }], AT);
    expect(store.areas.listBoundaries()).toMatchObject([THERE]);
    expect(store.areas.listNeighbourhoods("avon")).toMatchObject([{ name: "Renamed" }]);
    const sql = "select boundary is not null from neighbourhoods order by id";
    expect(queryColumn(store.file, sql)).toEqual([1, 1]);
  });
});
