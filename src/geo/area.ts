import type { Ring } from "../types.ts";

const KM_PER_DEGREE = 111.32;

/** The area of a ring in km², within a few thousandths at the size of a neighbourhood. */
export function areaInKm2(ring: Ring): number {
  const [origin] = ring;
  if (origin === undefined) return 0;
  let doubled = 0;
  let before = ring.at(-1) ?? origin;
  for (const point of ring) {
    // relative to a vertex: products of whole degrees would drown what small rings enclose
    doubled +=
      (before.longitude - origin.longitude) * (point.latitude - origin.latitude) -
      (point.longitude - origin.longitude) * (before.latitude - origin.latitude);
    before = point;
  }
  return (Math.abs(doubled) / 2) * KM_PER_DEGREE ** 2 * Math.cos(middleLatitude(ring));
}

function middleLatitude(ring: Ring): number {
  const sum = ring.reduce((total, { latitude }) => total + latitude, 0);
  return (sum / ring.length) * (Math.PI / 180);
}
