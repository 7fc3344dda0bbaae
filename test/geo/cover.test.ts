import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutNear } from "../../src/geo/box.ts";
import type { Box } from "../../src/geo/box.ts";
import { sizeOf, toCloud } from "../../src/geo/cloud.ts";
import { coverBox } from "../../src/geo/cover.ts";
import { Density } from "../../src/geo/density.ts";
import type { Point } from "../../src/types.ts";

const BOX: Box = { south: 49.0000005, west: -7.0000005, north: 60.0000005, east: 2.0000005 };

const onGrid = (low: number, high: number) =>
  fc.integer({ min: low * 1e6 + 1, max: high * 1e6 }).map((micro) => micro / 1e6);
const anywhere = fc.record({ latitude: onGrid(49, 60), longitude: onGrid(-7, 2) });
/** In a small town, so that many share a row, a column or a point. */
const inTown = fc.record({ latitude: onGrid(51, 51.00001), longitude: onGrid(0, 0.00001) });
const crowd = fc.array(fc.oneof(anywhere, inTown), { maxLength: 300 });

const holds = (box: Box, { latitude, longitude }: Point) =>
  latitude > box.south && latitude < box.north && longitude > box.west && longitude < box.east;
const areaOf = ({ south, west, north, east }: Box) => (north - south) * (east - west);

describe("a cover of a box", () => {
  it("has no gap and no overlap: every point of six decimals lies in exactly one tile", () => {
    const parts = fc.integer({ min: 0, max: 40 });
    const property = fc.property(crowd, parts, fc.array(anywhere), (points, count, others) => {
      const tiles = coverBox(BOX, toCloud(points), count);
      for (const point of [...points, ...others]) {
        expect(tiles.filter(({ box }) => holds(box, point))).toHaveLength(1);
      }
      const area = tiles.reduce((sum, { box }) => sum + areaOf(box), 0);
      expect(area).toBeCloseTo(areaOf(BOX), 6);
    });
    fc.assert(property, { numRuns: 200 });
  });

  it("knows the points of each tile, and cuts where none can lie", () => {
    fc.assert(
      fc.property(crowd, fc.integer({ min: 2, max: 20 }), (points, parts) => {
        for (const { box, cloud } of coverBox(BOX, toCloud(points), parts)) {
          expect(sizeOf(cloud)).toBe(points.filter((point) => holds(box, point)).length);
          for (const side of Object.values(box)) expect(cutNear(side)).toBeCloseTo(side, 9);
        }
      }),
    );
  });

  it("is even: no tile of points that can be told apart holds much more than its share", () => {
    const points = Array.from({ length: 10_000 }, (_, index) => ({
      latitude: 50 + ((index * 7919) % 10_000) / 2000,
      longitude: -5 + ((index * 104_729) % 9973) / 3000,
    }));
    const sizes = coverBox(BOX, toCloud(points), 13).map(({ cloud }) => sizeOf(cloud));
    expect(sizes).toHaveLength(13);
    expect(Math.max(...sizes)).toBeLessThan((1.13 * 10_000) / 13);
  });

  it("is cut the other way where many points lie in a row across its longer side", () => {
    const points = Array.from({ length: 1000 }, (_, index) => ({
      latitude: index < 400 ? 52.5 : 50 + (index - 400) / 120,
      longitude: -0.5 + ((index * 7919) % 1000) / 1000,
    }));
    const sizes = coverBox(BOX, toCloud(points), 2).map(({ cloud }) => sizeOf(cloud));
    expect(sizes).toHaveLength(2);
    expect(Math.max(...sizes)).toBeLessThan(515);
  });

  it("leaves a crowd on one point whole", () => {
    const crowded = Array.from({ length: 500 }, () => ({ latitude: 51.5, longitude: -0.1 }));
    expect(coverBox(BOX, toCloud(crowded), 10)).toHaveLength(1);
  });
});

describe("a density", () => {
  it("forgets what it expected where it learns the truth, and nothing elsewhere", () => {
    const property = fc.property(crowd, crowd, (expected, found) => {
      const south = { ...BOX, north: 52.0000005 };
      const density = new Density(BOX, toCloud(expected));
      density.cover(20);
      const truth = found.filter((point) => holds(south, point));
      density.replace(south, toCloud(truth));
      const elsewhere = expected.filter((point) => !holds(south, point));
      expect(sizeOf(density.within(south))).toBe(truth.length);
      expect(sizeOf(density.within(BOX))).toBe(truth.length + elsewhere.length);
    });
    fc.assert(property);
  });
});
