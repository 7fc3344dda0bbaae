import { describe, expect, test } from "vitest";
import { addSweep, cover, monthsFrom } from "../support/country.ts";
import { createTwo, SIDECAR, statusOf, TEN, textOf, TWO, writeSidecar } from "../support/status.ts";

describe("months", () => {
  test("are complete, in part, being refreshed, or missing between others", () => {
    const country = createTwo();
    cover(country, { forces: TWO, months: ["2024-01", "2024-03"], records: TEN });
    cover(country, { forces: ["avon"], months: ["2024-04"], records: TEN });
    addSweep(country, { month: "2024-05" }, [{ state: "open" }, { state: "done" }]);
    addSweep(country, { month: "2024-03", staged: 1 }, [{ state: "open" }]);
    const { months } = statusOf(country);
    expect(months.map(({ month, state }) => `${month} ${state}`)).toEqual([
      "2024-01 complete",
      "2024-02 missing",
      "2024-03 refreshing",
      "2024-04 part",
      "2024-05 part",
    ]);
    expect(months[4]?.questions).toEqual({ open: 1, done: 1, failed: 0 });
    expect(months[0]).toMatchObject({ crimes: 20, outcomes: 20, forces_with_crimes: 2 });
  });

  test("are complete for the forces that were asked for, not for all there are", () => {
    const country = createTwo();
    cover(country, { forces: ["kent"], months: ["2024-05"], records: TEN });
    const status = statusOf(country);
    expect(status.months).toMatchObject([{ state: "complete" }]);
    expect(status.coverage.map(({ force }) => force)).toEqual(["kent"]);
    expect(textOf(status)).toMatch(/areas +1 of 2 forces/);
  });

  test("are older when they are of an earlier release than the newest known", () => {
    const country = createTwo();
    cover(country, { forces: TWO, months: ["2024-04"], records: TEN, release: "2024-05-01" });
    cover(country, { forces: TWO, months: ["2024-05"], records: TEN, release: "2024-06-01" });
    const status = statusOf(country);
    expect(status.release).toEqual({ newest: "2024-06-01", source: "rows" });
    expect(status.months.map(({ older }) => older)).toEqual([true, false]);
    country.db.exec("insert into facts values ('release', '2024-07-01')");
    const later = statusOf(country);
    expect(later.release).toEqual({ newest: "2024-07-01", source: "api" });
    expect(textOf(later)).toContain("2 of an older release");
  });
});

describe("coverage", () => {
  test("tells missing and zero apart, also of a month that is not complete", () => {
    const country = createTwo();
    const some = (force: string) => (force === "avon" ? 7 : 0);
    cover(country, { forces: TWO, months: ["2024-03"], records: some });
    cover(country, { forces: ["avon"], months: ["2024-04"], kinds: ["crimes"], records: some });
    addSweep(country, { month: "2024-04", forces: ["kent"] }, [{ state: "open" }]);
    const { coverage } = statusOf(country);
    expect(coverage).toMatchObject([
      { force: "avon", crimes: { "2024-03": 7, "2024-04": 7 }, outcomes: { "2024-03": 7 } },
      { force: "kent", crimes: { "2024-03": 0 }, outcomes: { "2024-03": 0 } },
    ]);
    expect(Object.keys(coverage[1]?.crimes ?? {})).toEqual(["2024-03"]);
  });

  test("keeps the earlier counts of a month that is being refreshed", () => {
    const country = createTwo();
    cover(country, {
      forces: TWO,
      months: ["2024-03"],
      records: (force) => (force === "avon" ? 7 : 0),
    });
    addSweep(country, { month: "2024-03", staged: 1 }, [{ state: "open" }]);
    expect(statusOf(country).coverage[1]?.crimes).toEqual({ "2024-03": 0 });
  });

  test("counts what lies in no neighbourhood", () => {
    const country = createTwo();
    cover(country, {
      forces: TWO,
      months: ["2024-03"],
      kinds: ["crimes"],
      records: TEN,
      outside: 3,
    });
    cover(country, { forces: TWO, months: ["2024-03"], kinds: ["outcomes"], records: TEN });
    const status = statusOf(country);
    expect(status.records).toEqual({ crimes: 23, outcomes: 20, stops: 0 });
    expect(status.in_no_neighbourhood).toEqual({ crimes: 3, outcomes: 0, stops: 0 });
    expect(status.months).toMatchObject([{ crimes: 23, outcomes: 20, forces_with_crimes: 2 }]);
  });
});

