import { orient2d } from "robust-predicates";
import type { Point, Ring } from "../types.ts";

/**
 * Whether a point lies in a ring or on its edge. The winding number decides, as in the
 * clipping library: what a ring that crosses itself encloses twice is inside (non-zero rule).
 */
export function contains(ring: Ring, point: Point): boolean {
  const x = point.longitude;
  const y = point.latitude;
  let winding = 0;
  let a = ring.at(-1);
  for (const b of ring) {
    if (a === undefined) return false;
    const side = sideOf(a, b, x, y);
    if (side === "edge") return true;
    winding += side;
    a = b;
  }
  return winding !== 0;
}

/** +1 or -1 where the edge a–b crosses the ray east of the point upwards or downwards, else 0. */
function sideOf(a: Point, b: Point, x: number, y: number): 1 | 0 | -1 | "edge" {
  const rises = a.latitude <= y && b.latitude > y;
  const falls = a.latitude > y && b.latitude <= y;
  if (!rises && !falls) return touches(a, b, x, y) ? "edge" : 0;
  const turn = orient2d(a.longitude, a.latitude, b.longitude, b.latitude, x, y);
  if (turn === 0) return "edge";
  // robust-predicates counts clockwise turns as positive
  if (rises) return turn < 0 ? 1 : 0;
  return turn > 0 ? -1 : 0;
}

/** Whether a level edge, or the end of one, is where the point is. */
function touches(a: Point, b: Point, x: number, y: number): boolean {
  if (a.latitude !== y && b.latitude !== y) return false;
  if (a.latitude === y && a.longitude === x) return true;
  if (b.latitude === y && b.longitude === x) return true;
  if (a.latitude !== b.latitude) return false;
  return Math.min(a.longitude, b.longitude) <= x && x <= Math.max(a.longitude, b.longitude);
}
