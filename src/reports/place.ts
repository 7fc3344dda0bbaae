import type { Parameters } from "../store/read/reports.ts";
import type { Question } from "./report.ts";

/** What stands for `place` in a statement, and what it takes. */
export type Place = { sql: string; parameters: Parameters; index: keyof typeof INDEXES | null };

/** Indexes of crimes: which one suits, statistics of few months do not tell. */
const INDEXES = { area: "crimes_by_month", point: "crimes_by_point" } as const;

/** What the statement says of the index. */
export function nameIndex({ index }: Place): string {
  return index === null ? "" : `indexed by ${INDEXES[index]}`;
}

const METRES_PER_DEGREE = 111_195;
/** The box around a circle is a little larger than it: no point of it may be missed for rounding. */
const MARGIN = 1.001;

/** The records of an area or near a point, so that an index finds them where there is one. */
export function toPlace({ kind, areas, near }: Question): Place {
  if (near !== null) {
    return {
      sql: `latitude between @south and @north and longitude between @west and @east
  and distance_m(latitude, longitude, @latitude, @longitude) <= @within`,
      parameters: toCircle(near),
      index: "point",
    };
  }
  const [area] = areas;
  if (area === undefined) return { sql: "true", parameters: {}, index: null };
  const { layer, id } = area;
  if (layer === "forces") {
    const column = kind === "stops" ? "reported_by" : "force_id";
    return { sql: `${column} = @area`, parameters: { area: id }, index: "area" };
  }
  if (layer === "neighbourhoods") {
    const at = id.indexOf("/");
    return {
      sql: "force_id = @force and neighbourhood_id = @neighbourhood",
      parameters: { force: id.slice(0, at), neighbourhood: id.slice(at + 1) },
      index: "area",
    };
  }
  if (layer === "lsoas") return { sql: "lsoa_code = @area", parameters: { area: id }, index: null };
  if (layer === "districts") {
    const sql = "lsoa_code in (select code from lsoas where district = @area)";
    return { sql, parameters: { area: id }, index: null };
  }
  return {
    sql: `(latitude, longitude) in (
    select latitude, longitude from layer_points where layer = @layer and area = @area)`,
    parameters: { layer, area: id },
    index: "point",
  };
}

/** A circle and the box around it, for an index. */
export function toCircle({ point, within }: NonNullable<Question["near"]>): Parameters {
  const { latitude, longitude } = point;
  const north = (within * MARGIN) / METRES_PER_DEGREE;
  // A degree of longitude is shortest at the side that is nearer to the pole.
  const side = Math.min(89.9, Math.abs(latitude) + north);
  const east = north / Math.cos((side * Math.PI) / 180);
  return {
    latitude,
    longitude,
    within,
    south: latitude - north,
    north: latitude + north,
    west: longitude - east,
    east: longitude + east,
  };
}
