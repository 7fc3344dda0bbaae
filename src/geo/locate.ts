import Flatbush from "flatbush";
import type { Area, Point, Ring } from "../types.ts";
import { boundingBox } from "./box.ts";
import { contains } from "./contain.ts";

export type Boundary = Area & { ring: Ring };

/** Finds every boundary that a point lies in, in the order in which they were given. */
export type Locate = (point: Point) => readonly Area[];

/**
 * Builds a spatial index over boundaries. The answer for a point is kept: the API snaps
 * records to a fixed list of points, so the same ones are asked about again and again.
 */
export function createLocator(boundaries: readonly Boundary[]): Locate {
  if (boundaries.length === 0) return () => [];
  const index = new Flatbush(boundaries.length);
  for (const { ring } of boundaries) {
    const { south, west, north, east } = boundingBox(ring);
    index.add(west, south, east, north);
  }
  index.finish();

  const known = new Map<number, Map<number, readonly Area[]>>();
  return (point) => {
    let row = known.get(point.latitude);
    if (row === undefined) known.set(point.latitude, (row = new Map()));
    let areas = row.get(point.longitude);
    if (areas === undefined) row.set(point.longitude, (areas = search(index, boundaries, point)));
    return areas;
  };
}

function search(index: Flatbush, boundaries: readonly Boundary[], point: Point): readonly Area[] {
  const { latitude: y, longitude: x } = point;
  return index
    .search(x, y, x, y)
    .sort((a, b) => a - b)
    .flatMap((at) => boundaries[at] ?? [])
    .filter(({ ring }) => contains(ring, point))
    .map(({ forceId, neighbourhoodId }) => ({ forceId, neighbourhoodId }));
}
