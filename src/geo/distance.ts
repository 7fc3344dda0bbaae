import type { Point } from "../types.ts";

/** Of a sphere, which is right within half a hundredth anywhere. */
const EARTH_METRES = 6_371_008.8;

/** Metres between two points, along the ground. */
export function metresBetween(from: Point, to: Point): number {
  const [latitude, longitude] = [to.latitude - from.latitude, to.longitude - from.longitude];
  const half = (degrees: number) => Math.sin(toRadians(degrees) / 2) ** 2;
  const cosines = Math.cos(toRadians(from.latitude)) * Math.cos(toRadians(to.latitude));
  return 2 * EARTH_METRES * Math.asin(Math.sqrt(half(latitude) + cosines * half(longitude)));
}

function toRadians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
