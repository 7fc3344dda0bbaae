import type { Kind, Month } from "../types.ts";
import type { Connection } from "./database.ts";

export type Counts = ReturnType<typeof createCounts>;

/** Counts by category, force and neighbourhood of the months that are there. */
export function createCounts(db: Connection) {
  // In the order of an index: to sort half a million rows would cost memory, and gain nothing.
  const select = (table: string, month: string) =>
    db
      .prepare<[Month], [string | null, string | null, string]>(
        `select force_id, neighbourhood_id, category from ${table} where ${month} = ?
         order by force_id, neighbourhood_id`,
      )
      .raw();
  const records = { crimes: select("crimes", "month"), outcomes: select("outcomes", "date") };
  const insert = db.prepare<[Kind, Month, string, string, string, number]>(
    `insert into neighbourhood_counts
       (kind, month, category, force_id, neighbourhood_id, records)
     values (?, ?, ?, ?, ?, ?)`,
  );
  const sumUp = db.prepare<{ kind: Kind; month: Month }>(
    `insert into force_counts (kind, month, category, force_id, records)
     select kind, month, category, force_id, sum(records)
     from neighbourhood_counts
     where kind = @kind and month = @month
     group by category, force_id`,
  );
  const forget = ["neighbourhood_counts", "force_counts"].map((table) =>
    db.prepare<{ kind: Kind; month: Month }>(
      `delete from ${table} where kind = @kind and month = @month`,
    ),
  );
  const selectCounted = db.prepare<[], { kind: Kind; month: Month }>(
    "select distinct kind, month from force_counts",
  );

  /** Counts a month's records of one kind; the caller holds the transaction. */
  const recount = (kind: Kind, month: Month): void => {
    for (const statement of forget) statement.run({ kind, month });
    for (const { forceId, areaId, categories } of countAreas(records[kind].iterate(month))) {
      for (const [category, count] of categories) {
        insert.run(kind, month, category, forceId ?? "", areaId ?? "", count);
      }
    }
    sumUp.run({ kind, month });
  };
  return {
    recount,
    /** Counts every month anew that was counted, after boundaries moved. */
    recountAll(): void {
      for (const { kind, month } of selectCounted.all()) recount(kind, month);
    },
  };
}

type Area = { forceId: string | null; areaId: string | null; categories: Map<string, number> };

/** How many of each category an area has, from records that come area by area. */
function countAreas(
  records: Iterable<[forceId: string | null, areaId: string | null, category: string]>,
): Area[] {
  const areas: Area[] = [];
  let area: Area | undefined;
  for (const [forceId, areaId, category] of records) {
    if (area === undefined || area.forceId !== forceId || area.areaId !== areaId) {
      area = { forceId, areaId, categories: new Map() };
      areas.push(area);
    }
    area.categories.set(category, (area.categories.get(category) ?? 0) + 1);
  }
  return areas;
}
