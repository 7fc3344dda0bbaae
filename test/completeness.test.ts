import { describe, expect, test } from "vitest";
import { createCover, findNewestComplete, listDoubted } from "../src/completeness.ts";
import { listForcesOf, listWanted } from "../src/completeness.ts";
import type { CoveredCell, Evidence } from "../src/completeness.ts";
import { findKnownGap } from "../src/police-api.ts";
import { KINDS } from "../src/types.ts";
import type { Kind, Month } from "../src/types.ts";

const RELEASE = "2018-07-01";

function cell(
  month: Month,
  kind: Kind,
  forceId: string,
  other: Partial<CoveredCell> = {},
): CoveredCell {
  return { month, kind, forceId, source: "api", release: RELEASE, records: 10, ...other };
}

/** Cells of every kind. */
function whole(month: Month, ...forces: string[]): CoveredCell[] {
  return KINDS.flatMap((kind) => forces.map((forceId) => cell(month, kind, forceId)));
}

describe("what is covered", () => {
  const cover = createCover([
    ...whole("2018-05", "avon", ""),
    cell("2018-04", "crimes", "kent", { records: 7, release: "2018-06-01" }),
    cell("2018-04", "crimes", "avon"),
  ]);

  test("is found cell by cell", () => {
    const kent = { month: "2018-04", kind: "crimes", forceId: "kent" } as const;
    expect(cover.find(kent)).toEqual({
      ...kent,
      source: "api",
      records: 7,
      release: "2018-06-01",
    });
    expect(cover.find({ ...kent, month: "2018-05" })).toBeUndefined();
    expect(cover.find({ ...kent, kind: "outcomes" })).toBeUndefined();
    expect(cover.find({ ...kent, forceId: "ken" })).toBeUndefined();
    expect(cover.find({ ...kent, month: "2018-03" })).toBeUndefined();
  });

  test("is listed by month and kind, and whole", () => {
    const names = cover.listCells("2018-04", "crimes").map(({ forceId }) => forceId);
    expect(names).toEqual(["kent", "avon"]);
    expect(cover.listCells("2018-04", "outcomes")).toEqual([]);
    expect(cover.listAll()).toHaveLength(KINDS.length * 2 + 2);
  });

  test("says which forces are lacking, in the order asked, and '' like any other", () => {
    expect(cover.listLacking("2018-05", "crimes", ["kent", "avon", ""])).toEqual(["kent"]);
    expect(cover.listLacking("2018-04", "crimes", ["", "kent", "avon"])).toEqual([""]);
    expect(cover.listLacking("2018-03", "crimes", ["kent", "avon"])).toEqual(["kent", "avon"]);
  });

  test("is complete for forces when every kind is covered for each of them", () => {
    expect(cover.isComplete("2018-05", ["avon", ""])).toBe(true);
    expect(cover.isComplete("2018-05", ["avon", "kent"])).toBe(false);
    expect(cover.isComplete("2018-04", ["avon"])).toBe(false);
  });

  test("lists months of which something is covered, oldest first", () => {
    expect(cover.listMonths()).toEqual(["2018-04", "2018-05"]);
    expect(cover.listMonths("outcomes")).toEqual(["2018-05"]);
  });

  test("knows the oldest release of these forces' cells, one that is not known before all", () => {
    expect(cover.findOldestRelease("2018-04", ["avon", "kent"])).toBe("2018-06-01");
    expect(cover.findOldestRelease("2018-04", ["avon"])).toBe(RELEASE);
    expect(cover.findOldestRelease("2018-04", ["surrey"])).toBeUndefined();
    const odd = createCover([cell("2018-04", "crimes", "kent", { release: "" })]);
    expect(odd.findOldestRelease("2018-04", ["kent"])).toBe("");
  });

  test("has a cell once, and what was said last of it", () => {
    const twice = createCover([
      cell("2018-04", "crimes", "kent"),
      cell("2018-04", "crimes", "kent", { records: 3 }),
    ]);
    expect(twice.listAll()).toMatchObject([{ records: 3 }]);
  });
});

