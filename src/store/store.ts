import { dirname, join } from "node:path";
import type { Crime, Outcome } from "../types.ts";
import { createAreas } from "./areas.ts";
import { createCoverage } from "./coverage.ts";
import {
  asDatabaseError,
  checkFile,
  emptyLog,
  openConnection,
  openForReading,
  optimize,
  syncToDisk,
} from "./database.ts";
import { createFrontier } from "./frontier.ts";
import type { Opened } from "./database.ts";
import type { Polygon } from "./frontier.ts";
import { createLastUpdate } from "./last-update.ts";
import { acquireLock } from "./lock.ts";
import type { Lock } from "./lock.ts";
import { createRecords } from "./records.ts";
import type { Written } from "./records.ts";
import { createRefreshes } from "./refreshes.ts";
import { createRun } from "./runs.ts";

/** The records of one reply, of the kind that was asked for. */
export type Reply =
  | { kind: "crimes"; rows: readonly Crime[] }
  | { kind: "outcomes"; rows: readonly Outcome[] };

/** What a saved reply did; `finished` when its polygon was the last of its sweep. */
export type Saved = Written & { finished: boolean };

export type Store = ReturnType<typeof openStore>;

/**
 * Opens the database for the one crawl that may write to it, and makes it when there is none.
 * With `readonly` nothing is written, made or locked: a database that is not there is empty.
 * Everything here is synchronous; a failure of SQLite is an error with exit code 4.
 */
export function openStore(file: string, { readonly = false } = {}) {
  const { db, migration, lock } = readonly ? { db: openForReading(file) } : openLocked(file);
  const records = createRecords(db);
  const frontier = createFrontier(db);
  const coverage = createCoverage(db);
  const run = createRun(db);
  const refreshes = createRefreshes(db);

  const commitReply = db.transaction((polygon: Polygon, reply: Reply): Saved => {
    const place = polygon.refresh ? "staged" : "stored";
    const written =
      reply.kind === "crimes"
        ? records.saveCrimes(reply.rows, place)
        : records.saveOutcomes(reply.rows, place);
    run.countRecords(reply.rows.length);
    run.touch();
    return { ...written, finished: frontier.finishPolygon(polygon, reply.rows.length) };
  });

  return {
    file,
    /** What was done to a database of an older schema. */
    migration,
    areas: createAreas(db),
    frontier,
    coverage,
    run,
    refreshes: {
      ...refreshes,
      replaceMonth(...args: Parameters<typeof refreshes.replaceMonth>) {
        const replaced = refreshes.replaceMonth(...args);
        syncToDisk(db);
        return replaced;
      },
    },
    lastUpdate: createLastUpdate(join(dirname(file), "last_update.json"), file, coverage),
    records: {
      relocate: records.relocate,
      listPoints: records.listPoints,
      countMonth: records.countMonth,
    },
    /** One transaction: streets, categories, records, and the mark that the polygon is done. */
    saveReply(polygon: Polygon, reply: Reply): Saved {
      try {
        const saved = commitReply.immediate(polygon, reply);
        if (saved.finished) syncToDisk(db);
        return saved;
      } catch (error) {
        records.forgetParents();
        throw error;
      }
    },
    close(): void {
      if (!readonly) {
        optimize(db);
        emptyLog(db);
      }
      db.close();
      lock?.release();
    },
  };
}

/** Locked first: a database that another crawl writes to is not to be brought up to date. */
function openLocked(file: string): Opened & { lock: Lock } {
  checkFile(file);
  let lock: Lock | undefined;
  try {
    lock = acquireLock(file);
    return { ...openConnection(file), lock };
  } catch (error) {
    lock?.release();
    throw asDatabaseError(error, file);
  }
}
