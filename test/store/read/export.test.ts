import { describe, expect, onTestFinished, test } from "vitest";
import { openStore } from "../../../src/store/store.ts";
import { openExport } from "../../../src/store/read/export.ts";
import { databaseOf } from "../../support/exported.ts";
import { crimeOf, openQuestion, outcomeOf } from "../../support/stored.ts";

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
