import { closeSync, existsSync, openSync, readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { checkPlainDatabase } from "./identity.ts";
import { findAltered } from "./definitions.ts";
import { addFunctions } from "./functions.ts";
import { databaseError, isTooManyFiles, tooManyFilesError } from "../errors.ts";

type Work = (...values: never[]) => unknown;
type Values<W extends Work> = W extends (...values: infer V) => unknown ? V : never;

type Run<W extends Work> = (...values: Values<W>) => ReturnType<W>;

/** Work that is committed as a whole, or not at all; by the names of SQLite's ways to begin, too. */
export type Transaction<W extends Work> = Run<W> &
  Record<"default" | "deferred" | "immediate" | "exclusive", Run<W>>;

/** With a type for transactions that declarations can name. */
export type Connection = Omit<Database.Database, "transaction"> & {
  transaction<W extends Work>(work: W): Transaction<W>;
};

const SCHEMA_FILE = new URL("../../schema.sql", import.meta.url);
const SCHEMA = readFileSync(SCHEMA_FILE, "utf8");
const APPLICATION_ID = pragmaOf("application_id");
const VERSION = pragmaOf("user_version");
/** Pages kept in memory, in KiB: random inserts into the indexes want more than the default. */
const CACHE_KIB = 32_768;
/** Larger pages than SQLite's own: random inserts into the indexes then write a tenth less. */
const PAGE_BYTES = 8192;
/** Pages of the write-ahead log before they are moved into the database: 64 MiB. */
const CHECKPOINT_PAGES = 8192;
const BUSY_MS = 10_000;
/** A write-ahead log this large is started over as soon as readers allow it. */
const LONG_LOG_BYTES = 128 * 2 ** 20;
const SHORT_WAIT_MS = 1000;

/** Fails, with exit code 4, where there cannot be a database; a file of others is left untouched. */
export function checkFile(file: string): void {
  const folder = dirname(file);
  if (!existsSync(folder)) {
    throw databaseError(`the folder of the database does not exist: ${folder}`, {
      hint: `make it with: mkdir -p '${folder}'`,
    });
  }
  checkHeader(file);
}

/**
 * Opens the database for writing, and makes it when there is none: no other process may write
 * meanwhile. Errors exit with 4.
 */
export function openConnection(file: string): Connection {
  let db: Connection | undefined;
  try {
    db = new Database(file, { timeout: BUSY_MS });
    prepare(db, file);
    addFunctions(db);
    return db;
  } catch (error) {
    db?.close();
    throw asDatabaseError(error, file);
  }
}

/**
 * Opens the database without writing to it; one that is not there is an empty one in memory.
 * `timeoutMs` is how long to wait for another program that holds it.
 */
export function openForReading(file: string, timeoutMs = BUSY_MS): Connection {
  checkHeader(file, timeoutMs);
  const isEmpty = !existsSync(file) || statSync(file).size === 0;
  try {
    const db = isEmpty
      ? new Database(":memory:")
      : new Database(file, { readonly: true, timeout: timeoutMs });
    if (isEmpty || versionOf(db) === 0) return openEmpty(db);
    addFunctions(db);
    return db;
  } catch (error) {
    throw asDatabaseError(error, file);
  }
}

function openEmpty(db: Connection): Connection {
  db.close();
  const empty = new Database(":memory:");
  empty.exec(SCHEMA);
  addFunctions(empty);
  return empty;
}

/** Says in a user's words what SQLite reported; anything else is passed on. */
export function asDatabaseError(error: unknown, file: string): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  if (lacksFiles(error)) return tooManyFilesError(error);
  const hints: Record<string, string> = {
    SQLITE_FULL: "the disk is full; free some room and run the same command again",
    SQLITE_BUSY: "another program holds the database; close it and run the same command again",
    SQLITE_READONLY: "the file or its folder cannot be written; check the permissions",
    SQLITE_CANTOPEN:
      "check that the path is a file that can be written; where its folder cannot, copy it to one that can",
    SQLITE_IOERR:
      "the disk failed, or the file may not be so large there; mend that and run the same command again",
    SQLITE_NOTADB: "name another file with --db",
    SQLITE_CORRUPT:
      "it is damaged, or another was copied over it while it was open; move it away and crawl again",
  };
  const known = Object.entries(hints).find(([prefix]) => error.code.startsWith(prefix));
  const hint = known?.[1] ?? "what was committed is kept; run the same command again";
  return databaseError(`the database ${file} failed: ${error.message}`, { cause: error, hint });
}

