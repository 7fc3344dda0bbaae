import { usageError } from "../errors.ts";
import { findFlaw } from "../geo/flaw.ts";
import type { MultiPolygon } from "../geo/find-area.ts";

/** What a geometry is worth: polygons, and what is wrong where a point can lie in none of them. */
export type Geometry = { polygons: MultiPolygon; flaw: string | null; parts: number };

/** Positions are kept to a centimetre. */
const DECIMALS = 1e7;

/** The flaw of a feature that is about no place. */
export const NO_GEOMETRY = "it has no geometry";

const CONVERT = "convert it: ogr2ogr -f GeoJSON -t_srs EPSG:4326 areas.geojson";

/** The National Grid of Great Britain and its seas, in metres. */
const GRID = { east: 800_000, north: 1_400_000 };

/**
 * Reads the polygons of a GeoJSON geometry. Parts without an extent are left out and counted; fails
 * where the whole file has to be in another projection, or in the wrong order of coordinates.
 */
export function readGeometry(geometry: unknown, file: string): Geometry {
  const none = (flaw: string): Geometry => ({ polygons: [], flaw, parts: 0 });
  if (!isObject(geometry)) return none(NO_GEOMETRY);
  const found = listPolygons(geometry);
  if (typeof found === "string") return none(found);
  if (found.length === 0) return none("its geometry is empty");
  const polygons: Position[][][] = [];
  let flaw: string | undefined;
  for (const polygon of found) {
    const read = readPolygon(polygon, file);
    if (typeof read === "string") flaw ??= read;
    else polygons.push(read);
  }
  const parts = found.length - polygons.length;
  return { polygons, flaw: polygons.length === 0 ? (flaw ?? null) : null, parts };
}

type Position = [longitude: number, latitude: number];

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The polygons of a geometry as they are given, or why there can be none. */
function listPolygons(geometry: Record<string, unknown>): unknown[] | string {
  const { type, coordinates, geometries } = geometry;
  if (type === "Polygon") return Array.isArray(coordinates) ? notEmpty([coordinates]) : NO_LIST;
  if (type === "MultiPolygon") return Array.isArray(coordinates) ? notEmpty(coordinates) : NO_LIST;
  if (type === "GeometryCollection" && Array.isArray(geometries)) {
    return geometries.flatMap((part: unknown) => {
      const found = isObject(part) && part["type"] !== type ? listPolygons(part) : [];
      return typeof found === "string" ? [] : found;
    });
  }
  return typeof type === "string" && /^(Multi)?(Point|LineString)$/.test(type)
    ? `a ${type} has no area`
    : "its geometry is no polygon";
}

const NO_LIST = "its coordinates are no list";

function notEmpty(polygons: unknown[]): unknown[] {
  return polygons.filter((polygon) => !Array.isArray(polygon) || polygon.length > 0);
}

/** The rings of a polygon without those holes that have no extent, or why it is none. */
function readPolygon(polygon: unknown, file: string): Position[][] | string {
  if (!Array.isArray(polygon)) return NO_LIST;
  const rings: Position[][] = [];
  for (const [nth, given] of polygon.entries()) {
    const ring = readRing(given, file);
    if (typeof ring === "string") return ring;
    const flaw = findFlaw(ring.map(([longitude, latitude]) => ({ latitude, longitude })));
    if (flaw !== undefined && nth === 0) return flaw;
    if (flaw === undefined) rings.push(ring);
  }
  return rings;
}

function readRing(given: unknown, file: string): Position[] | string {
  if (!Array.isArray(given)) return NO_LIST;
  const ring: Position[] = [];
  for (const position of given) {
    const [x, y]: unknown[] = Array.isArray(position) ? position : [];
    if (!isNumber(x) || !isNumber(y)) return "a position in it is no pair of numbers";
    checkDegrees({ x, y }, file);
    ring.push([Math.round(x * DECIMALS) / DECIMALS, Math.round(y * DECIMALS) / DECIMALS]);
  }
  return ring;
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** A file is in one projection: a single position tells. */
function checkDegrees({ x, y }: { x: number; y: number }, file: string): void {
  const at = `such as ${x},${y}`;
  if (x > 49 && x < 61.5 && y > -9 && y < 2.5) {
    throw usageError(
      `${file}: latitude stands before longitude, ${at}: GeoJSON has longitude first`,
      "swap them, as QGIS does with Swap X and Y coordinates",
    );
  }
  if (Math.abs(x) <= 180 && Math.abs(y) <= 90) return;
  const isGrid = x >= 0 && x <= GRID.east && y >= 0 && y <= GRID.north;
  const what = isGrid ? "metres, as of the British National Grid" : "no degrees";
  throw usageError(
    `${file}: its coordinates are ${what}, ${at}: GeoJSON has longitude and latitude`,
    `${CONVERT} ${file}${isGrid ? " -s_srs EPSG:27700" : ""}`,
  );
}
