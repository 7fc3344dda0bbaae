import type { Area, Kind, Month, Point, Ring } from "../types.ts";
import { createCompletion } from "./completion.ts";
import type { Connection } from "./database.ts";

export type PlanName = "tiles" | "neighbourhoods";

/** One covering of a month by polygons. `scope` is 'all' or ids of forces, comma-separated. */
export type Sweep = {
  month: Month;
  kind: Kind;
  plan: PlanName;
  scope: string;
  release: string;
  /** Whether it fetches a complete month again: what it brings is staged. */
  refresh: boolean;
};

/** A polygon to ask for. Without a ring of its own it is the boundary of its neighbourhood. */
export type Seed = { area: Area | null; ring: Ring | null; depth: number; expected: number | null };

export type Polygon = Seed & {
  id: number;
  sweepId: number;
  month: Month;
  kind: Kind;
  scope: string;
  refresh: boolean;
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
  refresh: number;
  forceId: string | null;
  neighbourhoodId: string | null;
  ring: string | null;
  depth: number;
  expected: number | null;
  reason: string | null;
};

type SweepRow = Omit<Sweep, "refresh"> & { refresh: number };

export type Frontier = ReturnType<typeof createFrontier>;

/** The work that is left: it lives in the database, so that a killed crawl goes on from there. */
export function createFrontier(db: Connection) {
  const selectSweep = db
    .prepare<SweepRow, number>(
      `select id from sweeps
       where month = @month and kind = @kind and plan = @plan and scope = @scope
         and refresh = @refresh`,
    )
    .pluck();
  const insertSweep = db.prepare<SweepRow>(
    `insert into sweeps (month, kind, plan, scope, release, refresh)
     values (@month, @kind, @plan, @scope, @release, @refresh)`,
  );
  const selectBegun = db
    .prepare<[Month, Kind, string], number>(
      `select exists (
         select 1 from sweeps where month = ? and kind = ? and scope = ? and refresh = 0)`,
    )
    .pluck();
  const selectLeft = db
    .prepare<{ month: Month; kind: Kind; refresh: number }, number | null>(
      `select sum((select count(*) from polygons where sweep_id = sweeps.id and state <> 'done'))
       from sweeps where month = @month and kind = @kind and refresh = @refresh`,
    )
    .pluck();
  const drop = db.prepare<[string]>(
    "delete from sweeps where scope <> 'all' and instr(',' || scope || ',', ',' || ? || ',') > 0",
  );
  const reopen = db.prepare(
    "update polygons set state = 'open', reason = null where sweep_id = ? and state = 'failed'",
  );
  const columns = `polygons.id, sweep_id as sweepId, month, kind, scope, refresh, force_id as forceId,
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
      const row = { ...sweep, refresh: Number(sweep.refresh) };
      const begun = selectSweep.get(row);
      if (begun !== undefined) {
        reopen.run(begun);
        return begun;
      }
      const id = Number(insertSweep.run(row).lastInsertRowid);
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
    /** Whether a month's sweep for a scope is under way. */
    isBegun: (month: Month, kind: Kind, scope: string): boolean =>
      selectBegun.get(month, kind, scope) === 1,
    /** How many polygons are left of a month's sweeps; null when none was begun. */
    countLeft: (month: Month, kind: Kind, refresh: boolean): number | null =>
      selectLeft.get({ month, kind, refresh: Number(refresh) }) ?? null,
    /** Gives up what was begun for one of these forces by name: its polygons were chosen by boundaries that moved. */
    dropSweeps: db.transaction((forces: readonly string[]): void => {
      for (const force of forces) drop.run(force);
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

function toPolygon({ forceId, neighbourhoodId, ring, ...row }: PolygonRow): Polygon {
  const area = forceId === null || neighbourhoodId === null ? null : { forceId, neighbourhoodId };
  return {
    id: row.id,
    sweepId: row.sweepId,
    month: row.month,
    kind: row.kind,
    scope: row.scope,
    refresh: row.refresh === 1,
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
