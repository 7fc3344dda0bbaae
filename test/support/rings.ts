import { readFileSync } from "node:fs";
import fc from "fast-check";
import type { Point, Ring } from "../../src/types.ts";

/** A place on the grid of six decimals that the API's points stand on. */
export type Grid = { x: number; y: number };

/** South-west corners, in millionths of a degree: London, across Greenwich, Belfast, the equator. */
const CORNERS: readonly Grid[] = [
  { x: -100_000, y: 51_500_000 },
  { x: -7, y: 51_477_928 },
  { x: -5_930_121, y: 54_597_285 },
  { x: -3, y: -3 },
];

export const corner = fc.constantFrom(...CORNERS);

export function toPoint({ x, y }: Grid): Point {
  return { latitude: y / 1e6, longitude: x / 1e6 };
}

/** Any ring of `min` to `max` vertices: most of these cross themselves, many have holes. */
export function wildRing(size: number, { min = 3, max = 10 } = {}): fc.Arbitrary<Ring> {
  const step = fc.integer({ min: 0, max: size });
  const vertices = fc.array(fc.record({ x: step, y: step }), { minLength: min, maxLength: max });
  return fc.tuple(corner, vertices).map(([at, steps]) => steps.map((by) => toPoint(add(at, by))));
}

/** A ring that does not cross itself: a star around its middle, concave as a rule. */
export function starRing(size: number): fc.Arbitrary<Ring> {
  const radius = fc.integer({ min: Math.ceil(size / 20), max: Math.floor(size / 2) });
  const radii = fc.array(radius, { minLength: 5, maxLength: 40 });
  return fc.tuple(corner, radii).map(([at, all]) =>
    all.map((r, index) => {
      const angle = (2 * Math.PI * index) / all.length;
      const middle = size / 2;
      return toPoint({
        x: at.x + Math.round(middle + r * Math.cos(angle)),
        y: at.y + Math.round(middle + r * Math.sin(angle)),
      });
    }),
  );
}

/** A band that runs once around a hole and over its own beginning. */
export function bandRing(size: number): fc.Arbitrary<{ ring: Ring; hole: Point }> {
  const width = fc.integer({ min: Math.ceil(size / 10), max: Math.floor(size / 4) });
  return fc.tuple(corner, width).map(([at, w]) => {
    const far = size - w;
    const steps: [number, number][] = [
      [0, 0],
      [size, 0],
      [size, size],
      [0, size],
      [0, Math.floor(w / 2)],
      [w, Math.floor(w / 2)],
      [w, far],
      [far, far],
      [far, w],
      [0, w],
    ];
    const ring = steps.map(([x, y]) => toPoint(add(at, { x, y })));
    const middle = Math.floor(size / 2);
    return { ring, hole: toPoint(add(at, { x: middle, y: middle })) };
  });
}

/** Every grid point of a ring's box, with one more all around. */
export function gridAround(ring: Ring): Point[] {
  const xs = ring.map(({ longitude }) => Math.round(longitude * 1e6));
  const ys = ring.map(({ latitude }) => Math.round(latitude * 1e6));
  const points: Point[] = [];
  for (let y = Math.min(...ys) - 1; y <= Math.max(...ys) + 1; y += 1) {
    for (let x = Math.min(...xs) - 1; x <= Math.max(...xs) + 1; x += 1) {
      points.push(toPoint({ x, y }));
    }
  }
  return points;
}

/** Grid points spread over a ring's box, and a step away from each vertex; the same every time. */
export function spreadOver(ring: Ring, count: number): Point[] {
  const xs = ring.map(({ longitude }) => Math.floor(longitude * 1e6));
  const ys = ring.map(({ latitude }) => Math.floor(latitude * 1e6));
  const [west, south] = [Math.min(...xs) - 1, Math.min(...ys) - 1];
  const [width, height] = [Math.max(...xs) + 2 - west, Math.max(...ys) + 2 - south];
  const spread = Array.from({ length: count }, (_, n) => ({
    x: west + Math.floor(((n * 0.754_877_666_246_693) % 1) * width),
    y: south + Math.floor(((n * 0.569_840_290_998_053) % 1) * height),
  }));
  const near = ring.flatMap((_, at) =>
    [-1, 0, 1, 2].map((by) => {
      return { x: (xs[at] ?? 0) + by, y: (ys[at] ?? 0) + ((by * 7) % 3) };
    }),
  );
  return [...spread, ...near].map(toPoint);
}

/** A real boundary among the fixtures, as the API gave it. */
export function readBoundary(name: string): Point[] {
  const file = new URL(`../fixtures/${name}_boundary.json`, import.meta.url);
  const raw: { latitude: string; longitude: string }[] = JSON.parse(readFileSync(file, "utf8"));
  return raw.map(({ latitude, longitude }) => ({
    latitude: Number(latitude),
    longitude: Number(longitude),
  }));
}

function add(a: Grid, b: Grid): Grid {
  return { x: a.x + b.x, y: a.y + b.y };
}
