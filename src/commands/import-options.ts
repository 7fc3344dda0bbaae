import type { ArgumentsCamelCase, InferredOptionTypes, Options } from "yargs";
import { DATABASE_FILE } from "../store/files.ts";
import { databaseFile, kindsOf, listOf, month, once } from "./checks.ts";

export const IMPORT_OPTIONS = {
  since: {
    type: "string",
    requiresArg: true,
    coerce: month("since"),
    describe: "From this month on, YYYY-MM  [default: the oldest in the files]",
  },
  until: {
    alias: "t",
    type: "string",
    requiresArg: true,
    coerce: month("until"),
    describe: "Up to and including this month, YYYY-MM  [default: the newest in the files]",
  },
  force: {
    type: "string",
    array: true,
    requiresArg: true,
    coerce: listOf("force"),
    describe: "Only the files of these forces, by id  [default: all]",
  },
  what: {
    type: "string",
    array: true,
    requiresArg: true,
    coerce: kindsOf("what"),
    describe: "Which records: crimes, outcomes, stops  [default: all three]",
  },
  replace: {
    type: "boolean",
    default: false,
    describe: "Also the API's months, as a whole, and files that are here already",
  },
  compare: {
    type: "boolean",
    default: false,
    describe: "Write nothing; tell how the API's months differ from the files",
  },
  "dry-run": {
    type: "boolean",
    default: false,
    describe: "Tell what it would import, replace and leave alone, and write nothing",
  },
  release: {
    type: "string",
    requiresArg: true,
    coerce: month("release"),
    describe:
      "Of which release the files are, YYYY-MM  [default: by the zip's name or newest month]",
  },
  db: {
    type: "string",
    requiresArg: true,
    default: DATABASE_FILE,
    coerce: databaseFile,
    describe: "The database",
  },
  json: { type: "boolean", default: false, describe: "One JSON document on stdout at the end" },
  quiet: { type: "boolean", default: false, describe: "No progress and no summary, only errors" },
  verbose: { type: "boolean", default: false, describe: "A line for every file" },
  "log-file": {
    type: "string",
    requiresArg: true,
    coerce: once("log-file"),
    describe: "Append a log of JSON lines",
  },
} satisfies Record<string, Options>;

export type ImportOptionTypes = InferredOptionTypes<typeof IMPORT_OPTIONS> & { files: string[] };

export type ImportArgs = ArgumentsCamelCase<ImportOptionTypes>;
