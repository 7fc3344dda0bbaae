import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { openForReading } from "../../../src/store/database.ts";
import type { Connection } from "../../../src/store/database.ts";
import { answerSql, limitConnection, writeSelect } from "../../../src/store/read/query.ts";
import { openTestStore } from "../../support/stored.ts";
import { readContent } from "../../support/temp.ts";

function open(): { db: Connection; file: string } {
  const store = openTestStore();
  store.close();
  const db = openForReading(store.file);
  limitConnection(db);
  onTestFinished(() => void db.close());
  return { db, file: store.file };
}

describe("a question", () => {
  test.each([
    "select id, name from forces order by id",
    "with named as (select * from forces) select id, name from named order by id",
    "-- a comment\n/* another; */ select id, name from forces order by id;",
    "values ('avon', 'Avon'), ('kent', 'Kent')",
    ";; select id, name from forces order by id -- the end",
  ])("that reads is answered: %s", (sql) => {
    const { rows } = answerSql(open().db, sql);
    expect([...rows]).toEqual([
      ["avon", "Avon"],
      ["kent", "Kent"],
    ]);
  });

  test.each(["pragma table_info(crimes)", "pragma main.index_list('crimes')", "explain select 1"])(
    "about the database itself is answered: %s",
    (sql) => {
      expect([...answerSql(open().db, sql).rows].length).toBeGreaterThan(1);
    },
  );

  test.each([
    "delete from forces",
    "with x as (select 1) delete from forces",
    "insert into facts values ('a', 'b') returning *",
    "with x as (select 1) insert into facts select 'a', 'b' returning *",
    "update forces set name = '' returning name",
    "drop table crimes",
    "create table other (id)",
    "attach 'other.db' as other",
    "vacuum into 'other.db'",
    "vacuum",
    "begin",
    "pragma query_only = off",
    "pragma query_only(0)",
    "pragma main.journal_mode = delete",
    "pragma journal_mode('delete')",
    "pragma hard_heap_limit(0)",
    "pragma writable_schema = on",
    "pragma wal_checkpoint(truncate)",
    "/* select */ pragma user_version = 7",
    "select load_extension('libc.so.6')",
    "select 1; delete from forces",
    "select * from nothing",
    "",
    "-- only a comment",
  ])("that does anything else is refused, and changes nothing: %s", (sql) => {
    const { db, file } = open();
    const before = { content: readContent(file), files: readdirSync(dirname(file)) };
    expect(() => [...answerSql(db, sql).rows]).toThrow();
    expect({ content: readContent(file), files: readdirSync(dirname(file)) }).toEqual(before);
    expect(existsSync(join(process.cwd(), "other.db"))).toBe(false);
  });

  test("may have columns of one name, and whole numbers of any size", () => {
    const { columns, rows } = answerSql(open().db, "select 9007199254740993 as n, 2 as n");
    expect(columns).toEqual(["n", "n"]);
    expect([...rows]).toEqual([[9_007_199_254_740_993n, 2n]]);
  });
});

test("filters become a question with the same rows", () => {
  const { db } = open();
  const sql = writeSelect("forces", [
    { column: "name", test: "contains", value: "en" },
    { column: "id", test: "is", value: "kent" },
  ]);
  expect([...answerSql(db, sql).rows].map(([id]) => id)).toEqual(["kent"]);
  const nasty = writeSelect("forces", [{ column: "name", test: "is", value: "' or '1' = '1" }]);
  expect([...answerSql(db, nasty).rows]).toEqual([]);
});
