import type { RawPoint, World } from "../../src/sandbox/world.ts";
import { createWorld, rawCrime, square } from "./world.ts";
import type { AreaShape } from "./world.ts";

/** What the boundary of the only odd neighbourhood is, and crimes in and around what it claims. */
export type LyingBoundary = {
  shape: AreaShape;
  /** Whether it is passed over, so that the neighbourhood has no boundary. */
  skipped?: boolean;
  crimes: readonly [latitude: number, longitude: number][];
};

/** Boundaries that no map would show. The honest neighbourhood beside them is a square at 51, 0. */
export const LYING_BOUNDARIES: Record<string, LyingBoundary> = {
  empty: { skipped: true, shape: "empty", crimes: [[51.3, 0.25]] },
  missing: { skipped: true, shape: "missing", crimes: [[51.3, 0.25]] },
  "one point": { skipped: true, shape: [at(51.3, 0.2)], crimes: [[51.3, 0.25]] },
  "two points": { skipped: true, shape: [at(51.3, 0.2), at(51.4, 0.3)], crimes: [[51.35, 0.26]] },
  "the same point a hundred times": {
    skipped: true,
    shape: Array.from({ length: 100 }, () => at(51.3, 0.2)),
    crimes: [[51.3, 0.25]],
  },
  "all on one line": {
    skipped: true,
    shape: [at(51.3, 0.2), at(51.3, 0.3), at(51.3, 0.25), at(51.3, 0.2)],
    crimes: [[51.31, 0.25]],
  },
  "crossing itself": {
    shape: [at(51.3, 0.2), at(51.4, 0.3), at(51.4, 0.2), at(51.3, 0.3)],
    crimes: [
      [51.32, 0.249],
      [51.38, 0.251],
      [51.352, 0.21],
    ],
  },
  "3,000 points": {
    shape: circle(3000),
    crimes: [
      [51.35, 0.25],
      [51.39, 0.25],
      [51.399, 0.299],
    ],
  },
  "across the antimeridian": {
    skipped: true,
    shape: [at(60, 179.9), at(60, -179.9), at(60.1, -179.9), at(60.1, 179.9)],
    crimes: [
      [60.05, 179.95],
      [60.05, 100],
    ],
  },
  "a point at 0,0": {
    skipped: true,
    shape: [at(51.3, 0.2), at(51.3, 0.3), at(0, 0), at(51.4, 0.3), at(51.4, 0.2)],
    crimes: [
      [51.35, 0.21],
      [40, 0.21],
    ],
  },
  "latitude and longitude swapped": {
    skipped: true,
    shape: square(51.3, 0.2, 0.1).map(({ latitude, longitude }) => {
      return { latitude: longitude, longitude: latitude };
    }),
    crimes: [
      [51.35, 0.25],
      [0.25, 51.35],
    ],
  },
  "the whole world": {
    skipped: true,
    shape: [at(-90, -180), at(-90, 180), at(90, 180), at(90, -180)],
    crimes: [
      [51.35, 0.25],
      [-40, 100],
    ],
  },
};

/** A world with one such boundary beside an honest one. */
export function createLyingWorld({
  shape,
  crimes,
}: Pick<LyingBoundary, "shape" | "crimes">): World {
  const points = [[51.05, 0.05], [51.052, 0.05], ...crimes] as const;
  return createWorld({
    areas: { avon: { honest: square(51, 0, 0.1), odd: shape } },
    crimes: points.map(([latitude, longitude], index) =>
      rawCrime(3 * index + 3, { latitude, longitude }),
    ),
  });
}

function at(latitude: number, longitude: number): RawPoint {
  return { latitude: latitude.toFixed(6), longitude: longitude.toFixed(6) };
}

/** Points of 13 decimals, as boundaries have, closer together than a person is wide. */
function circle(count: number): RawPoint[] {
  return Array.from({ length: count }, (_, index) => {
    const angle = (2 * Math.PI * index) / count;
    const radius = 0.045 + 0.004 * Math.sin(40 * angle);
    return {
      latitude: (51.35 + radius * Math.sin(angle)).toFixed(13),
      longitude: (0.25 + radius * Math.cos(angle)).toFixed(13),
    };
  });
}
