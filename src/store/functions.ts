import type Database from "better-sqlite3";

/** The mean radius of the earth, in metres. */
const RADIUS = 6_371_008.8;

/**
 * Gives SQL distance_m(latitude, longitude, latitude, longitude): the metres between two points of
 * WGS 84, on a sphere, which is right within half a hundredth; null where one of the four is no number.
 */
export function addFunctions(db: Database.Database): void {
  db.function("distance_m", { deterministic: true }, distance);
}

function distance(lat: unknown, lng: unknown, toLat: unknown, toLng: unknown): number | null {
  const [a, b] = [toRadians(lat), toRadians(lng)];
  const [c, d] = [toRadians(toLat), toRadians(toLng)];
  if (a === undefined || b === undefined || c === undefined || d === undefined) return null;
  const half = Math.sin((c - a) / 2) ** 2 + Math.cos(a) * Math.cos(c) * Math.sin((d - b) / 2) ** 2;
  return 2 * RADIUS * Math.asin(Math.min(1, Math.sqrt(half)));
}

/** Whole numbers may come as big ones. */
function toRadians(value: unknown): number | undefined {
  if (typeof value !== "number" && typeof value !== "bigint") return undefined;
  return (Number(value) * Math.PI) / 180;
}
