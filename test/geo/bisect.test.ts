import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bisectRing } from "../../src/geo/bisect.ts";
import { boundingBox, sidesInMetres } from "../../src/geo/box.ts";
import type { Ring } from "../../src/types.ts";
import { expectCover } from "../support/cover.ts";
import { enclosedArea, sideOfRing, toWhole } from "../support/exact.ts";
import { bandRing, gridAround, readBoundary, spreadOver } from "../support/rings.ts";
import { starRing, toPoint, wildRing } from "../support/rings.ts";

/** Cuts again and again, `depth` times; what cannot be cut stays. */
function cutDeep(ring: Ring, depth: number): Ring[] {
  const pieces = depth === 0 ? [] : bisectRing(ring);
  return pieces.length === 0 ? [ring] : pieces.flatMap((piece) => cutDeep(piece, depth - 1));
}

function sumOfAreas(rings: readonly Ring[]): number {
  return rings.reduce((sum, ring) => sum + enclosedArea(ring), 0);
}

describe("the pieces of a ring", () => {
  it("hold every grid point of a concave ring once and no other", () => {
    const property = fc.property(starRing(30), (ring) => {
      expectCover(ring, bisectRing(ring), gridAround(ring));
    });
    fc.assert(property, { numRuns: 200 });
  });

  it("hold every grid point of a ring that crosses itself once and no other", () => {
    const property = fc.property(wildRing(1000), (ring) => {
      expectCover(ring, bisectRing(ring), spreadOver(ring, 200));
    });
    fc.assert(property, { numRuns: 200 });
  });

  it("hold the points of large rings, concave or crossing themselves, once and no other", () => {
    const large = fc.oneof(starRing(400_000), wildRing(400_000, { max: 25 }), wildRing(5000));
    const property = fc.property(large, (ring) => {
      expectCover(ring, bisectRing(ring), spreadOver(ring, 150));
    });
    fc.assert(property, { numRuns: 200 });
  });

  it("leave out the hole that a ring makes by running over itself", () => {
    const bands = fc.oneof(bandRing(40), bandRing(3000));
    const property = fc.property(bands, ({ ring, hole }) => {
      const pieces = bisectRing(ring);
      expect(pieces.filter((piece) => sideOfRing(toWhole(piece), hole) !== "outside")).toEqual([]);
      expectCover(ring, pieces, spreadOver(ring, 300));
    });
    fc.assert(property, { numRuns: 100 });
  });

  it("have together the area of the ring under the non-zero rule", () => {
    const any = fc.oneof(
      starRing(100_000),
      wildRing(100_000, { max: 20 }),
      bandRing(2000).map(({ ring }) => ring),
    );
    const property = fc.property(any, (ring) => {
      const area = enclosedArea(ring);
      fc.pre(area > 1);
      expect(sumOfAreas(bisectRing(ring)) / area).toBeCloseTo(1, 6);
    });
    fc.assert(property, { numRuns: 200 });
  });

  it("are simple: each encloses what its own edges add up to", () => {
    const property = fc.property(wildRing(50_000, { max: 16 }), (ring) => {
      for (const piece of bisectRing(ring)) {
        const area = enclosedArea(piece);
        expect(Math.abs(shoelace(piece) - area)).toBeLessThan(1e-6 * Math.max(area, 1));
      }
    });
    fc.assert(property, { numRuns: 150 });
  });

  it("are the same whether the ring is closed or not", () => {
    const property = fc.property(starRing(2000), (ring) => {
      const closed = [...ring, ...ring.slice(0, 1)];
      expect(sumOfAreas(bisectRing(closed))).toBeCloseTo(sumOfAreas(bisectRing(ring)), 6);
      expect(bisectRing(closed)).toHaveLength(bisectRing(ring).length);
    });
    fc.assert(property, { numRuns: 50 });
  });
});

