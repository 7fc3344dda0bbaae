import { existsSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { UkpoliceError } from "../../errors.ts";
import type { Force, Kind, Month } from "../../types.ts";
import { createCoverage } from "../coverage.ts";
import type { Connection } from "../database.ts";
import { createLastUpdate } from "../last-update.ts";
import type { LastUpdate } from "../last-update.ts";
import { versionOf } from "../migrate.ts";
import { createLastRuns } from "./runs.ts";

export type CoverageRow = { month: Month; kind: Kind; forceId: string; release: string };

/** Records of a complete month; the force is '' for those in none. */
export type CountRow = { month: Month; kind: Kind; forceId: string; records: number };

/** A month that is being asked for, by one plan and for one scope. */
export type SweepRow = {
  month: Month;
  kind: Kind;
  scope: string;
  release: string;
  refresh: 0 | 1;
  open: number;
  done: number;
  failed: number;
};

/** Polygons that failed for the same reason; `example` is a neighbourhood, or null for a tile. */
export type FailureRow = {
  month: Month;
  kind: Kind;
  reason: string;
  polygons: number;
  example: string | null;
};

export type RefreshRow = { month: Month; release: string; begunAt: string };

/** What last_update.json says, held against the database. `complete` is what the database holds. */
export type SidecarState =
  | { state: "missing" }
  | { state: "damaged"; message: string }
  | ({ state: "fits" | "foreign" | "ahead"; complete: Month | null } & LastUpdate);

export type Snapshot = ReturnType<ReturnType<typeof createStatus>>;

/** How many groups of failures are told apart: reasons can be as many as polygons. */
const REASONS = 1000;
const RUNS = 5;

/**
 * How a database is, all from one moment, while a crawl may be writing to it. Nothing here reads
 * crimes or outcomes: the crawl keeps counts.
 */
export function createStatus(db: Connection, file: string) {
  const coverage = db.prepare<[], CoverageRow>(
    `select month, kind, force_id as forceId, release from coverage
     order by month, kind, force_id`,
  );
  const counts = db.prepare<[], CountRow>(
    `select month, kind, force_id as forceId, sum(records) as records from force_counts
     group by month, kind, force_id`,
  );
  const forces = db.prepare<[], Force>("select id, name from forces order by id");
  const release = db.prepare<[], string>("select value from facts where name = 'release'").pluck();
  const origin = db.prepare<[], string>("select value from facts where name = 'origin'").pluck();
  const refreshes = db.prepare<[], RefreshRow>(
    "select month, release, begun_at as begunAt from refreshes order by month",
  );
  const listLastRuns = createLastRuns(db);
  const sweeps = createSweeps(db);
  const areas = createAreaCounts(db);
  const sidecar = createSidecarState(db, file);

  return db.transaction(() => ({
    schema: versionOf(db),
    forces: forces.all(),
    areas: areas(),
    coverage: coverage.all(),
    counts: counts.all(),
    ...sweeps(),
    refreshes: refreshes.all(),
    runs: listLastRuns(RUNS),
    release: release.get() ?? null,
    /** 'sandbox' where the records are those of the bundled sample. */
    origin: origin.get() ?? null,
    sidecar: sidecar(),
  }));
}

/** The bytes of a database and of its write-ahead log. */
export function measureFile(file: string): { bytes: number; walBytes: number } {
  const size = (path: string) => (existsSync(path) ? statSync(path).size : 0);
  return { bytes: size(file), walBytes: size(`${file}-wal`) };
}

/** What is under way: sweeps with their polygons by state, and what failed in them. */
function createSweeps(db: Connection) {
  const select = db.prepare<[], SweepRow>(
    `select month, kind, scope, release, refresh,
       count(*) filter (where state = 'open') as open,
       count(*) filter (where state = 'done') as done,
       count(*) filter (where state = 'failed') as failed
     from sweeps left join polygons on sweep_id = sweeps.id
     group by sweeps.id
     order by month, kind, refresh, scope`,
  );
  const failures = db.prepare<[number], FailureRow>(
    `select month, kind, ifnull(reason, 'unknown') as reason, count(*) as polygons,
       min(force_id || '/' || neighbourhood_id) as example
     from sweeps cross join polygons on sweep_id = sweeps.id and state = 'failed'
     group by month, kind, reason
     order by polygons desc, month, kind, reason
     limit ?`,
  );
  return () => ({ sweeps: select.all(), failures: failures.all(REASONS) });
}

/** Listed neighbourhoods, and those of them without a boundary. */
function createAreaCounts(db: Connection) {
  const listed = db
    .prepare<[], number>("select count(*) from neighbourhoods where listed = 1")
    .pluck();
  const bare = db.prepare<[], { name: string; asked: number }>(
    `select force_id || '/' || id as name, boundary_at is not null as asked from neighbourhoods
     where boundary is null and listed = 1
     order by force_id, id`,
  );
  return () => {
    const rows = bare.all();
    const names = (asked: number) => rows.filter((row) => row.asked === asked);
    return {
      listed: listed.get() ?? 0,
      /** The API was asked for their boundaries and has none. */
      withoutBoundary: names(1).map(({ name }) => name),
      /** How many were not asked for their boundary yet. */
      notAsked: names(0).length,
    };
  };
}

function createSidecarState(db: Connection, file: string) {
  const coverage = createCoverage(db);
  const lastUpdate = createLastUpdate(join(dirname(file), "last_update.json"), file, coverage);
  const forces = db.prepare<[], string>("select id from forces").pluck();
  return (): SidecarState => {
    try {
      const found = lastUpdate.read();
      if (found === null) return { state: "missing" };
      if (found.database !== basename(file)) return { state: "foreign", complete: null, ...found };
      const months = coverage.listMonths();
      const complete = lastUpdate.newestComplete(found, months, forces.all()) ?? null;
      const ahead = complete === null || complete < found.month;
      return { state: ahead ? "ahead" : "fits", complete, ...found };
    } catch (error) {
      if (!(error instanceof UkpoliceError)) throw error;
      return { state: "damaged", message: error.message };
    }
  };
}
