import Database from "better-sqlite3";
import { describe, expect, onTestFinished, test } from "vitest";
import { NOWHERE } from "../../../src/completeness.ts";
import { TABLES } from "../../../src/store/kinds.ts";
import { openStore } from "../../../src/store/store.ts";
import { openExport } from "../../../src/store/read/export.ts";
import { SOURCES } from "../../../src/store/read/exported.ts";
import { KINDS } from "../../../src/types.ts";
import type { Kind } from "../../../src/types.ts";
import { databaseOf } from "../../support/exported.ts";
import { crimeOf, openQuestion, openTestStore, outcomeOf, stopOf } from "../../support/stored.ts";

const HERE = { month: "2018-05", forceId: "avon" };

function open(file: string) {
  const reader = openExport(file);
  onTestFinished(() => reader.close());
  return reader;
}

describe("what an export reads", () => {
  test("is the database of one moment, while a crawl goes on writing", () => {
    const file = databaseOf({ crimes: [crimeOf(1), crimeOf(2)] });
    const reader = open(file);
    expect(reader.listSlices("crimes", "2018-05")).toEqual([{ ...HERE, records: 2 }]);
    const rows = reader.iterateRecords("crimes", HERE);
    expect(rows.next().value).toMatchObject({ id: 1 });

    const store = openStore(file);
    onTestFinished(() => store.close());
    const changed = crimeOf(2, { outcomeCategory: "Local resolution" });
    const question = openQuestion(store, { forces: ["kent"] });
    store.saveReply(question, { kind: "crimes", rows: [changed, crimeOf(3)] });

    expect([...rows]).toEqual([expect.objectContaining({ id: 2, outcomeCategory: null })]);
    expect([...reader.iterateRecords("crimes", HERE)]).toHaveLength(2);
    expect([...open(file).iterateRecords("crimes", HERE)]).toHaveLength(3);
  });

  test("is that of the moment it was opened, even when nothing was read before", () => {
    const file = databaseOf({ crimes: [crimeOf(1)] });
    const reader = open(file);
    const store = openStore(file);
    onTestFinished(() => store.close());
    const question = openQuestion(store, { forces: ["kent"] });
    store.saveReply(question, { kind: "crimes", rows: [crimeOf(2)] });
    expect(reader.listSlices("crimes", "2018-05")).toEqual([{ ...HERE, records: 1 }]);
  });

  test("leaves out other categories, of crimes and of the crimes of outcomes", () => {
    const other = { crimeCategory: "drugs" };
    const file = databaseOf({
      crimes: [crimeOf(1), crimeOf(2, { category: "drugs" })],
      outcomes: [outcomeOf(1), outcomeOf(2, other)],
    });
    const reader = open(file);
    const drugs = ["drugs"];
    expect(reader.listSlices("outcomes", "2018-05", drugs)).toEqual([{ ...HERE, records: 1 }]);
    expect([...reader.iterateRecords("crimes", HERE, drugs)].map(({ id }) => id)).toEqual([2]);
    expect(
      [...reader.iterateRecords("outcomes", HERE, drugs)].map(({ crimeId }) => crimeId),
    ).toEqual([2]);
    expect([...reader.iterateRecords("outcomes", HERE)]).toHaveLength(2);
  });

  test("finds the months that are there, each by one search", () => {
    const months = ["2018-05", "2017-12", "2018-03"];
    const crimes = months.map((month, id) => crimeOf(id, { month }));
    const reader = open(databaseOf({ crimes }));
    expect(reader.listMonths("crimes")).toEqual([...months].sort());
    expect(reader.listMonths("outcomes")).toEqual([]);
  });
});

