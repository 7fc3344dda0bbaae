import { describe, expect, test } from "vitest";
import { createCover, NOWHERE } from "../../src/completeness.ts";
import { findLacks } from "../../src/export/lacks.ts";
import type { Found, Selection } from "../../src/export/plan.ts";
import type { WantedCells } from "../../src/store/read/wanted-cells.ts";
import type { Kind, Month } from "../../src/types.ts";

const ALL: Selection = {
  whats: ["crimes"],
  since: undefined,
  until: undefined,
  forces: undefined,
  categories: undefined,
};

/** What is covered, for who wants avon alone unless said. */
function covered(...rows: [Month, string, Kind?][]): WantedCells {
  const cells = rows.map(([month, forceId, kind = "crimes"]) => {
    return { month, forceId, kind, source: "api" as const, release: "2018-07-01", records: 1 };
  });
  return { cover: createCover(cells), forcesOf: () => ["avon"] };
}

function crimesOf(...slices: [Month, string | null][]): Found[] {
  return [
    { kind: "crimes", slices: slices.map(([month, forceId]) => ({ month, forceId, records: 1 })) },
  ];
}

const lack = { kind: "crimes", from: "2018-05", to: "2018-05", forces: undefined };

describe("what is not complete", () => {
  test("is nothing when every month is covered, for the forces that it is for", () => {
    const rows = covered(["2018-04", "avon"], ["2018-05", "avon"]);
    expect(findLacks(ALL, crimesOf(["2018-04", "avon"], ["2018-05", null]), rows)).toEqual([]);
  });

  test("is a month without a record, unless it is covered: that is a true nothing", () => {
    const rows = covered(["2018-04", "avon"], ["2018-06", "avon"]);
    expect(findLacks(ALL, crimesOf(["2018-04", "avon"]), rows)).toEqual([
      { ...lack, state: "missing" },
    ]);
  });

  test("is a month of which only some questions were answered", () => {
    expect(findLacks(ALL, crimesOf(["2018-05", "avon"]), covered())).toEqual([
      { ...lack, state: "part" },
    ]);
    expect(findLacks(ALL, crimesOf(["2018-05", null]), covered())).toEqual([
      { ...lack, state: "part" },
    ]);
  });

  test("names the forces that lack", () => {
    const rows = covered(["2018-04", "avon"], ["2018-04", "kent"], ["2018-05", "avon"]);
    const wanted = { ...rows, forcesOf: () => ["avon", "kent"] };
    expect(findLacks(ALL, crimesOf(["2018-05", "avon"]), wanted)).toEqual([
      { ...lack, state: "part", forces: ["kent"] },
    ]);
  });

  test("is what lies in no force's area, of a database that is for all of them", () => {
    const rows = covered(["2018-04", "avon"], ["2018-04", NOWHERE], ["2018-05", "avon"]);
    const found = crimesOf(["2018-05", "avon"]);
    expect(findLacks(ALL, found, { ...rows, forcesOf: () => ["avon", NOWHERE] })).toEqual([
      { ...lack, state: "part", forces: [NOWHERE] },
    ]);
    expect(findLacks(ALL, found, rows)).toEqual([]);
  });

  test("is a force that was named and never fetched", () => {
    const rows = { ...covered(["2018-05", "avon"]), forcesOf: () => ["kent"] };
    expect(findLacks(ALL, crimesOf(), rows)).toEqual([{ ...lack, state: "missing" }]);
  });

  test("reaches to the bounds that were asked for, months in a row as one", () => {
    const selection = { ...ALL, since: "2017-11", until: "2018-05" };
    const rows = covered(["2018-03", "avon"]);
    expect(findLacks(selection, crimesOf(["2018-03", "avon"]), rows)).toEqual([
      { ...lack, from: "2017-11", to: "2018-02", state: "missing" },
      { ...lack, from: "2018-04", to: "2018-05", state: "missing" },
    ]);
  });

  test("is told of crimes and outcomes apart", () => {
    const selection: Selection = { ...ALL, whats: ["crimes", "outcomes"] };
    const found: Found[] = [...crimesOf(["2018-05", "avon"]), { kind: "outcomes", slices: [] }];
    expect(findLacks(selection, found, covered(["2018-05", "avon"]))).toEqual([
      { ...lack, kind: "outcomes", state: "missing" },
    ]);
  });

  test("is of stops what was published and not fetched, and nothing where none was", () => {
    const selection: Selection = { ...ALL, whats: ["stops"] };
    const found: Found[] = [{ kind: "stops", slices: [] }];
    const published = new Map([
      ["2018-04", ["avon", "btp"]],
      ["2018-05", ["btp"]],
    ]);
    const forcesOf = (month: Month) => published.get(month) ?? [];
    const rows = { ...covered(["2018-03", "avon"], ["2018-04", "avon", "stops"]), forcesOf };
    expect(findLacks({ ...selection, until: "2018-06" }, found, rows)).toEqual([
      { ...lack, kind: "stops", from: "2018-04", to: "2018-04", state: "part", forces: ["btp"] },
      { ...lack, kind: "stops", state: "missing" },
    ]);
  });
});
