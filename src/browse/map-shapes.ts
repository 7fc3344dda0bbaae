import { setImmediate } from "node:timers/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { areaInKm2 } from "../geo/area.ts";
import { boundingBox } from "../geo/box.ts";
import type { Box } from "../geo/box.ts";
import { OUTLINE_SCALE, outlineOf } from "../geo/outline.ts";
import type { MapReader } from "../store/read/map.ts";
import type { Area } from "../types.ts";
import type { MapShapes, Shape } from "./messages.ts";

const compress = promisify(gzip);

/** While a crawl writes, boundaries are looked at so often: it commits several times a second. */
const CHECK_MS = 20_000;
/** Boundaries that are simplified before others have their turn: about 10 ms. */
const AT_A_TIME = 50;

export type PlacedArea = Area & { box: Box };

export type Shapes = {
  /** Another one whenever the boundaries are. */
  etag: string;
  /** MapShapes as JSON, in gzip. */
  content: Buffer;
  areas: readonly PlacedArea[];
};

export type ShapeSource = ReturnType<typeof createShapes>;

/** The boundaries for drawing: simplified and compressed once, and kept until one is fetched. */
export function createShapes(reader: MapReader, signal: AbortSignal) {
  let kept:
    | { state: string; version: number; checkedMs: number; shapes: Promise<Shapes> }
    | undefined;

  return {
    async find(): Promise<Shapes> {
      const version = reader.dataVersion();
      const now = performance.now();
      if (kept?.version === version) return kept.shapes;
      if (kept !== undefined && now - kept.checkedMs < CHECK_MS) return kept.shapes;
      const state = reader.boundaryState();
      if (kept?.state === state) {
        kept = { ...kept, version, checkedMs: now };
        return kept.shapes;
      }
      const shapes = build(reader, state, signal);
      shapes.catch(() => (kept = undefined));
      kept = { state, version, checkedMs: now, shapes };
      return shapes;
    },
  };
}

/** A few boundaries at a time: other requests are answered in between. */
async function build(reader: MapReader, state: string, signal: AbortSignal): Promise<Shapes> {
  await setImmediate();
  const forces = reader.listForces();
  const encoded: Shape[] = [];
  const areas: PlacedArea[] = [];
  const leftOut: string[] = [];
  for (const [index, { id: forceId }] of forces.entries()) {
    for (const { id, name, ring: read } of reader.listBoundaries(forceId)) {
      const ring = read();
      if (ring === undefined) {
        leftOut.push(`${forceId}/${id}`);
        continue;
      }
      areas.push({ forceId, neighbourhoodId: id, box: boundingBox(ring) });
      encoded.push([index, id, name, Number(areaInKm2(ring).toPrecision(4)), outlineOf(ring)]);
      if (encoded.length % AT_A_TIME === 0) await setImmediate();
      if (signal.aborted) throw new Error("the database was closed");
    }
  }
  const message: MapShapes = { scale: OUTLINE_SCALE, forces, areas: encoded, leftOut };
  return {
    etag: `W/"${state.replaceAll(/[^\w.:-]/g, "_")}"`,
    content: await compress(JSON.stringify(message)),
    areas,
  };
}
