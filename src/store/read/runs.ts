import type { Month } from "../../types.ts";
import type { Connection } from "../database.ts";

export type RunRow = {
  id: number;
  pid: number;
  startedAt: string;
  seenAt: string;
  endedAt: string | null;
  exitCode: number | null;
  requests: number;
  records: number;
  /** When it first asked for records; null, as all below: not yet. */
  askingSince: string | null;
  /** The month at hand, the `nth` of its `months`. */
  month: Month | null;
  nth: number | null;
  months: number | null;
  /** Questions of all its months, some of them estimated. */
  questions: number | null;
  questionsDone: number | null;
  questionsFailed: number | null;
};

/** Reads the last so many runs of the crawl, the newest first. */
export function createLastRuns(db: Connection): (limit: number) => RunRow[] {
  const select = db.prepare<[number], RunRow>(
    `select id, pid, started_at as startedAt, seen_at as seenAt, ended_at as endedAt,
       exit_code as exitCode, requests, records, asking_since as askingSince, month, nth, months,
       questions, questions_done as questionsDone, questions_failed as questionsFailed
     from runs
     order by id desc
     limit ?`,
  );
  return (limit) => select.all(limit);
}
