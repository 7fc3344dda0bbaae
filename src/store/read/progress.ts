import type { Kind, Month } from "../../types.ts";
import type { Connection } from "../database.ts";
import { createLastRuns } from "./runs.ts";
import type { RunRow } from "./runs.ts";

/** Rows of lists that may be long. */
const FAILURES = 100;
const RUNS = 15;

/** A month's sweeps of one kind: its polygons by state, and the records that came. */
export type SweepRow = {
  month: Month;
  kind: Kind;
  isRefresh: 0 | 1;
  open: number;
  done: number;
  failed: number;
  records: number;
};

export type FailureRow = {
  month: Month;
  kind: Kind;
  forceId: string | null;
  neighbourhoodId: string | null;
  /** South, west, north and east of a tile, as JSON; null: a whole neighbourhood. */
  box: string | null;
  reason: string | null;
};

/** For how many forces a month is complete. */
export type MonthRow = { month: Month; crimes: number; outcomes: number; completedAt: string };

export type Areas = { forces: number; listed: number; neighbourhoods: number; bounded: number };

export type Progress = {
  /** The newest first. */
  runs: RunRow[];
  sweeps: SweepRow[];
  failures: FailureRow[];
  months: MonthRow[];
  areas: Areas;
};

export type ProgressReader = ReturnType<typeof createProgress>;

/** Reads how far the crawl is. None of it touches the records, so that it can be asked every second. */
export function createProgress(db: Connection) {
  const listLastRuns = createLastRuns(db);
  const selectSweeps = db.prepare<[], SweepRow>(
    `select month, kind, refresh as isRefresh,
       count(*) filter (where state = 'open') as open,
       count(*) filter (where state = 'done') as done,
       count(*) filter (where state = 'failed') as failed,
       ifnull(sum(records), 0) as records
     from sweeps
     join polygons on sweep_id = sweeps.id
     group by month, kind, refresh
     order by month, kind, refresh`,
  );
  const selectFailures = db.prepare<[], FailureRow>(
    `select month, kind, force_id as forceId, neighbourhood_id as neighbourhoodId, reason,
       (select json_array(min(value ->> 0), min(value ->> 1), max(value ->> 0), max(value ->> 1))
        from json_each(ring)) as box
     from sweeps
     join polygons on sweep_id = sweeps.id
     where state = 'failed'
     order by month, kind, polygons.id
     limit ${FAILURES}`,
  );
  const selectMonths = db.prepare<[], MonthRow>(
    `select month,
       count(*) filter (where kind = 'crimes') as crimes,
       count(*) filter (where kind = 'outcomes') as outcomes,
       max(completed_at) as completedAt
     from coverage
     group by month
     order by month`,
  );
  // Whether there is a boundary is written at the head of a row; the boundary need not be read.
  const selectAreas = db.prepare<[], Areas>(
    `select
       (select count(*) from forces) as forces,
       (select count(listed_at) from forces) as listed,
       count(*) as neighbourhoods,
       count(boundary) as bounded
     from neighbourhoods`,
  );
  const none = { forces: 0, listed: 0, neighbourhoods: 0, bounded: 0 };
  const readAll = db.transaction((): Progress => ({
    runs: listLastRuns(RUNS),
    sweeps: selectSweeps.all(),
    failures: selectFailures.all(),
    months: selectMonths.all(),
    areas: selectAreas.get() ?? none,
  }));
  return {
    /** All of it as of one moment. */
    read: (): Progress => readAll.deferred(),
    /** A number that changes whenever another process commits. */
    readVersion: (): unknown => db.pragma("data_version", { simple: true }),
  };
}
