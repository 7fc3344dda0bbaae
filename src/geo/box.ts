import type { Point, Ring } from "../types.ts";

/** A bounding box in degrees. */
export type Box = { south: number; west: number; north: number; east: number };

/** A straight cut through a box: what is south or west of it is its low side. */
export type Cut = { across: "latitude" | "longitude"; at: number };

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

/** The two parts of a box, which share the cut as an edge. */
export function cutBox(box: Box, { across, at }: Cut): { low: Box; high: Box } {
  return across === "latitude"
    ? { low: { ...box, north: at }, high: { ...box, south: at } }
    : { low: { ...box, east: at }, high: { ...box, west: at } };
}

/** Where a box may be cut, as shares of its side: in the middle, else somewhere near. */
const SHARES = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8];

/** Cuts near the middle: across the longer side, measured in metres, before the other. */
export function middleCuts(box: Box): Cut[] {
  const { height, width } = sidesInMetres(box);
  const { south, west, north, east } = box;
  return SHARES.flatMap((share) => {
    const level = cutAt("latitude", south, north, share);
    const upright = cutAt("longitude", west, east, share);
    return height > width ? [...level, ...upright] : [...upright, ...level];
  });
}

function cutAt(across: Cut["across"], low: number, high: number, share: number): Cut[] {
  const at = cutNear(low + share * (high - low));
  return low < at && at < high ? [{ across, at }] : [];
}

/** The part of a box that lies in another; undefined where they share no area. */
export function intersection(a: Box, b: Box): Box | undefined {
  const box = {
    south: Math.max(a.south, b.south),
    west: Math.max(a.west, b.west),
    north: Math.min(a.north, b.north),
    east: Math.min(a.east, b.east),
  };
  return box.south < box.north && box.west < box.east ? box : undefined;
}

/** The smallest box around two. */
export function unite(a: Box, b: Box): Box {
  return {
    south: Math.min(a.south, b.south),
    west: Math.min(a.west, b.west),
    north: Math.max(a.north, b.north),
    east: Math.max(a.east, b.east),
  };
}

/** Whether the whole of a box lies in another one. */
export function encompasses(outer: Box, { south, west, north, east }: Box): boolean {
  return outer.south <= south && outer.west <= west && outer.north >= north && outer.east >= east;
}

/** In square degrees: good for comparing parts of one box. */
export function sizeInDegrees({ south, west, north, east }: Box): number {
  return (north - south) * (east - west);
}

/** The smallest box around several, moved outwards to where no point of the API can lie. */
export function surround(boxes: readonly Box[], marginDegrees: number): Box {
  return {
    south: cutNear(Math.min(...boxes.map(({ south }) => south)) - marginDegrees - 1e-6),
    west: cutNear(Math.min(...boxes.map(({ west }) => west)) - marginDegrees - 1e-6),
    north: cutNear(Math.max(...boxes.map(({ north }) => north)) + marginDegrees),
    east: cutNear(Math.max(...boxes.map(({ east }) => east)) + marginDegrees),
  };
}
