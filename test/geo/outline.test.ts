import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { areaInKm2 } from "../../src/geo/area.ts";
import { OUTLINE_SCALE, outlineOf } from "../../src/geo/outline.ts";
import type { Point, Ring } from "../../src/types.ts";

const square = (south: number, west: number, height: number, width: number): Point[] => [
  { latitude: south, longitude: west },
  { latitude: south, longitude: west + width },
  { latitude: south + height, longitude: west + width },
  { latitude: south + height, longitude: west },
];

function readRing(name: string): Ring {
  const points: { latitude: string; longitude: string }[] = JSON.parse(
    readFileSync(new URL(`../fixtures/${name}_boundary.json`, import.meta.url), "utf8"),
  );
  return points.map((point) => ({
    latitude: Number(point.latitude),
    longitude: Number(point.longitude),
  }));
}

/** The vertices of an outline, as a reader of it would find them. */
function decode(steps: readonly number[]): Point[] {
  const ring: Point[] = [];
  let [latitude, longitude] = [0, 0];
  for (let at = 0; at < steps.length; at += 2) {
    latitude += steps[at] ?? 0;
    longitude += steps[at + 1] ?? 0;
    ring.push({ latitude: latitude / OUTLINE_SCALE, longitude: longitude / OUTLINE_SCALE });
  }
  return ring;
}

describe("the area of a ring", () => {
  test("is its sides multiplied, whichever way round, closed or not", () => {
    // a degree of latitude is 111.32 km, one of longitude at 60° north half of it
    const ring = square(59.995, 1, 0.01, 0.02);
    const closed = [...ring, ...ring.slice(0, 1)];
    for (const one of [ring, closed, ring.toReversed()])
      expect(areaInKm2(one)).toBeCloseTo(1.1132 * 1.1132, 3);
  });

  test("is the same wherever the ring begins", () => {
    const ring = readRing("gloucestershire_AA3").slice(0, -1);
    fc.assert(
      fc.property(fc.nat(ring.length - 1), (at) => {
        const turned = [...ring.slice(at), ...ring.slice(0, at)];
        expect(areaInKm2(turned)).toBeCloseTo(areaInKm2(ring), 6);
      }),
    );
  });

  test("is nothing for no points", () => {
    expect(areaInKm2([])).toBe(0);
  });
});

describe("an outline", () => {
  test("keeps the shape of a real boundary with a fraction of its vertices", () => {
    for (const name of ["gloucestershire_AA3", "leicestershire_NC04"]) {
      const ring = readRing(name);
      const outline = decode(outlineOf(ring));
      expect(outline.length).toBeLessThan(ring.length * 0.7);
      expect(areaInKm2(outline) / areaInKm2(ring)).toBeCloseTo(1, 1);
    }
  });

  test("keeps every corner of a shape that is all corners, without closing it", () => {
    const ring = square(51, -1, 0.1, 0.2);
    const expected = ring.map(({ latitude, longitude }) => ({
      latitude: expect.closeTo(latitude, 5),
      longitude: expect.closeTo(longitude, 5),
    }));
    expect(decode(outlineOf(ring))).toEqual(expected);
    expect(decode(outlineOf([...ring, ...ring.slice(0, 1)]))).toEqual(expected);
  });

  test("has each vertex but once in a row, however many there were", () => {
    const [corner, ...others] = square(51, 0, 0.01, 0.01);
    if (corner === undefined) throw new Error("a square has corners");
    expect(outlineOf([corner, corner, corner, ...others])).toHaveLength(8);
  });

  test("is empty for no points", () => {
    expect(outlineOf([])).toEqual([]);
  });
});
