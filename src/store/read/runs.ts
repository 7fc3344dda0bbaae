import type { Month } from "../../types.ts";
import type { Connection } from "../database.ts";
import { createFindOdd, isCount, isSoundMonth, isTime, isWhole, orNull } from "../sound.ts";
import type { Command } from "../../run-state.ts";
import type { NoteLeftOut } from "../sound.ts";

export type RunRow = {
  id: number;
  command: Command;
  pid: number;
  startedAt: string;
  seenAt: string;
  endedAt: string | null;
  exitCode: number | null;
  requests: number;
  records: number;
  /** For how long it has asked for nothing since then: the API was down, or all paused. */
  waitedMs: number;
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

const findOdd = createFindOdd<RunRow>({
  id: isWhole,
  command: (value) => value === "crawl" || value === "import",
  pid: isWhole,
  startedAt: isTime,
  seenAt: isTime,
  endedAt: orNull(isTime),
  exitCode: orNull(isWhole),
  requests: isCount,
  records: isCount,
  waitedMs: isCount,
  askingSince: orNull(isTime),
  month: orNull(isSoundMonth),
  nth: orNull(isCount),
  months: orNull(isCount),
  questions: orNull(isCount),
  questionsDone: orNull(isCount),
  questionsFailed: orNull(isCount),
});

/** Reads the last so many runs of the crawl, the newest first; what cannot be one is left out. */
export function createLastRuns(
  db: Connection,
  note: NoteLeftOut = () => {},
): (limit: number) => RunRow[] {
  const select = db.prepare<[number], RunRow>(
    `select id, command, pid, started_at as startedAt, seen_at as seenAt, ended_at as endedAt,
       exit_code as exitCode, requests, records, waited_ms as waitedMs, asking_since as askingSince, month,
       nth, months, questions, questions_done as questionsDone, questions_failed as questionsFailed
     from runs
     order by id desc
     limit ?`,
  );
  const isRun = (run: RunRow): boolean => {
    const odd = findOdd(run);
    if (odd !== undefined) note(`run ${run.id} (${odd})`);
    return odd === undefined;
  };
  return (limit) => select.all(limit).filter(isRun);
}
