import { dirname, join } from "node:path";

/** Where the database is, unless told otherwise. */
export const DATABASE_FILE = "ukpolice.db";

/** Where `crawl --sandbox` puts its own. */
export const SANDBOX_FILE = "sandbox/ukpolice.db";

/** What SQLite and a crawl put beside a database, by the end of its name. */
export const COMPANIONS = ["-wal", "-shm", "-journal", "-lock", "-lock-journal"];

/** Where it is written down up to which month a database is complete. */
export function findSidecar(database: string): string {
  return join(dirname(database), "last_update.json");
}

/** A database, and every file that is kept beside it. */
export function listFilesOf(database: string): string[] {
  return [database, ...COMPANIONS.map((end) => database + end), findSidecar(database)];
}