describe("the newest complete month", () => {
  const ALL = ["avon", "kent", ""];
  const newest = (cells: CoveredCell[], since: Month, forces: readonly string[] = ALL) =>
    findNewestComplete(createCover(cells), { since, forces });

  test("is none while the first asked for is not complete", () => {
    expect(newest([], "2018-03")).toBeUndefined();
    expect(newest(whole("2018-04", ...ALL), "2018-03")).toBeUndefined();
  });

  test("is the last before a month that is missing, although later ones are complete", () => {
    const cells = [...whole("2018-03", ...ALL), ...whole("2018-05", ...ALL)];
    expect(newest(cells, "2018-03")).toBe("2018-03");
    expect(newest(cells, "2018-05")).toBe("2018-05");
  });

  test("is the last before a month that lacks a force, a kind or what lies in none", () => {
    const march = whole("2018-03", ...ALL);
    for (const lacking of [
      whole("2018-04", "avon", "kent"),
      whole("2018-04", "avon", ""),
      whole("2018-04", ...ALL).filter(({ kind }) => kind === "crimes"),
    ]) {
      expect(newest([...march, ...lacking, ...whole("2018-05", ...ALL)], "2018-03")).toBe(
        "2018-03",
      );
    }
  });

  test("goes on over the turn of a year", () => {
    const months = ["2017-11", "2017-12", "2018-01", "2018-02"];
    expect(
      newest(
        months.flatMap((month) => whole(month, ...ALL)),
        "2017-11",
      ),
    ).toBe("2018-02");
  });

  test("counts for the forces that were asked for, no others", () => {
    const cells = whole("2018-03", "avon");
    expect(newest(cells, "2018-03", ["avon"])).toBe("2018-03");
    expect(newest(cells, "2018-03", ["kent"])).toBeUndefined();
    expect(newest(cells, "2018-03")).toBeUndefined();
  });
});

describe("the forces that are meant", () => {
  test("by 'all' are those that are known, and what lies in none; else those that are named", () => {
    expect(listForcesOf("all", ["avon", "kent"])).toEqual(["avon", "kent", ""]);
    expect(listForcesOf(["kent"], ["avon", "kent"])).toEqual(["kent"]);
    expect(listForcesOf([], ["avon"])).toEqual([]);
  });

  test.each([
    ["the ones that were asked for", ["kent"], ["kent"]],
    ["all, where nothing was asked for", [], ["avon", "kent", "surrey", ""]],
    [
      "all, where every one was asked for by its name",
      ["surrey", "kent", "avon"],
      ["avon", "kent", "surrey", ""],
    ],
    ["all, where what lies in none was asked for", ["", "kent"], ["avon", "kent", "surrey", ""]],
    [
      "all, where only forces were asked for that are none now",
      ["gone"],
      ["avon", "kent", "surrey", ""],
    ],
    ["not those that are none now", ["gone", "kent"], ["kent"]],
    ["in the order in which they are known", ["surrey", "avon"], ["avon", "surrey"]],
  ])("by a database are %s", (_, asked, wanted) => {
    expect(listWanted(["avon", "kent", "surrey"], new Set(asked))).toEqual(wanted);
  });
});

describe("an answer of no record", () => {
  const EVIDENCE: Evidence = {
    kind: "crimes",
    month: "2018-05",
    total: 500,
    crimes: 0,
    mostElsewhere: () => 0,
  };
  const CELLS = [
    { forceId: "avon", records: 0 },
    { forceId: "kent", records: 500 },
    { forceId: "", records: 0 },
  ];
  const NONE = CELLS.map(({ forceId }) => ({ forceId, records: 0 }));
  const doubted = (evidence: Partial<Evidence>, cells: typeof CELLS = CELLS) =>
    listDoubted(cells, { ...EVIDENCE, ...evidence });

  test("is believed of a force that never had many, in a month that has records", () => {
    expect(doubted({})).toEqual([]);
    expect(doubted({ mostElsewhere: () => 999 })).toEqual([]);
  });

  test("is not believed of a force that had a thousand in another month", () => {
    const mostElsewhere = (forceId: string) => (forceId === "avon" ? 1000 : 0);
    expect(doubted({ mostElsewhere })).toEqual(["avon"]);
    expect(doubted({ mostElsewhere, kind: "outcomes", crimes: 5000 })).toEqual(["avon"]);
  });

  test("is believed of what lies in no force, whatever it had", () => {
    expect(doubted({ mostElsewhere: (forceId) => (forceId === "" ? 5000 : 0) })).toEqual([]);
  });

  test("is not believed of any cell of a month without one record, not even of ''", () => {
    expect(doubted({ total: 0 }, NONE)).toEqual(["avon", "kent", ""]);
    expect(doubted({ total: 0, kind: "outcomes", crimes: 100 }, NONE)).toHaveLength(3);
  });

  test("is believed of cells whose month has records in other cells", () => {
    expect(doubted({ total: 1 }, NONE)).toEqual([]);
  });

  test("is believed of the outcomes of a month with few crimes, where these are known", () => {
    const none = { total: 0, kind: "outcomes" } as const;
    expect(doubted({ ...none, crimes: 1 }, NONE)).toEqual([]);
    expect(doubted({ ...none, crimes: 99 }, NONE)).toEqual([]);
    expect(doubted({ ...none, crimes: 0 }, NONE)).toHaveLength(3);
  });

  test("of crimes is no better for crimes that are known to be few", () => {
    expect(doubted({ total: 0, crimes: 50 }, NONE)).toHaveLength(3);
  });

  test("of few crimes' outcomes is still not believed of a force that had thousands", () => {
    const mostElsewhere = (forceId: string) => (forceId === "kent" ? 4000 : 0);
    const none = { total: 0, kind: "outcomes", crimes: 50 } as const;
    expect(doubted({ ...none, mostElsewhere }, NONE)).toEqual(["kent"]);
  });

  test("is believed of a force that is known to publish none then, and only then", () => {
    const manchester = [{ forceId: "greater-manchester", records: 0 }];
    const mostElsewhere = () => 30_000;
    const asked = (month: Month, kind: Kind = "crimes") =>
      doubted({ month, kind, mostElsewhere, crimes: 5000 }, manchester);
    expect(asked("2019-06")).toEqual(["greater-manchester"]);
    expect(asked("2019-07")).toEqual([]);
    expect(asked("2030-01", "outcomes")).toEqual([]);
    const ireland = [{ forceId: "northern-ireland", records: 0 }];
    const ulster = (kind: Kind) => doubted({ kind, mostElsewhere, crimes: 5000 }, ireland);
    expect(ulster("outcomes")).toEqual([]);
    expect(ulster("crimes")).toEqual(["northern-ireland"]);
  });

  test("is not asked about where there are records", () => {
    expect(doubted({ total: 1, mostElsewhere: () => 9999 }, CELLS.slice(1, 2))).toEqual([]);
  });
});

