import type { Connection } from "../database.ts";
import { OWN_LAYERS } from "../layers.ts";

/** What is known of a layer. */
export type LayerStatus = {
  name: string;
  /** The file that it is of; null: it is there without one. */
  file: string | null;
  added_at: string | null;
  areas: number;
  /** Areas without a boundary that a point can lie in. */
  flawed: number;
  /** Areas of which it is known how many people live there. */
  populations: number;
  /** Months of kinds that are not counted yet. */
  uncounted: number;
  /** Of the layers from files: points that were located, those in none of its areas, in several. */
  points: { located: number; in_none: number; in_several: number } | null;
  /** Records that were counted, and those of them that lie in none of its areas. */
  records: { counted: number; in_none: number } | null;
};

/** Areas of a layer that share points, by the area that the points are counted in. */
export type Overlap = { area: string; label: string; points: number };

/** Reads what layers there are. */
export function createLayerReader(db: Connection) {
  const selectNames = db.prepare<[], { name: string; file: string; added_at: string }>(
    "select name, file, added_at from layers order by name",
  );
  const count = (sql: string) => {
    const statement = db.prepare<[string], number>(sql).pluck();
    return (name: string): number => statement.get(name) ?? 0;
  };
  const countAreas = count("select count(*) from areas where layer = ?");
  const countPopulations = count("select count(*) from area_populations where layer = ?");
  const countFlawed = count(
    "select count(*) from layer_areas where layer = ? and boundary is null",
  );
  const countOpen = count("select count(*) from uncounted where layer = ?");
  const selectPoints = db.prepare<[string], NonNullable<LayerStatus["points"]>>(
    `select count(*) as located, count(*) filter (where area is null) as in_none,
       count(*) filter (where others > 0) as in_several
     from layer_points where layer = ?`,
  );
  const selectRecords = db.prepare<[string], NonNullable<LayerStatus["records"]>>(
    `select ifnull(sum(records), 0) as counted,
       ifnull(sum(records) filter (where area = ''), 0) as in_none
     from area_counts where layer = ?`,
  );
  const selectOverlaps = db.prepare<[string, number], Overlap>(
    `select area, label, count(*) as points
     from layer_points join layer_areas on layer_areas.layer = layer_points.layer and id = area
     where layer_points.layer = ? and others > 0
     group by area
     order by points desc, area
     limit ?`,
  );
  const read = (name: string, own: Pick<LayerStatus, "file" | "added_at">): LayerStatus => {
    const isOwn = own.file === null;
    return {
      name,
      ...own,
      areas: countAreas(name),
      flawed: countFlawed(name),
      populations: countPopulations(name),
      uncounted: countOpen(name),
      points: isOwn ? null : (selectPoints.get(name) ?? null),
      records: isOwn ? null : (selectRecords.get(name) ?? null),
    };
  };
  return {
    /** Those that are there without a file, and then those of the user's own by name. */
    list: (): LayerStatus[] => [
      ...OWN_LAYERS.map((name) => read(name, { file: null, added_at: null })),
      ...selectNames.all().map(({ name, ...own }) => read(name, own)),
    ],
    listNames: (): string[] => [...OWN_LAYERS, ...selectNames.all().map(({ name }) => name)],
    /** The areas whose points lie in others, too, the most first. */
    listOverlaps: (name: string, limit: number): Overlap[] => selectOverlaps.all(name, limit),
  };
}
