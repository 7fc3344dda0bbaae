import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contains } from "../../src/geo/contain.ts";
import type { Ring } from "../../src/types.ts";
import { sideOfRing, toWhole } from "../support/exact.ts";
import { gridAround, readBoundary, spreadOver, starRing, wildRing } from "../support/rings.ts";

const SQUARE = ring([0, 0], [0, 4], [4, 4], [4, 0]);
/** Two squares with one corner in common, traced as one ring that crosses itself there. */
const EIGHT = ring([0, 0], [0, 2], [4, 2], [4, 4], [2, 4], [2, 0]);
/** A five-pointed star in one stroke: its middle is enclosed twice. */
const PENTAGRAM = ring([0, 2], [10, 5], [0, 8], [6, 0], [6, 10]);
/** Steps down and up again: level edges at 2 and 4. */
const STAIRS = ring([0, 0], [0, 6], [2, 6], [2, 4], [4, 4], [4, 2], [2, 2], [2, 0]);

describe("contains", () => {
  it.each([
    ["the middle of a square", SQUARE, [2, 2], true],
    ["a corner", SQUARE, [4, 4], true],
    ["the first and last corner", SQUARE, [0, 0], true],
    ["the lower level edge", SQUARE, [0, 3], true],
    ["the upper level edge", SQUARE, [4, 1], true],
    ["the western edge", SQUARE, [1, 0], true],
    ["the eastern edge", SQUARE, [1, 4], true],
    ["a point level with the lower edge, east of it", SQUARE, [0, 5], false],
    ["a point level with the upper edge, west of it", SQUARE, [4, -1], false],
    ["a point level with a corner", STAIRS, [2, 7], false],
    ["a level edge within a ring's box", STAIRS, [2, 1], true],
    ["the start of a level edge", STAIRS, [2, 2], true],
    ["a point between two level edges of one height", STAIRS, [2, 3], true],
    ["a point above a step", STAIRS, [3, 5], false],
    ["one lobe of a ring that crosses itself", EIGHT, [1, 1], true],
    ["the other lobe", EIGHT, [3, 3], true],
    ["the crossing", EIGHT, [2, 2], true],
    ["neither lobe", EIGHT, [3, 1], false],
    ["what a pentagram encloses twice", PENTAGRAM, [5, 5], true],
    ["a tip of a pentagram", PENTAGRAM, [1, 2.5], true],
    ["a notch of a pentagram", PENTAGRAM, [1, 5], false],
  ] as const)("tells for %s", (_, where, [latitude, longitude], inside) => {
    const point = { latitude, longitude };
    expect(contains(where, point)).toBe(inside);
    expect(contains(where.toReversed(), point)).toBe(inside);
    expect(contains([...where, ...where.slice(0, 1)], point)).toBe(inside);
  });

  it("counts what is enclosed once in each direction as outside", () => {
    const around = ring(
      [0, 0],
      [0, 8],
      [8, 8],
      [8, 0],
      [0, 0],
      [2, 2],
      [6, 2],
      [6, 6],
      [2, 6],
      [2, 2],
    );
    expect(contains(around, { latitude: 4, longitude: 4 })).toBe(false);
    expect(contains(around, { latitude: 1, longitude: 4 })).toBe(true);
  });

  it("holds nothing in a ring without points, and its one point in a ring of one", () => {
    const point = { latitude: 51.5, longitude: -0.1 };
    expect(contains([], point)).toBe(false);
    expect(contains([point], point)).toBe(true);
    expect(contains([point], { ...point, longitude: 0 })).toBe(false);
  });

  it("decides exactly beside a long slanting edge, where rounded products would not", () => {
    const slope = [
      { latitude: 49, longitude: -8 },
      { latitude: 61, longitude: 2 },
      { latitude: 49, longitude: 2 },
    ];
    const onEdge = { latitude: 55, longitude: -3 };
    expect(contains(slope, onEdge)).toBe(true);
    expect(contains(slope, { ...onEdge, longitude: -3 - 1e-15 * 4 })).toBe(false);
    expect(contains(slope, { ...onEdge, longitude: -3 + 1e-15 * 4 })).toBe(true);
  });

  it("agrees with a count of quarter turns on every grid point of any ring", () => {
    const rings = fc.oneof(wildRing(12), starRing(14), wildRing(3, { max: 6 }));
    const property = fc.property(rings, (any) => {
      // Floats put a grid point off a slanting edge by a hair; whole degrees do not.
      const whole = any.map(({ latitude, longitude }) => ({
        latitude: Math.round(latitude * 1e6) % 100,
        longitude: Math.round(longitude * 1e6) % 100,
      }));
      const exact = toWhole(whole);
      for (const point of gridAround(any)) {
        const moved = {
          latitude: Math.round(point.latitude * 1e6) % 100,
          longitude: Math.round(point.longitude * 1e6) % 100,
        };
        expect(contains(whole, moved)).toBe(sideOfRing(exact, moved) !== "outside");
      }
    });
    fc.assert(property, { numRuns: 150 });
  });

  it.each(["gloucestershire_AA3", "leicestershire_NC04"])(
    "agrees with a count of quarter turns on the real boundary %s",
    (name) => {
      const boundary = readBoundary(name);
      const exact = toWhole(boundary);
      for (const point of spreadOver(boundary, 300)) {
        const side = sideOfRing(exact, point);
        if (side !== "edge") expect(contains(boundary, point)).toBe(side === "inside");
      }
      for (const vertex of boundary) expect(contains(boundary, vertex)).toBe(true);
    },
  );
});

function ring(...points: [latitude: number, longitude: number][]): Ring {
  return points.map(([latitude, longitude]) => ({ latitude, longitude }));
}