/** As many files as a database wants, and some. */
const FEW_FILES = 8;

/** Whether no more files can be opened: SQLite does not say why it could open none. */
function lacksFiles({ code }: { code: string }): boolean {
  if (!/^SQLITE_(CANTOPEN|IOERR)/.test(code)) return false;
  const opened: number[] = [];
  try {
    while (opened.length < FEW_FILES) opened.push(openSync(SCHEMA_FILE, "r"));
    return false;
  } catch (error) {
    return isTooManyFiles(error);
  } finally {
    for (const file of opened) closeSync(file);
  }
}

/** A file that is no SQLite database is left untouched. */
function checkHeader(file: string, timeoutMs = BUSY_MS): void {
  checkPlainDatabase(file);
  if (!existsSync(file) || statSync(file).size === 0) return;
  let db: Connection | undefined;
  try {
    db = new Database(file, { readonly: true, timeout: timeoutMs });
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
  const version = versionOf(db);
  if (version === VERSION) return checkDefinitions(db, file);
  const other = version > VERSION ? "a newer" : "another";
  throw databaseError(
    `${file} has schema ${version}, made by ${other} ukpolice; this one knows ${VERSION}`,
    { hint: "install the newest: npm install ukpolice@latest" },
  );
}

function checkDefinitions(db: Connection, file: string): void {
  const altered = findAltered(db, SCHEMA);
  if (altered === undefined) return;
  const { type, name } = altered;
  throw databaseError(`${file} was altered: its ${type} ${name} is not what ukpolice makes`, {
    hint: "restore it from a copy, or name another file with --db",
  });
}

export function versionOf(db: Connection): number {
  return Number(db.pragma("user_version", { simple: true }));
}

function prepare(db: Connection, file: string): void {
  db.pragma(`page_size = ${PAGE_BYTES}`); // of a new database: it cannot be changed in the log
  keepLog(db, file);
  db.pragma("synchronous = normal");
  db.pragma(`cache_size = -${CACHE_KIB}`);
  db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  const create = db.transaction(() => {
    checkIdentity(db, file);
    if (versionOf(db) === 0) db.exec(SCHEMA);
  });
  create.immediate();
  db.pragma("foreign_keys = on");
}

/** The write-ahead log wants memory that processes share, which network drives do not have. */
function keepLog(db: Connection, file: string): void {
  let mode: unknown;
  let cause: unknown;
  try {
    mode = db.pragma("journal_mode = wal", { simple: true });
    db.exec("begin immediate; rollback");
  } catch (error) {
    const isSqlite = error instanceof Database.SqliteError;
    if (
      !isSqlite ||
      lacksFiles(error) ||
      !/^SQLITE_(IOERR|CANTOPEN|PROTOCOL|READONLY_CANT)/.test(error.code)
    )
      throw error;
    cause = error;
  }
  if (mode === "wal") return;
  throw databaseError(`no write-ahead log can be kept beside ${file}`, {
    cause,
    hint: "network drives have none; name a file on a disk of this machine with --db",
  });
}

function pragmaOf(name: string): number {
  const match = new RegExp(`pragma ${name} = (\\w+);`).exec(SCHEMA);
  if (match?.[1] === undefined) throw new Error(`schema.sql sets no ${name}`);
  return Number(match[1]);
}

/** Brings the statistics of tables that grew up to date: the planner needs them to skip over months. */
export function optimize(db: Connection): void {
  db.pragma("analysis_limit = 1000");
  db.pragma("optimize = 0x10002");
}

/**
 * Makes every commit so far outlast a loss of power: the write-ahead log reaches the disk. A log
 * that readers kept from starting over, for one of them was always there, waits for them shortly.
 */
export function syncToDisk(db: Connection): void {
  db.pragma("wal_checkpoint(passive)");
  const log = statSync(`${db.name}-wal`, { throwIfNoEntry: false });
  if (log === undefined || log.size < LONG_LOG_BYTES) return;
  db.pragma(`busy_timeout = ${SHORT_WAIT_MS}`);
  db.pragma("wal_checkpoint(truncate)");
  db.pragma(`busy_timeout = ${BUSY_MS}`);
}

/**
 * Moves all of the write-ahead log into the database, so that the one file is all of it. SQLite does
 * so itself when the last connection closes, but not while another program looks on.
 */
export function emptyLog(db: Connection): void {
  db.pragma("wal_checkpoint(truncate)");
}
