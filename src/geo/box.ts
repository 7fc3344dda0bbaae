import type { Point, Ring } from "../types.ts";

/** A bounding box in degrees. */
export type Box = { south: number; west: number; north: number; east: number };

const METRES_PER_DEGREE = 111_320;

/** The bounding box of a set of points; infinite and inside out for none. */
export function boundingBox(points: Iterable<Point>): Box {
  const box = { south: Infinity, west: Infinity, north: -Infinity, east: -Infinity };
  for (const { latitude, longitude } of points) {
    if (latitude < box.south) box.south = latitude;
    if (latitude > box.north) box.north = latitude;
    if (longitude < box.west) box.west = longitude;
    if (longitude > box.east) box.east = longitude;
  }
  return box;
}

/** The sides of a box in metres, near enough to tell which is longer. */
export function sidesInMetres(box: Box): { height: number; width: number } {
  const middle = ((box.south + box.north) / 2) * (Math.PI / 180);
  return {
    height: (box.north - box.south) * METRES_PER_DEGREE,
    width: (box.east - box.west) * METRES_PER_DEGREE * Math.cos(middle),
  };
}

/** The four corners of a box, counter-clockwise from the south-west. */
export function boxRing({ south, west, north, east }: Box): Ring {
  return [
    { latitude: south, longitude: west },
    { latitude: south, longitude: east },
    { latitude: north, longitude: east },
    { latitude: north, longitude: west },
  ];
}

/**
 * The place nearest to `degrees` where a cut may lie: half a millionth of a degree off the
 * grid of six decimals that the API's points stand on, so that no point lies on a cut.
 */
export function cutNear(degrees: number): number {
  return (Math.floor(degrees * 1e6) * 10 + 5) / 1e7;
}
