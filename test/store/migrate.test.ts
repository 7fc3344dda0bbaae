import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { openStore } from "../../src/store/store.ts";
import { createFolder, queryRows } from "../support/temp.ts";

const OLD = readFileSync(new URL("../fixtures/schema-1.sql", import.meta.url), "utf8");

/** A database of schema 1 with a complete month, a begun one, and a polygon that failed. */
function makeOld(): string {
  const file = join(createFolder(), "ukpolice.db");
  const db = new Database(file);
  db.exec(OLD);
  db.exec(`
    insert into forces values ('avon', 'Avon', null);
    insert into neighbourhoods values ('avon', 'A1', 'Area', null, null, 1);
    insert into crime_categories values ('burglary', 'Burglary');
    insert into outcome_categories values ('charged', 'Charged');
    insert into streets values (7, 'High Street');
    insert into crimes (id, category, month, street_id, latitude, longitude, force_id, neighbourhood_id)
    values (1, 'burglary', '2018-04', 7, 51, 0, 'avon', 'A1'),
           (2, 'burglary', '2018-04', 7, 51, 0, null, null),
           (3, 'burglary', '2018-05', 7, 51, 0, 'avon', 'A1');
    insert into outcomes (crime_id, category, date, crime_category, crime_month)
    values (1, 'charged', '2018-04', 'burglary', '2018-04');
    insert into coverage
    values ('2018-04', 'crimes', 'avon', '2018-05-01', '2018-06-01T00:00:00Z'),
           ('2018-04', 'outcomes', 'avon', '2018-05-01', '2018-06-01T00:00:00Z');
    insert into sweeps values (5, '2018-05', 'crimes', 'tiles', 'all', '2018-05-01');
    insert into polygons (id, sweep_id, ring, state, reason)
    values (8, 5, '[[51,0],[51,1],[52,1]]', 'failed', 'why'), (9, 5, '[[51,0],[51,1],[52,1]]', 'done', null);
  `);
  db.close();
  return file;
}

/** Everything that a database declares, in words that do not depend on how it came about. */
function declared(file: string): unknown[] {
  const rows = queryRows(
    file,
    "select name, sql from sqlite_schema where sql is not null order by name",
  );
  return rows.map(({ name, sql }) => [
    name,
    String(sql).replaceAll('"', "").replaceAll(/\s+/g, " "),
  ]);
}

describe("a database of schema 1", () => {
  test("comes out as a new one is declared", () => {
    const file = makeOld();
    openStore(file).close();
    const fresh = join(createFolder(), "ukpolice.db");
    openStore(fresh).close();
    const own = (rows: unknown[]) => rows.filter((row) => !String(row).startsWith("sqlite_stat"));
    expect(own(declared(file))).toEqual(own(declared(fresh)));
    expect(queryRows(file, "pragma user_version")).toEqual(queryRows(fresh, "pragma user_version"));
  });

  test("keeps its rows and its work, and counts its complete months", () => {
    const file = makeOld();
    openStore(file).close();
    expect(queryRows(file, "select id from crimes order by id")).toHaveLength(3);
    expect(queryRows(file, "select id, sweep_id as sweep, state, reason from polygons")).toEqual([
      { id: 8, sweep: 5, state: "failed", reason: "why" },
      { id: 9, sweep: 5, state: "done", reason: null },
    ]);
    expect(queryRows(file, "select * from force_counts order by kind, force_id")).toEqual([
      { kind: "crimes", month: "2018-04", category: "burglary", force_id: "", records: 1 },
      { kind: "crimes", month: "2018-04", category: "burglary", force_id: "avon", records: 1 },
      { kind: "outcomes", month: "2018-04", category: "charged", force_id: "", records: 1 },
    ]);
    expect(queryRows(file, "pragma foreign_key_check")).toEqual([]);
    expect(queryRows(file, "pragma integrity_check")).toEqual([{ integrity_check: "ok" }]);
  });

  test("is kept as it was in a copy, and said to have been brought up to date", () => {
    const file = makeOld();
    const store = openStore(file);
    expect(store.migration).toEqual({ from: 1, to: 2, copy: `${file}.schema-1` });
    store.close();
    expect(queryRows(`${file}.schema-1`, "pragma user_version")).toEqual([{ user_version: 1 }]);
    expect(queryRows(`${file}.schema-1`, "select id from crimes order by id")).toHaveLength(3);
    const again = openStore(file);
    expect(again.migration).toBeUndefined();
    again.close();
  });

  test("stays as it is when the copy cannot be made", () => {
    const file = makeOld();
    mkdirSync(`${file}.schema-1.partial`);
    expect(() => openStore(file)).toThrow(/has an older schema, and cannot be copied/);
    expect(queryRows(file, "pragma user_version")).toEqual([{ user_version: 1 }]);
  });

  test("is not changed by one who only reads, who is told what to do", () => {
    const file = makeOld();
    expect(() => openStore(file, { readonly: true })).toThrow(/has schema 1, made by an older/);
    expect(queryRows(file, "pragma user_version")).toEqual([{ user_version: 1 }]);
  });
});
