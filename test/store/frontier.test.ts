import { describe, expect, test } from "vitest";
import type { Store } from "../../src/store/store.ts";
import { crimeOf, HERE, openPolygon, openPolygons, openTestStore } from "../support/stored.ts";
import { seedOf, SWEEP, THERE, TRIANGLE } from "../support/stored.ts";
import { countRows, queryColumn, queryRows } from "../support/temp.ts";

const NOTHING = { kind: "crimes", rows: [] } as const;

function coverageOf(store: Store) {
  return queryRows(store.file, "select month, kind, force_id, release from coverage order by 3");
}

describe("a sweep", () => {
  test("begins with its seeds, in their order", () => {
    const store = openTestStore();
    const polygons = openPolygons(store, { seeds: [seedOf(THERE), seedOf(HERE, TRIANGLE)] });
    expect(polygons).toMatchObject([
      { month: "2018-05", kind: "crimes", area: THERE, ring: null, depth: 0 },
      { month: "2018-05", kind: "crimes", area: HERE, ring: TRIANGLE, depth: 0 },
    ]);
  });

  test("that was begun goes on: it is not seeded again, and what is done is not asked", () => {
    const store = openTestStore();
    const [first, second] = openPolygons(store, {});
    if (first === undefined) throw new Error("no polygon");
    store.saveReply(first, { kind: "crimes", rows: [crimeOf(1)] });
    const again = store.frontier.openSweep({ ...SWEEP, release: "2018-08-01" }, () => {
      throw new Error("seeded again");
    });
    expect(store.frontier.listOpen(again)).toEqual([second]);
    expect(store.frontier.countStates(again)).toEqual({ open: 1, done: 1, failed: 0 });
    const records = "select records from polygons where state = 'done'";
    expect(queryColumn(store.file, records)).toEqual([1]);
  });

  test("goes on after the database was closed and opened again", () => {
    const store = openTestStore();
    const polygons = openPolygons(store, { seeds: [seedOf(HERE, TRIANGLE), seedOf(THERE)] });
    store.close();
    const again = openTestStore(store.file);
    expect(openPolygons(again, { seeds: [] })).toEqual(polygons);
  });

  test("without seeds is complete at once", () => {
    const store = openTestStore();
    expect(openPolygons(store, { sweep: { scope: "kent" }, seeds: [] })).toEqual([]);
    expect(coverageOf(store)).toMatchObject([{ force_id: "kent" }]);
    expect(countRows(store.file, "sweeps")).toBe(0);
  });

  test("becomes coverage with its last polygon, and is gone with all of its polygons", () => {
    const store = openTestStore();
    const [first, second] = openPolygons(store, {});
    if (first === undefined || second === undefined) throw new Error("two polygons are needed");
    expect(store.saveReply(second, NOTHING).finished).toBe(false);
    expect(coverageOf(store)).toEqual([]);
    expect(store.saveReply(first, NOTHING).finished).toBe(true);
    expect(coverageOf(store)).toEqual([
      { month: "2018-05", kind: "crimes", force_id: "avon", release: "2018-07-01" },
    ]);
    expect(countRows(store.file, "sweeps")).toBe(0);
    expect(countRows(store.file, "polygons")).toBe(0);
  });

  test("of some forces covers just these, and of all forces all", () => {
    const store = openTestStore();
    openPolygons(store, { sweep: { scope: "kent,avon" }, seeds: [] });
    openPolygons(store, { sweep: { scope: "all", kind: "outcomes" }, seeds: [] });
    expect(store.coverage.listForces("2018-05", "crimes").sort()).toEqual(["avon", "kent"]);
    expect(store.coverage.listForces("2018-05", "outcomes").sort()).toEqual(["avon", "kent"]);
    openPolygons(store, { sweep: { scope: "von", month: "2018-04" }, seeds: [] });
    expect(store.coverage.listForces("2018-04", "crimes")).toEqual([]);
  });

  test("leaves a month complete only when crimes and outcomes both are", () => {
    const store = openTestStore();
    openPolygons(store, { sweep: { scope: "all" }, seeds: [] });
    expect(store.coverage.listCompleteForces("2018-05")).toEqual([]);
    openPolygons(store, { sweep: { scope: "kent", kind: "outcomes" }, seeds: [] });
    expect(store.coverage.listCompleteForces("2018-05")).toEqual(["kent"]);
  });

  test("that wider coverage makes needless is pruned, and others of the month stay", () => {
    const store = openTestStore();
    openPolygons(store, { sweep: { scope: "avon" } });
    openPolygons(store, { sweep: { scope: "avon", kind: "outcomes" } });
    openPolygons(store, { sweep: { scope: "avon", month: "2018-04" } });
    openPolygons(store, {
      sweep: { scope: "all", plan: "tiles" },
      seeds: [seedOf(null, TRIANGLE)],
    });
    const wide = openPolygons(store, { sweep: { scope: "all", plan: "tiles" } });
    expect(countRows(store.file, "sweeps")).toBe(4);
    for (const polygon of wide) store.saveReply(polygon, NOTHING);
    expect(queryRows(store.file, "select month, kind from sweeps order by 1")).toEqual([
      { month: "2018-04", kind: "crimes" },
      { month: "2018-05", kind: "outcomes" },
    ]);
    expect(countRows(store.file, "polygons")).toBe(4);
  });

  test("of more forces stays when only some of them are covered", () => {
    const store = openTestStore();
    openPolygons(store, {
      sweep: { scope: "all", plan: "tiles" },
      seeds: [seedOf(null, TRIANGLE)],
    });
    openPolygons(store, { sweep: { scope: "kent" }, seeds: [] });
    expect(queryColumn(store.file, "select scope from sweeps")).toEqual(["all"]);
  });
});

