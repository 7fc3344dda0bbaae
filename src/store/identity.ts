import { lstatSync, realpathSync, statSync } from "node:fs";
import { databaseError, usageError } from "../errors.ts";
import { COMPANIONS } from "./files.ts";

/**
 * The file that a name stands for. A symbolic link is followed once and for all: its database has one
 * lock, one write-ahead log and one last_update.json, whatever it is called.
 */
export function resolveLink(file: string): string {
  if (lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return file;
  try {
    return realpathSync(file);
  } catch (cause) {
    const hint = "name the file itself with --db";
    throw databaseError(`${file} is a symbolic link to nothing`, { cause, hint });
  }
}

/** Which file a path leads to, and not only what it is called; undefined where it leads to none. */
export function identityOf(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev} ${ino}`;
  } catch {
    return undefined;
  }
}

/**
 * Fails unless a path leads to the file that a database is alone, or to nothing. SQLite keeps its log
 * by the name: under a second name of the same file it would not find it, and damage the database.
 */
export function checkPlainDatabase(file: string): void {
  const path = resolveLink(file);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory() === true) {
    throw databaseError(`the database is a folder: ${file}`, { hint: "name a file with --db" });
  }
  if ((stat !== undefined && !stat.isFile()) || path.trim() !== path) {
    throw usageError(`--db ${path} cannot be a database`, "name a plain file with --db");
  }
  if (stat !== undefined && stat.nlink > 1) {
    throw databaseError(`${file} is one file of ${stat.nlink} names (hard links)`, {
      hint: "a database has one name: remove the others, or copy it and name the copy with --db",
    });
  }
  for (const end of COMPANIONS) checkCompanion(path + end);
}

/** A pipe would keep whoever opens it waiting; a link leads to what is not ours. SQLite sees folders. */
function checkCompanion(path: string): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined || stat.isDirectory() || (stat.isFile() && stat.nlink < 2)) return;
  throw databaseError(`${path} is not a plain file`, {
    hint: "it is a link, a pipe or a device: move it away and run the same command again",
  });
}
