import { expect } from "vitest";
import { boundingBox } from "../../src/geo/box.ts";
import type { Point, Ring } from "../../src/types.ts";
import { sideOfRing, toWhole } from "./exact.ts";

/** Fails with the first point that lies in a wrong number of pieces; points on the ring may. */
export function expectCover(ring: Ring, pieces: readonly Ring[], points: readonly Point[]): void {
  const whole = toWhole(ring);
  const parts = pieces.map((piece) => ({ box: boundingBox(piece), exact: toWhole(piece) }));
  for (const point of points) {
    const side = sideOfRing(whole, point);
    if (side === "edge") continue;
    const { latitude: y, longitude: x } = point;
    const holders = parts.filter(({ box, exact }) => {
      if (y < box.south || y > box.north || x < box.west || x > box.east) return false;
      return sideOfRing(exact, point) !== "outside";
    });
    if (holders.length === (side === "inside" ? 1 : 0)) continue;
    expect.fail(`${y},${x} is ${side} and lies in ${holders.length} pieces`);
  }
}
