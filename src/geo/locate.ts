import Flatbush from "flatbush";
import type { Area, Cloud, Point, Ring } from "../types.ts";
import { boundingBox } from "./box.ts";
import { toCloud } from "./cloud.ts";
import { encloses } from "./contain.ts";

export type Boundary = Area & { ring: Ring };

/** Finds every boundary that a point lies in, in the order in which they were given. */
export type Locate = (point: Point) => readonly Area[];

/** Points whose answer is kept: those of a few replies, for neighbouring ones share them. */
const KEPT = 50_000;

/**
 * Builds a spatial index over boundaries. The answer for a point is kept for a while: the API
 * snaps records to a fixed list of points, so that one reply asks for the same point often.
 */
export function createLocator(boundaries: readonly Boundary[]): Locate {
  if (boundaries.length === 0) return () => [];
  const index = new Flatbush(boundaries.length);
  for (const { ring } of boundaries) {
    const { south, west, north, east } = boundingBox(ring);
    index.add(west, south, east, north);
  }
  index.finish();
  const places = boundaries.map(({ forceId, neighbourhoodId, ring }) => ({
    area: { forceId, neighbourhoodId },
    outline: toCloud(ring),
  }));

  let known = new Map<number, { point: Point; areas: readonly Area[] }>();
  return ({ latitude, longitude }) => {
    // The key of two points may be the same, so the point itself is compared, too.
    const key = latitude * 1000 + longitude;
    const found = known.get(key);
    if (found?.point.latitude === latitude && found.point.longitude === longitude) {
      return found.areas;
    }
    const point = { latitude, longitude };
    const areas = search(index, places, point);
    if (known.size >= KEPT) known = new Map();
    known.set(key, { point, areas });
    return areas;
  };
}

type Place = { area: Area; outline: Cloud };

function search(index: Flatbush, places: readonly Place[], point: Point): readonly Area[] {
  const { latitude: y, longitude: x } = point;
  const found = index.search(x, y, x, y);
  if (found.length > 1) found.sort((a, b) => a - b);
  const areas: Area[] = [];
  for (const at of found) {
    const place = places[at];
    if (place !== undefined && encloses(place.outline, point)) areas.push(place.area);
  }
  return areas;
}
