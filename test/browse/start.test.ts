import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { browse, makeDatabase } from "../support/browsing.ts";

function databaseWith(sql: string): string {
  const file = makeDatabase();
  const db = new Database(file);
  db.exec(sql);
  db.close();
  return file;
}

async function read(file: string): Promise<string> {
  const { ask } = await browse(file);
  const { status, body } = await ask("/");
  expect(status).toBe(200);
  return body.replaceAll(/\s+/g, " ");
}

const covered = (month: string, force: string, kind = "crimes") =>
  `insert into coverage
   values ('${month}', '${kind}', '${force}', 'api', '2024-03-01', '2024-03-02', 7);
   insert into force_counts values ('${kind}', '${month}', 'burglary', '${force}', 7);`;
const BURGLARY = `insert into crime_categories (id, name) values ('burglary', 'Burglary');`;

describe("the start page", () => {
  test("tells what is in here, and asks what can be answered", async () => {
    const text = await read(
      databaseWith(`${BURGLARY} ${covered("2024-01", "avon")} ${covered("2024-02", "avon")}`),
    );
    expect(text).toContain("Police records of crimes of 2 forces, January 2024 to February 2024.");
    expect(text).toMatch(/figure">14<.span> <span class="caption">crimes</);
    expect(text).toContain('href="/overview?category=burglary">How much burglary is there');
    expect(text).toContain("Where was most crime in February 2024?");
    expect(text).not.toContain("What became of the crimes?");
    expect(text).not.toContain("bundled sample");
  });

  test("names what is missing and the command that goes on", async () => {
    const text = await read(databaseWith(`${BURGLARY} ${covered("2024-01", "avon")}`));
    expect(text).toContain("1 month not complete: January 2024.");
    const next = /id="next">(.*?)<.p>/.exec(text)?.[1] ?? "";
    expect(next).toMatch(/^Next: <code>ukpolice crawl --since 2024-01 .*1 month not complete/);
  });

  test("says that the sample is one, and what in it is the sample's", async () => {
    const text = await read(
      databaseWith(`insert into facts values ('origin', 'sandbox'); ${BURGLARY}
        ${covered("2018-04", "avon")}`),
    );
    expect(text).toContain("This is the bundled sample");
    expect(text).toContain("whose ten crimes on the map of April 2018 are the sample's");
  });

  test("of an empty database says what fills it", async () => {
    const text = await read(databaseWith("delete from neighbourhoods; delete from forces"));
    expect(text).toContain("The database is empty.");
    expect(text).toContain("Next: <code>ukpolice crawl");
  });

  test("escapes what names hold", async () => {
    const text = await read(
      databaseWith(`${BURGLARY} ${covered("2024-01", "avon")}
        update crime_categories set name = '<img src=x>'; update forces set name = '<b>' || id`),
    );
    expect(text).not.toMatch(/<img|<b>/);
  });
});
