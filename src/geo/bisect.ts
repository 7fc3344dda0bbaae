import { Clipper64, ClipType, FillRule, PathType, PolyTree64 } from "clipper2-ts";
import type { Path64, Paths64, PolyPath64 } from "clipper2-ts";
import type { Ring } from "../types.ts";
import { boundingBox, boxRing, cutBox, middleCut } from "./box.ts";
import type { Box } from "./box.ts";

/** Integers per degree: boundaries come with up to 13 decimals, and the clipper keeps them all. */
const SCALE = 1e13;

/**
 * Bisects a ring across the middle of its longer side, measured in metres, into simple rings
 * that together cover exactly it. A concave ring can fall into more than two. The answer is
 * empty where the ring is too small to be cut between two points of six decimals.
 */
export function bisectRing(ring: Ring): Ring[] {
  const box = boundingBox(ring);
  const cut = middleCut(box);
  if (cut === undefined) return [];
  const { low, high } = cutBox(box, cut);
  const paths = [toPath(ring)];
  return [low, high].flatMap((half) => clip(paths, half));
}

function clip(paths: Paths64, box: Box): Ring[] {
  const clipper = new Clipper64();
  clipper.addPaths(paths, PathType.Subject);
  clipper.addPaths([toPath(boxRing(box))], PathType.Clip);
  const tree = new PolyTree64();
  clipper.execute(ClipType.Intersection, FillRule.NonZero, tree);
  return pieces(tree).flatMap(openHoles);
}

type Piece = { outer: Path64; holes: Paths64 };

/** The polygons of the clipper's tree: outer rings stand at even depths, their holes below. */
function pieces(tree: PolyPath64): Piece[] {
  return children(tree).flatMap((outer) => {
    if (outer.poly === null) return [];
    const holes = children(outer);
    const paths = holes.flatMap((hole) => (hole.poly === null ? [] : [hole.poly]));
    return [{ outer: outer.poly, holes: paths }, ...holes.flatMap(pieces)];
  });
}

function children(node: PolyPath64): PolyPath64[] {
  return Array.from({ length: node.count }, (_, index) => node.child(index));
}

/**
 * The API takes one ring without holes, so a piece with a hole is cut once more, through it.
 * A hole too small for a cut is filled: it is smaller than the grid that points stand on.
 */
function openHoles({ outer, holes }: Piece): Ring[] {
  const ring = toRing(outer);
  for (const hole of holes) {
    const cut = middleCut(boundingBox(toRing(hole)));
    if (cut === undefined) continue;
    const { low, high } = cutBox(boundingBox(ring), cut);
    return [low, high].flatMap((half) => clip([outer, ...holes], half));
  }
  return [ring];
}

function toPath(ring: Ring): Path64 {
  return ring.map(({ latitude, longitude }) => ({
    x: Math.round(longitude * SCALE),
    y: Math.round(latitude * SCALE),
  }));
}

function toRing(path: Path64): Ring {
  return path.map(({ x, y }) => ({ latitude: y / SCALE, longitude: x / SCALE }));
}
