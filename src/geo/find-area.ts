import Flatbush from "flatbush";
import type { Point } from "../types.ts";
import { toBands, windingOf } from "./bands.ts";
import type { BandedRing } from "./bands.ts";

/** The coordinates of a GeoJSON MultiPolygon: polygons, each an outer ring and then holes. */
export type MultiPolygon = readonly (readonly (readonly (readonly number[])[])[])[];

export type NamedPolygons = { id: string; polygons: MultiPolygon };

type Part = { area: number; outer: BandedRing; holes: readonly BandedRing[] };

/**
 * Finds the first area, in the order in which they are given, that a point lies in, and how many
 * others it lies in, too. An edge belongs to its area, that of a hole as well; what an outer ring
 * that crosses itself encloses twice is inside (non-zero rule).
 */
export function createFindArea(areas: Iterable<NamedPolygons>) {
  const ids: string[] = [];
  const parts: Part[] = [];
  for (const { id, polygons } of areas) {
    for (const [outer, ...holes] of polygons) {
      if (outer === undefined || outer.length === 0) continue;
      parts.push({ area: ids.length, outer: toBands(outer), holes: holes.map(toBands) });
    }
    ids.push(id);
  }
  const index = indexParts(parts);
  return ({ latitude, longitude }: Point): { area: string | null; others: number } => {
    const inside = new Set<number>();
    for (const at of index?.search(longitude, latitude, longitude, latitude) ?? []) {
      const part = parts[at];
      if (part !== undefined && isInside(part, { latitude, longitude })) inside.add(part.area);
    }
    const first = inside.size > 1 ? Math.min(...inside) : inside.values().next().value;
    if (first === undefined) return { area: null, others: 0 };
    return { area: ids[first] ?? null, others: inside.size - 1 };
  };
}

function indexParts(parts: readonly Part[]): Flatbush | undefined {
  if (parts.length === 0) return undefined;
  const index = new Flatbush(parts.length);
  for (const { outer } of parts) {
    const [west, east] = span(outer.longitude);
    const [south, north] = span(outer.latitude);
    index.add(west, south, east, north);
  }
  index.finish();
  return index;
}

function span(values: Float64Array): [low: number, high: number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

function isInside({ outer, holes }: Part, point: Point): boolean {
  if (windingOf(outer, point) === 0) return false;
  return holes.every((hole) => (windingOf(hole, point) ?? 0) === 0);
}
