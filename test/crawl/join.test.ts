import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { joinTiles } from "../../src/crawl/plan/join.ts";
import { boundingBox, boxRing, sizeInDegrees } from "../../src/geo/box.ts";
import { toCloud } from "../../src/geo/cloud.ts";
import { coverBox } from "../../src/geo/cover.ts";
import type { Question } from "../../src/store/frontier.ts";

const SQUARE = { south: 50, west: -1, north: 52, east: 1 };
const expectOf = ({ expected }: Question) => expected ?? 0;

function tile(id: number, box: typeof SQUARE, expected: number | null, depth = 0): Question {
  const ring = boxRing(box);
  const forces = new Set<string>();
  const of = {
    forceId: null,
    sweepId: 1,
    month: "2018-05",
    kind: "crimes",
    staged: false,
    forces,
  } as const;
  return { ...of, id, area: null, ring, depth, expected };
}

/** Four quarters of the square, of 10 records each. */
const QUARTERS = [
  { ...SQUARE, north: 51, east: 0 },
  { ...SQUARE, north: 51, west: 0 },
  { ...SQUARE, south: 51, east: 0 },
  { ...SQUARE, south: 51, west: 0 },
].map((box, id) => tile(id, box, 10)) as [Question, Question, Question, Question];

describe("tiles that wait are joined to a larger one", () => {
  test("that is a rectangle and holds no more than is allowed", () => {
    const [first, ...others] = QUARTERS;
    const join = (most: number) => joinTiles(first, others, { most, expect: expectOf });
    expect(join(19)).toBeUndefined();
    expect(join(39)?.whole.expected).toBe(20);
    expect(join(40)).toEqual({
      others,
      whole: { area: null, ring: boxRing(SQUARE), depth: 0, expected: 40 },
    });
  });

  test("without a hole where one was asked already", () => {
    const [first, , ...others] = QUARTERS;
    expect(joinTiles(first, others, { most: 40, expect: expectOf })?.others).toEqual([others[0]]);
  });

  test("without pieces of a refused one, and those of which nothing is known", () => {
    const [first, second, third] = QUARTERS;
    const others = [
      { ...second, depth: 1 },
      { ...third, expected: null },
    ];
    expect(joinTiles(first, others, { most: 100, expect: expectOf })).toBeUndefined();
  });

  test("whatever the tiles are: what is joined covers what its parts did, and no more", () => {
    const point = fc.record({
      latitude: fc.double({ min: 50.1, max: 51.9, noNaN: true }),
      longitude: fc.double({ min: -0.9, max: 0.9, noNaN: true }),
    });
    const property = fc.property(
      fc.array(point, { minLength: 20, maxLength: 200 }),
      fc.integer({ min: 2, max: 20 }),
      (points, parts) => {
        const tiles = coverBox(SQUARE, toCloud(points), parts);
        const questions = tiles.map(({ box, cloud }, id) => tile(id, box, cloud.latitude.length));
        const [first, ...others] = questions;
        if (first === undefined) return;
        const all = joinTiles(first, others, { most: points.length, expect: expectOf });
        expect(all?.others.length ?? 0).toBe(others.length);
        const some = joinTiles(first, others, { most: points.length / 2, expect: expectOf });
        if (some === undefined) return;
        const size = (one: Question) => sizeInDegrees(boundingBox(one.ring ?? []));
        const sum = [first, ...some.others].reduce((total, one) => total + size(one), 0);
        expect(sizeInDegrees(boundingBox(some.whole.ring ?? []))).toBeCloseTo(sum, 9);
        expect(some.whole.expected).toBeLessThanOrEqual(points.length / 2);
      },
    );
    fc.assert(property);
  });
});
