/**
 * Makes what the map is oriented by, from Natural Earth (public domain):
 *   npx tsx scripts/draw-orientation.ts NATURAL_EARTH_DIR
 * NATURAL_EARTH_DIR holds, as GeoJSON, ne_10m_land, ne_10m_rivers_lake_centerlines,
 * ne_10m_rivers_europe and ne_10m_populated_places_simple, with the ending .json.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "@badrap/valita";
import { intersection } from "polyclip-ts";
import simplify from "simplify-js";

type Position = [longitude: number, latitude: number];

/** As far as the map of the country can be moved. */
const BOX = { west: -17, south: 46, east: 11, north: 64 };
/** Where the forces are; Ireland and France are drawn as land alone. */
const HOME = { west: -8.3, south: 49.8, east: 1.9, north: 60.9 };
/** Degrees; the source is no finer than this. */
const FINENESS = 0.002;
/** The same abroad. */
const COARSENESS = 0.03;
const DIGITS = 3;

const position = v.array(v.number()).map(([x = 0, y = 0]): Position => [x, y]);
const line = v.array(position);
const geometry = v.union(
  v.object({ type: v.literal("Point"), coordinates: position }).rest(v.unknown()),
  v.object({ type: v.literal("LineString"), coordinates: line }).rest(v.unknown()),
  v.object({ type: v.literal("MultiLineString"), coordinates: v.array(line) }).rest(v.unknown()),
  v.object({ type: v.literal("Polygon"), coordinates: v.array(line) }).rest(v.unknown()),
  v
    .object({ type: v.literal("MultiPolygon"), coordinates: v.array(v.array(line)) })
    .rest(v.unknown()),
);
const collection = v
  .object({
    features: v.array(
      v
        .object({
          properties: v.record(v.unknown()),
          geometry: v.union(geometry, v.null()),
        })
        .rest(v.unknown()),
    ),
  })
  .rest(v.unknown());

const source = process.argv[2] ?? "natural-earth";
const target = new URL("../web/orientation.geojson", import.meta.url);

const features = [
  {
    type: "Feature",
    properties: { is: "land" },
    geometry: { type: "MultiPolygon", coordinates: readLand() },
  },
  ...readRivers(),
  ...readPlaces(),
];
const text = JSON.stringify({
  type: "FeatureCollection",
  source: "Natural Earth 1:10m, naturalearthdata.com",
  licence: "public domain",
  features,
});
writeFileSync(target, `${text}\n`);
console.log(`${features.length} features, ${text.length} bytes`);

function readLand(): Position[][][] {
  const { west, south, east, north } = BOX;
  const box: Position[] = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
  const polygons = read("ne_10m_land").flatMap(({ geometry: shape }) =>
    shape?.type === "Polygon"
      ? [shape.coordinates]
      : shape?.type === "MultiPolygon"
        ? shape.coordinates
        : [],
  );
  const near = polygons.filter(([outer = []]) => touches(outer));
  return intersection(near, [box])
    .map(([outer = []]) => [
      closed(thin(outer, outer.some(isHome) && !outer.some(isFar) ? FINENESS : COARSENESS)),
    ])
    .filter(([outer = []]) => outer.length > 3);
}

function readRivers() {
  return ["ne_10m_rivers_lake_centerlines", "ne_10m_rivers_europe"].flatMap((name) =>
    read(name).flatMap(({ properties, geometry: shape }) => {
      const lines =
        shape?.type === "LineString"
          ? [shape.coordinates]
          : shape?.type === "MultiLineString"
            ? shape.coordinates
            : [];
      const home = lines.filter((one) => one.every(isHome) && !isIreland(one[0]));
      if (home.length === 0) return [];
      return [
        {
          type: "Feature",
          properties: { is: "river", name: properties["name"] },
          geometry: { type: "MultiLineString", coordinates: home.map((one) => thin(one)) },
        },
      ];
    }),
  );
}

/** With the zoom from which on the source would name it. */
function readPlaces() {
  return read("ne_10m_populated_places_simple").flatMap(({ properties, geometry: shape }) => {
    if (shape?.type !== "Point" || properties["adm0_a3"] !== "GBR") return [];
    const { name, scalerank } = properties;
    return [
      {
        type: "Feature",
        properties: { is: "place", name, rank: scalerank },
        geometry: { type: "Point", coordinates: rounded(shape.coordinates) },
      },
    ];
  });
}

function read(name: string) {
  return collection.parse(JSON.parse(readFileSync(join(source, `${name}.json`), "utf8"))).features;
}

function touches(ring: readonly Position[]): boolean {
  return ring.some(([x, y]) => x > BOX.west && x < BOX.east && y > BOX.south && y < BOX.north);
}

function isHome([x, y]: Position): boolean {
  return x > HOME.west && x < HOME.east && y > HOME.south && y < HOME.north;
}

/** South of Ulster and west of the Irish Sea. */
function isIreland([x, y]: Position = [0, 0]): boolean {
  return x < -5.9 && y < 54.1;
}

/** On the mainland of Europe. */
function isFar([x]: Position): boolean {
  return x > 4;
}

function thin(positions: readonly Position[], fineness = FINENESS): Position[] {
  const kept = simplify(
    positions.map(([x, y]) => ({ x, y })),
    fineness,
    true,
  );
  return kept.map(({ x, y }) => rounded([x, y]));
}

function rounded([x, y]: Position): Position {
  return [Number(x.toFixed(DIGITS)), Number(y.toFixed(DIGITS))];
}

function closed(ring: readonly Position[]): Position[] {
  const [first] = ring;
  const last = ring.at(-1);
  if (first === undefined || (first[0] === last?.[0] && first[1] === last[1])) return [...ring];
  return [...ring, first];
}
