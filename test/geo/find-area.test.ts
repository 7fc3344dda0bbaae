import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contains } from "../../src/geo/contain.ts";
import { createFindArea } from "../../src/geo/find-area.ts";
import { toBands, windingOf } from "../../src/geo/bands.ts";

type Ring = [number, number][];

/** A square by its west, south and side, longitude first. */
function square(west: number, south: number, side: number): Ring {
  return [
    [west, south],
    [west + side, south],
    [west + side, south + side],
    [west, south + side],
    [west, south],
  ];
}

const at = (longitude: number, latitude: number) => ({ latitude, longitude });

describe("finding the area of a point", () => {
  test("knows holes, whose edge still belongs to the area", () => {
    const find = createFindArea([{ id: "ring", polygons: [[square(0, 50, 4), square(1, 51, 2)]] }]);
    expect(find(at(0.5, 50.5)).area).toBe("ring");
    expect(find(at(2, 52)).area).toBeNull();
    expect(find(at(1, 52)).area).toBe("ring");
    expect(find(at(9, 52)).area).toBeNull();
  });

  test("finds every part of an area, and counts it once where its parts overlap", () => {
    const polygons = [[square(0, 50, 2)], [square(1, 50, 2)], [square(9, 50, 1)]];
    const find = createFindArea([{ id: "isles", polygons }]);
    expect(find(at(9.5, 50.5))).toEqual({ area: "isles", others: 0 });
    expect(find(at(1.5, 50.5))).toEqual({ area: "isles", others: 0 });
  });

  test("takes the first where areas overlap, and says how many others there are", () => {
    const find = createFindArea([
      { id: "b", polygons: [[square(0, 50, 2)]] },
      { id: "a", polygons: [[square(1, 50, 2)]] },
    ]);
    expect(find(at(1.5, 51))).toEqual({ area: "b", others: 1 });
    expect(find(at(2.5, 51))).toEqual({ area: "a", others: 0 });
  });

  test("finds nothing where there are no areas, or none with a boundary", () => {
    expect(createFindArea([])(at(0, 51))).toEqual({ area: null, others: 0 });
    expect(createFindArea([{ id: "a", polygons: [] }])(at(0, 51)).area).toBeNull();
  });

  test("agrees with the plain rule for any ring and point, edges and corners too", () => {
    const whole = fc.integer({ min: 0, max: 8 });
    const corner = fc.tuple(whole, whole);
    fc.assert(
      fc.property(fc.array(corner, { minLength: 3, maxLength: 60 }), corner, (ring, [x, y]) => {
        const plain = contains(
          ring.map(([longitude, latitude]) => ({ latitude, longitude })),
          at(x, y),
        );
        expect(windingOf(toBands(ring), at(x, y)) !== 0).toBe(plain);
      }),
      { numRuns: 500 },
    );
  });
});
