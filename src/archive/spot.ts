import type { Locate } from "../geo/locate.ts";
import type { Area } from "../types.ts";

/** All points that were ever published are some 800,000; each takes some 40 bytes here. */
const MOST_KNOWN = 1_000_000;
/** Coordinates have six decimals. */
const PER_DEGREE = 1e6;
const TURN = 360 * PER_DEGREE;

/** Finds the neighbourhood that a point lies in; null for none. */
export type Spot = (latitude: number, longitude: number) => Area | null;

/** Keeps what was found of every point: months of a force, and those of all, are at the same ones. */
export function createSpot(locate: Locate): Spot {
  let known = new Map<number, Area | null>();
  return (latitude, longitude) => {
    const y = latitude * PER_DEGREE;
    const x = longitude * PER_DEGREE;
    const key = Math.round(y) * TURN + Math.round(x);
    const isExact = Math.abs(y - Math.round(y)) < 1e-3 && Math.abs(x - Math.round(x)) < 1e-3;
    const found = isExact ? known.get(key) : undefined;
    if (found !== undefined) return found;
    const area = locate({ latitude, longitude })[0] ?? null;
    if (!isExact) return area;
    if (known.size >= MOST_KNOWN) known = new Map();
    known.set(key, area);
    return area;
  };
}
