import type { InferredOptionTypes, Options } from "yargs";
import { checkOrder } from "../crawl/months.ts";
import { usageError } from "../errors.ts";
import { FORMATS, WHATS } from "../export/format.ts";
import type { What } from "../export/format.ts";
import { suggest } from "../suggest.ts";
import { listOf, month, once } from "./checks.ts";

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
    coerce: listOf,
    describe: `Which records: ${WHATS.join(", ")}  [default: all three]`,
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
    coerce: listOf,
    describe: "Only records in the areas of these forces, by id  [default: all, and those in none]",
  },
  category: {
    type: "string",
    array: true,
    requiresArg: true,
    coerce: listOf,
    describe: "Only crimes of these categories, by id, and outcomes of such crimes  [default: all]",
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
    coerce: once("db"),
    describe: "The database",
  },
  quiet: {
    type: "boolean",
    default: false,
    describe: "No progress, no warnings and no summary, only errors",
  },
} satisfies Record<string, Options>;

export type ExportArgs = InferredOptionTypes<typeof EXPORT_OPTIONS>;

/** Checks the words alone, before the database is looked at; answers which records are wanted. */
export function checkExport({ out, format, ndjson, what, ...bounds }: ExportArgs): What[] {
  checkOrder(bounds);
  const whats = what === undefined ? [...WHATS] : toWhats(what);
  if (out === "") throw usageError("--out names no folder", "name one, or - for standard output");
  if (ndjson && format !== "geojson") {
    throw usageError(`--ndjson is a way to write geojson, not ${format}`, "leave one of them out");
  }
  if (out === "-" && whats.length !== 1) {
    throw usageError(
      "--out - writes one file, and so one kind of record",
      `name it: ${WHATS.map((name) => `--what ${name}`).join(", or ")}`,
    );
  }
  return whats;
}

function toWhats(names: readonly string[]): What[] {
  const unknown = names.find((name) => !WHATS.some((what) => what === name));
  if (unknown !== undefined) {
    throw usageError(`--what ${unknown} is no kind of record`, suggest(unknown, WHATS));
  }
  return WHATS.filter((what) => names.includes(what));
}
