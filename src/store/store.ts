import { existsSync, rmSync } from "node:fs";
import { databaseError } from "../errors.ts";
import type { Kind, Month } from "../types.ts";
import { createArchive } from "./archive/archive.ts";
import { createAreas } from "./areas.ts";
import type { Completed } from "./completion.ts";
import { createCounts } from "./counts.ts";
import { createCoverage, createCovering } from "./coverage.ts";
import {
  asDatabaseError,
  checkFile,
  emptyLog,
  openConnection,
  openForReading,
  optimize,
  syncToDisk,
} from "./database.ts";
import type { Connection } from "./database.ts";
import { createExchange } from "./exchange.ts";
import type { Exchanged } from "./exchange.ts";
import { COMPANIONS, findSidecar } from "./files.ts";
import { createFrontier } from "./frontier.ts";
import type { Question } from "./frontier.ts";
import { identityOf, resolveLink } from "./identity.ts";
import { createLayerCounts } from "./layer-counts.ts";
import { createLayers } from "./layers.ts";
import { createLastUpdate } from "./last-update.ts";
import { acquireLock } from "./lock.ts";
import type { Lock } from "./lock.ts";
import { createRecords } from "./records.ts";
import type { Reply } from "./records.ts";
import { createRelocate } from "./relocate.ts";
import { createRun } from "./runs.ts";
import { createSweeps } from "./sweeps.ts";
import { createTileSizes } from "./tile-sizes.ts";

/** What a saved reply did; `completed` when its question was the last of its sweep. */
export type Saved = { added: number; changed: number; completed: Completed | undefined };

export type Store = ReturnType<typeof openStore>;

/**
 * Opens the database for the one crawl that may write to it, and makes it when there is none.
 * With `readonly` nothing is written, made or locked: a database that is not there is empty.
 * Everything here is synchronous; a failure of SQLite is an error with exit code 4.
 */
export function openStore(name: string, { readonly = false } = {}) {
  const file = resolveLink(name);
  const isNew = !readonly && !existsSync(file);
  const { db, lock } = readonly ? { db: openForReading(file) } : openLocked(file);
  const { isSame, verify } = createVerify(file, lock);
  const records = createRecords(db);
  const frontier = createFrontier(db);
  const run = createRun(db);
  const covering = createCovering(db);
  const exchange = createExchange(db);
  const counts = createCounts(db);

  const commitReply = db.transaction((question: Question, reply: Reply): Saved => {
    const { taken, ...written } = records.save(reply, question);
    covering.uncover(question.month, question.kind, taken);
    run.countRecords(reply.rows.length);
    return { ...written, completed: frontier.finishQuestion(question, reply.rows.length) };
  });

  return {
    file,
    /** Fails, with exit code 4, unless all that was written is still where it was to be. */
    verify,
    archive: createArchive(db, verify),
    areas: createAreas(db),
    layers: { ...createLayers(db), ...createLayerCounts(db) },
    sweeps: createSweeps(db),
    tileSizes: createTileSizes(db),
    frontier,
    coverage: createCoverage(db),
    run,
    lastUpdate: createLastUpdate(findSidecar(file), file),
    records: {
      listPoints: records.listPoints,
      countMonth: counts.countMonth,
      /** Records of a month in the areas of these forces, as last counted. */
      countCells: counts.countCells,
      relocate: createRelocate(db),
    },
    /** One transaction: streets, categories, records, and the mark that the question is done. */
    saveReply(question: Question, reply: Reply): Saved {
      try {
        verify();
        const saved = commitReply.immediate(question, reply);
        if (saved.completed !== undefined) syncToDisk(db);
        return saved;
      } catch (error) {
        records.forgetParents();
        throw error;
      }
    },
    /** Puts all that is staged of a month in the place of its cells' rows, in one transaction. */
    exchangeMonth(month: Month, kinds?: readonly Kind[]): Exchanged[] {
      verify();
      const exchanged = exchange.immediate(month, kinds);
      syncToDisk(db);
      return exchanged;
    },
    /** With `discardEmpty`, a database that was made just now and never filled leaves no trace. */
    close({ discardEmpty = false } = {}): void {
      const isWaste = discardEmpty && isNew && isEmpty(db) && isSame();
      if (!readonly) {
        optimize(db);
        emptyLog(db);
      }
      db.close();
      if (isWaste) for (const end of ["", ...COMPANIONS]) rmSync(file + end, { force: true });
      lock?.release();
    },
  };
}

/** Looks whether the files at the paths are still those that were opened. */
function createVerify(file: string, lock: Lock | undefined) {
  const opened = identityOf(file);
  const isSame = (): boolean => identityOf(file) === opened;
  return {
    isSame,
    verify(): void {
      if (!isSame()) {
        throw databaseError(`${file} was removed or replaced while it was written to`, {
          hint: "what it held is lost, unless it was moved; run the same command again",
        });
      }
      lock?.verify();
    },
  };
}

/** Whether nothing was ever learnt from the API. */
function isEmpty(db: Connection): boolean {
  const found = db
    .prepare(
      "select exists (select 1 from facts where name <> 'origin') or exists (select 1 from forces)",
    )
    .pluck()
    .get();
  return found === 0;
}

/** Locked first: another crawl may be about to make the database. */
function openLocked(file: string): { db: Connection; lock: Lock } {
  checkFile(file);
  let lock: Lock | undefined;
  try {
    lock = acquireLock(file);
    return { db: openConnection(file), lock };
  } catch (error) {
    lock?.release();
    throw asDatabaseError(error, file);
  }
}
