import { describe, expect, test } from "vitest";
import { describeRevisions, toRevisionsDocument } from "../../src/report/status-revisions.ts";
import type { Revision } from "../../src/store/read/revisions.ts";
import { addSweep, cover, monthsFrom } from "../support/country.ts";
import type { Country } from "../support/country.ts";
import { createTwo, statusOf, TEN, textOf, TWO } from "../support/status.ts";

const REVISION: Revision = {
  month: "2018-04",
  kind: "crimes",
  from: "2018-05-05",
  to: "2018-06-05",
  revisedAt: "2018-06-06T10:00:00Z",
  kept: 100,
  added: 12,
  changed: 758,
  outcomesChanged: 758,
  removed: 3,
};

describe("the list of revisions", () => {
  const lineOf = (changes: Partial<Revision>) =>
    describeRevisions("ukpolice.db", [{ ...REVISION, ...changes }]).split("\n")[1];

  test("has a line for each month, kind and release", () => {
    const two: Revision[] = [REVISION, { ...REVISION, month: "2018-03", kind: "outcomes" }];
    expect(describeRevisions("ukpolice.db", two).split("\n")).toEqual([
      "ukpolice.db: 2 revisions of 2 months",
      "2018-04 crimes, as of 2018-06-05 (before: 2018-05-05): 12 added, 758 outcomes changed, 3 removed",
      "2018-03 outcomes, as of 2018-06-05 (before: 2018-05-05): 12 added, 758 outcomes changed, 3 removed",
    ]);
  });

  test.each<[Partial<Revision>, RegExp]>([
    [{ outcomesChanged: 1 }, /: 12 added, 1 outcome changed, 757 changed otherwise, 3 removed$/],
    [{ outcomesChanged: 0, added: 0, removed: 0 }, /: 758 changed$/],
    [{ added: 0, changed: 0, outcomesChanged: 0, removed: 0 }, /: nothing changed$/],
    [{ from: "" }, /crimes, as of 2018-06-05: /],
    [{ to: "" }, /crimes, as of an unknown release \(before: 2018-05-05\): /],
  ])("says of %j what it is", (changes, line) => expect(lineOf(changes)).toMatch(line));

  test("ends after forty lines, and says how many more there are", () => {
    const lines = describeRevisions("a.db", Array<Revision>(1042).fill(REVISION)).split("\n");
    expect(lines).toHaveLength(42);
    expect(lines.at(-1)).toBe("and 1,002 more, with --json");
  });

  test("says what makes one, where there is none", () => {
    expect(describeRevisions("ukpolice.db", [])).toMatch(/no revision yet\n.*crawl --refresh$/);
    expect(toRevisionsDocument("ukpolice.db", [])).toEqual({
      database: "ukpolice.db",
      revisions: [],
    });
  });
});

type Line = { month: string; from?: string; to: string; kept: number; changed?: number };

/** A line of one replacement of crimes, with as many records added as changed. */
function addRevision({ db }: Country, { month, from = "2024-04-05", to, ...line }: Line): void {
  const { kept, changed = 0 } = line;
  db.prepare(
    `insert into revisions
     values (?, (select count(*) + 1 from revisions), 'crimes', 'avon', 'burglary', ?, ?, '', ?, ?, ?, 0, 0)`,
  ).run(month, from, to, kept, changed, changed);
}

