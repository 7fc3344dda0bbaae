import { lstatSync } from "node:fs";
import Database from "better-sqlite3";
import { databaseError } from "../errors.ts";
import { shellWord } from "../text.ts";
import { identityOf, resolveLink } from "./identity.ts";

export type Lock = {
  /** Fails once the lock is no longer where another crawl looks for it. */
  verify(): void;
  release(): void;
};

/** Locks that are held: a connection that nothing refers to is closed when memory is collected. */
const held = new Set<Database.Database>();

/** How long to wait for a lock: whoever looks whether it is held holds it for a moment. */
const BUSY_MS = 500;

/**
 * Makes this process the only crawl of a database. The lock is a transaction held open on a
 * small SQLite file beside it, so the operating system lets go of it when the process dies,
 * however it dies: there are no stale locks. A second crawl can still read who holds it.
 */
export function acquireLock(file: string): Lock {
  const path = `${file}-lock`;
  const db = new Database(path, { timeout: BUSY_MS });
  const opened = identityOf(path);
  try {
    db.exec("create table if not exists holder (pid integer, since text)");
    db.exec("begin immediate; delete from holder");
    db.prepare("insert into holder values (?, ?)").run(process.pid, new Date().toISOString());
    // The holder's name has to be committed before the lock is taken again and kept.
    db.exec("commit; begin immediate");
  } catch (error) {
    const holder = readHolder(db);
    db.close();
    if (identityOf(path) !== opened) return acquireLock(file); // its holder removed it meanwhile
    if (isDamage(error)) throw damaged(path, error);
    if (!isBusy(error)) throw error;
    throw databaseError(`another crawl or import holds ${file}${holder}`, {
      hint: "wait until it ends, or name another file with --db",
    });
  }
  if (identityOf(path) !== opened) {
    db.close(); // its holder removed it together with an empty database
    return acquireLock(file);
  }
  held.add(db);
  return {
    verify() {
      if (identityOf(path) === opened) return;
      throw databaseError(`${path} was removed while it kept other crawls of ${file} out`, {
        hint: "when no other crawl is at work, run the same command again, and leave that file alone",
      });
    },
    release() {
      held.delete(db);
      db.exec("rollback");
      db.close();
    },
  };
}

function readHolder(db: Database.Database): string {
  try {
    const row = db.prepare<[], { pid: number; since: string }>("select * from holder").get();
    return row === undefined ? "" : `: process ${row.pid}, since ${row.since}`;
  } catch {
    return "";
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith("SQLITE_BUSY");
}

function isDamage(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(NOTADB|CORRUPT)/.test(error.code);
}

function damaged(path: string, cause: unknown): Error {
  return databaseError(`the lock ${path} is damaged, and not the database`, {
    cause,
    hint: `when no other crawl is at work, remove it: rm ${shellWord(path)}`,
  });
}

/**
 * Whether a crawl is at work on a database. The lock tells: the number of a process that died may
 * be another's by now. Where the lock cannot be tried, as on a disk that is read-only, nobody is.
 */
export function isLocked(file: string): boolean {
  const path = `${resolveLink(file)}-lock`;
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false;
  let db: Database.Database | undefined;
  try {
    db = new Database(path, { timeout: 0, fileMustExist: true });
    db.exec("begin immediate; rollback");
    return false;
  } catch (error) {
    return isBusy(error);
  } finally {
    db?.close();
  }
}
