import { KINDS } from "../types.ts";
import type { Area, Kind, Month, Point } from "../types.ts";
import { keyOf } from "./archive/learn-points.ts";
import { createCounts } from "./counts.ts";
import type { Connection } from "./database.ts";
import { TABLES } from "./kinds.ts";

type Placed = [
  rowid: number,
  latitude: number,
  longitude: number,
  forceId: string | null,
  areaId: string | null,
];

type Locate = (point: Point) => Area | null;

/**
 * Finds force and neighbourhood of all stored records anew, after boundaries changed: a month of a
 * kind after the other, each counted in its own transaction. Killed, it is done again as a whole.
 */
export function createRelocate(db: Connection) {
  const forget = db.prepare("delete from facts where name = 'boundaries_moved'");
  const { recount } = createCounts(db);
  const tables = KINDS.flatMap((kind) =>
    [kind, `staged_${kind}`].map((table) => prepareTable(db, kind, table)),
  );
  const moveMonth = db.transaction((table: Table, month: Month, locate: Locate): number => {
    const moves = listMoves(table, month, locate);
    for (const { rowid, area } of moves)
      table.update.run(area?.forceId ?? null, area?.neighbourhoodId ?? null, rowid);
    if (moves.length > 0 && table.isStored) recount(table.kind, month);
    return moves.length;
  });

  /** Returns how many records moved. Each point is looked up once, whatever lies there. */
  return (locate: Locate): number => {
    const locateOnce = rememberAreas(locate);
    let moved = 0;
    for (const table of tables) {
      for (const month of table.months.all()) moved += moveMonth(table, month, locateOnce);
    }
    forget.run();
    return moved;
  };
}

type Table = ReturnType<typeof prepareTable>;

function prepareTable(db: Connection, kind: Kind, table: string) {
  const { month } = TABLES[kind];
  return {
    kind,
    isStored: table === kind,
    // One search of the index for each month, where `distinct` would read all of it.
    months: db
      .prepare<[], Month>(
        `with recursive found (month) as (
           select min(${month}) from ${table}
           union all
           select (select min(${month}) from ${table} where ${month} > found.month)
           from found
           where found.month is not null
         )
         select month from found where month is not null`,
      )
      .pluck(),
    select: db
      .prepare<[Month], Placed>(
        `select rowid, latitude, longitude, force_id, neighbourhood_id
         from ${table}
         where ${month} = ? and latitude is not null`,
      )
      .raw(),
    update: db.prepare(`update ${table} set force_id = ?, neighbourhood_id = ? where rowid = ?`),
  };
}

type Move = { rowid: number; area: Area | null };

function listMoves({ select }: Table, month: Month, locate: Locate): Move[] {
  const moves: Move[] = [];
  for (const [rowid, latitude, longitude, forceId, areaId] of select.iterate(month)) {
    const area = locate({ latitude, longitude });
    if (area?.forceId === (forceId ?? undefined) && area?.neighbourhoodId === (areaId ?? undefined))
      continue;
    moves.push({ rowid, area });
  }
  return moves;
}

/** Points that are remembered: more than a year has. */
const KEPT = 1_000_000;

function rememberAreas(locate: Locate): Locate {
  const areas = new Map<number, Area | null>();
  const known = new Map<string, Area>();
  /** One object for all points of an area. */
  const share = (area: Area | null): Area | null => {
    if (area === null) return null;
    const name = `${area.forceId}/${area.neighbourhoodId}`;
    const found = known.get(name) ?? area;
    known.set(name, found);
    return found;
  };
  return (point) => {
    const key = keyOf(point.latitude, point.longitude);
    if (key === undefined) return locate(point);
    const found = areas.get(key);
    if (found !== undefined) return found;
    const area = share(locate(point));
    if (areas.size >= KEPT) areas.clear();
    areas.set(key, area);
    return area;
  };
}
