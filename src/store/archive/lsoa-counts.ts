import { byKind } from "../../types.ts";
import type { Kind, Month } from "../../types.ts";
import type { Connection } from "../database.ts";
import { TABLES } from "../kinds.ts";

/** Records of the API on the newest map of points, and those of them whose LSOA is known. */
export type LsoaShare = { located: number; found: number };

/** The list of points was renewed with this month: records of earlier ones lie on another map. */
export const MAP_SINCE = "2022-07";

/** Counts of how many of a month's records the LSOA is known; the caller holds the transaction. */
export function createCountLsoas(db: Connection): (kind: Kind, month: Month) => void {
  const forget = db.prepare<[Kind, Month]>("delete from lsoa_counts where kind = ? and month = ?");
  const selectAny = db.prepare<[], number>("select exists (select 1 from points)").pluck();
  const selectSource = db
    .prepare<[Kind, Month], string>(
      "select source from coverage where kind = ? and month = ? order by source desc limit 1",
    )
    .pluck();
  const count = byKind((kind) => {
    const { month, mapMonthColumn } = TABLES[kind];
    return db.prepare<{ kind: Kind; month: Month }>(
      `insert into lsoa_counts (kind, month, located, found)
       select @kind, @month, count(*), count(lsoa_code)
       from ${kind}
       where ${month} = @month and ${mapMonthColumn} >= '${MAP_SINCE}' and latitude is not null
       having count(*) > 0`,
    );
  });
  return (kind, month) => {
    forget.run(kind, month);
    if (month < MAP_SINCE || selectAny.get() !== 1) return;
    if (selectSource.get(kind, month) === "archive") return;
    count[kind].run({ kind, month });
  };
}
