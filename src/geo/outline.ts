import simplify from "simplify-js";
import type { Ring } from "../types.ts";

/** Vertices nearer to a straight line than this share of a ring's width are left out. */
const SHARE = 0.006;
/** Degrees of latitude: finer than this nobody sees, coarser leaves gaps between neighbours. */
const FINEST = 0.00002;
const COARSEST = 0.0006;

/** Outlines are whole numbers of this share of a degree, about a metre. */
export const OUTLINE_SCALE = 100_000;

/**
 * A ring for drawing: few vertices, as whole numbers `latitude, longitude`, each pair but the
 * first relative to the one before it. It is not closed.
 */
export function outlineOf(ring: Ring): number[] {
  const squeeze = Math.cos(((ring[0]?.latitude ?? 0) * Math.PI) / 180);
  const flat = ring.map(({ latitude, longitude }) => ({ x: longitude * squeeze, y: latitude }));
  const kept = simplify(flat, toleranceFor(flat), true);
  const steps: number[] = [];
  let [lastY, lastX] = [0, 0];
  const corners = kept.length < 4 ? flat : kept;
  for (const { x, y } of isClosed(corners) ? corners.slice(0, -1) : corners) {
    const gridY = Math.round(y * OUTLINE_SCALE);
    const gridX = Math.round((x / squeeze) * OUTLINE_SCALE);
    if (steps.length > 0 && gridY === lastY && gridX === lastX) continue;
    steps.push(gridY - lastY, gridX - lastX);
    [lastY, lastX] = [gridY, gridX];
  }
  return steps;
}

type Flat = { x: number; y: number };

function toleranceFor(points: readonly Flat[]): number {
  const width = extent(points.map(({ x }) => x));
  const height = extent(points.map(({ y }) => y));
  return Math.min(COARSEST, Math.max(FINEST, SHARE * Math.sqrt(width * height)));
}

function extent(values: readonly number[]): number {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return values.length === 0 ? 0 : high - low;
}

function isClosed(points: readonly Flat[]): boolean {
  const first = points[0];
  const last = points.at(-1);
  return points.length > 1 && first?.x === last?.x && first?.y === last?.y;
}
