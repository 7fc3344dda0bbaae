import type { Area, Kind, Month, Point, Ring } from "../types.ts";
import { createCounts } from "./counts.ts";
import type { Connection } from "./database.ts";

export type PlanName = "tiles" | "neighbourhoods";

/** One covering of a month by polygons. `scope` is 'all' or ids of forces, comma-separated. */
export type Sweep = { month: Month; kind: Kind; plan: PlanName; scope: string; release: string };

/** A polygon to ask for. Without a ring of its own it is the boundary of its neighbourhood. */
export type Seed = { area: Area | null; ring: Ring | null; depth: number; expected: number | null };

export type Polygon = Seed & {
  id: number;
  sweepId: number;
  month: Month;
  kind: Kind;
  scope: string;
};

export type Failure = {
  month: Month;
  kind: Kind;
  scope: string;
  area: Area | null;
  ring: Ring | null;
  reason: string;
};

type PolygonRow = {
  id: number;
  sweepId: number;
  month: Month;
  kind: Kind;
  scope: string;
  forceId: string | null;
  neighbourhoodId: string | null;
  ring: string | null;
  depth: number;
  expected: number | null;
  reason: string | null;
};

export type Frontier = ReturnType<typeof createFrontier>;

/** The work that is left: it lives in the database, so that a killed crawl goes on from there. */
export function createFrontier(db: Connection) {
  const selectSweep = db
    .prepare<Sweep, number>(
      `select id from sweeps
       where month = @month and kind = @kind and plan = @plan and scope = @scope`,
    )
    .pluck();
  const insertSweep = db.prepare(
    `insert into sweeps (month, kind, plan, scope, release)
     values (@month, @kind, @plan, @scope, @release)`,
  );
  const reopen = db.prepare(
    "update polygons set state = 'open', reason = null where sweep_id = ? and state = 'failed'",
  );
  const columns = `polygons.id, sweep_id as sweepId, month, kind, scope, force_id as forceId,
    neighbourhood_id as neighbourhoodId, ring, depth, expected, reason`;
  const selectOpen = db.prepare<[number], PolygonRow>(
    `select ${columns} from polygons join sweeps on sweeps.id = sweep_id
     where sweep_id = ? and state = 'open'
     order by polygons.id`,
  );
  const selectDone = db
    .prepare<[Kind, Month], string>(
      `select ring from polygons join sweeps on sweeps.id = sweep_id
       where kind = ? and month = ? and state = 'done' and ring is not null`,
    )
    .pluck();
  const selectFailed = db.prepare<[], PolygonRow>(
    `select ${columns} from polygons join sweeps on sweeps.id = sweep_id
     where state = 'failed'
     order by month, kind, polygons.id`,
  );
  const selectStates = db.prepare<[number], { state: string; polygons: number }>(
    "select state, count(*) as polygons from polygons where sweep_id = ? group by state",
  );
  const insertPolygon = db.prepare(
    `insert into polygons (sweep_id, force_id, neighbourhood_id, ring, depth, expected)
     values (?, ?, ?, ?, ?, ?)`,
  );
  const deletePolygon = db.prepare("delete from polygons where id = ?");
  const fail = db.prepare("update polygons set state = 'failed', reason = ? where id = ?");
  const finish = db.prepare("update polygons set state = 'done', records = ? where id = ?");
  const complete = createCompletion(db);

  const addPolygons = (sweepId: number, seeds: readonly Seed[]) => {
    for (const { area, ring, depth, expected } of seeds) {
      insertPolygon.run(
        sweepId,
        area?.forceId ?? null,
        area?.neighbourhoodId ?? null,
        ring === null ? null : writeRing(ring),
        depth,
        expected,
      );
    }
  };

  return {
    /**
     * The sweep's id. One that was begun earlier goes on, with what failed in it to be asked
     * again; a new one is seeded, and is complete at once when there is nothing to ask.
     */
    openSweep: db.transaction((sweep: Sweep, seeds: () => readonly Seed[]): number => {
      const begun = selectSweep.get(sweep);
      if (begun !== undefined) {
        reopen.run(begun);
        return begun;
      }
      const id = Number(insertSweep.run(sweep).lastInsertRowid);
      addPolygons(id, seeds());
      complete(id);
      return id;
    }),
    listOpen: (sweepId: number): Polygon[] => selectOpen.all(sweepId).map(toPolygon),
    /** How many polygons of a sweep are in each state. */
    countStates: (sweepId: number): { open: number; done: number; failed: number } => {
      const counts = { open: 0, done: 0, failed: 0 };
      for (const row of selectStates.all(sweepId))
        Object.assign(counts, { [row.state]: row.polygons });
      return counts;
    },
    /** The rings that are done of what is not complete. */
    listDoneRings: (kind: Kind, month: Month): Ring[] => selectDone.all(kind, month).map(readRing),
    listFailures: (): Failure[] =>
      selectFailed.all().map((row) => ({ ...toPolygon(row), reason: row.reason ?? "unknown" })),
    /** Puts pieces in the place of a polygon that was too large. */
    replacePolygon: db.transaction((polygon: Polygon, pieces: readonly Seed[]): Polygon[] => {
      deletePolygon.run(polygon.id);
      addPolygons(polygon.sweepId, pieces);
      return selectOpen.all(polygon.sweepId).map(toPolygon).slice(-pieces.length);
    }),
    failPolygon: (polygon: Polygon, reason: string): void => {
      fail.run(reason, polygon.id);
    },
    /** Marks a polygon as done; true when it was the last of its sweep. In the caller's transaction. */
    finishPolygon(polygon: Polygon, records: number): boolean {
      finish.run(records, polygon.id);
      return complete(polygon.sweepId);
    },
  };
}

