import type { Point, Ring } from "../../src/types.ts";

/** Integers per degree: boundaries have up to 13 decimals. */
const SCALE = 1e13;

type Whole = { x: bigint; y: bigint };
export type Side = "inside" | "outside" | "edge";

/** A ring in whole numbers, in which every sign below is exact. */
export function toWhole(ring: Ring): Whole[] {
  return ring.map(wholePoint);
}

function wholePoint({ latitude, longitude }: Point): Whole {
  return {
    x: BigInt(Math.round(longitude * SCALE)),
    y: BigInt(Math.round(latitude * SCALE)),
  };
}

/**
 * Where a point lies, by the turns of a hand that follows the ring from the point: it counts
 * quadrants, so it shares nothing with the crossing counts of src/geo/contain.
 */
export function sideOfRing(ring: readonly Whole[], point: Point): Side {
  const { x, y } = wholePoint(point);
  let quarters = 0;
  for (const [index, b] of ring.entries()) {
    const a = ring.at(index - 1) ?? b;
    const turned = quarterTurns(a.x - x, a.y - y, b.x - x, b.y - y);
    if (turned === undefined) return "edge";
    quarters += turned;
  }
  return quarters === 0 ? "outside" : "inside";
}

/** Quadrants crossed from a to b around the origin; undefined when the edge runs through it. */
function quarterTurns(ax: bigint, ay: bigint, bx: bigint, by: bigint): number | undefined {
  const cross = ax * by - ay * bx;
  const dot = ax * bx + ay * by;
  if (cross === 0n && dot <= 0n) return undefined;
  const steps = (quadrant(bx, by) - quadrant(ax, ay) + 4) % 4;
  if (steps === 3) return -1;
  if (steps === 2) return cross > 0n ? 2 : -2;
  return steps;
}

function quadrant(x: bigint, y: bigint): number {
  if (x > 0n && y >= 0n) return 0;
  if (x <= 0n && y > 0n) return 1;
  if (x < 0n && y <= 0n) return 2;
  return 3;
}

type Edge = { x1: number; y1: number; x2: number; y2: number; direction: 1 | -1 };

/**
 * The area that a ring encloses under the non-zero rule, in square millionths of a degree:
 * level slabs between all vertices and crossings, in each of which the edges keep their order.
 */
export function enclosedArea(ring: Ring): number {
  const edges = toEdges(ring);
  const levels = new Set(edges.flatMap(({ y1, y2 }) => [y1, y2]));
  edges.forEach((a, index) => {
    for (const b of edges.slice(index + 1)) {
      const level = crossingLevel(a, b);
      if (level !== undefined) levels.add(level);
    }
  });
  const sorted = [...levels].sort((a, b) => a - b);
  return sorted.slice(1).reduce((sum, top, index) => {
    const bottom = sorted[index] ?? top;
    return sum + slabWidth(edges, (bottom + top) / 2) * (top - bottom);
  }, 0);
}

/** The edges that are not level, upwards, measured from the ring's first point. */
function toEdges(ring: Ring): Edge[] {
  const origin = ring[0] ?? { latitude: 0, longitude: 0 };
  const local = ring.map(({ latitude, longitude }) => ({
    x: (longitude - origin.longitude) * 1e6,
    y: (latitude - origin.latitude) * 1e6,
  }));
  return local.flatMap((b, index): Edge[] => {
    const a = local.at(index - 1) ?? b;
    if (a.y === b.y) return [];
    if (a.y < b.y) return [{ x1: a.x, y1: a.y, x2: b.x, y2: b.y, direction: 1 }];
    return [{ x1: b.x, y1: b.y, x2: a.x, y2: a.y, direction: -1 }];
  });
}

function crossingLevel(a: Edge, b: Edge): number | undefined {
  const slopeA = (a.x2 - a.x1) / (a.y2 - a.y1);
  const slopeB = (b.x2 - b.x1) / (b.y2 - b.y1);
  if (slopeA === slopeB) return undefined;
  const y = (b.x1 - slopeB * b.y1 - a.x1 + slopeA * a.y1) / (slopeA - slopeB);
  return y > Math.max(a.y1, b.y1) && y < Math.min(a.y2, b.y2) ? y : undefined;
}

function slabWidth(edges: readonly Edge[], y: number): number {
  const crossed = edges
    .filter(({ y1, y2 }) => y1 < y && y < y2)
    .map(({ x1, y1, x2, y2, direction }) => {
      return { x: x1 + ((x2 - x1) * (y - y1)) / (y2 - y1), direction };
    })
    .sort((a, b) => a.x - b.x);
  let winding = 0;
  let width = 0;
  for (const [index, { x, direction }] of crossed.entries()) {
    winding += direction;
    const next = crossed[index + 1];
    if (winding !== 0 && next !== undefined) width += next.x - x;
  }
  return width;
}
