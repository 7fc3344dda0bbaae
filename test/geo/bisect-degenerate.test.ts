import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bisectRing } from "../../src/geo/bisect.ts";
import { expectCover } from "../support/cover.ts";
import { enclosedArea } from "../support/exact.ts";
import { gridAround, toPoint, wildRing } from "../support/rings.ts";

/**
 * Vertices as latitude and longitude in millionths of a degree. Found by chance on a grid of
 * 12 by 12: edges that lie on one another, that are traced back, or that end on others.
 */
const RINGS: [string, [number, number][]][] = [
  [
    "a level spike at its top",
    [
      [51477940, 0],
      [51477940, 3],
      [51477940, 2],
      [51477931, 5],
    ],
  ],
  [
    "a level edge that runs back over another",
    [
      [51500010, -99998],
      [51500002, -99988],
      [51500000, -99994],
      [51500010, -99999],
      [51500010, -99996],
    ],
  ],
  [
    "two level edges that overlap at its top",
    [
      [51477936, 0],
      [51477933, 0],
      [51477933, 2],
      [51477936, 5],
      [51477936, -7],
    ],
  ],
  [
    "two loops that meet in a level edge",
    [
      [54597297, -5930120],
      [54597289, -5930113],
      [54597294, -5930118],
      [54597286, -5930116],
      [54597291, -5930117],
      [54597297, -5930120],
      [54597297, -5930109],
    ],
  ],
  [
    "edges that all but lie on one another",
    [
      [54597296, -5930119],
      [54597296, -5930112],
      [54597296, -5930118],
      [54597286, -5930120],
      [54597297, -5930109],
      [54597289, -5930114],
    ],
  ],
  [
    "no area: there and back",
    [
      [51500000, -100000],
      [51500010, -99999],
      [51500010, -100000],
      [51500010, -99999],
    ],
  ],
  [
    "no area: a bent spike",
    [
      [51500007, -100000],
      [51500007, -99999],
      [51500007, -100000],
      [51500000, -100000],
    ],
  ],
];

/** It kept the clipper busy for ever, so it is cut in a process that can be ended. */
const ENDLESS: [number, number][] = [
  [54597286, -5930112],
  [54597286, -5930111],
  [54597286, -5930110],
  [54597286, -5930120],
  [54597290, -5930118],
  [54597288, -5930109],
];

describe("a ring whose edges lie on one another", () => {
  it.each(RINGS)("is covered exactly by its pieces: %s", (_, vertices) => {
    const ring = vertices.map(([y, x]) => toPoint({ x, y }));
    const pieces = bisectRing(ring);
    expectCover(ring, pieces, gridAround(ring));
    const area = pieces.reduce((sum, piece) => sum + enclosedArea(piece), 0);
    expect(area).toBeCloseTo(enclosedArea(ring), 3);
  });

  it("is covered exactly by its pieces: thousands of small ones", () => {
    const property = fc.property(wildRing(12, { max: 8 }), (ring) => {
      const pieces = bisectRing(ring);
      if (pieces.length > 0) expectCover(ring, pieces, gridAround(ring));
    });
    // A fixed seed: an endless loop could not be told from a slow test otherwise.
    fc.assert(property, { numRuns: 2000, seed: 42, endOnFailure: true });
  });

  it("is cut in an instant, a level edge that is traced back included", () => {
    const module = new URL("../../src/geo/bisect.ts", import.meta.url).href;
    const ring = JSON.stringify(ENDLESS.map(([y, x]) => toPoint({ x, y })));
    const code = `import { bisectRing } from "${module}"; console.log(bisectRing(${ring}).length);`;
    const args = ["--import", "tsx", "--input-type=module", "--eval", code];
    const { stdout, error } = spawnSync(process.execPath, args, {
      timeout: 5000,
      encoding: "utf8",
    });
    expect(error).toBeUndefined();
    expect(Number(stdout)).toBeGreaterThanOrEqual(2);
  }, 10_000);
});
