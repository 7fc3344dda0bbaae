import { toStatusDocument } from "../report/status-document.ts";
import { describeStatus } from "../report/status.ts";
import { describeRevisions, toRevisionsDocument } from "../report/status-revisions.ts";
import { asDatabaseError, openForReading } from "../store/database.ts";
import type { Connection } from "../store/database.ts";
import { createRevisionReader } from "../store/read/revisions.ts";
import { createStatus, measureFile } from "../store/read/status.ts";
import { failIfLeftOut } from "./left-out.ts";
import type { Runtime } from "./runtime.ts";
import type { StatusArgs } from "./status-options.ts";
import { checkThere } from "./there.ts";

/** Prints how a database is, or what was revised in it; it is only read. */
export function showStatus(args: StatusArgs, runtime: Runtime): void {
  const { db: file, json, revisions } = args;
  checkThere(file);
  if (revisions) return void runtime.stdout.write(`${tellRevisions(file, json)}\n`);
  const { text, leftOut } = tellStatus(args, runtime);
  runtime.stdout.write(`${text}\n`);
  failIfLeftOut(leftOut, file);
}

function tellStatus({ db: file, json, what: kinds }: StatusArgs, { stdout, unicode }: Runtime) {
  // The lock first: a run that ends meanwhile has ended, and was not killed.
  const measured = measureFile(file);
  const snapshot = read(file, (db) => createStatus(db, file)());
  const around = { database: file, ...measured, now: new Date(), kinds };
  const status = toStatusDocument(snapshot, around);
  const text = json
    ? JSON.stringify(status, null, 2)
    : describeStatus(status, { stream: stdout, unicode });
  return { text, leftOut: snapshot.leftOut };
}

function tellRevisions(file: string, json: boolean): string {
  const revisions = read(file, (db) => createRevisionReader(db).list());
  if (json) return JSON.stringify(toRevisionsDocument(file, revisions), null, 2);
  return describeRevisions(file, revisions);
}

function read<T>(file: string, ask: (db: Connection) => T): T {
  const db = openForReading(file);
  try {
    return ask(db);
  } catch (error) {
    throw asDatabaseError(error, file);
  } finally {
    db.close();
  }
}
