import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { UkpoliceError } from "../../src/errors.ts";
import { openForReading } from "../../src/store/database.ts";
import { TABLES } from "../../src/store/kinds.ts";
import { openStore } from "../../src/store/store.ts";
import { KINDS } from "../../src/types.ts";
import { openTestStore } from "../support/stored.ts";
import { createFolder, queryColumn, queryRows } from "../support/temp.ts";

const COLUMNS: Record<string, string> = {
  forces: "id name",
  neighbourhoods: "force_id id name boundary",
  crime_categories: "id name",
  outcome_categories: "id name",
  streets: "id name",
  crimes: `id persistent_id category month street_id latitude longitude location_type
    location_subtype context outcome_category outcome_date force_id neighbourhood_id reported_by lsoa_code`,
  outcomes: `id crime_id category date person_id crime_category crime_month crime_persistent_id
    nth street_id latitude longitude force_id neighbourhood_id reported_by lsoa_code`,
  lsoas: "code name district vintage",
  coverage: "month kind force_id source release completed_at records",
  revisions: `month kind force_id category from_release to_release revised_at
    kept added changed outcomes_changed removed`,
  crime_outcome_history: `month crime_id from_category from_date to_category to_date
    from_release to_release`,
};

const KEYS: Record<string, string[]> = {
  forces: ["id"],
  stops: ["id"],
  neighbourhoods: ["force_id", "id"],
  crime_categories: ["id"],
  outcome_categories: ["id"],
  streets: ["id"],
  crimes: ["month", "id"],
  outcomes: ["id"],
  coverage: ["month", "kind", "force_id"],
  revisions: ["month", "nth", "force_id", "category"],
  crime_outcome_history: ["month", "nth", "crime_id"],
  sweep_cells: ["sweep_id", "force_id"],
};

const FOREIGN_KEYS: Record<string, string[]> = {
  crimes: [
    "category -> crime_categories.id",
    "force_id -> neighbourhoods.force_id",
    "lsoa_code -> lsoas.code",
    "neighbourhood_id -> neighbourhoods.id",
    "reported_by -> forces.id",
    "street_id -> streets.id",
  ],
  outcomes: [
    "category -> outcome_categories.id",
    "crime_category -> crime_categories.id",
    "force_id -> neighbourhoods.force_id",
    "lsoa_code -> lsoas.code",
    "neighbourhood_id -> neighbourhoods.id",
    "reported_by -> forces.id",
    "street_id -> streets.id",
  ],
  stops: [
    "force_id -> neighbourhoods.force_id",
    "lsoa_code -> lsoas.code",
    "neighbourhood_id -> neighbourhoods.id",
    "reported_by -> forces.id",
    "street_id -> streets.id",
  ],
  neighbourhoods: ["force_id -> forces.id"],
  sweep_cells: ["sweep_id -> sweeps.id"],
  questions: [
    "force_id -> neighbourhoods.force_id",
    "neighbourhood_id -> neighbourhoods.id",
    "sweep_id -> sweeps.id",
  ],
};

/** A new database, made and closed again. */
function createDatabase(): string {
  const file = join(createFolder(), "ukpolice.db");
  openStore(file).close();
  return file;
}

/** The error of opening a store, which has to exit with 4. */
function failureOf(file: string): UkpoliceError {
  try {
    openStore(file).close();
  } catch (error) {
    if (error instanceof UkpoliceError) return error;
    throw error;
  }
  throw new Error(`${file} was opened`);
}

describe("a new database", () => {
  test.each(Object.entries(COLUMNS))("has %s with its fixed columns", (table, names) => {
    const file = createDatabase();
    const there = queryColumn(file, `select name from pragma_table_info('${table}')`);
    expect(there).toEqual(expect.arrayContaining(names.split(/\s+/)));
  });

  test.each(Object.entries(KEYS))("keys %s by %j", (table, key) => {
    const sql = `select name from pragma_table_info('${table}') where pk > 0 order by pk`;
    expect(queryColumn(createDatabase(), sql)).toEqual(key);
  });

  test.each(Object.entries(FOREIGN_KEYS))("gives %s its foreign keys", (table, keys) => {
    const sql = `select "from" || ' -> ' || "table" || '.' || "to"
      from pragma_foreign_key_list('${table}') order by 1`;
    expect(queryColumn(createDatabase(), sql)).toEqual(keys);
  });

  test.each(KINDS)(
    "stages %s in the columns that they are stored in, with the same keys",
    (kind) => {
      const file = createDatabase();
      const columnsOf = (table: string) =>
        queryRows(file, `select name, type, "notnull", pk from pragma_table_info('${table}')`);
      expect(columnsOf(`staged_${kind}`)).toEqual(columnsOf(kind));
      const columns = TABLES[kind].columns.map(([name]) => name);
      const ours = kind === "crimes" ? [] : ["id"];
      expect(columnsOf(kind).map(({ name }) => name)).toEqual(
        expect.arrayContaining([...columns, ...ours]),
      );
      expect(columnsOf(kind)).toHaveLength(columns.length + ours.length);
    },
  );

  test("refuses a kind, a state or a source that is none, and a second staged sweep", () => {
    const db = new Database(createDatabase());
    const sweep = (kind: string, staged: number) =>
      `insert into sweeps (month, kind, plan, release, staged)
       values ('2018-05', '${kind}', 'tiles', '', ${staged})`;
    db.exec(sweep("crimes", 1));
    db.exec(sweep("outcomes", 1));
    db.exec(sweep("crimes", 0));
    db.exec(sweep("crimes", 0));
    expect(() => db.exec(sweep("crimes", 1))).toThrow(/UNIQUE/);
    expect(() => db.exec(sweep("robberies", 0))).toThrow(/CHECK/);
    const question = "insert into questions (sweep_id, state) values (1, 'asked')";
    expect(() => db.exec(question)).toThrow(/CHECK/);
    const cell = "insert into coverage values ('2018-05', 'crimes', 'kent', 'hearsay', '', '', 0)";
    expect(() => db.exec(cell)).toThrow(/CHECK/);
    db.close();
  });

  test("has strict tables only", () => {
    const sql = `select name from pragma_table_list
      where schema = 'main' and type = 'table' and strict = 0 and name not like 'sqlite_%'`;
    expect(queryColumn(createDatabase(), sql)).toEqual([]);
  });

  test("says whose it is and which schema it has", () => {
    const file = createDatabase();
    const sql = readFileSync(new URL("../../schema.sql", import.meta.url), "utf8");
    const version = Number(/user_version = (\d+)/.exec(sql)?.[1]);
    expect(version).toBeGreaterThan(0);
    expect(queryRows(file, "pragma user_version")).toEqual([{ user_version: version }]);
    expect(queryRows(file, "pragma application_id")).toEqual([{ application_id: 0x756b706f }]);
  });

  test("can be opened again, and made in an empty file", () => {
    const file = createDatabase();
    openStore(file).close();
    const empty = join(createFolder(), "empty.db");
    writeFileSync(empty, "");
    openStore(empty).close();
    expect(queryColumn(empty, "select count(*) from crimes")).toEqual([0]);
  });
});

