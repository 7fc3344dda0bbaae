import { existsSync } from "node:fs";
import { databaseError } from "../errors.ts";
import { toStatusDocument } from "../report/status-document.ts";
import { describeStatus } from "../report/status.ts";
import { shellWord } from "../text.ts";
import { asDatabaseError, openForReading } from "../store/database.ts";
import { DATABASE_FILE, SANDBOX_FILE } from "../store/files.ts";
import { createStatus, measureFile } from "../store/read/status.ts";
import { failIfLeftOut } from "./left-out.ts";
import type { Runtime } from "./runtime.ts";
import type { StatusArgs } from "./status-options.ts";

/** Prints how a database is; it is only read. */
export function showStatus({ db: file, json }: StatusArgs, runtime: Runtime): void {
  const { stdout, unicode } = runtime;
  checkThere(file);
  // The lock first: a run that ends meanwhile has ended, and was not killed.
  const measured = measureFile(file);
  const snapshot = readSnapshot(file);
  const around = { database: file, ...measured, now: new Date() };
  const status = toStatusDocument(snapshot, around);
  const text = json
    ? JSON.stringify(status, null, 2)
    : describeStatus(status, { stream: stdout, unicode });
  stdout.write(`${text}\n`);
  failIfLeftOut(snapshot.leftOut, file);
}

function readSnapshot(file: string) {
  const db = openForReading(file);
  try {
    return createStatus(db, file)();
  } catch (error) {
    throw asDatabaseError(error, file);
  } finally {
    db.close();
  }
}

/** A database that is not there is not an empty one: the name may be wrong. */
function checkThere(file: string): void {
  if (existsSync(file)) return;
  const sandbox = file === DATABASE_FILE && existsSync(SANDBOX_FILE);
  throw databaseError(`there is no database ${file}`, {
    hint: sandbox
      ? `look at the sandbox's: ukpolice status --db ${SANDBOX_FILE}`
      : `make it with: ukpolice crawl${file === DATABASE_FILE ? "" : ` --db ${shellWord(file)}`}`,
  });
}
