import Database from "better-sqlite3";
import type { AreaKind } from "../src/sandbox/subjects.ts";
import type { Month } from "../src/types.ts";
import type { Country } from "./country.ts";
import { OUTCOME_CATEGORIES, streetOf } from "./record.ts";
import { CRIME_COLUMNS, crimeRows, OUTCOME_COLUMNS, outcomeRows } from "./rows.ts";
import type { Row } from "./rows.ts";

/** The write-ahead log is moved into the database when it is this large. */
const LOG_BYTES = 64 * 2 ** 20;

/** Milliseconds that inserting a month's records took, those of the processor among them. */
export type Spent = { ms: number; cpuMs: number; rows: number };

/** A database that is being filled with the records of a country. */
export type Filling = {
  file: string;
  country: Country;
  /** What makes its tables; undefined where the file has them. */
  schema?: string;
  pageSize?: number;
};

export type Filled = { crimes: Spent[]; outcomes: Spent[] };

/** Microseconds a row, over all of those months. */
export function micros(spent: readonly Spent[], which: "ms" | "cpuMs" = "ms"): number {
  const ms = spent.reduce((sum, month) => sum + month[which], 0);
  return (ms * 1000) / spent.reduce((sum, { rows }) => sum + rows, 0);
}

/**
 * Fills databases with the same months, in turns reply by reply, so that what slows the machine
 * slows all of them. Returns the time that each took for each month.
 */
export function fill(fillings: readonly Filling[], months: readonly Month[]): Filled[] {
  const open = fillings.map(createFiller);
  for (const month of months) {
    for (const kind of ["crimes", "outcomes"] as const) {
      for (const { begin } of open) begin(kind, month);
      while (open.map(({ step }) => step()).includes(true));
      for (const { finish } of open) finish(kind);
    }
    console.error(`  ${month} is filled`);
  }
  return open.map(({ close }) => close());
}

/** As many months from January of a year on. */
export function monthsFrom(year: number, count: number): Month[] {
  return Array.from({ length: count }, (_, index) =>
    new Date(Date.UTC(year, index, 1)).toISOString().slice(0, 7),
  );
}

/** With the pragmas of a crawl. */
function createFiller({ file, schema, country, pageSize = 4096 }: Filling) {
  const db = new Database(file);
  db.pragma(`page_size = ${pageSize}`);
  for (const pragma of ["journal_mode = wal", "synchronous = normal", "cache_size = -32768"])
    db.pragma(pragma);
  db.pragma(`wal_autocheckpoint = ${LOG_BYTES / Number(db.pragma("page_size", { simple: true }))}`);
  if (schema !== undefined) db.exec(schema);
  db.pragma("foreign_keys = on");
  saveParents(db, country);

  const insert = {
    crimes: createInsert(db, "crimes", CRIME_COLUMNS),
    outcomes: createInsert(db, "outcomes", OUTCOME_COLUMNS),
  };
  const filled: Filled = { crimes: [], outcomes: [] };
  let replies: Generator<Row[]>;
  let kind: AreaKind = "crimes";
  let spent: Spent = { ms: 0, cpuMs: 0, rows: 0 };

  return {
    begin(wanted: AreaKind, month: Month): void {
      kind = wanted;
      replies = (kind === "crimes" ? crimeRows : outcomeRows)(country, month);
      spent = { ms: 0, cpuMs: 0, rows: 0 };
    },
    /** Inserts one reply; false when there was none left. */
    step(): boolean {
      const { value: rows } = replies.next();
      if (rows === undefined) return false;
      const { pick, save } = insert[kind];
      const picked = pick(rows);
      const startMs = performance.now();
      const startCpu = process.cpuUsage();
      save(picked);
      const { user, system } = process.cpuUsage(startCpu);
      spent.cpuMs += (user + system) / 1000;
      spent.ms += performance.now() - startMs;
      spent.rows += rows.length;
      return true;
    },
    finish(wanted: AreaKind): void {
      filled[wanted].push(spent);
      db.pragma("analysis_limit = 1000");
      db.pragma("optimize = 0x10002");
    },
    close(): Filled {
      db.pragma("wal_checkpoint(truncate)");
      db.close();
      return filled;
    },
  };
}

/** Picks and inserts the columns that the table has. */
function createInsert(db: Database.Database, table: string, columns: readonly string[]) {
  const known = db.prepare("select name from pragma_table_info(?)").pluck().all(table);
  const used = columns.map((column) => known.includes(column));
  const names = columns.filter((_, index) => used[index]);
  const insert = db.prepare(
    `insert into ${table} (${names.join(", ")}) values (${names.map(() => "?").join(", ")})
     on conflict do nothing`,
  );
  return {
    pick: (rows: readonly Row[]): Row[] => rows.map((row) => row.filter((_, index) => used[index])),
    save: db.transaction((rows: readonly Row[]) => {
      let added = 0;
      for (const row of rows) added += insert.run(row).changes;
      if (added !== rows.length) throw new Error(`${rows.length - added} of ${table} were there`);
    }),
  };
}

function saveParents(db: Database.Database, country: Country): void {
  const force = db.prepare("insert into forces (id, name) values (?, ?)");
  const area = db.prepare("insert into neighbourhoods (force_id, id, name) values (?, ?, ?)");
  const street = db.prepare("insert into streets (id, name) values (?, ?)");
  const category = db.prepare("insert into crime_categories (id, name) values (?, ?)");
  const outcome = db.prepare("insert into outcome_categories (id, name) values (?, ?)");
  db.transaction(() => {
    for (const { id, name } of country.forces) {
      force.run(id, name);
      for (const one of country.neighbourhoods(id) ?? []) area.run(id, one.id, one.name);
    }
    for (let point = 0; point < country.points; point += 1) {
      const { id, name } = streetOf(point);
      street.run(id, name);
    }
    for (const [id, name] of Object.entries(country.categories)) category.run(id, name);
    for (const { code, name } of OUTCOME_CATEGORIES) outcome.run(code, name);
  })();
}
