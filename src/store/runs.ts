import type { Connection } from "./database.ts";

/** How many runs are remembered. */
const KEPT = 200;
const PERIOD_MS = 500;
export type Run = ReturnType<typeof createRun>;

/** The book of runs: what the run of this process did so far, for whoever looks into the database. */
export function createRun(db: Connection) {
  const insert = db.prepare("insert into runs (pid, started_at, seen_at) values (?, ?, ?)");
  const selectKilled = db
    .prepare<[], number>("select ended_at is null from runs order by id desc limit 1")
    .pluck();
  const forget = db.prepare("delete from runs where id <= (select max(id) from runs) - ?");
  const update = db.prepare("update runs set seen_at = ?, requests = ?, records = ? where id = ?");
  const finish = db.prepare(
    `update runs set seen_at = @at, ended_at = @at, exit_code = @exitCode,
       requests = @requests, records = @records
     where id = @id`,
  );
  const now = () => new Date().toISOString();
  const done = { requests: 0, records: 0 };
  let id: number | bigint | undefined;
  let writtenMs = -Infinity;
  let resumes = false;

  return {
    begin: db.transaction((): void => {
      resumes = selectKilled.get() === 1;
      id = insert.run(process.pid, now(), now()).lastInsertRowid;
      forget.run(KEPT);
    }),
    /** Whether the run before was killed. */
    resumes: (): boolean => resumes,
    countRequest: (): void => void (done.requests += 1),
    countRecords: (records: number): void => void (done.records += records),
    /** Writes down what was counted, unless that was done a moment ago. */
    touch(): void {
      if (id === undefined || performance.now() - writtenMs < PERIOD_MS) return;
      writtenMs = performance.now();
      update.run(now(), done.requests, done.records, id);
    },
    end(exitCode: number): void {
      if (id !== undefined) finish.run({ at: now(), exitCode, id, ...done });
    },
  };
}
