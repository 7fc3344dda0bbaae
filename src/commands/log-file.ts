import { statSync } from "node:fs";
import { resolve } from "node:path";
import { usageError } from "../errors.ts";
import { listFilesOf } from "../store/files.ts";
import { resolveLink } from "../store/identity.ts";

/** Fails where lines of a log would be written into a database, or a file that is kept beside it. */
export function checkLogFile(logFile: string | undefined, database: string): void {
  if (logFile === undefined) return;
  if (!listFilesOf(resolveLink(database)).some((file) => isSame(file, logFile))) return;
  throw usageError(`--log-file ${logFile} is a file of the database`, "name another file");
}

function isSame(one: string, other: string): boolean {
  if (resolve(one) === resolve(other)) return true;
  const [a, b] = [one, other].map((path) => statSync(path, { throwIfNoEntry: false }));
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino;
}
