import type { InferredOptionTypes, Options } from "yargs";
import { usageError } from "../errors.ts";
import { GROUPS } from "../reports/report.ts";
import type { ReportName } from "../reports/report.ts";
import { DATABASE_FILE } from "../store/files.ts";
import { KINDS } from "../types.ts";
import { databaseFile, month, once, point, range } from "./checks.ts";

const GROUPED = [...new Set(Object.values(GROUPS).flat())];
/** A circle wider than this is no neighbourhood. */
const FARTHEST = 20_000;

export const REPORT_OPTIONS = {
  layer: {
    type: "string",
    requiresArg: true,
    coerce: once("layer"),
    describe: "By the areas of this layer, see ukpolice areas list  [default: forces]",
  },
  area: {
    type: "string",
    array: true,
    requiresArg: true,
    describe: "Of this area, LAYER/AREA by id or name, as in forces/kent; with compare of several",
  },
  what: {
    choices: KINDS,
    describe: "Which records trend, areas and compare are of  [default: crimes]",
  },
  category: {
    type: "string",
    requiresArg: true,
    coerce: once("category"),
    describe: "Only of this category, by id or name  [default: all]",
  },
  since: {
    type: "string",
    requiresArg: true,
    coerce: month("since"),
    describe: "From this month on, YYYY-MM  [default: 12 months]",
  },
  until: {
    alias: "t",
    type: "string",
    requiresArg: true,
    coerce: month("until"),
    describe: "Up to and including this month, YYYY-MM  [default: the newest]",
  },
  per: {
    type: "number",
    requiresArg: true,
    coerce: range("per", 1, 1_000_000),
    describe: "Rates for so many people and a year, as in --per 1000",
  },
  near: {
    type: "string",
    requiresArg: true,
    coerce: point("near"),
    describe: "With near and streets: around this point, LAT,LNG",
  },
  within: {
    type: "string",
    requiresArg: true,
    coerce: distance,
    describe: "How near that is: 500m, 1.5km  [default: 500m]",
  },
  by: {
    choices: GROUPED,
    describe: "How near, outcomes, stops and compare are grouped",
  },
  limit: {
    type: "number",
    requiresArg: true,
    default: 40,
    coerce: range("limit", 1, 1_000_000),
    describe: "Rows of a table that are shown; csv and json have all",
  },
  csv: { type: "boolean", default: false, describe: "The rows as CSV on stdout" },
  json: { type: "boolean", default: false, describe: "One JSON document on stdout" },
  open: { type: "boolean", default: false, describe: "Open the page of browse that shows it" },
  db: {
    type: "string",
    requiresArg: true,
    default: DATABASE_FILE,
    coerce: databaseFile,
    describe: "The database",
  },
} satisfies Record<string, Options>;

export type ReportArgs = InferredOptionTypes<typeof REPORT_OPTIONS> & { name: ReportName };

/** Metres, of `500m`, `500` or `1.5km`. */
function distance(value: string | string[]): number {
  const text = once("within")(value);
  const [, number, unit] = /^(\d+(?:\.\d+)?) ?(m|km)?$/.exec(text) ?? [];
  const metres = Number(number) * (unit === "km" ? 1000 : 1);
  if (metres > 0 && metres <= FARTHEST) return metres;
  throw usageError(`--within ${text} is no distance up to 20 km; write it as 500m or 1.5km`);
}
