import { orient2d } from "robust-predicates";
import type { Point } from "../types.ts";

/** Edges that a band of a ring holds, about: as many are looked at for a point. */
const EDGES_PER_BAND = 16;

/** A ring whose edges are found by latitude, so that a coast of 100,000 points is asked quickly. */
export type BandedRing = {
  latitude: Float64Array;
  longitude: Float64Array;
  south: number;
  /** Bands a degree of latitude. */
  scale: number;
  /** Where the edges of each band begin in `edges`, and at last where they end. */
  starts: Int32Array;
  /** An edge is named by the vertex that it ends at. */
  edges: Int32Array;
};

/** Sorts the edges of a ring, of positions `[longitude, latitude]`, into bands of latitude. */
export function toBands(ring: readonly (readonly number[])[]): BandedRing {
  const longitude = Float64Array.from(ring, ([x = Number.NaN]) => x);
  const latitude = Float64Array.from(ring, ([, y = Number.NaN]) => y);
  let south = Infinity;
  let north = -Infinity;
  for (const y of latitude) {
    if (y < south) south = y;
    if (y > north) north = y;
  }
  const count = Math.max(1, Math.ceil(latitude.length / EDGES_PER_BAND));
  const scale = north > south ? count / (north - south) : 0;
  const bandOf = (y: number) => bandAt(y, { south, scale, count });
  const spans = (visit: (band: number, edge: number) => void) => {
    let before = latitude.at(-1) ?? Number.NaN;
    for (let edge = 0; edge < latitude.length; edge += 1) {
      const y = latitude[edge] ?? Number.NaN;
      const last = bandOf(Math.max(before, y));
      for (let band = bandOf(Math.min(before, y)); band <= last; band += 1) visit(band, edge);
      before = y;
    }
  };
  const starts = new Int32Array(count + 1);
  spans((band) => (starts[band + 1] = (starts[band + 1] ?? 0) + 1));
  for (let band = 0; band < count; band += 1) {
    starts[band + 1] = (starts[band + 1] ?? 0) + (starts[band] ?? 0);
  }
  const edges = new Int32Array(starts[count] ?? 0);
  const next = starts.slice();
  spans((band, edge) => {
    edges[next[band] ?? 0] = edge;
    next[band] = (next[band] ?? 0) + 1;
  });
  return { latitude, longitude, south, scale, starts, edges };
}

function bandAt(y: number, of: { south: number; scale: number; count: number }): number {
  return Math.min(of.count - 1, Math.floor((y - of.south) * of.scale));
}

/**
 * How often a ring winds around a point; undefined for a point on its edge. As in `encloses`, of
 * whose edges only those are looked at that can matter.
 */
export function windingOf(ring: BandedRing, { latitude: y, longitude: x }: Point) {
  const { latitude, longitude, starts, edges, south, scale } = ring;
  const count = starts.length - 1;
  const band = bandAt(y, { south, scale, count });
  let winding = 0;
  if (!(band >= 0)) return winding;
  for (let at = starts[band] ?? 0; at < (starts[band + 1] ?? 0); at += 1) {
    const to = edges[at] ?? 0;
    const from = to === 0 ? latitude.length - 1 : to - 1;
    const ay = latitude[from] ?? Number.NaN;
    const by = latitude[to] ?? Number.NaN;
    const ax = longitude[from] ?? Number.NaN;
    const bx = longitude[to] ?? Number.NaN;
    const rises = ay <= y && by > y;
    const falls = ay > y && by <= y;
    if (rises || falls) {
      const turn = orient2d(ax, ay, bx, by, x, y); // counts clockwise turns as positive
      if (turn === 0) return undefined;
      if (rises && turn < 0) winding += 1;
      if (falls && turn > 0) winding -= 1;
    } else if (
      by === y &&
      (bx === x || (ay === y && x >= Math.min(ax, bx) && x <= Math.max(ax, bx)))
    )
      return undefined;
  }
  return winding;
}
