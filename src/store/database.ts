import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { databaseError } from "../errors.ts";

export type Connection = Database.Database;

const SCHEMA = readFileSync(new URL("../../schema.sql", import.meta.url), "utf8");
const APPLICATION_ID = pragmaOf("application_id");
const VERSION = pragmaOf("user_version");
/** Pages kept in memory, in KiB: random inserts into the indexes want more than the default. */
const CACHE_KIB = 32_768;
/** Pages of the write-ahead log before they are moved into the database: 64 MiB. */
const CHECKPOINT_PAGES = 16_384;
const BUSY_MS = 10_000;

/** Opens the database for writing, and makes it when there is none; errors exit with 4. */
export function openConnection(file: string): Connection {
  const folder = dirname(file);
  if (!existsSync(folder)) {
    throw databaseError(`the folder of the database does not exist: ${folder}`, {
      hint: `make it with: mkdir -p '${folder}'`,
    });
  }
  checkHeader(file);
  let db: Connection | undefined;
  try {
    db = new Database(file, { timeout: BUSY_MS });
    prepare(db, file);
    return db;
  } catch (error) {
    db?.close();
    throw asDatabaseError(error, file);
  }
}

/** Opens the database without writing to it; one that is not there is an empty one in memory. */
export function openForReading(file: string): Connection {
  checkHeader(file);
  const isEmpty = !existsSync(file) || statSync(file).size === 0;
  try {
    const db = isEmpty ? new Database(":memory:") : new Database(file, { readonly: true });
    if (isEmpty) db.exec(SCHEMA);
    return db;
  } catch (error) {
    throw asDatabaseError(error, file);
  }
}

/** Says in a user's words what SQLite reported; anything else is passed on. */
export function asDatabaseError(error: unknown, file: string): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  const hints: Record<string, string> = {
    SQLITE_FULL: "the disk is full; free some room and run the same command again",
    SQLITE_BUSY: "another program holds the database; close it and run the same command again",
    SQLITE_READONLY: "the file or its folder cannot be written; check the permissions",
    SQLITE_CANTOPEN: "check that the path is a file that can be written",
    SQLITE_NOTADB: "name another file with --db",
    SQLITE_CORRUPT: "the file is damaged; move it away and crawl again",
  };
  const known = Object.entries(hints).find(([prefix]) => error.code.startsWith(prefix));
  const hint = known?.[1] ?? "what was committed is kept; run the same command again";
  return databaseError(`the database ${file} failed: ${error.message}`, { cause: error, hint });
}

/** A file that is no SQLite database is left untouched. */
function checkHeader(file: string): void {
  if (!existsSync(file)) return;
  const stat = statSync(file);
  if (stat.isDirectory()) {
    throw databaseError(`the database is a folder: ${file}`, { hint: "name a file with --db" });
  }
  if (stat.size === 0) return;
  let db: Connection | undefined;
  try {
    db = new Database(file, { readonly: true, timeout: BUSY_MS });
    checkIdentity(db, file);
  } catch (error) {
    throw asDatabaseError(error, file);
  } finally {
    db?.close();
  }
}

function checkIdentity(db: Connection, file: string): void {
  const id = db.pragma("application_id", { simple: true });
  const tables = db.prepare("select count(*) from sqlite_schema").pluck().get();
  if (tables === 0) return;
  if (id !== APPLICATION_ID) {
    throw databaseError(`${file} is an SQLite database of another program`, {
      hint: "name another file with --db",
    });
  }
  const version = Number(db.pragma("user_version", { simple: true }));
  if (version > VERSION) {
    throw databaseError(
      `${file} has schema ${version}, made by a newer ukpolice; this one knows ${VERSION}`,
      { hint: "install the newest: npm install ukpolice@latest" },
    );
  }
}

function prepare(db: Connection, file: string): void {
  db.pragma("journal_mode = wal");
  db.pragma("synchronous = normal");
  db.pragma(`cache_size = -${CACHE_KIB}`);
  db.pragma("foreign_keys = on");
  db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  const create = db.transaction(() => {
    checkIdentity(db, file);
    const version = db.pragma("user_version", { simple: true });
    if (version === 0) db.exec(SCHEMA);
  });
  create.immediate();
}

function pragmaOf(name: string): number {
  const match = new RegExp(`pragma ${name} = (\\w+);`).exec(SCHEMA);
  if (match?.[1] === undefined) throw new Error(`schema.sql sets no ${name}`);
  return Number(match[1]);
}

/** Refreshes the statistics of tables that grew: the planner needs them to skip over months. */
export function optimize(db: Connection): void {
  db.pragma("analysis_limit = 1000");
  db.pragma("optimize = 0x10002");
}

/** Makes every commit so far outlast a loss of power: the write-ahead log reaches the disk. */
export function syncToDisk(db: Connection): void {
  db.pragma("wal_checkpoint(passive)");
}