describe("the months that a refresh is worth most for", () => {
  /** Four months of 40 records each, 20 a kind, as of May, while the newest release is of June. */
  const older = () => {
    const country = createTwo();
    const months = monthsFrom("2024-01", 4);
    cover(country, { forces: TWO, months, records: TEN, release: "2024-05-05" });
    country.db.exec("insert into facts values ('release', '2024-06-05')");
    return country;
  };

  test("are those whose age earlier refreshes changed most, with what brings them", () => {
    const country = older();
    addRevision(country, { month: "2024-03", to: "2024-05-05", kept: 60, changed: 40 });
    addRevision(country, { month: "2024-02", to: "2024-05-05", kept: 80, changed: 20 });
    addRevision(country, { month: "2024-01", to: "2024-05-05", kept: 99, changed: 1 });
    const status = statusOf(country);
    // April is as old now as March was then: 2 months.
    expect(status.worth).toEqual({
      months: [
        { month: "2024-04", age: 2, share: 0.8, expected: 32 },
        { month: "2024-03", age: 3, share: 0.4, expected: 16 },
      ],
      command: "ukpolice crawl --since 2024-03 --refresh",
    });
    expect(textOf(status)).toMatch(
      /worth most +2024-04 \(80\.0%\), 2024-03 \(40\.0%\) of whose records are likely to\n +differ: ukpolice crawl --since 2024-03 --refresh/,
    );
  });

  test("are measured over all that was revised at the same age", () => {
    const country = older();
    addRevision(country, { month: "2024-03", to: "2024-05-05", kept: 0, changed: 40 });
    addRevision(country, { month: "2024-02", to: "2024-04-05", from: "2024-03-05", kept: 360 });
    expect(statusOf(country).worth?.months).toMatchObject([{ month: "2024-04", share: 0.2 }]);
  });

  test("are for the database and the forces that it is for", () => {
    const country = createTwo();
    cover(country, { forces: ["kent"], months: ["2024-04"], records: TEN, release: "2024-05-05" });
    country.db.exec("insert into facts values ('release', '2024-06-05')");
    addRevision(country, { month: "2024-03", to: "2024-05-05", kept: 1, changed: 1 });
    expect(statusOf(country, { database: "a b.db" }).worth?.command).toBe(
      "ukpolice crawl --since 2024-04 --refresh --force kent --db 'a b.db'",
    );
  });

  test("have no command for the sample, of which the sandbox has no newer release by itself", () => {
    const country = older();
    country.db.exec("insert into facts values ('origin', 'sandbox')");
    addRevision(country, { month: "2024-03", to: "2024-05-05", kept: 60, changed: 40 });
    const status = statusOf(country);
    expect(status.worth?.command).toBeNull();
    expect(textOf(status)).toMatch(/2024-04 \(80\.0%\) of whose records are likely to\s+differ\n/);
  });

  test.each<[string, Line | undefined]>([
    ["nothing was revised", undefined],
    ["no month of such an age was", { month: "2023-01", to: "2024-05-05", kept: 1, changed: 1 }],
    ["what was did not change", { month: "2024-03", to: "2024-05-05", kept: 100 }],
    ["its release is not known", { month: "2024-03", to: "", kept: 1, changed: 1 }],
    [
      "the one before is not",
      { month: "2024-03", from: "", to: "2024-05-05", kept: 1, changed: 1 },
    ],
    [
      "it was the same",
      { month: "2024-03", from: "2024-05-05", to: "2024-05-05", kept: 1, changed: 1 },
    ],
  ])("are not told where %s", (_, line) => {
    const country = older();
    if (line !== undefined) addRevision(country, line);
    const status = statusOf(country);
    expect(status.worth).toBeNull();
    expect(textOf(status)).not.toContain("worth most");
  });

  test("are none that are of the newest release, or are refreshed at the moment", () => {
    const country = older();
    addRevision(country, { month: "2024-03", to: "2024-05-05", kept: 60, changed: 40 });
    addSweep(country, { month: "2024-04", staged: 1 }, [{ state: "open" }]);
    expect(statusOf(country).worth).toBeNull();
  });
});

describe("the releases that months are of", () => {
  test("are told with their age, where they are not all the newest", () => {
    const country = createTwo();
    const all = { forces: TWO, records: TEN };
    cover(country, { ...all, months: monthsFrom("2024-01", 2), release: "2024-03-05" });
    cover(country, { ...all, months: ["2024-03"], release: "2024-06-05" });
    cover(country, { ...all, months: ["2024-04"], release: "" });
    const status = statusOf(country);
    expect(status.months.map(({ behind }) => behind)).toEqual([3, 3, 0, null]);
    expect(textOf(status)).toMatch(
      /of release +2024-06-05: 2024-03; 2024-03-05, 3 months older than the newest:\n +2 months, 2024-01 to 2024-02; unknown: 2024-04\n/,
    );
  });

  test("are not told one by one, where all are of the newest", () => {
    const country = createTwo();
    cover(country, { forces: TWO, months: ["2024-03"], records: TEN });
    expect(textOf(statusOf(country))).not.toContain("of release");
  });
});
