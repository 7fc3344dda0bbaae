import type { Ring } from "../types.ts";
import { boundingBox } from "./box.ts";

/** The United Kingdom and the seas around it, in degrees: every neighbourhood lies well within. */
const UNITED_KINGDOM = { south: 45, west: -20, north: 65, east: 10 };

/** Points this near to a line lie on it: a centimetre. */
const LINE_DEGREES = 1e-7;

/** What keeps a ring from being the boundary of a neighbourhood; undefined when nothing does. */
export function findFlaw(ring: Ring): string | undefined {
  const corners = new Set(ring.map(({ latitude, longitude }) => `${latitude},${longitude}`)).size;
  if (corners < 3) return `it has only ${corners} different ${corners === 1 ? "point" : "points"}`;
  const { south, west, north, east } = boundingBox(ring);
  const uk = UNITED_KINGDOM;
  if (south < uk.south || west < uk.west || north > uk.north || east > uk.east) {
    return `it reaches far beyond the United Kingdom, from ${south},${west} to ${north},${east}`;
  }
  return isLine(ring) ? "all its points lie on one line" : undefined;
}

/** Whether no point is off the line through the two at the ends from west to east. */
function isLine(ring: Ring): boolean {
  const sorted = [...ring].sort((a, b) => a.longitude - b.longitude || a.latitude - b.latitude);
  const [from] = sorted;
  const to = sorted.at(-1);
  if (from === undefined || to === undefined) return true;
  const dx = to.longitude - from.longitude;
  const dy = to.latitude - from.latitude;
  const length = Math.hypot(dx, dy);
  return ring.every(({ latitude, longitude }) => {
    const cross = dx * (latitude - from.latitude) - dy * (longitude - from.longitude);
    return Math.abs(cross) <= LINE_DEGREES * length;
  });
}
