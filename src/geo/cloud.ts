import type { Cloud, Point } from "../types.ts";
import { boundingBox } from "./box.ts";
import type { Box, Cut } from "./box.ts";

export function toCloud(points: readonly Point[]): Cloud {
  return {
    latitude: Float64Array.from(points, ({ latitude }) => latitude),
    longitude: Float64Array.from(points, ({ longitude }) => longitude),
  };
}

export function sizeOf({ latitude }: Cloud): number {
  return latitude.length;
}

/** The points inside a box, and those outside it. */
export function divide(
  { latitude, longitude }: Cloud,
  box: Box,
): { inside: Cloud; outside: Cloud } {
  return partition({ latitude, longitude }, (index) => {
    const y = latitude[index] ?? 0;
    const x = longitude[index] ?? 0;
    return y > box.south && y < box.north && x > box.west && x < box.east;
  });
}

/** The points on the low side of a cut, and those on the high side. */
export function cutCloud(cloud: Cloud, { across, at }: Cut): { low: Cloud; high: Cloud } {
  const values = cloud[across];
  const { inside, outside } = partition(cloud, (index) => (values[index] ?? 0) < at);
  return { low: inside, high: outside };
}

/**
 * The same as cutCloud, but both sides are views of the cloud, whose points change their order: a
 * country is cut a hundred times, and copies would cost many times its size.
 */
export function cutInPlace({ latitude, longitude }: Cloud, { across, at }: Cut) {
  const values = across === "latitude" ? latitude : longitude;
  let low = 0;
  for (let index = 0; index < values.length; index += 1) {
    if ((values[index] ?? 0) >= at) continue;
    swap(latitude, index, low);
    swap(longitude, index, low);
    low += 1;
  }
  const part = (from: number, to: number): Cloud => ({
    latitude: latitude.subarray(from, to),
    longitude: longitude.subarray(from, to),
  });
  return { low: part(0, low), high: part(low, values.length) };
}

function swap(values: Float64Array, a: number, b: number): void {
  const value = values[a] ?? 0;
  values[a] = values[b] ?? 0;
  values[b] = value;
}

function partition({ latitude, longitude }: Cloud, isInside: (index: number) => boolean) {
  const size = latitude.length;
  const y = new Float64Array(size);
  const x = new Float64Array(size);
  let low = 0;
  let high = size;
  for (let index = 0; index < size; index += 1) {
    const to = isInside(index) ? low++ : --high;
    y[to] = latitude[index] ?? 0;
    x[to] = longitude[index] ?? 0;
  }
  return {
    inside: { latitude: y.slice(0, low), longitude: x.slice(0, low) },
    outside: { latitude: y.slice(low), longitude: x.slice(low) },
  };
}

export function join(a: Cloud, b: Cloud): Cloud {
  return joinAll([a, b]);
}

export function joinAll(clouds: readonly Cloud[]): Cloud {
  return {
    latitude: concat(clouds.map(({ latitude }) => latitude)),
    longitude: concat(clouds.map(({ longitude }) => longitude)),
  };
}

function concat(columns: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(columns.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const column of columns) {
    all.set(column, at);
    at += column.length;
  }
  return all;
}

/** The bounding box of a cloud. */
export function cloudBox({ latitude, longitude }: Cloud): Box {
  const box = boundingBox([]);
  for (let index = 0; index < latitude.length; index += 1) {
    const y = latitude[index] ?? 0;
    const x = longitude[index] ?? 0;
    if (y < box.south) box.south = y;
    if (y > box.north) box.north = y;
    if (x < box.west) box.west = x;
    if (x > box.east) box.east = x;
  }
  return box;
}
