import type { Kind, Month } from "../../types.ts";
import { createReadCover, createReadWanted } from "../coverage.ts";
import type { Connection } from "../database.ts";
import { createLastRuns } from "./runs.ts";
import type { RunRow } from "./runs.ts";

/** Rows of lists that may be long. */
const FAILURES = 100;
const RUNS = 15;

/** A month's sweeps of one kind: its questions by state, and the records that came. */
export type SweepProgress = {
  month: Month;
  kind: Kind;
  isStaged: 0 | 1;
  open: number;
  done: number;
  failed: number;
  records: number;
};

export type FailedQuestion = {
  month: Month;
  kind: Kind;
  forceId: string | null;
  /** Null beside a force: that was asked for by its name. */
  neighbourhoodId: string | null;
  /** South, west, north and east of a tile, as JSON; null: a whole neighbourhood. */
  box: string | null;
  reason: string | null;
};

/** A month of which something is covered, and for how many forces all of it is. */
export type MonthRow = { month: Month; isComplete: boolean; forces: number };

export type AreaCounts = {
  forces: number;
  listed: number;
  neighbourhoods: number;
  bounded: number;
};

export type CrawlState = {
  /** The newest first. */
  runs: RunRow[];
  sweeps: SweepProgress[];
  failures: FailedQuestion[];
  months: MonthRow[];
  areas: AreaCounts;
};

export type ProgressReader = ReturnType<typeof createProgress>;

/** Reads how far the crawl is. None of it touches the records, so that it can be asked every second. */
export function createProgress(db: Connection) {
  const listLastRuns = createLastRuns(db);
  const selectSweeps = db.prepare<[], SweepProgress>(
    `select month, kind, staged as isStaged,
       count(*) filter (where state = 'open') as open,
       count(*) filter (where state = 'done') as done,
       count(*) filter (where state = 'failed') as failed,
       ifnull(sum(records), 0) as records
     from sweeps
     join questions on sweep_id = sweeps.id
     group by month, kind, staged
     order by month, kind, staged`,
  );
  const selectFailures = db.prepare<[], FailedQuestion>(
    `select month, kind, force_id as forceId, neighbourhood_id as neighbourhoodId, reason,
       (select json_array(min(value ->> 0), min(value ->> 1), max(value ->> 0), max(value ->> 1))
        from json_each(ring)) as box
     from sweeps
     join questions on sweep_id = sweeps.id
     where state = 'failed'
     order by month, kind, questions.id
     limit ${FAILURES}`,
  );
  const listMonths = createListMonths(db);
  // Whether there is a boundary is written at the head of a row; the boundary need not be read.
  const selectAreas = db.prepare<[], AreaCounts>(
    `select
       (select count(*) from forces where listed = 1) as forces,
       (select count(listed_at) from forces where listed = 1) as listed,
       count(*) as neighbourhoods,
       count(boundary) as bounded
     from neighbourhoods`,
  );
  const none = { forces: 0, listed: 0, neighbourhoods: 0, bounded: 0 };
  const readAll = db.transaction((): CrawlState => ({
    runs: listLastRuns(RUNS),
    sweeps: selectSweeps.all(),
    failures: selectFailures.all(),
    months: listMonths(),
    areas: selectAreas.get() ?? none,
  }));
  return {
    /** All of it as of one moment. */
    read: (): CrawlState => readAll.deferred(),
    /** A number that changes whenever another process commits. */
    readVersion: (): unknown => db.pragma("data_version", { simple: true }),
  };
}

/** Lists the months of which something is covered. */
function createListMonths(db: Connection) {
  const readCover = createReadCover(db);
  const selectForces = db.prepare<[], string>("select id from forces where listed = 1").pluck();
  const readWanted = createReadWanted(db);
  return (): MonthRow[] => {
    const cover = readCover();
    const known = selectForces.all();
    const wanted = readWanted();
    return cover.listMonths().map((month) => ({
      month,
      isComplete: cover.isComplete(month, wanted),
      forces: known.filter((forceId) => cover.isComplete(month, [forceId])).length,
    }));
  };
}
