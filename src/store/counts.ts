import { byKind } from "../types.ts";
import type { Kind, Month } from "../types.ts";
import type { Connection } from "./database.ts";
import { TABLES } from "./kinds.ts";
import { createUncount } from "./layer-counts.ts";
import { createCountLsoas } from "./archive/lsoa-counts.ts";
import { createCountStops } from "./stop-counts.ts";

export type Counts = ReturnType<typeof createCounts>;

/** Records of one force in a month; the force is '' for those in none. */
export type ForceCount = { forceId: string; records: number };

/** Counts by category, force and neighbourhood of the months that are there. */
export function createCounts(db: Connection) {
  type Asked = { kind: Kind; month: Month };
  const prepare = (sql: string) => db.prepare<Asked>(sql);
  const forget = ["neighbourhood_counts", "force_counts"].map((table) =>
    prepare(`delete from ${table} where kind = @kind and month = @month`),
  );
  // In the order of an index, so that nothing is sorted.
  const count = byKind((kind) =>
    prepare(
      `insert into neighbourhood_counts
         (kind, month, category, force_id, neighbourhood_id, records)
       select @kind, @month, ${TABLES[kind].category}, ifnull(force_id, ''),
         ifnull(neighbourhood_id, ''), count(*)
       from ${kind}
       where ${TABLES[kind].month} = @month
       group by ${TABLES[kind].category}, force_id, neighbourhood_id`,
    ),
  );
  const sumUp = byKind((kind) =>
    prepare(
      `insert into force_counts (kind, month, category, force_id, records)
       select @kind, @month, category, force_id, sum(records) as records
       from (${TABLES[kind].countForces})
       group by category, force_id
       having sum(records) > 0`,
    ),
  );
  const updateCoverage = prepare(
    `update coverage
     set records = (
       select ifnull(sum(records), 0) from force_counts
       where kind = @kind and month = @month and force_id = coverage.force_id)
     where kind = @kind and month = @month and source = 'api'`,
  );
  const countStops = createCountStops(db);
  const countLsoas = createCountLsoas(db);
  const uncount = createUncount(db);
  const selectForces = db.prepare<Asked, ForceCount>(
    `select force_id as forceId, sum(records) as records
     from force_counts
     where kind = @kind and month = @month
     group by force_id`,
  );
  const selectMonth = db
    .prepare<Asked, number>(
      "select ifnull(sum(records), 0) from force_counts where kind = @kind and month = @month",
    )
    .pluck();

  /** Counts a month's records of one kind; the caller holds the transaction. */
  const recount = (kind: Kind, month: Month): void => {
    for (const statement of forget) statement.run({ kind, month });
    count[kind].run({ kind, month });
    sumUp[kind].run({ kind, month });
    updateCoverage.run({ kind, month });
    if (kind === "stops") countStops(month);
    countLsoas(kind, month);
    uncount({ kind, month });
  };
  return {
    recount,
    /** As last counted. */
    listForces: (kind: Kind, month: Month): ForceCount[] => selectForces.all({ kind, month }),
    countCells: (kind: Kind, month: Month, forces: ReadonlySet<string>): number =>
      selectForces
        .all({ kind, month })
        .reduce((sum, { forceId, records }) => sum + (forces.has(forceId) ? records : 0), 0),
    countMonth: (kind: Kind, month: Month): number => selectMonth.get({ kind, month }) ?? 0,
  };
}
