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
};

/** Reads the last so many runs of the crawl, the newest first. */
export function createLastRuns(db: Connection): (limit: number) => RunRow[] {
  const select = db.prepare<[number], RunRow>(
    `select id, pid, started_at as startedAt, seen_at as seenAt, ended_at as endedAt,
       exit_code as exitCode, requests, records
     from runs
     order by id desc
     limit ?`,
  );
  return (limit) => select.all(limit);
}
