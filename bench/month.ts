import type Flatbush from "flatbush";
import { boundingBox } from "../src/geo/box.ts";
import { toCloud } from "../src/geo/cloud.ts";
import { encloses } from "../src/geo/contain.ts";
import type { RecordIndex } from "../src/sandbox/world.ts";
import type { Area, Month, Ring } from "../src/types.ts";
import { drawCrime, drawOutcome, writeCrime, writeOutcome } from "./record.ts";
import type { DrawnCrime, Ids } from "./record.ts";

/** Points that records are snapped to, six decimals, and the running sum of their weights. */
export type Snap = {
  latitude: Float64Array;
  longitude: Float64Array;
  cumulative: Float64Array;
  tree: Flatbush;
  /** The neighbourhood of each point; null: it lies in none. */
  areas: (Area | null)[];
};

export type MadeMonth = {
  records: RecordIndex;
  total: number;
  /** The snap point of each record. */
  pointOf: Int32Array;
  /** The crime that a record is, or is of. */
  crime(record: number): DrawnCrime;
};

type CrimesOptions = {
  snap: Snap;
  draw: () => number;
  count: number;
  month: Month;
  index: number;
  ids: Ids;
};

/** Draws the crimes of a month: how many stand on each snap point, and from which index on. */
export function makeCrimes({ snap, draw, count, month, index, ids }: CrimesOptions): MadeMonth {
  const size = snap.latitude.length;
  const weight = snap.cumulative[size - 1] ?? 1;
  const points = Int32Array.from({ length: count }, () =>
    lowerBound(snap.cumulative, draw() * weight),
  ).sort();
  const crime = (record: number): DrawnCrime => {
    const street = points[record] ?? 0;
    const latitude = snap.latitude[street] ?? 0;
    const longitude = snap.longitude[street] ?? 0;
    return drawCrime({ month, monthIndex: index, record, street, latitude, longitude, ids });
  };
  const offsets = offsetsOf(points, size);
  const records: RecordIndex = {
    find: (ring) => findIn(snap, offsets, ring),
    json: (record) => writeCrime(crime(record)),
  };
  return { records, total: count, pointOf: points, crime };
}

type OutcomesOptions = {
  snap: Snap;
  draw: () => number;
  count: number;
  month: Month;
  /** Of the month before, and of the month. */
  crimes: [MadeMonth, MadeMonth];
};

/** Draws the outcomes of a month: half of them of its crimes, half of those of the month before. */
export function makeOutcomes({ snap, draw, count, month, crimes }: OutcomesOptions): MadeMonth {
  const [earlier, same] = crimes;
  const half = count >> 1;
  const drawn = [
    ...choose(earlier.total, half, draw).map((record) => ({ of: earlier, record })),
    ...choose(same.total, count - half, draw).map((record) => ({ of: same, record })),
  ].toSorted((a, b) => (a.of.pointOf[a.record] ?? 0) - (b.of.pointOf[b.record] ?? 0));
  const points = Int32Array.from(drawn, ({ of, record }) => of.pointOf[record] ?? 0);
  const offsets = offsetsOf(points, snap.latitude.length);
  const sources = drawn.map(({ of }) => of === same);
  const chosen = Int32Array.from(drawn, ({ record }) => record);
  const crime = (index: number): DrawnCrime =>
    (sources[index] === true ? same : earlier).crime(chosen[index] ?? 0);
  const records: RecordIndex = {
    find: (ring) => findIn(snap, offsets, ring),
    json: (index) => writeOutcome(drawOutcome(crime(index), month)),
  };
  return { records, total: drawn.length, pointOf: points, crime };
}

/** Chooses `count` different ones of the numbers below `size`, in their order. */
function choose(size: number, count: number, draw: () => number): number[] {
  const chosen: number[] = [];
  for (let at = 0; at < size; at += 1)
    if (draw() * (size - at) < count - chosen.length) chosen.push(at);
  return chosen;
}

/** The index of the first record of each snap point, for records in the order of their points. */
function offsetsOf(points: Int32Array, size: number): Int32Array {
  const offsets = new Int32Array(size + 1);
  for (const at of points) offsets[at + 1] = (offsets[at + 1] ?? 0) + 1;
  for (let at = 0; at < size; at += 1)
    offsets[at + 1] = (offsets[at + 1] ?? 0) + (offsets[at] ?? 0);
  return offsets;
}

function findIn(snap: Snap, offsets: Int32Array, ring: Ring): number[] {
  const box = boundingBox(ring);
  const outline = toCloud(ring);
  const isBox = ring.length === 4 && new Set(ring.map(({ latitude }) => latitude)).size === 2;
  const found: number[] = [];
  for (const at of snap.tree.search(box.west, box.south, box.east, box.north)) {
    const latitude = snap.latitude[at] ?? 0;
    const longitude = snap.longitude[at] ?? 0;
    if (!isBox && !encloses(outline, { latitude, longitude })) continue;
    const end = offsets[at + 1] ?? 0;
    for (let record = offsets[at] ?? 0; record < end; record += 1) found.push(record);
  }
  return found;
}

function lowerBound(values: Float64Array, wanted: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