test("all of a database is in its one file once it is closed, though another looks on", () => {
  const store = openTestStore();
  const reader = new Database(store.file, { readonly: true });
  expect(reader.prepare("select count(*) from forces").pluck().get()).toBe(2);
  store.close();
  expect(statSync(`${store.file}-wal`).size).toBe(0);
  reader.close();
});

describe("what is no database of ours", () => {
  test("is refused in a folder that does not exist, and the hint makes it", () => {
    const file = join(createFolder(), "no", "where", "ukpolice.db");
    const error = failureOf(file);
    expect(error).toMatchObject({ exitCode: 4, hint: expect.stringContaining("mkdir -p") });
    expect(existsSync(join(file, ".."))).toBe(false);
  });

  test.each([
    ["text", Buffer.from("name,value\n".repeat(1000))],
    ["a few bytes", Buffer.from("SQLite")],
    ["a damaged header", Buffer.concat([Buffer.from("SQLite format 3\0"), Buffer.alloc(5000, 7)])],
  ])("is left untouched byte for byte: %s", (_, bytes) => {
    const folder = createFolder();
    const file = join(folder, "notes.csv");
    writeFileSync(file, bytes);
    expect(failureOf(file)).toMatchObject({ exitCode: 4, hint: expect.any(String) });
    expect(readFileSync(file).equals(bytes)).toBe(true);
    expect(existsSync(`${file}-wal`)).toBe(false);
    expect(existsSync(`${file}-lock`)).toBe(false);
  });

  test("is left untouched when it is a database of another program", () => {
    const file = join(createFolder(), "other.db");
    const other = new Database(file);
    other.exec("create table notes (text)");
    other.close();
    const before = readFileSync(file);
    expect(failureOf(file)).toMatchObject({
      exitCode: 4,
      message: expect.stringContaining("another program"),
    });
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test("is left untouched when its schema is newer than ours", () => {
    const file = createDatabase();
    const newer = new Database(file);
    newer.pragma("user_version = 99");
    newer.pragma("journal_mode = delete");
    newer.close();
    const before = readFileSync(file);
    expect(failureOf(file)).toMatchObject({
      exitCode: 4,
      message: expect.stringContaining("99"),
      hint: expect.stringContaining("npm install"),
    });
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  const ENDLESS = "with recursive n (i) as (select 1 union all select i + 1 from n) select max(i)";

  test.each([
    [
      "a view that never ends for one of ours",
      `create view months as ${ENDLESS} from n`,
      "view months",
    ],
    ["a view for a table", `create view Facts as ${ENDLESS} as name from n`, "view Facts"],
    [
      "a computed column",
      "create table facts (name, value as (hex(zeroblob(1e9))))",
      "table facts",
    ],
  ])("is refused for reading and writing where it has %s", (_what, sql, name) => {
    const file = createDatabase();
    const other = new Database(file);
    const [type] = name === "view months" ? ["view"] : ["table"];
    other.exec(`drop ${type} ${name.split(" ")[1]}; ${sql}`);
    other.close();
    const refusal = {
      exitCode: 4,
      message: expect.stringContaining(`altered: its ${name} is not`),
    };
    expect(failureOf(file)).toMatchObject(refusal);
    expect(() => openForReading(file)).toThrow(expect.objectContaining(refusal));
  });

  test("may hold tables, views and indexes of its user besides", () => {
    const file = createDatabase();
    const other = new Database(file);
    other.exec(`create table notes (crime integer, text); create view noted as select * from notes;
      create index crimes_by_street on crimes (street_id)`);
    other.close();
    openStore(file).close();
    openForReading(file).close();
  });

  test("is refused when it is a folder", () => {
    const folder = join(createFolder(), "ukpolice.db");
    mkdirSync(folder);
    expect(failureOf(folder)).toMatchObject({ exitCode: 4 });
  });
});
