import type { InferredOptionTypes, Options } from "yargs";
import { FORMATS, WHATS } from "../export/format.ts";
import { databaseFile, listOf, month, once } from "./checks.ts";

export const EXPORT_OPTIONS = {
  format: {
    choices: FORMATS,
    demandOption: true,
    describe: "csv: as the official archive; geojson: for maps; parquet: partitioned, for DuckDB",
  },
  out: {
    type: "string",
    requiresArg: true,
    demandOption: true,
    coerce: once("out"),
    describe: "The folder to write to; - for standard output, with one kind of record",
  },
  what: {
    type: "string",
    array: true,
    requiresArg: true,
    coerce: listOf("what"),
    describe: `Which records: ${WHATS.join(", ")}  [default: all]`,
  },
  since: {
    type: "string",
    requiresArg: true,
    coerce: month("since"),
    describe: "From this month on, YYYY-MM  [default: the oldest in the database]",
  },
  until: {
    alias: "t",
    type: "string",
    requiresArg: true,
    coerce: month("until"),
    describe: "Up to and including this month, YYYY-MM  [default: the newest in the database]",
  },
  force: {
    type: "string",
    array: true,
    requiresArg: true,
    coerce: listOf("force"),
    describe: "Only records of these forces, by id  [default: all, and those of none]",
  },
  category: {
    type: "string",
    array: true,
    requiresArg: true,
    coerce: listOf("category"),
    describe:
      "Only crimes of these categories, by id, and outcomes of such crimes; no stops  [default: all]",
  },
  within: {
    type: "string",
    requiresArg: true,
    coerce: once("within"),
    describe:
      "Only records whose point lies in a circle, LAT,LNG,RADIUS as in 51.5,-0.12,500m, or in the polygons of a GeoJSON file",
  },
  changed: {
    type: "boolean",
    default: false,
    describe:
      "Write only files whose months changed since the last export into the folder, and remove those that are gone",
  },
  ndjson: {
    type: "boolean",
    default: false,
    describe: "With geojson: a feature a line, for files of any size",
  },
  db: {
    type: "string",
    requiresArg: true,
    default: "ukpolice.db",
    coerce: databaseFile,
    describe: "The database",
  },
  quiet: {
    type: "boolean",
    default: false,
    describe: "No progress, no warnings and no summary, only errors",
  },
} satisfies Record<string, Options>;

export type ExportArgs = InferredOptionTypes<typeof EXPORT_OPTIONS>;
