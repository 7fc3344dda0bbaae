import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLocator } from "../../src/geo/locate.ts";
import type { Boundary } from "../../src/geo/locate.ts";
import { sideOfRing, toWhole } from "../support/exact.ts";
import { gridAround, readBoundary, starRing, wildRing } from "../support/rings.ts";

describe("a locator", () => {
  it("finds nothing without boundaries", () => {
    expect(createLocator([])({ latitude: 51.5, longitude: -0.1 })).toEqual([]);
  });

  it("names every boundary that holds a point, in the order in which they were given", () => {
    const locate = createLocator([
      square("kent", "Z", 0, 0, 4),
      square("kent", "A", 2, 2, 4),
      square("essex", "M", -1, -1, 9),
      square("essex", "far", 50, 50, 1),
    ]);
    expect(locate({ latitude: 3, longitude: 3 }).map(nameOf)).toEqual([
      "kent/Z",
      "kent/A",
      "essex/M",
    ]);
    expect(locate({ latitude: 5, longitude: 5 }).map(nameOf)).toEqual(["kent/A", "essex/M"]);
    expect(locate({ latitude: 50.5, longitude: 50.5 }).map(nameOf)).toEqual(["essex/far"]);
    expect(locate({ latitude: 20, longitude: 20 })).toEqual([]);
  });

  it("gives a point on a common edge to both neighbours", () => {
    const locate = createLocator([square("kent", "A", 0, 0, 2), square("kent", "B", 0, 2, 2)]);
    expect(locate({ latitude: 1, longitude: 2 }).map(nameOf)).toEqual(["kent/A", "kent/B"]);
    expect(locate({ latitude: 0, longitude: 2 }).map(nameOf)).toEqual(["kent/A", "kent/B"]);
  });

  it("keeps equal ids of two forces apart", () => {
    const locate = createLocator([square("kent", "N1", 0, 0, 2), square("essex", "N1", 0, 4, 2)]);
    expect(locate({ latitude: 1, longitude: 5 })).toEqual([
      { forceId: "essex", neighbourhoodId: "N1" },
    ]);
  });

  it("says the same when it is asked again, and takes latitude and longitude apart", () => {
    const locate = createLocator([square("kent", "A", 0, 10, 4)]);
    for (let round = 0; round < 2; round += 1) {
      expect(locate({ latitude: 1, longitude: 11 })).toHaveLength(1);
      expect(locate({ latitude: 11, longitude: 1 })).toHaveLength(0);
      expect(locate({ latitude: 1, longitude: 1 })).toHaveLength(0);
    }
  });

  it("passes over a boundary without points", () => {
    const empty = { forceId: "kent", neighbourhoodId: "none", ring: [] };
    const locate = createLocator([empty, square("kent", "A", 0, 0, 2)]);
    expect(locate({ latitude: 1, longitude: 1 }).map(nameOf)).toEqual(["kent/A"]);
    expect(createLocator([empty])({ latitude: 0, longitude: 0 })).toEqual([]);
  });

  it("agrees with looking at every boundary in turn", () => {
    const rings = fc.array(fc.oneof(wildRing(12), starRing(14)), { minLength: 1, maxLength: 20 });
    const property = fc.property(rings, (all) => {
      const boundaries = all.map((ring, index) => ({
        forceId: "force",
        neighbourhoodId: String(index),
        ring,
      }));
      const locate = createLocator(boundaries);
      const exact = boundaries.map((boundary) => ({ ...boundary, whole: toWhole(boundary.ring) }));
      for (const point of gridAround(all[0] ?? [])) {
        const sides = exact.map(({ whole }) => sideOfRing(whole, point));
        const found = new Set(locate(point).map(({ neighbourhoodId }) => neighbourhoodId));
        sides.forEach((side, index) => {
          if (side !== "edge") expect(found.has(String(index))).toBe(side === "inside");
        });
      }
    });
    fc.assert(property, { numRuns: 25 });
  });

  it("tells the two real boundaries apart", () => {
    const [one, two] = ["gloucestershire_AA3", "leicestershire_NC04"].map((name) => ({
      forceId: name.slice(0, name.indexOf("_")),
      neighbourhoodId: name.slice(name.indexOf("_") + 1),
      ring: readBoundary(name),
    }));
    if (one === undefined || two === undefined) throw new Error("two boundaries were read");
    const locate = createLocator([one, two]);
    for (const { forceId, neighbourhoodId, ring } of [one, two]) {
      expect(ring.every((vertex) => locate(vertex).length === 1)).toBe(true);
      expect(locate(ring[0] ?? { latitude: 0, longitude: 0 })).toEqual([
        { forceId, neighbourhoodId },
      ]);
    }
  });
});

function square(forceId: string, id: string, south: number, west: number, side: number): Boundary {
  const ring = [
    { latitude: south, longitude: west },
    { latitude: south, longitude: west + side },
    { latitude: south + side, longitude: west + side },
    { latitude: south + side, longitude: west },
  ];
  return { forceId, neighbourhoodId: id, ring };
}

function nameOf({
  forceId,
  neighbourhoodId,
}: {
  forceId: string;
  neighbourhoodId: string;
}): string {
  return `${forceId}/${neighbourhoodId}`;
}
