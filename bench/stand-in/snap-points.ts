import { contains } from "../../src/geo/contain.ts";
import { boundingBox } from "../../src/geo/box.ts";
import type { Box } from "../../src/geo/box.ts";
import type { Ring } from "../../src/types.ts";
import { PLANE } from "./ground.ts";
import type { createGround, Degrees } from "./ground.ts";
import { countPoints } from "./layout.ts";
import type { Layout, Ward } from "./layout.ts";
import { createRandom, total } from "./random.ts";
import type { Random } from "./random.ts";

/** The points that records are snapped to, in millionths of a degree, ordered by grid square. */
export type SnapPoints = {
  latitude: Int32Array;
  longitude: Int32Array;
  /** The first point of each square, row by row; one more at the end. */
  squares: Uint32Array;
  /** Where the points of each neighbourhood start in `order`; the last group lies outside of all. */
  groups: Uint32Array;
  order: Uint32Array;
};

/** The share of all points and of all records that lie in no neighbourhood. */
export const OUTSIDE = 0.01;

const MICRO = 1e6;
/** Grid squares of about a kilometre, over the whole country. */
const GRID = { south: 49.5, west: -7.5, step: 0.01, widthStep: 0.015, rows: 960, columns: 680 };

/** Scatters the points over the neighbourhoods, and some along the coast where no ring reaches. */
export function scatterPoints(
  seed: number,
  layout: Layout,
  toGround: ReturnType<typeof createGround>,
): SnapPoints {
  const counts = countPoints(layout.wards);
  const outside = Math.round(OUTSIDE * total(counts));
  const groups = Uint32Array.from([...counts, outside], runningSum());
  const starts = new Uint32Array(groups.length + 1);
  starts.set(groups, 1);
  const size = starts.at(-1) ?? 0;
  const latitude = new Int32Array(size);
  const longitude = new Int32Array(size);
  const random = createRandom(seed, 5);
  const place = { x: 0, y: 0 };
  const degrees: Degrees = { latitude: 0, longitude: 0 };
  for (let group = 0; group < starts.length - 1; group += 1) {
    const ward = layout.wards[group];
    const put = ward === undefined ? putOffCoast : inside(layout, ward);
    const end = starts[group + 1] ?? 0;
    for (let at = starts[group] ?? 0; at < end; at += 1) {
      put(random, place, at === starts[group]);
      toGround(place.x, place.y, degrees);
      latitude[at] = Math.round(degrees.latitude * MICRO);
      longitude[at] = Math.round(degrees.longitude * MICRO);
    }
  }
  return { ...sortBySquare(latitude, longitude), groups: starts };
}

function runningSum(): (count: number) => number {
  let sum = 0;
  return (count) => (sum += count);
}

type Place = { x: number; y: number };
type Put = (random: Random, place: Place, isFirst: boolean) => void;

/** A triangle of the fan around the centre by its area, and denser towards the centre. */
function inside({ mesh }: Layout, { cell, onOnePoint }: Ward): Put {
  const centre = mesh.centre(cell);
  const areas = cell.map((a, at) => {
    const b = cell[(at + 1) % cell.length] ?? a;
    const [ax = 0, ay = 0, bx = 0, by = 0] = [mesh.x[a], mesh.y[a], mesh.x[b], mesh.y[b]];
    return (ax - centre.x) * (by - centre.y) - (ay - centre.y) * (bx - centre.x);
  });
  const pick = pickByWeight(areas);
  const pull = onOnePoint > 0 ? 1.5 : 0.8;
  return (random, place, isFirst) => {
    const at = pick(random());
    const a = cell[at] ?? 0;
    const b = cell[(at + 1) % cell.length] ?? 0;
    const t = random();
    const reach = isFirst ? 0.02 : 0.995 * random() ** pull;
    const x = (mesh.x[a] ?? 0) + t * ((mesh.x[b] ?? 0) - (mesh.x[a] ?? 0));
    const y = (mesh.y[a] ?? 0) + t * ((mesh.y[b] ?? 0) - (mesh.y[a] ?? 0));
    place.x = centre.x + reach * (x - centre.x);
    place.y = centre.y + reach * (y - centre.y);
  };
}