describe("a known gap", () => {
  const find = (forceId: string, month: Month, records = 0, kind: Kind = "crimes") =>
    findKnownGap({ forceId, kind, month }, records)?.why;

  test("without an end begins with its first month", () => {
    expect(find("greater-manchester", "2019-06")).toBeUndefined();
    expect(find("greater-manchester", "2019-07")).toMatch(/July 2019/);
    expect(find("greater-manchester", "2029-07")).toMatch(/July 2019/);
  });

  test("with an end is over after its last month", () => {
    expect(find("city-of-london", "2022-05")).toBeUndefined();
    expect(find("city-of-london", "2022-06")).toMatch(/June 2022/);
    expect(find("city-of-london", "2022-07")).toBeUndefined();
  });

  test("is over where the force publishes again, not where others publish in its area", () => {
    expect(find("greater-manchester", "2024-01", 1000)).toMatch(/July 2019/);
    expect(find("greater-manchester", "2024-01", 1001)).toBeUndefined();
  });

  test("is one of a force and of some kinds alone", () => {
    expect(find("northern-ireland", "2018-05", 0, "outcomes")).toMatch(/no outcomes/);
    expect(find("northern-ireland", "2018-05")).toBeUndefined();
    expect(find("kent", "2019-07")).toBeUndefined();
  });
});

describe("a month of the archive", () => {
  const of = (month: Month, kind: Kind, ...forces: string[]) =>
    forces.map((forceId) => cell(month, kind, forceId, { source: "archive" }));

  test("lacks the forces without a file, and neither what lies between them nor known gaps", () => {
    const cover = createCover(of("2022-06", "crimes", "avon"));
    const wanted = ["avon", "city-of-london", "kent", ""];
    expect(cover.sourceOf("2022-06", "crimes")).toBe("archive");
    expect(cover.listLacking("2022-06", "crimes", wanted)).toEqual(["kent"]);
    expect(cover.sourceOf("2022-06", "outcomes")).toBeUndefined();
    expect(cover.listLacking("2022-06", "outcomes", wanted)).toEqual(wanted);
  });

  test("is complete with a cell of every other force", () => {
    const forces = ["avon", "northern-ireland"];
    const cover = createCover([
      ...of("2022-06", "crimes", ...forces),
      ...of("2022-06", "outcomes", "avon"),
    ]);
    expect(cover.isComplete("2022-06", [...forces, ""])).toBe(true);
    expect(cover.isComplete("2022-06", ["kent", ...forces])).toBe(false);
  });

  test("has no outcomes before 2012, and lacks none", () => {
    const cover = createCover([
      ...of("2011-12", "crimes", "avon"),
      ...of("2012-01", "crimes", "avon"),
    ]);
    expect(cover.isComplete("2011-12", ["avon", ""])).toBe(true);
    expect(cover.isComplete("2012-01", ["avon", ""])).toBe(false);
    expect(cover.isComplete("2011-11", ["avon"])).toBe(false);
  });
});
