import { byKind } from "../../types.ts";
import type { Kind, Month } from "../../types.ts";
import type { Connection } from "../database.ts";
import { TABLES } from "../kinds.ts";
import { createUncount } from "../layer-counts.ts";

/**
 * Takes away all that the API brought of a month and kind: rows, what is under way, what is covered
 * and counted. The caller holds the transaction.
 */
export function createClearMonth(db: Connection): (kind: Kind, month: Month) => void {
  const removeRows = byKind((kind) =>
    [kind, `staged_${kind}`].map((table) =>
      db.prepare<[Month]>(`delete from ${table} where ${TABLES[kind].month} = ?`),
    ),
  );
  const removeMarks = [
    "sweeps",
    "coverage",
    "neighbourhood_counts",
    "force_counts",
    "lsoa_counts",
  ].map((table) => db.prepare<[Kind, Month]>(`delete from ${table} where kind = ? and month = ?`));
  const removeStopCounts = db.prepare<[Month]>("delete from stop_counts where month = ?");
  const uncount = createUncount(db);
  return (kind, month) => {
    for (const statement of removeRows[kind]) statement.run(month);
    for (const statement of removeMarks) statement.run(kind, month);
    uncount({ kind, month });
    if (kind === "stops") removeStopCounts.run(month);
  };
}
