import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ZipFile } from "yazl";
import { COLUMNS } from "../src/archive/columns.ts";
import { CRIME_CATEGORIES } from "../src/police-api.ts";
import type { RawStop } from "../src/sandbox/world.ts";
import { KINDS } from "../src/types.ts";
import type { Kind, Month } from "../src/types.ts";
import type { Country } from "./country.ts";
import type { MadeMonth } from "./month.ts";

const WORDS = { crimes: "street", outcomes: "outcomes", stops: "stop-and-search" };
const TYPES = new Map(Object.entries(CRIME_CATEGORIES));
/** LSOAs of the stand-in country. */
const LSOAS = 35_000;
/** Inflating takes as long as of a zip that was packed with more care; packing does not. */
const LEVEL = 1;

/** What a generated archive holds. */
export type MadeArchive = { rows: Record<Kind, number>; files: number; bytes: number };

/** Writes a zip in the layout of the bulk archive with all that the country has of these months. */
export async function writeArchive(
  file: string,
  country: Country,
  months: readonly Month[],
): Promise<MadeArchive> {
  const made: MadeArchive = { rows: { crimes: 0, outcomes: 0, stops: 0 }, files: 0, bytes: 0 };
  const zip = new ZipFile();
  const linesOf = keepLast((month) => writeMonth(country, month, forces));
  const forces = [...country.forces.map(({ id }) => id), "btp"];
  for (const month of months) {
    for (const forceId of forces) {
      for (const kind of KINDS) {
        const name = `${month}/${month}-${forceId}-${WORDS[kind]}.csv`;
        zip.addReadStreamLazy(name, { compressionLevel: LEVEL }, (done) => {
          const lines = linesOf(month)[kind].get(forceId) ?? [];
          const text = `${[COLUMNS[kind].join(","), ...lines].join("\n")}\n`;
          made.rows[kind] += lines.length;
          made.files += 1;
          made.bytes += text.length;
          done(null, Readable.from([Buffer.from(text)]));
        });
      }
    }
  }
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(file));
  return made;
}

type Lines = Record<Kind, Map<string, string[]>>;

/** Draws a month when its first file is written; one is kept at a time. */
function keepLast(write: (month: Month) => Lines): (month: Month) => Lines {
  let kept: { month: Month; lines: Lines } | undefined;
  return (month) => {
    if (kept?.month !== month) kept = { month, lines: write(month) };
    return kept.lines;
  };
}

function writeMonth(country: Country, month: Month, forces: readonly string[]): Lines {
  const places = createPlaces(country);
  const names = new Map(country.forces.map(({ id, name }) => [id, name]));
  const start = (id: string | null, forceId: string) =>
    [id ?? "", month, names.get(forceId) ?? forceId, names.get(forceId) ?? forceId].join(",");
  const crimes = groupByForce(country, country.drawn("crimes", month), (made, record, forceId) => {
    const { persistentId, category, outcome } = made.crime(record);
    const place = places(made.pointOf[record] ?? 0);
    return `${start(persistentId, forceId)},${place},${TYPES.get(category)},${outcome?.category ?? ""},`;
  });
  const outcomes = groupByForce(
    country,
    country.drawn("outcomes", month),
    (made, record, forceId) => {
      const { persistentId } = made.crime(record);
      const place = places(made.pointOf[record] ?? 0);
      return `${start(persistentId, forceId)},${place},Investigation complete; no suspect identified`;
    },
  );
  for (const forceId of forces) {
    const unlocated = country.drawnUnlocated(forceId, month);
    const lines = crimes.get(forceId) ?? [];
    for (let at = 0; at < (unlocated?.total ?? 0); at += 1) {
      const crime = unlocated?.draw(at);
      if (crime === undefined) continue;
      const type = TYPES.get(crime.category);
      lines.push(
        `${start(crime.persistentId, forceId)},,,No Location,,,${type},${crime.outcome?.category ?? ""},`,
      );
    }
    crimes.set(forceId, lines);
  }
  const stops = new Map(forces.map((forceId) => [forceId, writeStops(country, forceId, month)]));
  return { crimes, outcomes, stops };
}

/** Longitude, latitude, street and LSOA of a snap point. */
function createPlaces(country: Country): (point: number) => string {
  const perLsoa = Math.max(1, Math.ceil(country.points / LSOAS));
  return (point) => {
    const { latitude, longitude } = country.place(point);
    const lsoa = Math.floor(point / perLsoa);
    const code = `E01${String(lsoa).padStart(6, "0")}`;
    const name = `District ${Math.floor(lsoa / 110)} ${String((lsoa % 110) >> 2).padStart(3, "0")}${"ABCD"[lsoa & 3]}`;
    return `${longitude.toFixed(6)},${latitude.toFixed(6)},On or near Street ${point >> 1},${code},${name}`;
  };
}

/** Records stand in the order of their points, and so force by force; what lies in none goes to the last one. */
function groupByForce(
  country: Country,
  made: MadeMonth | undefined,
  toLine: (made: MadeMonth, record: number, forceId: string) => string,
): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  if (made === undefined) return groups;
  let forceId = country.forces[0]?.id ?? "";
  for (let record = 0; record < made.total; record += 1) {
    forceId = country.areaOf(made.pointOf[record] ?? 0)?.forceId ?? forceId;
    const lines = groups.get(forceId) ?? [];
    groups.set(forceId, lines);
    lines.push(toLine(made, record, forceId));
  }
  return groups;
}

function writeStops(country: Country, forceId: string, month: Month): string[] {
  const drawn = country.drawnStops(forceId, month);
  return Array.from({ length: drawn?.total ?? 0 }, (_, at) => {
    const made = drawn?.draw(at);
    return made === undefined ? "" : toStopLine(made.stop);
  });
}

function toStopLine(stop: RawStop): string {
  const { location } = stop;
  return [
    stop.type,
    stop.datetime,
    flag(stop.operation),
    stop.operation_name,
    location?.latitude,
    location?.longitude,
    stop.gender,
    stop.age_range,
    stop.self_defined_ethnicity,
    stop.officer_defined_ethnicity,
    stop.legislation,
    stop.object_of_search,
    stop.outcome === false ? "" : stop.outcome,
    flag(stop.outcome_linked_to_object_of_search),
    flag(stop.removal_of_more_than_outer_clothing),
  ]
    .map((value) => value ?? "")
    .join(",");
}

function flag(value: boolean | null): string {
  if (value === null) return "";
  return value ? "True" : "False";
}
