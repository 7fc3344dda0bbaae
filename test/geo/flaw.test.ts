import { describe, expect, test } from "vitest";
import { findFlaw } from "../../src/geo/flaw.ts";
import type { Ring } from "../../src/types.ts";
import { loadLondon } from "../support/london.ts";
import { readBoundary } from "../support/rings.ts";

const ring = (...pairs: [number, number][]): Ring =>
  pairs.map(([latitude, longitude]) => ({ latitude, longitude }));

const SQUARE: [number, number][] = [
  [51.5, -0.1],
  [51.5, 0],
  [51.6, 0],
  [51.6, -0.1],
];

describe("a ring that cannot be a boundary", () => {
  test.each([
    ["two points", ring([51.5, -0.1], [51.6, 0]), "it has only 2 different points"],
    ["one point many times", ring([51, 0], [51, 0], [51, 0], [51, 0]), "only 1 different point"],
    ["two points, closed", ring([51, 0], [52, 0], [51, 0]), "only 2 different points"],
    ["points on a meridian", ring([51, 0], [52, 0], [53, 0]), "on one line"],
    [
      "points on a slant",
      ring([51.1, 0.1], [51.2, 0.2], [51.3, 0.3], [51.15, 0.15]),
      "on one line",
    ],
    ["a point at 0,0", ring(...SQUARE, [0, 0]), "far beyond the United Kingdom"],
    [
      "latitude and longitude swapped",
      ring(...SQUARE.map(([a, b]): [number, number] => [b, a])),
      "beyond",
    ],
    ["a side across the antimeridian", ring(...SQUARE, [51.5, 179.9], [51.5, -179.9]), "beyond"],
  ])("%s", (_, shape, flaw) => {
    expect(findFlaw(shape)).toContain(flaw);
  });
});

describe("a ring that can be a boundary", () => {
  test.each([
    ["a square", ring(...SQUARE)],
    ["a square closed", ring(...SQUARE, [51.5, -0.1])],
    ["one that crosses itself", ring([51.5, -0.1], [51.6, 0], [51.5, 0], [51.6, -0.1])],
    ["a sliver of ten metres", ring([51.5, -0.1], [51.5001, 0], [51.5, 0.1])],
    ["the north of Shetland", ring([60.8, -0.9], [60.86, -0.8], [60.85, -0.95])],
    ["the west of Fermanagh", ring([54.4, -8.17], [54.5, -8.1], [54.5, -8])],
    ["a real one of 2,972 points", readBoundary("gloucestershire_AA3")],
  ])("%s", (_, shape) => {
    expect(findFlaw(shape)).toBeUndefined();
  });

  const london = loadLondon();
  test.skipIf(london === undefined)("each recorded one of London", () => {
    for (const { id: force } of london?.forces ?? []) {
      for (const { id } of london?.neighbourhoods(force) ?? []) {
        const shape = london?.boundary(force, id) ?? [];
        const points = shape.map((point) => ({
          latitude: Number(point.latitude),
          longitude: Number(point.longitude),
        }));
        expect(findFlaw(points), `${force}/${id}`).toBeUndefined();
      }
    }
  });
});
