import { readFileSync, statSync } from "node:fs";
import * as v from "@badrap/valita";
import { explain, usageError } from "../errors.ts";
import type { UkpoliceError } from "../errors.ts";
import { boundingBox } from "../geo/box.ts";
import { toCloud } from "../geo/cloud.ts";
import { encloses } from "../geo/contain.ts";
import { metresBetween } from "../geo/distance.ts";
import type { Point, Ring } from "../types.ts";

/** Whether a point lies where records are wanted. */
export type Within = (point: Point) => boolean;

const CIRCLE = /^(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?),(\d+(?:\.\d+)?)(m|km)$/;
const FORM =
  "write it as LAT,LNG,RADIUS, as in 51.5,-0.12,500m, or name a GeoJSON file of polygons";
/** No file of polygons that a person draws comes near it. */
const MOST_BYTES = 256 * 2 ** 20;
/** From the Channel to Shetland it is a thousand kilometres. */
const MOST_METRES = 2_000_000;

/** Reads a circle or a file of polygons; what cannot be one is wrong usage, and named. */
export function readWithin(text: string): Within {
  const circle = CIRCLE.exec(text);
  if (circle !== null) return createCircle(text, circle);
  if (/^[-\d., ]+(m|km)?$/.test(text)) throw usageError(`--within ${text} is not a circle`, FORM);
  return createPolygons(text, readJson(text));
}

/** What decides on a place: the circle itself, or what is in the file. */
export function textOfWithin(text: string): string {
  return CIRCLE.test(text) ? text : readFileSync(text, "utf8");
}

function createCircle(text: string, [, ...parts]: RegExpExecArray): Within {
  const [latitude = 0, longitude = 0, radius = 0] = parts.map(Number);
  const metres = parts[3] === "km" ? radius * 1000 : radius;
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) {
    throw usageError(`--within ${text} has no point of the globe at its middle`, FORM);
  }
  if (metres === 0 || metres > MOST_METRES) {
    throw usageError(
      `--within ${text} has a radius that is not one above 0 and up to 2000km`,
      FORM,
    );
  }
  return (point) => metresBetween({ latitude, longitude }, point) <= metres;
}

function readJson(file: string): unknown {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat?.isFile() !== true) {
    throw usageError(`--within ${file} is neither a circle nor a file that is there`, FORM);
  }
  if (stat.size > MOST_BYTES) throw bad(file, "is larger than 256 MiB");
  try {
    return JSON.parse(readFileSync(file, "utf8").replace(/^\uFEFF/, ""));
  } catch (error) {
    throw bad(file, `cannot be read as JSON: ${explain(error)}`);
  }
}

function bad(file: string, what: string, hint = FORM): UkpoliceError {
  return usageError(`--within ${file} ${what}`, hint);
}

/** The outer ring, and its holes. */
type Polygon = readonly Ring[];

const position = v.tuple([v.number(), v.number()]).concat(v.array(v.unknown()));
const rings = v.array(v.array(position));
const shape = v.union(
  v.object({ type: v.literal("Polygon"), coordinates: rings }),
  v.object({ type: v.literal("MultiPolygon"), coordinates: v.array(rings) }),
  v.object({ type: v.literal("Feature"), geometry: v.unknown() }),
  v.object({ type: v.literal("FeatureCollection"), features: v.array(v.unknown()) }),
  v.object({ type: v.literal("GeometryCollection"), geometries: v.array(v.unknown()) }),
);

function createPolygons(file: string, json: unknown): Within {
  const polygons = listPolygons(file, json);
  if (polygons.length === 0) throw bad(file, "holds no polygon");
  const prepared = polygons.map(([outer = [], ...holes]) => ({
    box: boundingBox(outer),
    outer: toCloud(outer),
    holes: holes.map(toCloud),
  }));
  return (point) =>
    prepared.some(
      ({ box, outer, holes }) =>
        point.latitude >= box.south &&
        point.latitude <= box.north &&
        point.longitude >= box.west &&
        point.longitude <= box.east &&
        encloses(outer, point) &&
        !holes.some((hole) => encloses(hole, point)),
    );
}

function listPolygons(file: string, json: unknown): Polygon[] {
  const found = shape.try(json, { mode: "strip" });
  if (!found.ok) throw bad(file, `holds what is no polygon: ${found.message}`);
  const value = found.value;
  const inner = (values: readonly unknown[]) =>
    values.flatMap((one) => (one === null ? [] : listPolygons(file, one)));
  switch (value.type) {
    case "Polygon":
      return [toPolygon(file, value.coordinates)];
    case "MultiPolygon":
      return value.coordinates.map((one) => toPolygon(file, one));
    case "Feature":
      return inner([value.geometry]);
    case "FeatureCollection":
      return inner(value.features);
    case "GeometryCollection":
      return inner(value.geometries);
  }
}

function toPolygon(file: string, coordinates: v.Infer<typeof rings>): Polygon {
  if (coordinates.length === 0) throw bad(file, "has an empty polygon");
  return coordinates.map((ring) => {
    if (ring.length < 4)
      throw bad(file, `has a ring of ${ring.length} corners, and 4 are the least`);
    return ring.map(([longitude, latitude]) => toPoint(file, longitude, latitude));
  });
}

function toPoint(file: string, longitude: number, latitude: number): Point {
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) {
    const hint = "make them degrees first: ogr2ogr -t_srs EPSG:4326 new.geojson old.geojson";
    throw bad(file, `has ${longitude},${latitude}, which are no degrees of WGS 84`, hint);
  }
  // Nowhere in the country is it so far east, or so near to the equator.
  if (longitude > 40 && Math.abs(latitude) < 20) {
    const hint = "GeoJSON has the longitude first: exchange the two";
    throw bad(file, `has ${longitude},${latitude}, which seem to be in the wrong order`, hint);
  }
  return { latitude, longitude };
}
