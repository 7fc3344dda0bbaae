import { orient2d } from "robust-predicates";
import type { Cloud, Point, Ring } from "../types.ts";
import { toCloud } from "./cloud.ts";

/**
 * Whether a point lies in a ring or on its edge. The winding number decides, as in the
 * clipping library: what a ring that crosses itself encloses twice is inside (non-zero rule).
 */
export function contains(ring: Ring, point: Point): boolean {
  return encloses(toCloud(ring), point);
}

/** The same for a ring whose vertices stand in columns: what many points are asked of. */
export function encloses({ latitude, longitude }: Cloud, point: Point): boolean {
  const { latitude: y, longitude: x } = point;
  let winding = 0;
  let ay = latitude.at(-1) ?? Number.NaN;
  let ax = longitude.at(-1) ?? Number.NaN;
  for (let index = 0; index < latitude.length; index += 1) {
    const by = latitude[index] ?? Number.NaN;
    const bx = longitude[index] ?? Number.NaN;
    const rises = ay <= y && by > y;
    const falls = ay > y && by <= y;
    if (rises || falls) {
      // robust-predicates counts clockwise turns as positive
      const turn = orient2d(ax, ay, bx, by, x, y);
      if (turn === 0) return true;
      if (rises && turn < 0) winding += 1;
      if (falls && turn > 0) winding -= 1;
    } else if (by === y && (bx === x || (ay === y && isBetween(ax, x, bx)))) {
      return true;
    }
    ay = by;
    ax = bx;
  }
  return winding !== 0;
}

function isBetween(a: number, x: number, b: number): boolean {
  return Math.min(a, b) <= x && x <= Math.max(a, b);
}
