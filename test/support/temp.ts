import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll } from "vitest";

const root = mkdtempSync(join(tmpdir(), "ukpolice-test-"));
let folders = 0;

afterAll(() => rmSync(root, { recursive: true, force: true }));

/** An empty folder of its own, which goes when the test file ends. */
export function createFolder(): string {
  folders += 1;
  const folder = join(root, String(folders));
  mkdirSync(folder);
  return folder;
}

export type Row = Record<string, string | number | null>;

/** Reads rows as another program would, beside a crawl that holds the database. */
export function queryRows(file: string, sql: string): Row[] {
  const db = new Database(file, { readonly: true });
  try {
    return db.prepare<[], Row>(sql).all();
  } finally {
    db.close();
  }
}

/** The first column of every row. */
export function queryColumn(file: string, sql: string): (string | number | null | undefined)[] {
  return queryRows(file, sql).map((row) => Object.values(row)[0]);
}

/** How many rows a table has. */
export function countRows(file: string, table: string): number {
  return Number(queryColumn(file, `select count(*) from ${table}`)[0]);
}

const CONTENT = [
  "select id, name from forces order by 1",
  "select force_id, id, name, boundary, listed from neighbourhoods order by 1, 2",
  "select * from crime_categories order by 1",
  "select * from outcome_categories order by 1",
  "select * from streets order by 1",
  "select * from crimes order by month, id",
  `select crime_month, crime_id, category, date, person_id, nth, crime_category,
     crime_persistent_id, street_id, latitude, longitude, force_id, neighbourhood_id
   from outcomes order by 1, 2, 3, 4, 5, 6`,
  "select month, kind, force_id, source, release, records from coverage order by 1, 2, 3",
  "select * from force_counts order by 1, 2, 3, 4",
  "select * from neighbourhood_counts order by 1, 2, 3, 4, 5",
];

/** Everything a crawl stores, but times and the ids that are ours: what two runs have in common. */
export function readContent(file: string): Row[][] {
  return CONTENT.map((sql) => queryRows(file, sql));
}