describe("the slices that an export reads", () => {
  const unplaced = { place: null, area: null };
  const by = (reportedBy: string, crime: ReturnType<typeof crimeOf>) => ({ ...crime, reportedBy });

  test("are of crimes by the area, else by who published them, else of none", () => {
    const crimes = [
      crimeOf(1),
      by("kent", crimeOf(2)),
      by("avon", crimeOf(3, unplaced)),
      by("kent", crimeOf(4, { ...unplaced, category: "drugs" })),
      crimeOf(5, { area: null }),
    ];
    const reader = open(databaseOf({ crimes }));
    const none = { month: "2018-05", forceId: null };
    const kent = { month: "2018-05", forceId: "kent" };
    expect(reader.listSlices("crimes", "2018-05")).toEqual([
      { ...HERE, records: 3 },
      { ...kent, records: 1 },
      { ...none, records: 1 },
    ]);
    expect(reader.listSlices("crimes", "2018-05", ["drugs"])).toEqual([{ ...kent, records: 1 }]);
    const idsOf = (slice: typeof kent | typeof none, categories?: string[]) =>
      [...reader.iterateRecords("crimes", slice, categories)].map(({ id }) => id);
    expect([HERE, kent, none].map((slice) => idsOf(slice))).toEqual([[1, 2, 3], [4], [5]]);
    expect(idsOf(kent, ["burglary"])).toEqual([]);
  });

  test("are only those of which there is something, when all crimes of no area were published", () => {
    const reader = open(databaseOf({ crimes: [by("kent", crimeOf(1, unplaced))] }));
    const slices = reader.listSlices("crimes", "2018-05");
    expect(slices).toEqual([{ month: "2018-05", forceId: "kent", records: 1 }]);
  });

  test("are of stops by who published them, in the order in which they came, equal ones all", () => {
    const late = stopOf({ datetime: "2018-05-20T12:00:00+00:00" });
    const stops = [late, stopOf(), stopOf({ reportedBy: "btp" }), late, stopOf({ type: "A" })];
    const reader = open(databaseOf({ stops }));
    const kent = { month: "2018-05", forceId: "kent" };
    expect(reader.listSlices("stops", "2018-05")).toEqual([
      { month: "2018-05", forceId: "btp", records: 1 },
      { ...kent, records: 4 },
    ]);
    const rows = [...reader.iterateRecords("stops", kent)];
    expect(rows.map(({ type, datetime }) => `${type} ${datetime.slice(8, 10)}`)).toEqual([
      "Person search 20",
      "Person search 15",
      "Person search 20",
      "A 15",
    ]);
    expect(rows[0]).toMatchObject({ reportedBy: "kent", forceId: "avon", operation: null });
  });

  test.each(["crimes", "outcomes", "stops"] as const)(
    "are counted by an index alone: %s",
    (kind) => {
      const db = new Database(databaseOf({}), { readonly: true });
      onTestFinished(() => void db.close());
      const month = TABLES[kind].month;
      const sql = SOURCES[kind].countSlices(`r.${month} = '2018-05'`);
      const plan = db.prepare<[], { detail: string }>(`explain query plan ${sql}`).all();
      const reads = plan.map(({ detail }) => detail).filter((text) => /^(SCAN|SEARCH)/.test(text));
      expect(reads).not.toEqual([]);
      for (const read of reads) expect(read).toMatch(/^SEARCH r USING COVERING INDEX/);
    },
  );
});

describe("the forces whose cells an export wants", () => {
  const stops = new Map([
    ["2018-04", ["btp"]],
    ["2018-05", ["avon", "btp", "kent"]],
  ]);

  /** Opens a database of avon and kent for which these forces were asked. */
  function wanted(asked: "all" | string[], forces?: string[]) {
    const store = openTestStore();
    store.coverage.savePublished({ published: [...stops.keys()], stops });
    store.coverage.noteAsked(asked, KINDS);
    store.close();
    const { forcesOf } = open(store.file).readWanted(forces);
    return (kind: Kind, month = "2018-05") => [...forcesOf(month, kind)];
  }

  test("are all, and of stops those that published some in the month", () => {
    const forcesOf = wanted("all");
    expect(forcesOf("crimes")).toEqual(["avon", "kent", NOWHERE]);
    expect(forcesOf("stops")).toEqual(["avon", "btp", "kent"]);
    expect(forcesOf("stops", "2018-04")).toEqual(["btp"]);
    expect(forcesOf("stops", "2018-06")).toEqual([]);
  });

  test("are those that the database is for, where it is for some", () => {
    const forcesOf = wanted(["kent"]);
    expect(forcesOf("outcomes")).toEqual(["kent"]);
    expect(forcesOf("stops")).toEqual(["kent"]);
    expect(forcesOf("stops", "2018-04")).toEqual([]);
  });

  test("are those that are named; the transport police have no crimes of their own", () => {
    const forcesOf = wanted("all", ["avon", "btp"]);
    expect(forcesOf("crimes")).toEqual(["avon"]);
    expect(forcesOf("stops")).toEqual(["avon", "btp"]);
    expect(forcesOf("stops", "2018-04")).toEqual(["btp"]);
  });
});
