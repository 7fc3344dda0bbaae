import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readBoundary } from "../../src/export/boundary.ts";

const polygon = (ring: number[][]) => JSON.stringify({ type: "Polygon", coordinates: [ring] });
const SQUARE = [
  [0, 50],
  [1, 50],
  [1, 51],
  [0, 51],
  [0, 50],
];

describe("a boundary that is exported", () => {
  test("runs anticlockwise, whichever way it came", () => {
    const expected = { type: "Polygon", coordinates: [SQUARE] };
    expect(readBoundary(polygon(SQUARE))).toEqual(expected);
    expect(readBoundary(polygon(SQUARE.toReversed()))).toEqual(expected);
  });

  test("keeps its points, exact to the last decimal", () => {
    const degree = fc.double({ min: -90, max: 90, noNaN: true });
    const open = fc.array(fc.tuple(degree, degree), { minLength: 3, maxLength: 12 });
    fc.assert(
      fc.property(open, (points) => {
        const ring = [...points, points[0] ?? [0, 0]];
        const kept = readBoundary(polygon(ring))?.coordinates[0];
        const plain = JSON.parse(JSON.stringify(ring));
        expect([plain, plain.toReversed()]).toContainEqual(kept);
      }),
    );
  });

  test("is none where none is known, or where it encloses nothing", () => {
    expect(readBoundary(null)).toBeNull();
    expect(readBoundary(polygon(SQUARE.slice(0, 3)))).toBeNull();
  });
});
