import type { Command } from "../run-state.ts";
import type { Month } from "../types.ts";
import type { Connection } from "./database.ts";

/** How many runs are remembered. */
const KEPT = 200;
const PERIOD_MS = 500;

export type Run = ReturnType<typeof createRun>;

/** How far a run is with its months, in questions. */
export type RunProgress = {
  month: Month;
  nth: number;
  months: number;
  total: number;
  done: number;
  failed: number;
};

/** The book of runs: what the run of this process did so far, for whoever looks into the database. */
export function createRun(db: Connection) {
  const insert = db.prepare(
    "insert into runs (command, pid, started_at, seen_at) values (?, ?, ?, ?)",
  );
  const selectKilled = db
    .prepare<[], number>("select ended_at is null from runs order by id desc limit 1")
    .pluck();
  const forget = db.prepare("delete from runs where id <= (select max(id) from runs) - ?");
  const update = db.prepare(
    `update runs set seen_at = @at, requests = @requests, records = @records,
       waited_ms = @waited, asking_since = @since, month = @month, nth = @nth, months = @months,
       questions = @total, questions_done = @done, questions_failed = @failed
     where id = @id`,
  );
  const finish = db.prepare("update runs set ended_at = ?, exit_code = ? where id = ?");
  const now = () => new Date().toISOString();
  const counted = { requests: 0, records: 0 };
  let progress: { [name in keyof RunProgress]: RunProgress[name] | null } = NO_PROGRESS;
  let since: string | null = null;
  let waitedMs = 0;
  let waitsSinceMs: number | undefined;
  let id: number | bigint | undefined;
  let writtenMs = -Infinity;
  let resumes = false;

  /** Before records are asked for, there is no pace that an outage could spoil. */
  const addWait = (): number => {
    const sinceMs = Math.max(waitsSinceMs ?? Infinity, Date.parse(since ?? now()));
    return waitedMs + Math.max(0, Date.now() - sinceMs);
  };
  const write = () =>
    update.run({ at: now(), since, id, waited: addWait(), ...counted, ...progress });

  return {
    begin: db.transaction((command: Command = "crawl"): void => {
      resumes = selectKilled.get() === 1;
      id = insert.run(command, process.pid, now(), now()).lastInsertRowid;
      forget.run(KEPT);
    }),
    /** Whether the run before was killed. */
    resumes: (): boolean => resumes,
    countRequest: (): void => void (counted.requests += 1),
    countRecords: (records: number): void => void (counted.records += records),
    /** Keeps in mind how far the months are, to be written down with the rest. */
    noteProgress({ month, nth, months, total, done, failed }: RunProgress): void {
      since ??= now();
      progress = { month, nth, months, total, done, failed };
    },
    /** Says that nothing is asked for, since the API is down or for a pause, or that it goes on. */
    wait(isWaiting: boolean): void {
      waitedMs = addWait();
      waitsSinceMs = isWaiting ? Date.now() : undefined;
    },
    /** Writes down what was counted, unless that was done a moment ago. */
    touch(): void {
      if (id === undefined || performance.now() - writtenMs < PERIOD_MS) return;
      writtenMs = performance.now();
      write();
    },
    end: db.transaction((exitCode: number): void => {
      if (id === undefined) return;
      write();
      finish.run(now(), exitCode, id);
    }),
  };
}

const NO_PROGRESS = {
  month: null,
  nth: null,
  months: null,
  total: null,
  done: null,
  failed: null,
};
