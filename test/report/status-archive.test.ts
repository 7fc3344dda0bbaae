import { describe, expect, test } from "vitest";
import { cover, monthsFrom } from "../support/country.ts";
import { createTwo, statusOf, TEN, textOf, TWO } from "../support/status.ts";

const BOTH = ["crimes", "outcomes"] as const;

/** A year of the archive, then two months of the API. */
function createMixed(forces: readonly string[] = TWO) {
  const country = createTwo(forces);
  const months = monthsFrom("2023-01", 12);
  cover(country, { forces, months, records: TEN, source: "archive", outside: null });
  cover(country, { forces, months: ["2024-01", "2024-02"], records: TEN });
  return country;
}

describe("where months are from", () => {
  test("is told once for all kinds, where it is the same", () => {
    const status = statusOf(createMixed());
    const from = /from +the archive 2023-01 to 2023-12, the API 2024-01 to 2024-02\n/;
    expect(textOf(status)).toMatch(from);
    expect(status.months[0]?.sources).toEqual({ crimes: "archive", outcomes: "archive" });
    expect(status.months.at(-1)?.sources).toEqual({ crimes: "api", outcomes: "api" });
  });

  test("is told by kind, where it is not", () => {
    const country = createTwo();
    cover(country, { forces: TWO, months: ["2024-01"], records: TEN, kinds: ["outcomes"] });
    const of = { forces: TWO, months: ["2024-01"], records: TEN, outside: null };
    cover(country, { ...of, kinds: ["crimes"], source: "archive" });
    expect(textOf(statusOf(country))).toMatch(
      /from +crimes the archive 2024-01; outcomes the API 2024-01\n/,
    );
  });

  test("is not told where all is the API's", () => {
    const country = createTwo();
    cover(country, { forces: TWO, months: ["2024-01"], records: TEN });
    expect(textOf(statusOf(country))).not.toMatch(/^ +from /m);
  });

  test("makes months of the archive no older than the API's newest release", () => {
    const status = statusOf(createMixed());
    expect(status.months[0]).toMatchObject({ older: false });
  });

  test("is of no age where its release is newer than the API's that a crawl saw", () => {
    const country = createMixed();
    country.db.exec("insert into facts values ('release', '2024-03-01')");
    const status = statusOf(country);
    expect(status.release.newest).toBe("2024-03-01");
    expect(new Set(status.months.map(({ behind }) => behind))).toEqual(new Set([0]));
    expect(textOf(status)).toMatch(/of release +2024-06-01: 14 months, 2023-01 to 2024-02\n/);
  });
});

describe("a force without a file of a month that the archive has", () => {
  test("is a gap, from its first file on, months in a row as one", () => {
    const country = createTwo();
    const of = { records: TEN, source: "archive", kinds: BOTH, outside: null } as const;
    cover(country, { ...of, forces: ["avon"], months: monthsFrom("2023-01", 6) });
    cover(country, { ...of, forces: ["kent"], months: ["2023-03", "2023-06"] });
    const status = statusOf(country);
    expect(status.gaps).toEqual(
      BOTH.map((kind) => ({
        force: "kent",
        kind,
        from: "2023-04",
        to: "2023-05",
        lacks: "file",
        known: null,
      })),
    );
    expect(textOf(status)).toContain("kent: no file of crimes in 2023-04 to 2023-05");
  });

  test("is a known gap where that is known", () => {
    const forces = ["avon", "greater-manchester"];
    const country = createTwo(forces);
    const of = { records: TEN, source: "archive", kinds: BOTH, outside: null } as const;
    cover(country, { ...of, forces: ["avon"], months: ["2019-06", "2019-07", "2019-08"] });
    cover(country, {
      ...of,
      forces: ["greater-manchester"],
      months: ["2019-06"],
      records: () => 30_000,
    });
    const text = textOf(statusOf(country));
    expect(text).toContain(
      "greater-manchester publishes none since July 2019 (2019-07 to 2019-08)",
    );
  });
});

test("what a file has ends a known gap, though it be few", () => {
  const london = ["city-of-london"];
  const country = createTwo(london);
  const of = { forces: london, kinds: ["crimes"], records: () => 36 };
  cover(country, { ...of, months: ["2022-06"], source: "archive", outside: null });
  const archived = statusOf(country, { kinds: ["crimes"] });
  expect(archived.gaps).toEqual([]);
  expect(textOf(archived, false)).not.toMatch(/city-of-london +x/);
  // What the API finds in its area may be the transport police's.
  country.db.exec("update coverage set source = 'api'");
  const asked = statusOf(country, { kinds: ["crimes"] });
  expect(asked.gaps).toMatchObject([{ known: "published none of June 2022" }]);
  expect(textOf(asked, false)).toMatch(/city-of-london +x/);
});

test("a month far below its neighbours is told", () => {
  const country = createTwo();
  const months = monthsFrom("2023-01", 8);
  const records = (force: string, month: string) =>
    force === "kent" && month === "2023-04" ? 1200 : 6000;
  cover(country, { forces: TWO, months, records });
  const status = statusOf(country);
  expect(status.shortfalls).toEqual(
    BOTH.map((kind) => ({
      force: "kent",
      month: "2023-04",
      kind,
      records: 1200,
      usual: 6000,
      known: null,
    })),
  );
  expect(textOf(status)).toContain("2023-04 kent: 1,200 crimes, where about 6,000 are usual");
});

test("a month without a record is told once, as a gap", () => {
  const country = createTwo();
  const records = (force: string, month: string) =>
    force === "kent" && month === "2023-04" ? 0 : 6000;
  cover(country, { forces: TWO, months: monthsFrom("2023-01", 8), records });
  const status = statusOf(country);
  expect(status.gaps).toMatchObject(
    BOTH.map((kind) => ({ force: "kent", kind, from: "2023-04", lacks: "records" })),
  );
  expect(status.shortfalls).toEqual([]);
});

test("the share of the API's records whose LSOA was learnt is told, once any was", () => {
  const country = createMixed();
  expect(textOf(statusOf(country))).not.toContain("LSOAs");
  country.db.exec("insert into lsoa_counts values ('crimes', '2024-01', 1000, 950)");
  const status = statusOf(country);
  expect(status.lsoas).toEqual({ located: 1000, found: 950 });
  expect(textOf(status)).toMatch(/LSOAs +known for 95\.0% of 1,000 records of the API\n/);
});
