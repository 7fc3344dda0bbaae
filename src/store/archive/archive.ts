import type { ArchiveFile, ArchiveRows, Kind, Month } from "../../types.ts";
import { createCovering } from "../coverage.ts";
import { syncToDisk } from "../database.ts";
import type { Connection } from "../database.ts";
import { createCells, FileCount } from "./cells.ts";
import { createClearMonth } from "./clear.ts";
import { MAP_SINCE } from "./lsoa-counts.ts";
import { createFillLsoas, createOweLsoas } from "./points.ts";
import { createSource, toReleaseDay } from "./source.ts";
import { createWriters } from "./writers.ts";
import type { Write } from "./writers.ts";

export type Archive = ReturnType<typeof createArchive>;

/** A file to be written, and what its rows call its force; null: they do not say. */
export type WrittenFile = ArchiveFile & { forceName: string | null };

/** What is written of a month and kind; `replaces`: in the place of what the API brought. */
export type ArchiveTarget<K extends Kind = Kind> = { month: Month; kind: K; replaces: boolean };

/**
 * Files of the bulk archive, each in a transaction of its own, or with others of its month where
 * they replace what the API brought. `verify` fails when the database is no longer in its place.
 */
export function createArchive(db: Connection, verify: () => void) {
  const source = createSource(db);
  const parts: Parts = {
    db,
    verify,
    cells: createCells(db),
    clear: createClearMonth(db),
    writers: createWriters(db),
    cover: createCovering(db).cover,
    owe: createOweLsoas(db),
  };
  return {
    ...source,
    /** Begins a transaction, which has to be committed or rolled back before anything else is done. */
    begin: <K extends Kind>(target: ArchiveTarget<K>): Writing<K> => {
      const isApi = source.sourceOf(target.month, target.kind) === "api";
      if (isApi && !target.replaces)
        throw new Error(`${target.month} ${target.kind} is the API's, and not to be replaced`);
      verify();
      // Whatever a row refers to is stored before it: looking for it again would cost a fifth.
      if (!isApi) db.pragma("foreign_keys = off");
      db.exec("begin immediate");
      return new Writing(parts, target, isApi);
    },
    /** Gives records of the API the LSOAs of points that were learnt; resumable. */
    fillLsoas: createFillLsoas(db),
  };
}

type Parts = {
  db: Connection;
  verify: () => void;
  cells: ReturnType<typeof createCells>;
  clear: ReturnType<typeof createClearMonth>;
  writers: ReturnType<typeof createWriters>;
  cover: ReturnType<typeof createCovering>["cover"];
  owe: () => void;
};

/** One transaction: file after file of a month and kind, with their marks. */
export class Writing<K extends Kind> {
  readonly #parts: Parts;
  readonly #target: ArchiveTarget<K>;
  readonly #isApi: boolean;
  #file: WrittenFile | undefined;
  #records = 0;
  #count = new FileCount();

  constructor(parts: Parts, target: ArchiveTarget<K>, isApi: boolean) {
    this.#parts = parts;
    this.#target = target;
    this.#isApi = isApi;
    if (isApi) this.#attempt(() => parts.clear(target.kind, target.month));
  }

  /** Begins a file: what an earlier one left of its cell goes. */
  file(file: WrittenFile): void {
    const { month, kind } = this.#target;
    if (file.month !== month || file.kind !== kind) throw new Error("a file of another month");
    this.#file = file;
    this.#records = 0;
    this.#count = new FileCount();
    this.#attempt(() => {
      this.#parts.writers.saveForce(file.forceId, file.forceName);
      this.#parts.cells.remove(file);
    });
  }

  /** Rows of the file, in their order. */
  rows(rows: readonly ArchiveRows[K][]): void {
    const file = this.#begun();
    const write: Write<ArchiveRows[K]> = this.#parts.writers.write[this.#target.kind];
    this.#attempt(() => {
      for (const row of rows) this.#count.add(write(file, row), row.area);
    });
    this.#records += rows.length;
  }

  /** Covers the file's cell, and counts its rows. */
  endFile(): void {
    const file = this.#begun();
    const { cells, cover, writers, owe } = this.#parts;
    const { month, kind, forceId } = file;
    this.#attempt(() => {
      cells.count(file, this.#count.list());
      const release = toReleaseDay(file.release);
      cover({ month, kind, forceId, source: "archive", release, records: this.#records });
      const hasLearnt = writers.takeLearnt() > 0;
      if (hasLearnt || (kind === "stops" && month >= MAP_SINCE)) owe();
    });
    this.#file = undefined;
  }

  commit(): void {
    const { db, verify } = this.#parts;
    this.#attempt(() => {
      verify();
      db.exec("commit");
      db.pragma("foreign_keys = on");
      if (this.#isApi) syncToDisk(db);
    });
  }

  /** Leaves all as it was before. */
  rollback(): void {
    const { db, writers } = this.#parts;
    if (db.inTransaction) db.exec("rollback");
    db.pragma("foreign_keys = on");
    writers.forget();
  }

  #begun(): WrittenFile {
    if (this.#file === undefined) throw new Error("no file was begun");
    return this.#file;
  }

  /** What fails takes all of the transaction back. */
  #attempt(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.rollback();
      throw error;
    }
  }
}
