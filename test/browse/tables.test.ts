import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { browse, makeDatabase } from "../support/browsing.ts";
import { databaseOfMany } from "../support/many.ts";

const CRIMES = `insert into crime_categories (id, name)
    values ('burglary', 'Burglary'), ('violent-crime', 'Violence and sexual offences');
  insert into streets (id, name) values (1, 'On or near High Street'), (2, 'On or near High Street'),
    (3, 'On or near Mill Lane');
  insert into crimes (month, id, category, street_id, force_id, neighbourhood_id) values
    ('2018-04', 1, 'burglary', 1, 'avon', 'A1'), ('2018-04', 2, 'violent-crime', 2, 'avon', 'A2'),
    ('2018-05', 3, 'burglary', 3, 'avon', 'A1'), ('2018-06', 4, 'violent-crime', 3, null, null);`;

function databaseWith(sql: string, file = makeDatabase()): string {
  const db = new Database(file);
  db.exec(sql);
  db.close();
  return file;
}

/** The page as text, one space between words, and the ids of the crimes in their order. */
async function open(file: string) {
  const { ask } = await browse(file);
  return async (path: string) => {
    const { body } = await ask(path);
    const text = body.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
    const lead = /class="lead">(.*?)<\/p>/s.exec(body)?.[1] ?? "";
    const ids = [...body.matchAll(/row\?month=[\d-]+&amp;id=(\d+)/g)].map(([, id]) => Number(id));
    return { body, text, lead, ids };
  };
}

describe("a table", () => {
  test("tells how many rows fit its filters, and of how many", async () => {
    const ask = await open(databaseWith(CRIMES));
    expect((await ask("/tables/crimes")).lead).toContain("4 rows.");
    expect((await ask("/tables/crimes?category=burglary")).lead).toContain("2 rows fit, of 4.");
    expect((await ask("/tables/crimes?month=2018-05")).lead).toContain("1 row fits, of 4.");
    expect((await ask("/tables/crimes?month=1999-01")).lead).toContain("0 rows fit, of 4.");
  });

  test("of many rows counts those that an index finds, and says of others that it did not", async () => {
    const ask = await open(databaseOfMany(60_000));
    expect((await ask("/tables/crimes?month=2018-05")).lead).toContain("60,000 rows fit, of more");
    const unserved = await ask("/tables/crimes?outcome_date__contains=2018");
    expect(unserved.lead).toContain("How many rows fit was not counted");
    const few = await ask("/tables/crimes?month=2018-05&id=7");
    expect(few.lead).toContain("1 row fits");
  });

  test.each([
    ["category=Burglary", [3, 1]],
    ["category=burglary", [3, 1]],
    ["category__contains=sexual", [4, 2]],
    ["category__contains=violent-c", [4, 2]],
    ["street_id=on or near high street", [2, 1]],
    ["street_id=3", [4, 3]],
    ["street_id__contains=mill", [4, 3]],
    ["neighbourhood_id=Area A2", [2]],
    ["neighbourhood_id__contains=area a1", [3, 1]],
    ["neighbourhood_id=A1", [3, 1]],
    ["street_id__contains=%25", []],
  ])("is found by what its cells show: %s", async (filter, expected) => {
    const ask = await open(databaseWith(CRIMES));
    expect((await ask(`/tables/crimes?${filter}`)).ids).toEqual(expected);
  });

  test("begins with its newest row, and goes on from page to page in that order", async () => {
    const ask = await open(databaseOfMany(120));
    const first = await ask("/tables/crimes");
    expect(first.ids.slice(0, 2)).toEqual([120, 119]);
    expect(first.lead).toContain("In descending order of month, id.");
    const next = /rel="next" href="([^"]*)"/.exec(first.body)?.[1]?.replaceAll("&amp;", "&") ?? "";
    expect((await ask(next)).ids[0]).toBe(70);
  });

  test("has what people read first, and ids and hex at the end", async () => {
    const ask = await open(databaseWith(CRIMES));
    const { text } = await ask("/tables/crimes");
    const columns = [...text.matchAll(/\b(month|category|street_id|latitude|id|persistent_id) /g)];
    expect([...new Set(columns.map(([, name]) => name))]).toEqual([
      "month",
      "category",
      "street_id",
      "latitude",
      "id",
      "persistent_id",
    ]);
    expect(text).toMatch(/\d+ columns; scroll sideways/);
  });

  test("saves what the filter finds by name, too", async () => {
    const { ask } = await browse(databaseWith(CRIMES));
    const { body } = await ask("/tables/crimes/csv?category=Burglary");
    expect(body.trimEnd().split("\r\n")).toHaveLength(3);
  });
});
