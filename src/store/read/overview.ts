import type { Category, Force, Kind, Month } from "../../types.ts";
import type { Connection } from "../database.ts";

export type Totals = {
  crimes: number;
  outcomes: number;
  months: number;
  forces: number;
  neighbourhoods: number;
};

export type MonthCount = { month: Month; category: string; records: number };

export type CategoryCount = Category & { records: number };

/** A month of a force that is complete in one kind, with what was counted in it. */
export type Covered = { forceId: string; month: Month; records: number };

export type Overview = ReturnType<typeof createOverview>;

/** What there is in all, from the counts that a crawl keeps: no crime or outcome is read. */
export function createOverview(db: Connection) {
  const selectTotals = db.prepare<[], Totals>(
    `select
       (select ifnull(sum(records), 0) from force_counts where kind = 'crimes') as crimes,
       (select ifnull(sum(records), 0) from force_counts where kind = 'outcomes') as outcomes,
       (select count(distinct month) from coverage) as months,
       (select count(*) from forces) as forces,
       (select count(*) from neighbourhoods where listed = 1) as neighbourhoods`,
  );
  const selectForces = db.prepare<[], Force>("select id, name from forces order by name, id");
  const selectMonths = db
    .prepare<[], Month>("select distinct month from coverage order by month")
    .pluck();
  const selectMonthCounts = db.prepare<{ kind: Kind; force: string | null }, MonthCount>(
    `select month, category, sum(records) as records
     from force_counts
     where kind = @kind and (@force is null or force_id = @force)
     group by month, category`,
  );
  const selectCategories = {
    crimes: selectCategoryCounts(db, "crime_categories"),
    outcomes: selectCategoryCounts(db, "outcome_categories"),
  };
  const selectCovered = db.prepare<{ kind: Kind }, Covered>(
    `with counted as (
       select month, force_id, sum(records) as records
       from force_counts
       where kind = @kind
       group by month, force_id
     )
     select coverage.force_id as forceId, coverage.month, ifnull(records, 0) as records
     from coverage
     left join counted using (month, force_id)
     where coverage.kind = @kind`,
  );
  const selectOpen = db.prepare<{ kind: Kind }, { month: Month; scope: string }>(
    "select distinct month, scope from sweeps where kind = @kind and refresh = 0",
  );

  return {
    readTotals: (): Totals => selectTotals.get() ?? NOTHING,
    /** By name. */
    listForces: (): Force[] => selectForces.all(),
    /** Months of which something is complete, oldest first. */
    listMonths: (): Month[] => selectMonths.all(),
    /** Counts by month and category, of one force or, with null, of all records. */
    listMonthCounts: (kind: Kind, force: string | null): MonthCount[] =>
      selectMonthCounts.all({ kind, force }),
    /** Counts of all months by category, the most frequent first. */
    listCategoryCounts: (kind: Kind, force: string | null): CategoryCount[] =>
      selectCategories[kind].all({ kind, force }),
    listCovered: (kind: Kind): Covered[] => selectCovered.all({ kind }),
    /** Months that a crawl has begun and not ended; the scope is `all` or ids of forces. */
    listOpen: (kind: Kind) => selectOpen.all({ kind }),
  };
}

const NOTHING: Totals = { crimes: 0, outcomes: 0, months: 0, forces: 0, neighbourhoods: 0 };

function selectCategoryCounts(db: Connection, names: "crime_categories" | "outcome_categories") {
  return db.prepare<{ kind: Kind; force: string | null }, CategoryCount>(
    `select category as id, ifnull(name, category) as name, sum(records) as records
     from force_counts
     left join ${names} on ${names}.id = category
     where kind = @kind and (@force is null or force_id = @force)
     group by category
     order by records desc, id`,
  );
}
