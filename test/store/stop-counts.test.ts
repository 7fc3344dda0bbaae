import { expect, test } from "vitest";
import { queryRows } from "../support/temp.ts";
import { openTestStore, relocate } from "../support/stored.ts";
import { saveStops, stopOf } from "../support/stops.ts";

const read = (file: string, field: string) =>
  queryRows(
    file,
    `select month, reported_by as force, value, records, linked, unlinked from stop_counts
     where field = '${field}' order by month, force, value`,
  );

test("stops are counted by month, publisher and what is told of them", () => {
  const store = openTestStore();
  const stops = [
    stopOf({ gender: "Male" }),
    stopOf({ gender: "Female", outcomeLinkedToObjectOfSearch: false }),
    stopOf({ gender: "Female", outcomeLinkedToObjectOfSearch: null, place: null, area: null }),
  ];
  saveStops(store, { month: "2018-05", force: "avon" }, stops);
  saveStops(store, { month: "2018-05", force: "btp" }, [stopOf()]);
  saveStops(store, { month: "2018-06", force: "avon" }, [stopOf()]);
  const [month, force] = ["2018-05", "avon"];
  expect(read(store.file, "gender")).toEqual([
    { month, force, value: "Female", records: 2, linked: 0, unlinked: 1 },
    { month, force, value: "Male", records: 1, linked: 1, unlinked: 0 },
    { month, force: "btp", value: "Male", records: 1, linked: 1, unlinked: 0 },
    { month: "2018-06", force, value: "Male", records: 1, linked: 1, unlinked: 0 },
  ]);
  expect(read(store.file, "type")).toHaveLength(3);
});

test("what is null and what is empty are not told, both", () => {
  const store = openTestStore();
  const stops = [stopOf({ objectOfSearch: null }), stopOf({ objectOfSearch: "" })];
  saveStops(store, { month: "2018-05", force: "avon" }, stops);
  expect(read(store.file, "object_of_search")).toMatchObject([{ value: "", records: 2 }]);
});

test("a month that is counted anew keeps no count of before", () => {
  const store = openTestStore();
  saveStops(store, { month: "2018-05", force: "avon" }, [stopOf(), stopOf()]);
  expect(relocate(store, () => null)).toBe(2);
  expect(read(store.file, "gender")).toMatchObject([{ records: 2 }]);
});
