import { KINDS } from "../types.ts";
import type { Area, Point } from "../types.ts";
import { createCounts } from "./counts.ts";
import type { Connection } from "./database.ts";

type Placed = Point & { rowid: number; forceId: string | null; areaId: string | null };

/** Finds force and neighbourhood of all stored records anew, after boundaries changed. */
export function createRelocate(db: Connection) {
  const forget = db.prepare("delete from facts where name = 'boundaries_moved'");
  const { recountAll } = createCounts(db);
  const tables = KINDS.flatMap((kind) => [kind, `staged_${kind}`]).map((table) => ({
    select: db.prepare<[], Placed>(
      `select rowid as rowid, latitude, longitude, force_id as forceId, neighbourhood_id as areaId
       from ${table} where latitude is not null`,
    ),
    update: db.prepare(`update ${table} set force_id = ?, neighbourhood_id = ? where rowid = ?`),
  }));

  /** Returns how many records moved. */
  return db.transaction((locate: (point: Point) => Area | null): number => {
    let moved = 0;
    for (const { select, update } of tables) {
      const changes: [string | null, string | null, number][] = [];
      for (const row of select.iterate()) {
        const area = locate(row);
        const forceId = area?.forceId ?? null;
        const areaId = area?.neighbourhoodId ?? null;
        if (forceId !== row.forceId || areaId !== row.areaId)
          changes.push([forceId, areaId, row.rowid]);
      }
      for (const change of changes) update.run(...change);
      moved += changes.length;
    }
    if (moved > 0) recountAll();
    forget.run();
    return moved;
  });
}
