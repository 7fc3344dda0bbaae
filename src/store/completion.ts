import { listDoubted, NOWHERE } from "../completeness.ts";
import type { Kind, Month } from "../types.ts";
import { createCounts } from "./counts.ts";
import type { ForceCount } from "./counts.ts";
import { createCovering } from "./coverage.ts";
import type { Connection } from "./database.ts";

/** A sweep of which every question is answered, and the forces whose answer is not believed. */
export type Completed = { doubted: readonly string[] };

/** Forces whose answer of no record is not believed, of these counts of a month's cells. */
export type FindDoubted = (
  cells: readonly ForceCount[],
  of: { month: Month; kind: Kind; total: number },
) => string[];

/** Tells an answer of none from one that cannot be, by what else the database knows. */
export function createFindDoubted(db: Connection): FindDoubted {
  const selectMost = db
    .prepare<[Kind, string, Month], number>(
      "select ifnull(max(records), 0) from coverage where kind = ? and force_id = ? and month <> ?",
    )
    .pluck();
  const selectBounded = db
    .prepare<[], string>(
      "select distinct force_id from neighbourhoods where listed = 1 and boundary is not null",
    )
    .pluck();
  const counts = createCounts(db);
  return (cells, { month, kind, total }) => {
    // Who is listed with stops has some; an unknown force is answered by none, too.
    if (kind === "stops")
      return cells.flatMap(({ forceId, records }) => (records > 0 ? [] : forceId));
    // Of a force without boundaries nothing was asked.
    const bounded = new Set(selectBounded.all());
    const asked = cells.filter(({ forceId }) => forceId === NOWHERE || bounded.has(forceId));
    if (asked.every(({ forceId }) => forceId === NOWHERE)) return [];
    const crimes = counts.countMonth("crimes", month);
    const mostElsewhere = (forceId: string) => selectMost.get(kind, forceId, month) ?? 0;
    return listDoubted(asked, { kind, month, total, crimes, mostElsewhere });
  };
}

/** A question for what a force publishes without an area concerns that force's cell alone. */
const BY_FORCE = "force_id is not null and neighbourhood_id is null";

/**
 * A sweep without work left: its cells are covered, but for those whose answer is in doubt, and
 * those of forces whose own question failed, which stay in the sweep.
 */
export function createCompletion(db: Connection) {
  const isOver = db
    .prepare<[number], number>(
      `select not exists (
         select 1 from questions
         where sweep_id = ? and state <> 'done' and not (state = 'failed' and ${BY_FORCE}))`,
    )
    .pluck();
  const selectFailed = db
    .prepare<[number], string>(
      `select force_id from questions where sweep_id = ? and state = 'failed' and ${BY_FORCE}`,
    )
    .pluck();
  const takeCell = db.prepare("delete from sweep_cells where sweep_id = ? and force_id = ?");
  const selectSweep = db.prepare<
    [number],
    { kind: Kind; month: Month; release: string; staged: number }
  >("select kind, month, release, staged from sweeps where id = ?");
  const selectCells = db
    .prepare<[number], string>("select force_id from sweep_cells where sweep_id = ?")
    .pluck();
  const remove = db.prepare("delete from sweeps where id = ?");
  const counts = createCounts(db);
  const { cover } = createCovering(db);
  const findDoubted = createFindDoubted(db);

  /** Undefined while a question is left. What is staged is put in place with its whole month. */
  return (sweepId: number): Completed | undefined => {
    const sweep = selectSweep.get(sweepId);
    if (sweep === undefined || isOver.get(sweepId) !== 1) return undefined;
    const failed = selectFailed.all(sweepId);
    if (sweep.staged === 1) return failed.length === 0 ? { doubted: [] } : undefined;
    const { kind, month, release } = sweep;
    const answered = selectCells.all(sweepId).filter((forceId) => !failed.includes(forceId));
    if (failed.length > 0 && answered.length === 0) return undefined;
    counts.recount(kind, month);
    const counted = new Map(
      counts.listForces(kind, month).map(({ forceId, records }) => [forceId, records]),
    );
    const total = sum(counted.values());
    const cells = answered.map((forceId) => ({ forceId, records: counted.get(forceId) ?? 0 }));
    const doubted = findDoubted(cells, { month, kind, total });
    for (const cell of cells) {
      if (!doubted.includes(cell.forceId)) cover({ month, kind, source: "api", release, ...cell });
    }
    if (failed.length > 0) {
      for (const forceId of answered) takeCell.run(sweepId, forceId);
      return undefined;
    }
    remove.run(sweepId);
    return { doubted };
  };
}

export function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
