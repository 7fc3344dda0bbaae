import type { Kind, Month } from "../types.ts";
import { createCounts } from "./counts.ts";
import type { Connection } from "./database.ts";

/** A sweep without work left becomes coverage, and whatever it makes needless goes. */
export function createCompletion(db: Connection) {
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
  const coverWhole = db.prepare(
    `insert or replace into whole_months (month, kind, release)
     select month, kind, release from sweeps where id = ? and scope = 'all'`,
  );
  const prune = db.prepare(
    `delete from sweeps
     where (month, kind) = (select month, kind from sweeps where id = ?)
       and refresh = 0
       and (scope <> 'all' or (month, kind) in (select month, kind from whole_months))
       and not exists (
         select 1 from forces
         where (scope = 'all' or instr(',' || scope || ',', ',' || forces.id || ',') > 0)
           and not exists (
             select 1 from coverage
             where coverage.month = sweeps.month
               and coverage.kind = sweeps.kind
               and coverage.force_id = forces.id))`,
  );
  const selectSweep = db.prepare<[number], { kind: Kind; month: Month; refresh: number }>(
    "select kind, month, refresh from sweeps where id = ?",
  );
  const { recount } = createCounts(db);
  return (sweepId: number): boolean => {
    const sweep = selectSweep.get(sweepId);
    if (sweep === undefined || isOver.get(sweepId) !== 1) return false;
    if (sweep.refresh === 1) return true; // what is staged is put in place with its whole month
    cover.run(sweepId);
    coverWhole.run(sweepId);
    prune.run(sweepId);
    recount(sweep.kind, sweep.month);
    return true;
  };
}