/** A sweep without work left becomes coverage, and whatever it makes needless goes. */
function createCompletion(db: Connection) {
  const isOver = db
    .prepare<[number], number>(
      "select not exists (select 1 from polygons where sweep_id = ? and state <> 'done')",
    )
    .pluck();
  const cover = db.prepare(
    `insert or replace into coverage (month, kind, force_id, release, completed_at)
     select month, kind, forces.id, release, strftime('%Y-%m-%dT%H:%M:%SZ', 'now')
     from sweeps
     join forces on scope = 'all' or instr(',' || scope || ',', ',' || forces.id || ',') > 0
     where sweeps.id = ?`,
  );
  const prune = db.prepare(
    `delete from sweeps
     where (month, kind) = (select month, kind from sweeps where id = ?)
       and not exists (
         select 1 from forces
         where (scope = 'all' or instr(',' || scope || ',', ',' || forces.id || ',') > 0)
           and not exists (
             select 1 from coverage
             where coverage.month = sweeps.month
               and coverage.kind = sweeps.kind
               and coverage.force_id = forces.id))`,
  );
  const selectSweep = db.prepare<[number], { kind: Kind; month: Month }>(
    "select kind, month from sweeps where id = ?",
  );
  const isLeft = db
    .prepare<{ kind: Kind; month: Month }, number>(
      "select exists (select 1 from sweeps where kind = @kind and month = @month)",
    )
    .pluck();
  const { recount } = createCounts(db);
  return (sweepId: number): boolean => {
    const sweep = selectSweep.get(sweepId);
    if (sweep === undefined || isOver.get(sweepId) !== 1) return false;
    cover.run(sweepId);
    prune.run(sweepId);
    if (isLeft.get(sweep) === 0) recount(sweep.kind, sweep.month);
    return true;
  };
}

function toPolygon({ forceId, neighbourhoodId, ring, ...row }: PolygonRow): Polygon {
  const area = forceId === null || neighbourhoodId === null ? null : { forceId, neighbourhoodId };
  return {
    id: row.id,
    sweepId: row.sweepId,
    month: row.month,
    kind: row.kind,
    scope: row.scope,
    depth: row.depth,
    expected: row.expected,
    area,
    ring: ring === null ? null : readRing(ring),
  };
}

function writeRing(ring: Ring): string {
  return JSON.stringify(ring.map(({ latitude, longitude }) => [latitude, longitude]));
}

function readRing(text: string): Point[] {
  const pairs: [number, number][] = JSON.parse(text);
  return pairs.map(([latitude, longitude]) => ({ latitude, longitude }));
}
