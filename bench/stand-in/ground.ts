import { mix } from "./random.ts";

/**
 * The plane that the mesh is laid out in: a rectangle, so that its cells are convex. A smooth map
 * takes it to the ground; it folds nowhere, so what shares an edge here shares a crooked one there.
 */
export const PLANE = { width: 350, height: 964 };

/** Latitude, and the longitudes of the west and the east coast there. */
const COASTS: readonly (readonly [latitude: number, west: number, east: number])[] = [
  [49.95, -5.5, -4.9],
  [50.2, -5.5, -3.7],
  [50.7, -4.9, 0.1],
  [51, -4.4, 0.9],
  [51.3, -4, 1.3],
  [51.6, -5, 0.9],
  [52, -5.1, 1.5],
  [52.6, -4.1, 1.65],
  [53, -4.5, 0.4],
  [53.3, -4.3, 0.3],
  [53.8, -3, 0.1],
  [54.5, -3.5, -0.6],
  [55, -5, -1.4],
  [55.6, -5.4, -1.7],
  [56, -5.8, -2.2],
  [56.5, -6.1, -2.6],
  [57.2, -6.2, -2],
  [57.6, -6.2, -1.9],
  [58, -5.4, -3.8],
  [58.62, -5, -3.1],
];
const KM_PER_DEGREE = 111.2;
/** Sizes in kilometres of the bends that the map adds, and how steep they are. */
const OCTAVES = [48, 24, 12, 6, 3, 1.5, 0.75, 0.4];
const STEEPNESS = 0.12;

/** Degrees: a pair that is written anew, so that a million points make no garbage. */
export type Degrees = { latitude: number; longitude: number };

/** Takes a point of the plane to the ground. */
export function createGround(seed: number): (x: number, y: number, out: Degrees) => void {
  const seedX = mix(seed, 2);
  const seedY = mix(seed, 3);
  return (x, y, out) => {
    let bentX = x;
    let bentY = y;
    for (const size of OCTAVES) {
      bentX += STEEPNESS * size * noise(x / size, y / size, seedX + size * 100);
      bentY += STEEPNESS * size * noise(x / size, y / size, seedY + size * 100);
    }
    const latitude = 49.97 + bentY / KM_PER_DEGREE;
    let row = 0;
    while (row < COASTS.length - 2 && (COASTS[row + 1]?.[0] ?? 0) < latitude) row += 1;
    const [south = 0, westSouth = 0, eastSouth = 0] = COASTS[row] ?? [];
    const [north = 0, westNorth = 0, eastNorth = 0] = COASTS[row + 1] ?? [];
    const share = Math.min(1, Math.max(0, (latitude - south) / (north - south)));
    const west = westSouth + share * (westNorth - westSouth);
    const east = eastSouth + share * (eastNorth - eastSouth);
    out.latitude = latitude;
    out.longitude = west + (bentX / PLANE.width) * (east - west);
  };
}

/** Smooth noise from -1 to 1 over a lattice of whole numbers. */
function noise(x: number, y: number, seed: number): number {
  const column = Math.floor(x);
  const row = Math.floor(y);
  const u = x - column;
  const v = y - row;
  const su = u * u * (3 - 2 * u);
  const sv = v * v * (3 - 2 * v);
  const low = corner(column, row, seed);
  const high = corner(column, row + 1, seed);
  const a = low + su * (corner(column + 1, row, seed) - low);
  const b = high + su * (corner(column + 1, row + 1, seed) - high);
  return a + sv * (b - a);
}

function corner(column: number, row: number, seed: number): number {
  let h = (Math.imul(column, 0x27d4eb2f) ^ Math.imul(row, 0x165667b1)) + (seed | 0);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 13), 0x297a2d39);
  return (h ^ (h >>> 15)) / 2 ** 31;
}
