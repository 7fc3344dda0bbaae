import { boundingBox, boxRing, encompasses, sizeInDegrees, unite } from "../../geo/box.ts";
import type { Box } from "../../geo/box.ts";
import type { Question, Seed } from "../../store/frontier.ts";
import type { Joined } from "./plan.ts";

/** A tile that was not cut, and may be joined with others. */
type Tile = { question: Question; box: Box; expected: number };

/** Tiles fill a rectangle when no more than so small a share of it is left. */
const ROUNDING = 1e-9;

/**
 * The tiles that fill a rectangle together with one tile, and hold as many records by `expect` as can
 * be, but no more than `most`; undefined where there is no such rectangle.
 */
export function joinTiles(
  question: Question,
  waiting: readonly Question[],
  { most, expect }: { most: number; expect: (question: Question) => number },
): Joined | undefined {
  const toTile = (one: Question): Tile[] =>
    one.ring === null || one.expected === null || one.depth > 0 || one.sweepId !== question.sweepId
      ? []
      : [{ question: one, box: boundingBox(one.ring), expected: expect(one) }];
  const [first] = toTile(question);
  if (first === undefined) return undefined;
  const others = waiting
    .flatMap(toTile)
    .filter(({ expected }) => first.expected + expected <= most);
  let best: Joined | undefined;
  let held = 0;
  for (const { box } of others) {
    const union = unite(first.box, box);
    const tiles = [first, ...others.filter((other) => encompasses(union, other.box))];
    const sum = tiles.reduce((total, { expected }) => total + expected, 0);
    if (sum > most || sum <= held || !fill(tiles, union)) continue;
    held = sum;
    const parts = tiles.map((tile) => tile.question);
    best = { others: parts.slice(1), whole: wholeOf(parts, union) };
  }
  return best;
}

function wholeOf(parts: readonly Question[], box: Box): Seed {
  return {
    area: null,
    ring: boxRing(box),
    depth: 0,
    expected: parts.reduce((sum, { expected }) => sum + (expected ?? 0), 0),
  };
}

function fill(tiles: readonly Tile[], box: Box): boolean {
  const filled = tiles.reduce((sum, tile) => sum + sizeInDegrees(tile.box), 0);
  return filled >= (1 - ROUNDING) * sizeInDegrees(box);
}
