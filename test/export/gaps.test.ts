import { describe, expect, test } from "vitest";
import { findGaps } from "../../src/export/gaps.ts";
import type { Found, Selection } from "../../src/export/plan.ts";
import type { Covered } from "../../src/store/read/export.ts";
import type { Kind, Month } from "../../src/types.ts";

const ALL: Selection = {
  whats: ["crimes"],
  since: undefined,
  until: undefined,
  forces: undefined,
  categories: undefined,
};

function covered(...rows: [Month, string, Kind?][]): Covered[] {
  return rows.map(([month, forceId, kind = "crimes"]) => ({ month, forceId, kind }));
}

function crimesOf(...slices: [Month, string | null][]): Found[] {
  return [
    { kind: "crimes", slices: slices.map(([month, forceId]) => ({ month, forceId, records: 1 })) },
  ];
}

const gap = { kind: "crimes", from: "2018-05", to: "2018-05", forces: undefined };

describe("what is not complete", () => {
  test("is nothing when every month is covered, for the forces that were ever fetched", () => {
    const rows = covered(["2018-04", "avon"], ["2018-05", "avon"]);
    expect(findGaps(ALL, crimesOf(["2018-04", "avon"], ["2018-05", null]), rows)).toEqual([]);
  });

  test("is a month without a record, unless it is covered: that is a true nothing", () => {
    const rows = covered(["2018-04", "avon"], ["2018-06", "avon"]);
    expect(findGaps(ALL, crimesOf(["2018-04", "avon"]), rows)).toEqual([
      { ...gap, state: "missing" },
    ]);
  });

  test("is a month of which only some polygons were fetched", () => {
    expect(findGaps(ALL, crimesOf(["2018-05", "avon"]), [])).toEqual([{ ...gap, state: "part" }]);
    expect(findGaps(ALL, crimesOf(["2018-05", null]), [])).toEqual([{ ...gap, state: "part" }]);
  });

  test("names the forces that lack", () => {
    const rows = covered(["2018-04", "avon"], ["2018-04", "kent"], ["2018-05", "avon"]);
    expect(findGaps(ALL, crimesOf(["2018-05", "avon"]), rows)).toEqual([
      { ...gap, state: "part", forces: ["kent"] },
    ]);
  });

  test("is a force that was named and never fetched", () => {
    const rows = covered(["2018-05", "avon"]);
    const selection = { ...ALL, forces: ["kent"] };
    expect(findGaps(selection, crimesOf(), rows)).toEqual([{ ...gap, state: "missing" }]);
  });

  test("reaches to the bounds that were asked for, months in a row as one", () => {
    const selection = { ...ALL, since: "2017-11", until: "2018-05" };
    const rows = covered(["2018-03", "avon"]);
    expect(findGaps(selection, crimesOf(["2018-03", "avon"]), rows)).toEqual([
      { ...gap, from: "2017-11", to: "2018-02", state: "missing" },
      { ...gap, from: "2018-04", to: "2018-05", state: "missing" },
    ]);
  });

  test("is told of crimes and outcomes apart", () => {
    const selection: Selection = { ...ALL, whats: ["crimes", "outcomes"] };
    const found: Found[] = [...crimesOf(["2018-05", "avon"]), { kind: "outcomes", slices: [] }];
    expect(findGaps(selection, found, covered(["2018-05", "avon"]))).toEqual([
      { ...gap, kind: "outcomes", state: "missing" },
    ]);
  });
});