describe("a polygon that was cut", () => {
  test("gives way to its pieces, which are handed back as they are stored", () => {
    const store = openTestStore();
    const [first, second] = openPolygons(store, {});
    if (first === undefined) throw new Error("no polygon");
    const piece = { area: HERE, ring: TRIANGLE, depth: 1, expected: null };
    const pieces = store.frontier.replacePolygon(first, [piece, piece]);
    expect(pieces).toMatchObject([piece, piece]);
    expect(store.frontier.listOpen(first.sweepId)).toEqual([second, ...pieces]);
  });

  test("is done only when the last of its pieces is", () => {
    const store = openTestStore();
    const [first] = openPolygons(store, { seeds: [seedOf(HERE)] });
    if (first === undefined) throw new Error("no polygon");
    const piece = { area: HERE, ring: TRIANGLE, depth: 1, expected: null };
    const finished = store.frontier
      .replacePolygon(first, [piece, piece, piece])
      .map((polygon) => store.saveReply(polygon, NOTHING).finished);
    expect(finished).toEqual([false, false, true]);
  });
});

describe("a polygon that failed", () => {
  test("is listed with its reason, and keeps its sweep from being complete", () => {
    const store = openTestStore();
    const [first, second] = openPolygons(store, {});
    if (first === undefined || second === undefined) throw new Error("two polygons are needed");
    store.frontier.failPolygon(first, "refused");
    expect(store.saveReply(second, NOTHING).finished).toBe(false);
    expect(store.frontier.listFailures()).toMatchObject([
      { month: "2018-05", kind: "crimes", area: HERE, reason: "refused" },
    ]);
    expect(coverageOf(store)).toEqual([]);
  });

  test("is asked again, alone, when its sweep is opened again", () => {
    const store = openTestStore();
    const [first, second] = openPolygons(store, {});
    if (first === undefined || second === undefined) throw new Error("two polygons are needed");
    store.frontier.failPolygon(first, "refused");
    store.saveReply(second, NOTHING);
    expect(store.frontier.listOpen(first.sweepId)).toEqual([]);
    expect(openPolygons(store, {})).toEqual([first]);
    expect(store.frontier.listFailures()).toEqual([]);
    expect(store.saveReply(first, NOTHING).finished).toBe(true);
  });

  test("does not stand in the way of another kind or month", () => {
    const store = openTestStore();
    store.frontier.failPolygon(openPolygon(store), "refused");
    openPolygons(store, { sweep: { kind: "outcomes" }, seeds: [] });
    expect(store.coverage.listForces("2018-05", "outcomes")).toEqual(["avon"]);
  });
});