describe("the cut", () => {
  it("lies half a millionth of a degree off the grid, near the middle of the longer side", () => {
    const side = fc.integer({ min: 2, max: 90_000 });
    const property = fc.property(side, side, (width, height) => {
      const ring = rectangle(width, height);
      const [first = [], second = [], ...rest] = bisectRing(ring);
      expect(rest).toEqual([]);
      const { height: metresHigh, width: metresWide } = sidesInMetres(boundingBox(ring));
      const [low, high] = [boundingBox(first), boundingBox(second)];
      const [at, again, middle] =
        metresHigh > metresWide
          ? [low.north, high.south, 51.5 + height / 2e6]
          : [low.east, high.west, -0.1 + width / 2e6];
      expect(again).toBe(at);
      expect(Math.abs(at * 1e6 - Math.floor(at * 1e6) - 0.5)).toBeLessThan(1e-6);
      expect(Math.abs(at - middle)).toBeLessThan(1e-6);
    });
    fc.assert(property, { numRuns: 200 });
  });

  it("can leave more than two pieces of a concave ring", () => {
    const comb: [number, number][] = [
      [0, 0],
      [100, 0],
      [100, 300],
      [80, 300],
      [80, 20],
      [60, 20],
      [60, 300],
      [40, 300],
      [40, 20],
      [20, 20],
      [20, 300],
      [0, 300],
    ];
    const ring = comb.map(([x, y]) => toPoint({ x: x - 100_000, y: y + 51_500_000 }));
    expect(bisectRing(ring)).toHaveLength(4);
  });
});

describe("a ring too small to be cut", () => {
  it.each([
    ["without points", []],
    ["of one point", [{ latitude: 51.5, longitude: -0.1 }]],
    ["of one point three times", Array.from({ length: 3 }, () => toPoint({ x: 1, y: 2 }))],
    ["between two points of the grid", rectangle(0.4, 0.4)],
    [
      "without an area",
      [toPoint({ x: 0, y: 0 }), toPoint({ x: 9, y: 9 }), toPoint({ x: 5, y: 5 })],
    ],
  ])("has no pieces: %s", (_, ring) => {
    expect(bisectRing(ring)).toEqual([]);
  });
});

describe("cutting again and again", () => {
  it("ends with rings of at most one grid point each, which hold every point once", () => {
    const property = fc.property(starRing(14), (ring) => {
      const leaves = cutDeep(ring, Infinity);
      if (leaves.length === 1) return;
      const points = gridAround(ring);
      expectCover(ring, leaves, points);
      for (const leaf of leaves) {
        const exact = toWhole(leaf);
        const held = points.filter((point) => sideOfRing(exact, point) === "inside");
        expect(held.length).toBeLessThanOrEqual(1);
      }
    });
    fc.assert(property, { numRuns: 60 });
  });

  it.each(["gloucestershire_AA3", "leicestershire_NC04"])(
    "covers the real boundary %s exactly at every depth up to four",
    (name) => {
      const ring = readBoundary(name);
      const points = spreadOver(ring, 1200);
      for (const depth of [1, 2, 3, 4]) {
        const pieces = cutDeep(ring, depth);
        expect(pieces.length).toBeGreaterThanOrEqual(2 ** depth);
        expectCover(ring, pieces, points);
        expect(sumOfAreas(pieces) / enclosedArea(ring)).toBeCloseTo(1, 6);
      }
    },
  );
});

function rectangle(width: number, height: number): Ring {
  const [west, south] = [-100_000, 51_500_000];
  return [
    toPoint({ x: west, y: south }),
    toPoint({ x: west + width, y: south }),
    toPoint({ x: west + width, y: south + height }),
    toPoint({ x: west, y: south + height }),
  ];
}

function shoelace(ring: Ring): number {
  const origin = ring[0] ?? { latitude: 0, longitude: 0 };
  const twice = ring.reduce((sum, b, index) => {
    const a = ring.at(index - 1) ?? b;
    const [ax, ay] = [a.longitude - origin.longitude, a.latitude - origin.latitude];
    const [bx, by] = [b.longitude - origin.longitude, b.latitude - origin.latitude];
    return sum + (ax * by - ay * bx) * 1e12;
  }, 0);
  return Math.abs(twice) / 2;
}
