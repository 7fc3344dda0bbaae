import { intersection } from "polyclip-ts";
import type { Ring } from "../types.ts";
import { boundingBox, boxRing, cutBox, middleCuts } from "./box.ts";
import type { Box } from "./box.ts";

/** A ring in the clipping library's form: longitude, latitude. */
type Path = [number, number][];

/**
 * Bisects a ring across the middle of its longer side, measured in metres, into simple rings
 * that together cover exactly it. A concave ring can fall into more than two. The answer is
 * empty where the ring is too small to be cut between two points of six decimals.
 */
export function bisectRing(ring: Ring): Ring[] {
  const box = boundingBox(ring);
  const cuts = middleCuts(box);
  for (const cut of cuts) {
    const { low, high } = cutBox(box, cut);
    try {
      return [low, high].flatMap((half) => clip([toPath(ring)], half));
    } catch {
      // The library loses its way in some rings whose edges meet in a knot: another cut helps.
    }
  }
  // None did: the halves of the bounding box hold the ring, and something of its surroundings.
  return cuts.slice(0, 1).flatMap((cut) => Object.values(cutBox(box, cut)).map(boxRing));
}

function clip(polygon: Path[], box: Box): Ring[] {
  return intersection([polygon], [[toPath(boxRing(box))]]).flatMap(openHoles);
}

/**
 * The API takes one ring without holes, so a piece with a hole is cut once more, through it.
 * A hole too small for a cut is filled: it is smaller than the grid that points stand on.
 */
function openHoles([outer = [], ...holes]: Path[]): Ring[] {
  const ring = toRing(outer);
  for (const hole of holes) {
    const [cut] = middleCuts(boundingBox(toRing(hole)));
    if (cut === undefined) continue;
    const { low, high } = cutBox(boundingBox(ring), cut);
    return [low, high].flatMap((half) => clip([outer, ...holes], half));
  }
  return [ring];
}

function toPath(ring: Ring): Path {
  return ring.map(({ latitude, longitude }) => [longitude, latitude]);
}

function toRing(path: Path): Ring {
  return path.map(([longitude, latitude]) => ({ latitude, longitude }));
}