describe("gaps", () => {
  const forces = ["greater-manchester", "kent", "northern-ireland"];

  test("that are known are named with the year, though the transport police has records there", () => {
    const country = createTwo(forces);
    cover(country, {
      forces,
      months: ["2019-06", "2019-07", "2019-08"],
      records: (force, month, kind) => {
        if (force === "greater-manchester") return month < "2019-07" ? 30_000 : 250;
        return force === "northern-ireland" && kind === "outcomes" ? 0 : 500;
      },
    });
    const status = statusOf(country);
    expect(status.gaps).toMatchObject([
      { force: "greater-manchester", kind: "crimes", from: "2019-07", to: "2019-08" },
      { force: "greater-manchester", kind: "outcomes", from: "2019-07", to: "2019-08" },
      { force: "northern-ireland", kind: "outcomes", from: "2019-06", to: "2019-08" },
    ]);
    const text = textOf(status);
    expect(text.match(/greater-manchester publishes none since July 2019/g)).toHaveLength(1);
    expect(text).toContain(
      "northern-ireland publishes no outcomes and no stops (2019-06 to 2019-08)",
    );
    expect(text).toMatch(/northern-ireland .* none\n/);
  });

  test("that are over are no longer named", () => {
    const country = createTwo(forces);
    cover(country, { forces, months: ["2027-01"], records: () => 25_000 });
    expect(statusOf(country).gaps).toEqual([]);
  });

  test("that only the data shows are found, months in a row as one", () => {
    const country = createTwo();
    const months = monthsFrom("2024-01", 5);
    const records = (force: string, month: string, kind: string) =>
      force === "kent" && kind === "crimes" && ["2024-01", "2024-02", "2024-05"].includes(month)
        ? 0
        : 9;
    cover(country, { forces: TWO, months, records });
    expect(statusOf(country).gaps).toEqual([
      {
        force: "kent",
        kind: "crimes",
        from: "2024-01",
        to: "2024-02",
        lacks: "records",
        known: null,
      },
      {
        force: "kent",
        kind: "crimes",
        from: "2024-05",
        to: "2024-05",
        lacks: "records",
        known: null,
      },
    ]);
  });
});

describe("last_update.json", () => {
  test("fits, when the database is complete as it says", () => {
    const country = createTwo();
    cover(country, { forces: TWO, months: ["2024-04", "2024-05"], records: TEN });
    writeSidecar(country, SIDECAR);
    expect(statusOf(country).last_update).toMatchObject({ state: "fits", month: "2024-05" });
  });

  test("is ahead, when the database is not", () => {
    const country = createTwo();
    cover(country, { forces: TWO, months: ["2024-04"], records: TEN });
    writeSidecar(country, SIDECAR);
    const status = statusOf(country);
    expect(status.last_update).toMatchObject({ state: "ahead", complete: "2024-04" });
    expect(textOf(status)).toContain("complete only to 2024-04");
  });

  test("is ahead, when a month between others is missing: complete is the one before it", () => {
    const country = createTwo();
    const months = ["2024-02", "2024-03", "2024-05"];
    cover(country, { forces: TWO, months, records: TEN });
    writeSidecar(country, { ...SIDECAR, since: "2024-02" });
    const { last_update } = statusOf(country);
    expect(last_update).toMatchObject({ state: "ahead", month: "2024-05", complete: "2024-03" });
  });

  test("is ahead, when what lies in no force's area is lacking, which only all forces bring", () => {
    const country = createTwo();
    cover(country, { forces: TWO, months: ["2024-04"], records: TEN });
    cover(country, { forces: TWO, months: ["2024-05"], records: TEN, outside: null });
    writeSidecar(country, SIDECAR);
    expect(statusOf(country).last_update).toMatchObject({ state: "ahead", complete: "2024-04" });
    writeSidecar(country, { ...SIDECAR, forces: TWO });
    expect(statusOf(country).last_update).toMatchObject({ state: "fits", complete: "2024-05" });
  });

  test.each([
    ["missing", undefined, /none/],
    ["damaged", "{", /damaged/],
    ["foreign", { ...SIDECAR, database: "other.db" }, /is of other\.db/],
  ])("is %s, and that is said", (state, sidecar, says) => {
    const country = createTwo();
    cover(country, { forces: TWO, months: ["2024-05"], records: TEN });
    if (sidecar !== undefined) writeSidecar(country, sidecar);
    const status = statusOf(country);
    expect(status.last_update.state).toBe(state);
    expect(/last update .*/.exec(textOf(status))?.[0]).toMatch(says);
  });
});

describe("failures", () => {
  test("are aggregated by month, kind and reason, with an example", () => {
    const country = createTwo();
    country.db.exec("insert into neighbourhoods values ('avon', 'A1', 'Area', null, '2024', 1)");
    const bad = { state: "failed", reason: "no JSON" };
    const tiles = Array.from({ length: 900 }, () => bad);
    addSweep(country, { month: "2024-04" }, [...tiles, { ...bad, force: "avon", id: "A1" }]);
    addSweep(country, { month: "2024-05" }, [{ state: "failed" }]);
    const status = statusOf(country);
    expect(status.failures).toMatchObject([
      { month: "2024-04", kind: "crimes", reason: "no JSON", questions: 901, example: "avon/A1" },
      { month: "2024-05", reason: "unknown", questions: 1, example: null },
    ]);
    expect(textOf(status)).toContain("2024-04 crimes: 901 questions, such as avon/A1: no JSON");
    expect(status.next.why).toContain("902 questions that failed");
    expect(status.neighbourhoods.without_boundary).toEqual(["avon/A1"]);
  });

  test("of many kinds do not fill the screen", () => {
    const country = createTwo();
    const reasons = Array.from({ length: 30 }, (_, index) => `reason ${index}`);
    addSweep(
      country,
      { month: "2024-04" },
      reasons.map((reason) => ({ state: "failed", reason })),
    );
    expect(textOf(statusOf(country))).toContain("and 24 more");
  });
});
