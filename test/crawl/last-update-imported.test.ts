import { expect, test } from "vitest";
import { keepIfThere, keepLastUpdate } from "../../src/crawl/todo/last-update.ts";
import { crimeRow, importRows, outcomeRow } from "../support/imported.ts";
import { coverCells, openTestStore } from "../support/stored.ts";

const ALL = ["avon", "kent", ""];

function importBoth(month: string, ...forces: string[]) {
  const store = openTestStore();
  for (const kind of ["crimes", "outcomes"] as const) {
    coverCells(store, { month: "2018-05", kind, forces: ALL });
  }
  for (const forceId of forces) {
    importRows(store, "crimes", [crimeRow(1)], { month, forceId });
    importRows(store, "outcomes", [outcomeRow(1)], { month, forceId });
  }
  return store;
}

test("an import makes no last_update.json", () => {
  const store = importBoth("2018-06", "avon", "kent");
  keepIfThere(store);
  expect(store.lastUpdate.read()).toBeNull();
});

test("an import takes one that is there as far as its months are whole", () => {
  for (const [forces, month] of [
    [["avon", "kent"], "2018-06"],
    [["avon"], "2018-05"],
  ] as const) {
    const store = importBoth("2018-06", ...forces);
    store.lastUpdate.write({ month: "2018-05", since: "2018-05", forces: "all" });
    keepIfThere(store);
    expect(store.lastUpdate.read()).toMatchObject({ month, since: "2018-05", forces: "all" });
    expect(keepLastUpdate(store, { since: "2018-05", forces: "all" })).toBe(month);
  }
});

test("a force that the API does not list keeps no month from being whole for all", () => {
  const store = importBoth("2018-06", "avon", "kent", "made-up");
  store.lastUpdate.write({ month: "2018-05", since: "2018-05", forces: "all" });
  expect(keepIfThere(store)).toBe("2018-06");
  expect(store.areas.listForces().map(({ id }) => id)).toEqual(["avon", "kent"]);
});

test.each([
  ["2022-12", "2022-12"],
  ["2023-01", null],
])("a file that is known to be in few zips keeps no month from being whole: %s", (month, whole) => {
  const store = importBoth(month, "avon", "kent");
  const forces = ["avon", "devon-and-cornwall", "kent"].map((id) => ({ id, name: id }));
  store.areas.saveForces(forces, "2024-01-01T00:00:00.000Z");
  expect(keepLastUpdate(store, { since: month, forces: "all" })).toBe(whole);
});
