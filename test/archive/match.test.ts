import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Candidate, Candidates, ComparedRow } from "../../src/archive/candidates.ts";
import { Match } from "../../src/archive/match.ts";

const CELL = { month: "2024-01", kind: "crimes", forceId: "kent", release: "2024-06" } as const;
const KENT = { forceId: "kent", neighbourhoodId: "K1" };

type Part = { key: string; category?: string; place?: string; outcome?: string | null };

function row({ category = "Burglary", place = "51,0", outcome = null, ...part }: Part) {
  return { category, place, outcome, area: KENT, ...part } satisfies ComparedRow;
}

/** Records of the API, each of an id of its own, in Kent's area. */
function candidatesOf(parts: readonly Part[], forceId = "kent"): Candidates {
  const all = parts.map((part, id) => ({ ...row(part), id, forceId }));
  return {
    find: ({ key }) => all.filter((one): one is typeof one & Candidate => one.key === key),
    iterateIds: (force) => all.filter((one) => one.forceId === force).map(({ id }) => id),
  };
}

function compare(rows: readonly ComparedRow[], candidates: Candidates) {
  const match = new Match(CELL, candidates, new Set());
  for (const one of rows) match.add(one);
  match.end();
  return match.count();
}

describe("rows and records", () => {
  test("are matched by id, as often as both have it", () => {
    const rows = [row({ key: "a" }), row({ key: "a" }), row({ key: "a" }), row({ key: "b" })];
    const counted = compare(rows, candidatesOf([{ key: "a" }, { key: "a" }, { key: "c" }]));
    expect(counted).toMatchObject({
      archive: 4,
      api: 3,
      both: 2,
      onlyArchive: 2,
      onlyApi: 1,
      equalPlace: 2,
      equalCategory: 2,
      outcomeChanged: 0,
    });
  });

  test("of a shared id go to those that are most alike, in whatever order they come", () => {
    const rows = [row({ key: "a", outcome: "C" }), row({ key: "a", outcome: "B" })];
    const counted = compare(
      [...rows, row({ key: "a", category: "Drugs" })],
      candidatesOf([
        { key: "a", category: "Drugs" },
        { key: "a", outcome: "B" },
        { key: "a", outcome: "A" },
      ]),
    );
    expect(counted).toMatchObject({ both: 3, equalCategory: 3, outcomeChanged: 1 });
    expect(counted.outcomes).toEqual([{ from: "C", to: "A", records: 1 }]);
  });

  test("that are in the archive alone are without a location, or at the border, or neither", () => {
    const counted = compare(
      [
        row({ key: "a", place: "" }),
        { ...row({ key: "b" }), area: null },
        { ...row({ key: "c" }), area: { forceId: "essex", neighbourhoodId: "E1" } },
        row({ key: "d" }),
      ],
      candidatesOf([]),
    );
    expect(counted).toMatchObject({ onlyArchive: 4, withoutLocation: 1, atBorder: 2 });
  });

  test("of another's area are in both all the same, and belong to none of this force's", () => {
    const counted = compare([row({ key: "a" })], candidatesOf([{ key: "a" }], "essex"));
    expect(counted).toMatchObject({ both: 1, elsewhere: 1, api: 0, onlyApi: 0 });
  });

  test("that one file took are not only the API's for another", () => {
    const candidates = candidatesOf([{ key: "a" }, { key: "b" }]);
    const taken = new Set<number>();
    const [kent, btp] = ["kent", "btp"].map(
      (forceId) => new Match({ ...CELL, forceId }, candidates, taken),
    );
    kent?.add(row({ key: "a" }));
    btp?.add(row({ key: "b" }));
    for (const match of [kent, btp]) match?.end();
    expect(kent?.count()).toMatchObject({ archive: 1, api: 2, both: 1, onlyApi: 0 });
  });

  test("add up, whatever they are", () => {
    const part = fc.record({
      key: fc.constantFrom("a", "b", "c"),
      category: fc.constantFrom("Burglary", "Drugs"),
      place: fc.constantFrom("", "51,0"),
      outcome: fc.constantFrom(null, "A", "B"),
    });
    const parts = fc.array(part, { maxLength: 20 });
    fc.assert(
      fc.property(parts, parts, (archive, api) => {
        const counted = compare(archive.map(row), candidatesOf(api));
        const times = (all: readonly Part[], key: string) =>
          all.filter((one) => one.key === key).length;
        const both = ["a", "b", "c"].map((key) => Math.min(times(archive, key), times(api, key)));
        expect(counted.both).toBe(both.reduce((sum, count) => sum + count, 0));
        expect(counted.both + counted.onlyArchive).toBe(archive.length);
        expect(counted.both + counted.onlyApi).toBe(api.length);
        expect(counted.withoutLocation + counted.atBorder).toBeLessThanOrEqual(counted.onlyArchive);
      }),
    );
  });
});
