import { byKind } from "../../types.ts";
import type { Area, Kind, Month } from "../../types.ts";
import { createCountStopsOf } from "../stop-counts.ts";
import type { Connection } from "../database.ts";
import { TABLES } from "../kinds.ts";
import { createUncount } from "../layer-counts.ts";
import { rangeOf } from "./ids.ts";
import type { IdRange } from "./ids.ts";

/** The rows of a file: a month of a kind that a force published. */
export type FileCell = { month: Month; kind: Kind; forceId: string };

type Query = { month: Month; forceId: string } & IdRange;
/** Rows of a file of one category and area; '' is the area of none. */
export type Group = { category: string; areaForce: string; neighbourhood: string; records: number };

/** Which rows are those of a file; for outcomes the month's are looked through. */
const OF_FILE: Record<Kind, string> = {
  crimes: "month = @month and id between @lowest and @highest",
  outcomes: "date = @month and reported_by = @forceId and crime_id is null",
  stops: "month = @month and reported_by = @forceId",
};

/**
 * Removes and counts the rows of one file, so that a month need not be counted anew for each of
 * its forty. The caller holds the transaction.
 */
export function createCells(db: Connection) {
  const select = byKind((kind) =>
    db.prepare<Query, Group>(
      `select ${TABLES[kind].category} as category, ifnull(force_id, '') as areaForce,
         ifnull(neighbourhood_id, '') as neighbourhood, count(*) as records
       from ${kind}
       where ${OF_FILE[kind]}
       group by 1, 2, 3`,
    ),
  );
  const remove = byKind((kind) => db.prepare<Query>(`delete from ${kind} where ${OF_FILE[kind]}`));
  const addToArea = db.prepare<Group & { kind: Kind; month: Month }>(
    `insert into neighbourhood_counts
       (kind, month, category, force_id, neighbourhood_id, records)
     values (@kind, @month, @category, @areaForce, @neighbourhood, @records)
     on conflict do update set records = records + excluded.records`,
  );
  const addToForce = db.prepare<{
    kind: Kind;
    month: Month;
    category: string;
    owner: string;
    records: number;
  }>(
    `insert into force_counts (kind, month, category, force_id, records)
     values (@kind, @month, @category, @owner, @records)
     on conflict do update set records = records + excluded.records`,
  );
  const dropEmpty = ["neighbourhood_counts", "force_counts"].map((table) =>
    db.prepare<[Kind, Month]>(`delete from ${table} where kind = ? and month = ? and records = 0`),
  );
  const countStopsOf = createCountStopsOf(db);
  const uncount = createUncount(db);

  const isCovered = db
    .prepare<[Month, Kind, string], number>(
      `select exists (
         select 1 from coverage where month = ? and kind = ? and force_id = ? and source = 'archive')`,
    )
    .pluck();

  const add = ({ kind, month, forceId }: FileCell, groups: Iterable<Group>, sign: 1 | -1): void => {
    for (const { records, ...group } of groups) {
      const owner = kind === "stops" ? forceId : group.areaForce || forceId;
      addToArea.run({ ...group, kind, month, records: sign * records });
      addToForce.run({ kind, month, category: group.category, owner, records: sign * records });
    }
    uncount({ kind, month });
  };
  return {
    /** Adds the rows of a file to the counts of its month. */
    count(cell: FileCell, groups: Iterable<Group>): void {
      add(cell, groups, 1);
      if (cell.kind === "stops") countStopsOf(cell.month, cell.forceId);
    },
    /** Removes the rows of a file, which came with its mark, and takes them off the counts. */
    remove(cell: FileCell): void {
      if (isCovered.get(cell.month, cell.kind, cell.forceId) !== 1) return;
      add(cell, select[cell.kind].all(toQuery(cell)), -1);
      for (const statement of dropEmpty) statement.run(cell.kind, cell.month);
      remove[cell.kind].run(toQuery(cell));
      if (cell.kind === "stops") countStopsOf(cell.month, cell.forceId);
    },
  };
}

/** Counts rows of a file by category and area while they are written. */
export class FileCount {
  readonly #groups = new Map<string, Group>();

  add(category: string, area: Area | null): void {
    const { forceId = "", neighbourhoodId = "" } = area ?? {};
    const key = `${category}\n${forceId}\n${neighbourhoodId}`;
    const group = this.#groups.get(key);
    if (group !== undefined) group.records += 1;
    else
      this.#groups.set(key, {
        category,
        areaForce: forceId,
        neighbourhood: neighbourhoodId,
        records: 1,
      });
  }

  list(): Iterable<Group> {
    return this.#groups.values();
  }
}

function toQuery({ month, forceId }: FileCell): Query {
  return { month, forceId, ...rangeOf(forceId) };
}
