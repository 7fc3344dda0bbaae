import type { Kind, Month } from "../types.ts";
import type { Connection } from "./database.ts";

export type Counts = ReturnType<typeof createCounts>;

/** Counts by category, force and neighbourhood of the months that are there. */
export function createCounts(db: Connection) {
  const insert = (table: string, month: string) =>
    db.prepare<{ kind: Kind; month: Month }>(
      `insert into neighbourhood_counts
         (kind, month, category, force_id, neighbourhood_id, records)
       select @kind, @month, category, ifnull(force_id, ''), ifnull(neighbourhood_id, ''), count(*)
       from ${table}
       where ${month} = @month
       group by 3, 4, 5`,
    );
  const inserts = { crimes: insert("crimes", "month"), outcomes: insert("outcomes", "date") };
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
    inserts[kind].run({ kind, month });
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