function putOffCoast(random: Random, place: Place): void {
  const off = 0.3 + 3 * random();
  place.x = random() < 0.5 ? -off : PLANE.width + off;
  place.y = PLANE.height * random() ** 1.6;
}

function pickByWeight(weights: readonly number[]): (share: number) => number {
  const sums = Float64Array.from(weights, runningSum());
  const all = sums.at(-1) ?? 0;
  return (share) => {
    let low = 0;
    let high = sums.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) < share * all) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** A counting sort by grid square. */
function sortBySquare(latitude: Int32Array, longitude: Int32Array) {
  const squares = new Uint32Array(GRID.rows * GRID.columns + 1);
  const squareOf = (at: number) =>
    rowOf((latitude[at] ?? 0) / MICRO) * GRID.columns + columnOf((longitude[at] ?? 0) / MICRO);
  for (let at = 0; at < latitude.length; at += 1) {
    const next = squareOf(at) + 1;
    squares[next] = (squares[next] ?? 0) + 1;
  }
  for (let at = 1; at < squares.length; at += 1) {
    squares[at] = (squares[at] ?? 0) + (squares[at - 1] ?? 0);
  }
  const free = squares.slice();
  const order = new Uint32Array(latitude.length);
  const sorted = {
    latitude: new Int32Array(latitude.length),
    longitude: new Int32Array(latitude.length),
  };
  for (let at = 0; at < latitude.length; at += 1) {
    const square = squareOf(at);
    const to = free[square] ?? 0;
    free[square] = to + 1;
    order[at] = to;
    sorted.latitude[to] = latitude[at] ?? 0;
    sorted.longitude[to] = longitude[at] ?? 0;
  }
  return { ...sorted, order, squares };
}

function rowOf(latitude: number): number {
  return clamp(Math.floor((latitude - GRID.south) / GRID.step), GRID.rows);
}

function columnOf(longitude: number): number {
  return clamp(Math.floor((longitude - GRID.west) / GRID.widthStep), GRID.columns);
}

function clamp(value: number, count: number): number {
  return Math.min(count - 1, Math.max(0, value));
}

/**
 * The indexes of records in a ring, its edge included; `pointOf` is sorted. A record's index is
 * its position there, so the records of a row of squares stand together.
 */
export function findRecords(points: SnapPoints, pointOf: Uint32Array, ring: Ring): number[] {
  const box = boundingBox(ring);
  const isBox = isRectangle(ring, box);
  const found: number[] = [];
  let known = -1;
  let isIn = false;
  for (let row = rowOf(box.south); row <= rowOf(box.north); row += 1) {
    const first = points.squares[row * GRID.columns + columnOf(box.west)] ?? 0;
    const end = points.squares[row * GRID.columns + columnOf(box.east) + 1] ?? 0;
    if (first === end) continue;
    for (let at = lowerBound(pointOf, first); at < pointOf.length; at += 1) {
      const point = pointOf[at] ?? 0;
      if (point >= end) break;
      if (point !== known) {
        known = point;
        const latitude = (points.latitude[point] ?? 0) / MICRO;
        const longitude = (points.longitude[point] ?? 0) / MICRO;
        isIn =
          latitude >= box.south &&
          latitude <= box.north &&
          longitude >= box.west &&
          longitude <= box.east &&
          (isBox || contains(ring, { latitude, longitude }));
      }
      if (isIn) found.push(at);
    }
  }
  return found;
}

/** Whether four corners, closed or not, are those of the box around them, taken in turn. */
function isRectangle(ring: Ring, { south, west, north, east }: Box): boolean {
  const [a, b, c, d, e] = ring;
  if (a === undefined || b === undefined || c === undefined || d === undefined) return false;
  if (ring.length > 5) return false;
  if (e !== undefined && (e.latitude !== a.latitude || e.longitude !== a.longitude)) return false;
  const corners = [a, b, c, d];
  const onCorners = corners.every(
    ({ latitude, longitude }) =>
      (latitude === south || latitude === north) && (longitude === west || longitude === east),
  );
  const opposite = a.latitude !== c.latitude && a.longitude !== c.longitude;
  return onCorners && opposite && b.latitude !== d.latitude && b.longitude !== d.longitude;
}

function lowerBound(values: Uint32Array, wanted: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
