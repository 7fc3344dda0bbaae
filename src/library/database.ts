import { existsSync } from "node:fs";
import type { CoveredCell } from "../completeness.ts";
import { databaseError } from "../errors.ts";
import { toStatusDocument } from "../report/status-document.ts";
import type { StatusDocument } from "../report/status-shape.ts";
import { createReadCover } from "../store/coverage.ts";
import { asDatabaseError, openForReading } from "../store/database.ts";
import type { Connection } from "../store/database.ts";
import { createExport } from "../store/read/export.ts";
import { limitConnection, prepareReading } from "../store/read/query.ts";
import { createStatus, measureFile } from "../store/read/status.ts";
import type { Force, Kind, Month } from "../types.ts";

/** What a column of a row holds. */
export type SqlValue = string | number | bigint | Uint8Array | null;

/** A database that is only read, also while a crawl is writing to it. */
export type PoliceDatabase = {
  readonly file: string;
  /** What it holds, what it lacks and what to run next: the document of `ukpolice status --json`. */
  status(options?: { kinds?: readonly Kind[] }): StatusDocument;
  /** The cells that are complete: a month of a kind for a force, '' for what lies in none. */
  cover(): CoveredCell[];
  /** Months of which there are records, oldest first; they need not be complete. */
  months(kind: Kind): Month[];
  forces(): Force[];
  /** The rows of one statement that reads, all of them; anything else is refused. */
  query<Row extends object = Record<string, SqlValue>>(
    sql: string,
    values?: Record<string, SqlValue>,
  ): Row[];
  /** The same row by row: nothing else can be asked before the last one, or before the loop is left. */
  iterate<Row extends object = Record<string, SqlValue>>(
    sql: string,
    values?: Record<string, SqlValue>,
  ): IterableIterator<Row>;
  close(): void;
};

/**
 * Opens a database for reading. What fails is a UkpoliceError, with `exitCode` 4 where the database
 * does, and 2 for what cannot be asked.
 */
export function openDatabase(file: string): PoliceDatabase {
  if (!existsSync(file)) {
    const hint = `make it with: ukpolice crawl --db '${file}'`;
    throw databaseError(`there is no database ${file}`, { hint });
  }
  const db = openForReading(file);
  limitConnection(db);
  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw asDatabaseError(error, file);
    }
  };
  return {
    file,
    status: ({ kinds } = {}) => attempt(() => readStatus(db, file, kinds)),
    cover: () => attempt(() => createReadCover(db)().listAll()),
    months: (kind) => attempt(() => createExport(db).listMonths(kind)),
    forces: () => attempt(() => createExport(db).listForces()),
    query: <Row extends object>(sql: string, values: Record<string, SqlValue> = {}) =>
      attempt(() => prepareReading<[object], Row>(db, sql).all(values)),
    *iterate<Row extends object>(sql: string, values: Record<string, SqlValue> = {}) {
      try {
        yield* prepareReading<[object], Row>(db, sql).iterate(values);
      } catch (error) {
        throw asDatabaseError(error, file);
      }
    },
    close: () => void db.close(),
  };
}

function readStatus(db: Connection, file: string, kinds: readonly Kind[] | undefined) {
  // The lock first: a run that ends meanwhile has ended, and was not killed.
  const measured = measureFile(file);
  const around = { database: file, ...measured, now: new Date(), kinds };
  return toStatusDocument(createStatus(db, file)(), around);
}
