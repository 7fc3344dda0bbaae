/**
 * Derives from files of the archive what the API gives by force, for the bundled sample:
 *   npx tsx scripts/derive-by-force.ts ARCHIVE_DIR LONDON_DIR
 * ARCHIVE_DIR holds YYYY-MM/YYYY-MM-<force>-street.csv.gz and -stop-and-search.csv; LONDON_DIR
 * holds crimes-YYYY-MM.json.gz, whose streets are lent to the stops at their points.
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gunzipSync } from "node:zlib";
import { CRIME_CATEGORIES } from "../src/police-api.ts";
import type { RawCrime, RawStop } from "../src/sandbox/world.ts";

type Row = Record<string, string>;
type Street = { id: number; name: string };

const FORCE = "city-of-london";
const MONTHS = ["2018-04", "2018-05"];

const [archive = "../shared/data/archive", london = "../shared/data/london"] =
  process.argv.slice(2);
const target = new URL("../sample/", import.meta.url);

const streetRows = MONTHS.map((month) => readRows(month, "street.csv.gz"));
const streets = indexStreets();
MONTHS.forEach((month, index) => {
  write(`stops-${month}`, readRows(month, "stop-and-search.csv").map(toStop));
  const isUnlocated = ({ Location }: Row) => Location === "No Location";
  write(`unlocated-${month}`, (streetRows[index] ?? []).filter(isUnlocated).map(toCrime));
});

/** A row of stops in the API's shape; the archive says nothing of whom a vehicle carried. */
function toStop(row: Row): RawStop {
  const outcome = valueOf(row, "Outcome");
  return {
    age_range: textOf(row, "Age range"),
    outcome,
    involved_person: valueOf(row, "Type") !== "Vehicle search",
    self_defined_ethnicity: textOf(row, "Self-defined ethnicity"),
    gender: textOf(row, "Gender"),
    legislation: textOf(row, "Legislation"),
    outcome_linked_to_object_of_search: flagOf(row, "Outcome linked to object of search"),
    datetime: valueOf(row, "Date"),
    removal_of_more_than_outer_clothing: flagOf(row, "Removal of more than just outer clothing"),
    outcome_object: { id: outcomeId(outcome), name: outcome },
    location: locationOf(row),
    operation: flagOf(row, "Part of a policing operation"),
    officer_defined_ethnicity: textOf(row, "Officer-defined ethnicity"),
    type: valueOf(row, "Type"),
    operation_name: textOf(row, "Policing operation"),
    object_of_search: textOf(row, "Object of search"),
  };
}

/** As recorded: `bu-arrest`, `bu-no-further-action`, and `""` where there is none. */
function outcomeId(name: string): string {
  const short = name.replace(/^A (.*) disposal$/, "$1").toLowerCase();
  return short === "" ? "" : `bu-${short.replaceAll(/[^a-z]+/g, "-")}`;
}

/** A row without location in the API's shape. Its id is ours: the month, and its place among them. */
function toCrime(row: Row, index: number): RawCrime {
  const month = valueOf(row, "Month");
  const outcome = textOf(row, "Last outcome category");
  return {
    category: categoryOf(valueOf(row, "Crime type")),
    location_type: null,
    location: null,
    context: valueOf(row, "Context"),
    outcome_status: outcome === null ? null : { category: outcome, date: month },
    persistent_id: valueOf(row, "Crime ID"),
    id: Number(month.replace("-", "")) * 10_000 + index + 1,
    location_subtype: "",
    month,
  };
}

function categoryOf(name: string): string {
  const found = Object.entries(CRIME_CATEGORIES).find(([, known]) => known === name);
  if (found === undefined) throw new Error(`${name} is no category`);
  return found[0];
}

function locationOf(row: Row): RawStop["location"] {
  const latitude = valueOf(row, "Latitude");
  const longitude = valueOf(row, "Longitude");
  if (latitude === "") return null;
  const point = `${latitude},${longitude}`;
  return { latitude, street: streets.get(point) ?? streetAt(point), longitude };
}

/** A street that was not recorded: a number made from its point, and its name where the archive has it. */
function streetAt(point: string, name = "On or near "): Street {
  const digest = createHash("sha256").update(point).digest();
  return { id: 1_000_000_000 + (digest.readUInt32BE() % 1_000_000_000), name };
}

/** Streets by point: recorded ones, then those of the archive. Point and street are one to one. */
function indexStreets(): Map<string, Street> {
  const found = new Map<string, Street>();
  for (const { Latitude = "", Longitude = "", Location = "" } of streetRows.flat()) {
    const point = `${Latitude},${Longitude}`;
    if (Latitude !== "") found.set(point, streetAt(point, Location));
  }
  for (const month of MONTHS) {
    const crimes: RawCrime[] = JSON.parse(readText(join(london, `crimes-${month}.json.gz`)));
    for (const { location } of crimes) {
      if (location !== null)
        found.set(`${location.latitude},${location.longitude}`, location.street);
    }
  }
  return found;
}

function readRows(month: string, kind: string): Row[] {
  const text = readText(join(archive, month, `${month}-${FORCE}-${kind}`));
  // These files have no quotes; one that has is not read.
  if (text.includes('"')) throw new Error(`${month} ${kind} has quotes`);
  const [header = "", ...lines] = text.trimEnd().split("\n");
  const names = header.split(",");
  return lines.map((line) => {
    const values = line.split(",");
    if (values.length !== names.length) throw new Error(`${line} has not ${names.length} columns`);
    return Object.fromEntries(names.map((name, at) => [name, values[at] ?? ""]));
  });
}

function valueOf(row: Row, name: string): string {
  const value = row[name];
  if (value === undefined) throw new Error(`there is no column ${name}`);
  return value;
}

function textOf(row: Row, name: string): string | null {
  return valueOf(row, name) || null;
}

function flagOf(row: Row, name: string): boolean | null {
  const value = valueOf(row, name);
  if (!["True", "False", ""].includes(value)) throw new Error(`${name} is ${value}`);
  return value === "" ? null : value === "True";
}

function readText(file: string): string {
  const bytes = readFileSync(file);
  return (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
}

function write(name: string, records: readonly unknown[]): void {
  const packed = brotliCompressSync(JSON.stringify(records));
  writeFileSync(new URL(`${name}.json.br`, target), packed);
  console.log(`${name}: ${records.length} ${packed.length} bytes`);
}
