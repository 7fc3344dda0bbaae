import { KINDS } from "../types.ts";
import type { Kind, Month } from "../types.ts";
import { createCounts } from "./counts.ts";
import type { Connection } from "./database.ts";
import { createSwap } from "./swap.ts";
import type { Belongs, Swapped } from "./swap.ts";

/** A complete month that is being fetched again, for a scope: 'all' or ids of forces. */
export type Refresh = { month: Month; scope: string; release: string };

export type Refreshes = ReturnType<typeof createRefreshes>;

/** Months that are fetched again: their rows are staged until all are there, then put in place. */
export function createRefreshes(db: Connection) {
  const select = db.prepare<[], Refresh>(
    "select month, scope, release from refreshes order by month",
  );
  const insert = db.prepare<Refresh>(
    `insert into refreshes (month, scope, release, begun_at)
     values (@month, @scope, @release, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))`,
  );
  const selectStaged = db
    .prepare<[Month, Kind], string>(
      `select forces.id
       from forces join sweeps
         on scope = 'all' or instr(',' || scope || ',', ',' || forces.id || ',') > 0
       where month = ? and kind = ? and refresh = 1
         and not exists (
           select 1 from polygons where sweep_id = sweeps.id and state <> 'done')`,
    )
    .pluck();
  const selectWhole = db
    .prepare<[Month, Kind], number>(
      `select exists (
         select 1 from sweeps
         where month = ? and kind = ? and refresh = 1 and scope = 'all'
           and not exists (
             select 1 from polygons where sweep_id = sweeps.id and state <> 'done'))`,
    )
    .pluck();
  const forget = [
    "delete from staged_crimes where month = ?",
    "delete from staged_outcomes where date = ?",
    "delete from sweeps where month = ? and refresh = 1",
    "delete from refreshes where month = ?",
  ].map((sql) => db.prepare<[Month]>(sql));
  const cover = db.prepare<[Kind, Month]>(
    `insert or replace into coverage (month, kind, force_id, release, completed_at)
     select month, ?, forces.id, release, strftime('%Y-%m-%dT%H:%M:%SZ', 'now')
     from refreshes
     join forces on scope = 'all' or instr(',' || scope || ',', ',' || forces.id || ',') > 0
     where month = ?`,
  );
  const coverWhole = db.prepare<[Kind, Month]>(
    `insert or replace into whole_months (month, kind, release)
     select month, ?, release from refreshes where month = ?`,
  );
  const isWhole = (month: Month, kind: Kind): boolean => selectWhole.get(month, kind) === 1;
  const forgetWhole = db.prepare<[Month, Kind]>(
    "delete from whole_months where month = ? and kind = ?",
  );
  const forgetBegun = db.prepare<[Month, Kind]>(
    "delete from sweeps where month = ? and kind = ? and refresh = 0",
  );
  const swap = createSwap(db);
  const { recount } = createCounts(db);

  const discard = (month: Month): void => {
    for (const statement of forget) statement.run(month);
  };
  const replace = db.transaction((month: Month, belongs: Belongs): Record<Kind, Swapped> => {
    const inPlace = (kind: Kind) => {
      const whole = isWhole(month, kind);
      return swap[kind](month, whole ? () => true : belongs);
    };
    const swapped = { crimes: inPlace("crimes"), outcomes: inPlace("outcomes") };
    for (const kind of KINDS) {
      cover.run(kind, month);
      // What lies in no boundary is of the new release now, or of the old one still.
      forgetWhole.run(month, kind);
      if (isWhole(month, kind)) {
        coverWhole.run(kind, month);
        forgetBegun.run(month, kind);
      }
      recount(kind, month);
      for (const other of swapped[kind].takenFrom) recount(kind, other);
    }
    discard(month);
    return swapped;
  });

  return {
    /** Oldest month first. */
    list: (): Refresh[] => select.all(),
    /**
     * Gives up what was staged of some months, whose rows stay as they were, and begins others:
     * all months of a refresh together, so that a killed one goes on, and ends.
     */
    begin: db.transaction((given: readonly Month[], refreshes: readonly Refresh[]): void => {
      for (const month of given) discard(month);
      for (const refresh of refreshes) insert.run(refresh);
    }),
    /** The forces of which all is staged. */
    listStagedForces: (month: Month, kind: Kind): string[] => selectStaged.all(month, kind),
    /**
     * Puts a month's staged rows in the place of those rows that belong to what was fetched, or of
     * all rows where the whole country was, and marks it as complete, in one transaction.
     */
    replaceMonth: (month: Month, belongs: Belongs) => replace.immediate(month, belongs),
  };
}
