import { existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { databaseError, explain } from "../errors.ts";
import type { Connection } from "./database.ts";

/** What was done to a database of an older schema, and where the old one is kept. */
export type Migration = { from: number; to: number; copy: string };

/**
 * Brings a database of an older schema up to date, in one transaction, after a copy of it was
 * put beside it. Foreign keys have to be off: tables are made anew under their old names.
 */
export function migrate(db: Connection, file: string, to: number): Migration {
  const from = versionOf(db);
  const copy = keepCopy(db, file, from);
  const run = db.transaction(() => {
    for (let version = from + 1; version <= to; version += 1) db.exec(readStep(version));
    if (db.pragma("foreign_key_check(polygons)", { simple: true }) !== undefined) {
      throw databaseError(`${file} could not be brought to schema ${to}; nothing was changed`, {
        hint: `the copy is ${copy}; please report this`,
      });
    }
    db.pragma(`user_version = ${to}`);
  });
  run.immediate();
  return { from, to, copy };
}

export function versionOf(db: Connection): number {
  return Number(db.pragma("user_version", { simple: true }));
}

/** A whole copy of the database, under a name of its own. */
function keepCopy(db: Connection, file: string, version: number): string {
  const copy = freeName(`${file}.schema-${version}`);
  const partial = `${file}.schema-${version}.partial`;
  try {
    rmSync(partial, { force: true });
    db.prepare("vacuum into ?").run(partial);
    renameSync(partial, copy);
  } catch (cause) {
    throw databaseError(`${file} has an older schema, and cannot be copied: ${explain(cause)}`, {
      cause,
      hint: `it is brought up to date only once a copy is kept; make room for ${copy}`,
    });
  }
  return copy;
}

function freeName(name: string): string {
  for (let count = 2, free = name; ; count += 1) {
    if (!existsSync(free)) return free;
    free = `${name}.${count}`;
  }
}

function readStep(version: number): string {
  return readFileSync(new URL(`../../migrations/${version}.sql`, import.meta.url), "utf8");
}
