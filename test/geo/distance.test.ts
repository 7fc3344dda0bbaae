import { expect, test } from "vitest";
import { metresBetween } from "../../src/geo/distance.ts";

const point = (latitude: number, longitude: number) => ({ latitude, longitude });

test.each([
  ["a degree of latitude", point(51, 0), point(52, 0), 111_195],
  ["a degree of longitude at 60 degrees", point(60, 0), point(60, 1), 55_597],
  ["St Paul's to the Tower of London", point(51.51384, -0.09835), point(51.50811, -0.0761), 1667],
  ["nowhere", point(51.5, -0.1), point(51.5, -0.1), 0],
  ["across the date line", point(0, 179.5), point(0, -179.5), 111_195],
])("%s is so many metres", (_, from, to, metres) => {
  expect(Math.abs(metresBetween(from, to) - metres)).toBeLessThan(Math.max(1, metres / 500));
  expect(metresBetween(to, from)).toBeCloseTo(metresBetween(from, to), 6);
});
