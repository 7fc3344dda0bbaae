/**
 * Makes the bundled sample from recorded data of London:
 *   npx tsx scripts/make-sample.ts DATA_DIR
 * DATA_DIR holds boundaries.json.gz and crimes-YYYY-MM.json.gz. Records are kept as they are.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gunzipSync } from "node:zlib";
import { boundingBox } from "../src/geo/box.ts";
import { createLocator } from "../src/geo/locate.ts";
import type { Point } from "../src/types.ts";

type RawPoint = { latitude: string; longitude: string };
type RawCrime = { location: RawPoint };

/** Boroughs around the City, by the first four letters of their neighbourhoods' ids. */
const BOROUGHS = ["00AG", "00AU", "00AM", "00BG", "00BE", "00AY", "00BK", "00AW"];
const MONTHS = ["2018-04", "2018-05"];

const source = process.argv[2] ?? "../shared/data/london";
const target = new URL("../sample/", import.meta.url);

const all: Record<string, Record<string, RawPoint[]>> = read("boundaries");
const chosen = Object.fromEntries(
  Object.entries(all).map(([force, areas]) => [
    force,
    Object.fromEntries(Object.entries(areas).filter(([id]) => isChosen(force, id))),
  ]),
);
write("boundaries", chosen);

const isInsideChosen = createFinder(chosen);
const isInsideAny = createFinder(all);
const box = boundingBox(
  Object.values(chosen).flatMap((areas) => Object.values(areas).flat().map(toPoint)),
);
for (const month of MONTHS) {
  const crimes: RawCrime[] = read(`crimes-${month}`);
  write(
    `crimes-${month}`,
    crimes.filter(({ location }) => belongs(toPoint(location))),
  );
}

/** Records inside the chosen boundaries, and those nearby that lie in no boundary at all. */
function belongs(point: Point): boolean {
  if (isInsideChosen(point)) return true;
  const { latitude: y, longitude: x } = point;
  const nearby = y >= box.south && y <= box.north && x >= box.west && x <= box.east;
  return nearby && !isInsideAny(point);
}

function isChosen(force: string, id: string): boolean {
  return force === "city-of-london" || BOROUGHS.includes(id.slice(0, 4));
}

function createFinder(forces: typeof all): (point: Point) => boolean {
  const boundaries = Object.entries(forces).flatMap(([forceId, areas]) =>
    Object.entries(areas).map(([neighbourhoodId, ring]) => ({
      forceId,
      neighbourhoodId,
      ring: ring.map(toPoint),
    })),
  );
  const locate = createLocator(boundaries);
  return (point) => locate(point).length > 0;
}

function toPoint({ latitude, longitude }: RawPoint): Point {
  return { latitude: Number(latitude), longitude: Number(longitude) };
}

function read(name: string) {
  return JSON.parse(gunzipSync(readFileSync(join(source, `${name}.json.gz`))).toString());
}

function write(name: string, value: unknown): void {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 };
  const packed = brotliCompressSync(JSON.stringify(value), { params });
  writeFileSync(new URL(`${name}.json.br`, target), packed);
  console.log(`${name}: ${Array.isArray(value) ? value.length : ""} ${packed.length} bytes`);
}
