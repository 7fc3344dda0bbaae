import { byKind, KINDS } from "../../types.ts";
import type { Kind, Month, Point } from "../../types.ts";
import type { Connection } from "../database.ts";
import { createFacts } from "../facts.ts";
import { TABLES } from "../kinds.ts";
import { createUncount } from "../layer-counts.ts";
import { createCountLsoas, MAP_SINCE } from "./lsoa-counts.ts";

/** From this month on, the archive names the LSOAs of 2021. */
export const LSOA_2021_SINCE = "2023-06";

/** What is owed when points were learnt, or records came whose LSOA was not looked for. */
const OWED = "lsoas_owed";

/** Finds the LSOA of a point of the map of a month; null where it is not known. */
export function createFindLsoa(
  db: Connection,
): (point: Point | null, month: Month) => string | null {
  const select = db
    .prepare<[number, number], string | null>(
      "select lsoa_code from points where latitude = ? and longitude = ?",
    )
    .pluck();
  const selectAny = db.prepare<[], number>("select exists (select 1 from points)").pluck();
  let hasPoints = false;
  return (point, month) => {
    if (point === null || month < MAP_SINCE) return null;
    hasPoints ||= selectAny.get() === 1;
    if (!hasPoints) return null;
    return select.get(point.latitude, point.longitude) ?? null;
  };
}

/** Remembers that the LSOAs of stored records have to be looked for; in the caller's transaction. */
export function createOweLsoas(db: Connection): () => void {
  const facts = createFacts(db);
  return () => facts.set(OWED, "1");
}

/**
 * Finds the LSOAs of stored records whose source does not give them, a month at a time: a fill that
 * was killed goes on where it was. Returns how many were found.
 */
export function createFillLsoas(db: Connection): () => { filled: number } {
  const facts = createFacts(db);
  const settle = db.prepare("delete from facts where name = ?");
  const selectMonths = db
    .prepare<[Month], Month>(
      `select month from coverage where month >= ?
       union select month from sweeps
       order by month`,
    )
    .pluck();
  const selectSource = db
    .prepare<[Kind, Month], string>("select source from coverage where kind = ? and month = ?")
    .pluck();
  const fill = byKind(
    (kind) => [prepareFill(db, kind, kind), prepareFill(db, kind, `staged_${kind}`)] as const,
  );
  const countLsoas = createCountLsoas(db);
  const uncount = createUncount(db);
  const fillMonth = db.transaction((kind: Kind, month: Month): number => {
    const [stored, staged] = fill[kind];
    // Of its other files the archive tells all LSOAs itself.
    const isTold = kind !== "stops" && selectSource.get(kind, month) === "archive";
    const filled = (isTold ? 0 : stored.run(month).changes) + staged.run(month).changes;
    countLsoas(kind, month);
    if (filled > 0) uncount({ kind, month });
    return filled;
  });
  return () => {
    if (facts.get(OWED) === undefined) return { filled: 0 };
    let filled = 0;
    for (const month of selectMonths.all(MAP_SINCE)) {
      for (const kind of KINDS) filled += fillMonth(kind, month);
    }
    settle.run(OWED);
    return { filled };
  };
}

/** A point that was found to lie in two LSOAs takes back what it told. */
function prepareFill(db: Connection, kind: Kind, table: string) {
  const { month, mapMonthColumn } = TABLES[kind];
  const found = `from points
    where points.latitude = ${table}.latitude and points.longitude = ${table}.longitude`;
  return db.prepare<[Month]>(
    `update ${table}
     set lsoa_code = (select lsoa_code ${found})
     where ${month} = ? and ${mapMonthColumn} >= '${MAP_SINCE}'
       and exists (select 1 ${found} and points.lsoa_code is not ${table}.lsoa_code)`,
  );
}
