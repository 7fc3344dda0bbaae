import { byKind } from "../../types.ts";
import type { Category, Force, Kind, Month } from "../../types.ts";
import { createReadCover } from "../coverage.ts";
import type { Connection } from "../database.ts";
import { TABLES } from "../kinds.ts";
import { createReadStopsListed } from "./stops-listed.ts";

export type Totals = {
  records: Record<Kind, number>;
  months: number;
  forces: number;
  neighbourhoods: number;
};

export type MonthCount = { month: Month; category: string; records: number };

export type CategoryCount = Category & { records: number };

export type OverviewForce = Force & { isListed: boolean };

export type Overview = ReturnType<typeof createOverview>;

/** What there is in all, from the counts that a crawl keeps: no crime or outcome is read. */
export function createOverview(db: Connection) {
  const selectRecords = db
    .prepare<[Kind], number>("select ifnull(sum(records), 0) from force_counts where kind = ?")
    .pluck();
  const selectTotals = db.prepare<[], Omit<Totals, "records">>(
    `select
       (select count(distinct month) from coverage) as months,
       (select count(*) from forces where listed = 1) as forces,
       (select count(*) from neighbourhoods where listed = 1) as neighbourhoods`,
  );
  const selectForces = db.prepare<[], Force & { listed: 0 | 1 }>(
    "select id, name, listed from forces order by name, id",
  );
  const selectMonthCounts = db.prepare<{ kind: Kind; force: string | null }, MonthCount>(
    `select month, category, sum(records) as records
     from force_counts
     where kind = @kind and (@force is null or force_id = @force)
     group by month, category`,
  );
  const selectCategories = byKind((kind) => selectCategoryCounts(db, TABLES[kind].categories));
  const readCover = createReadCover(db);
  const selectOpen = db.prepare<{ kind: Kind }, { month: Month; forceId: string }>(
    `select distinct month, force_id as forceId
     from sweeps
     join sweep_cells on sweep_id = sweeps.id
     where kind = @kind and staged = 0`,
  );

  return {
    readTotals: (): Totals => ({
      ...(selectTotals.get() ?? NOTHING),
      records: byKind((kind) => selectRecords.get(kind) ?? 0),
    }),
    /** By name; one that is in no list of the API's publishes stops alone. */
    listForces: (): OverviewForce[] =>
      selectForces.all().map(({ listed, ...force }) => ({ ...force, isListed: listed === 1 })),
    /** Months of which something is complete, oldest first. */
    listMonths: (): Month[] => readCover().listMonths(),
    /** Counts by month and category, of one force or, with null, of all records. */
    listMonthCounts: (kind: Kind, force: string | null): MonthCount[] =>
      selectMonthCounts.all({ kind, force }),
    /** Counts of all months by category, the most frequent first. */
    listCategoryCounts: (kind: Kind, force: string | null): CategoryCount[] =>
      selectCategories[kind].all({ kind, force }),
    readCover,
    readStopsListed: createReadStopsListed(db),
    /** Cells that a crawl has begun and not ended. */
    listOpen: (kind: Kind) => selectOpen.all({ kind }),
  };
}

const NOTHING = { months: 0, forces: 0, neighbourhoods: 0 };

function selectCategoryCounts(db: Connection, names: string | null) {
  return db.prepare<{ kind: Kind; force: string | null }, CategoryCount>(
    `select category as id, ${names === null ? "category" : "ifnull(name, category)"} as name,
       sum(records) as records
     from force_counts
     ${names === null ? "" : `left join ${names} on ${names}.id = category`}
     where kind = @kind and (@force is null or force_id = @force)
     group by category
     order by records desc, id`,
  );
}
