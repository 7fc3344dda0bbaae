import quickselect from "quickselect";
import type { Cloud } from "../types.ts";
import { cutBox, cutNear, sidesInMetres } from "./box.ts";
import type { Box, Cut } from "./box.ts";
import { cloudBox, cutCloud, cutInPlace, joinAll, sizeOf } from "./cloud.ts";

/** A rectangle to ask for, and the known points that lie in it. */
export type Tile = { box: Box; cloud: Cloud };

/** How far a part may exceed its even share before it is cut once more. */
const LENIENCE = 1.12;
/** A cut that is farther from even than this share of the points is compared with one the other way. */
const UNEVEN = 0.01;

/**
 * Covers a box exactly, without gap or overlap, with about `parts` tiles of as even a count as
 * cuts between points allow. What no cut can divide, points that share one place, stays whole.
 */
export function coverBox(box: Box, cloud: Cloud, parts: number): Tile[] {
  const limit = (LENIENCE * sizeOf(cloud)) / Math.max(1, parts);
  return split({ box, cloud: joinAll([cloud]), parts, limit });
}

/** Cuts a piece of about so many points off a box; undefined where no cut leaves a rest. */
export function cutOff(
  { box, cloud }: Tile,
  size: number,
): { piece: Tile; rest: Tile } | undefined {
  const share = size / sizeOf(cloud);
  const cut = share < 1 ? chooseCut(cloud, share) : undefined;
  if (cut === undefined) return undefined;
  const clouds = cutCloud(cloud, cut);
  const boxes = cutBox(box, cut);
  return {
    piece: { box: boxes.low, cloud: clouds.low },
    rest: { box: boxes.high, cloud: clouds.high },
  };
}

type Part = { box: Box; cloud: Cloud; parts: number; limit: number };

function split({ box, cloud, parts, limit }: Part): Tile[] {
  const count = sizeOf(cloud);
  if (parts <= 1 && count <= limit) return [{ box, cloud }];
  const wanted = Math.max(2, parts);
  const cut = chooseCut(cloud, Math.floor(wanted / 2) / wanted);
  if (cut === undefined) return [{ box, cloud }];
  const clouds = cutInPlace(cloud, cut);
  const boxes = cutBox(box, cut);
  const share = Math.round((sizeOf(clouds.low) / count) * wanted);
  const lowParts = Math.min(Math.max(1, share), wanted - 1);
  return [
    ...split({ box: boxes.low, cloud: clouds.low, parts: lowParts, limit }),
    ...split({ box: boxes.high, cloud: clouds.high, parts: wanted - lowParts, limit }),
  ];
}

/**
 * The cut that leaves nearest to `share` of a cloud on the low side: across its longer side, unless
 * that is uneven, for many records share a point.
 */
function chooseCut(cloud: Cloud, share: number): Cut | undefined {
  const { height, width } = sidesInMetres(cloudBox(cloud));
  const [first, second] =
    height > width ? (["latitude", "longitude"] as const) : (["longitude", "latitude"] as const);
  const long = cutAcross(cloud, first, share);
  if (long !== undefined && long.missed <= UNEVEN * sizeOf(cloud)) return long;
  const short = cutAcross(cloud, second, share);
  return (short?.missed ?? Infinity) < (long?.missed ?? Infinity) ? short : long;
}

/** The points by which a cut misses the even one. */
type Candidate = Cut & { missed: number };

/** Many records share a point: the cut goes below or above all those that the even one is among. */
function cutAcross(cloud: Cloud, across: Cut["across"], share: number): Candidate | undefined {
  const values = cloud[across];
  const even = share * values.length;
  const sorted = Array.from(values);
  const k = Math.min(sorted.length - 1, Math.max(0, Math.round(even) - 1));
  quickselect(sorted, k);
  const value = sorted[k] ?? 0;
  const [best] = [cutNear(value), cutNear(value - 1e-6)]
    .map((at) => ({ at, low: countBelow(values, at) }))
    .filter(({ low }) => low > 0 && low < values.length)
    .map(({ at, low }) => ({ across, at, missed: Math.abs(low - even) }))
    .sort((a, b) => a.missed - b.missed);
  return best;
}

function countBelow(values: Float64Array, limit: number): number {
  let count = 0;
  for (const value of values) if (value < limit) count += 1;
  return count;
}
