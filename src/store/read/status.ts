import { existsSync, statSync } from "node:fs";
import { basename } from "node:path";
import { UkpoliceError } from "../../errors.ts";
import { canBeRelease } from "../../police-api.ts";
import { KINDS } from "../../types.ts";
import type { Force, Kind, Month } from "../../types.ts";
import { createReadCover, createReadWanted } from "../coverage.ts";
import { versionOf } from "../database.ts";
import type { Connection } from "../database.ts";
import { resolveLink } from "../identity.ts";
import { findSidecar } from "../files.ts";
import { createLastUpdate } from "../last-update.ts";
import type { LastUpdate } from "../last-update.ts";
import { isLocked } from "../lock.ts";
import { createRevisionReader } from "./revisions.ts";
import { createFindOdd, createLeftOut, isId, isSoundMonth, isText } from "../sound.ts";
import type { NoteLeftOut } from "../sound.ts";
import { createReadLsoas } from "./lsoas.ts";
import { createLastRuns } from "./runs.ts";
import { createReadStopsListed } from "./stops-listed.ts";

/** A sweep that is under way, with its questions by state. */
export type SweepRow = {
  month: Month;
  kind: Kind;
  staged: boolean;
  /** The forces of its cells; '' among them: what lies in none, too. */
  forces: string[];
  open: number;
  done: number;
  failed: number;
};

/**
 * Questions that failed for the same reason; `example` is a neighbourhood, a force that was asked
 * for by its name, or null for a tile.
 */
export type FailureRow = {
  month: Month;
  kind: Kind;
  reason: string;
  questions: number;
  example: string | null;
};

/** Crimes without a location that a force published of a month. */
export type Unlocated = { month: Month; forceId: string; records: number };

/** What last_update.json says; 'foreign': of another database. */
export type SidecarState =
  | { state: "missing" }
  | { state: "damaged"; message: string }
  | ({ state: "own" | "foreign" } & LastUpdate);

export type Snapshot = ReturnType<ReturnType<typeof createStatus>>;

const findOddForce = createFindOdd<Force>({ id: isId, name: isText });

/** How many groups of failures are told apart: reasons can be as many as polygons. */
const REASONS = 1000;
const RUNS = 5;
/** Months whose revisions are read: older ones change little, and there are more every month. */
const REVISED = 24;

/**
 * How a database is, all from one moment, while a crawl may be writing to it. Nothing here reads
 * records: the crawl keeps counts, and an index holds the crimes without a location.
 */
export function createStatus(db: Connection, file: string) {
  const leftOut = createLeftOut();
  const readCover = createReadCover(db, leftOut.note);
  const readWanted = createReadWanted(db);
  const readStopsListed = createReadStopsListed(db, leftOut.note);
  const forces = db.prepare<[], Force & { listed: 0 | 1 }>(
    "select id, name, listed from forces order by id",
  );
  const unlocated = db.prepare<[], Unlocated>(
    `select month, reported_by as forceId, count(*) as records
     from crimes indexed by crimes_without_force
     where force_id is null and reported_by is not null and latitude is null
     group by month, reported_by`,
  );
  const askedKinds = db
    .prepare<[], string>("select value from facts where name = 'asked_kinds'")
    .pluck();
  const release = db.prepare<[], string>("select value from facts where name = 'release'").pluck();
  const origin = db.prepare<[], string>("select value from facts where name = 'origin'").pluck();
  const listLastRuns = createLastRuns(db, leftOut.note);
  const sweeps = createSweeps(db, leftOut.note);
  const areas = createAreaCounts(db);
  const lsoas = createReadLsoas(db);
  const revisions = createRevisionReader(db);
  const sidecar = createSidecarState(file);

  return db.transaction(() => ({
    schema: versionOf(db),
    forces: forces
      .all()
      .filter((force) => {
        const odd = findOddForce(force);
        if (odd !== undefined) leftOut.note(`force ${force.id} (${odd})`);
        return odd === undefined;
      })
      .map(({ listed, ...force }) => ({ ...force, isListed: listed === 1 })),
    areas: areas(),
    cover: readCover(),
    /** The forces whose cells the database is for; '' among them: what lies in none, too. */
    wanted: readWanted(),
    stops: readStopsListed(),
    /** The kinds that any crawl was asked for; null: none was. */
    askedKinds: readKinds(askedKinds.get()),
    unlocated: unlocated.all(),
    /** Of how many of the API's records the LSOA is known. */
    lsoas: lsoas(),
    ...sweeps(),
    runs: listLastRuns(RUNS),
    release: readRelease(release.get()),
    revisions: revisions.list({ months: REVISED }),
    /** 'sandbox' where the records are those of the bundled sample. */
    origin: origin.get() ?? null,
    sidecar: sidecar(),
    /** Rows that a crawl cannot have written. */
    leftOut: leftOut.read(),
  }));
}

/** The bytes of a database and of its write-ahead log, and whether a crawl is at work on it. */
export function measureFile(name: string): { bytes: number; walBytes: number; isLocked: boolean } {
  const file = resolveLink(name);
  const size = (path: string) => (existsSync(path) ? statSync(path).size : 0);
  return { bytes: size(file), walBytes: size(`${file}-wal`), isLocked: isLocked(file) };
}

/** What is under way: sweeps with their polygons by state, and what failed in them. */
function createSweeps(db: Connection, note: NoteLeftOut) {
  const select = db.prepare<
    [],
    Omit<SweepRow, "staged" | "forces"> & { staged: 0 | 1; forces: string }
  >(
    `select month, kind, staged,
       (select json_group_array(force_id) from sweep_cells where sweep_id = sweeps.id) as forces,
       count(*) filter (where state = 'open') as open,
       count(*) filter (where state = 'done') as done,
       count(*) filter (where state = 'failed') as failed
     from sweeps left join questions on sweep_id = sweeps.id
     group by sweeps.id
     order by month, kind, staged, sweeps.id`,
  );
  const failures = db.prepare<[number], FailureRow>(
    `select month, kind, ifnull(reason, 'unknown') as reason, count(*) as questions,
       min(force_id || ifnull('/' || neighbourhood_id, '')) as example
     from sweeps cross join questions on sweep_id = sweeps.id and state = 'failed'
     group by month, kind, reason
     order by questions desc, month, kind, reason
     limit ?`,
  );
  const listSweeps = (): SweepRow[] =>
    select
      .all()
      .filter(({ month, kind }) => {
        const isSound = isSoundMonth(month);
        if (!isSound) note(`sweep of ${month} ${kind} (month)`);
        return isSound;
      })
      .map((row) => ({ ...row, staged: row.staged === 1, forces: JSON.parse(row.forces) }));
  return () => ({ sweeps: listSweeps(), failures: failures.all(REASONS) });
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

function createSidecarState(name: string) {
  const file = resolveLink(name);
  const lastUpdate = createLastUpdate(findSidecar(file), file);
  return (): SidecarState => {
    try {
      const found = lastUpdate.read();
      if (found === null) return { state: "missing" };
      return { state: found.database === basename(file) ? "own" : "foreign", ...found };
    } catch (error) {
      if (!(error instanceof UkpoliceError)) throw error;
      return { state: "damaged", message: error.message };
    }
  };
}

function readRelease(day = ""): string | null {
  return canBeRelease(day) ? day : null;
}

function readKinds(text: string | undefined): Kind[] | null {
  return text === undefined ? null : KINDS.filter((kind) => text.includes(`"${kind}"`));
}
