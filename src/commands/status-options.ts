import type { InferredOptionTypes, Options } from "yargs";
import { DATABASE_FILE } from "../store/files.ts";
import { databaseFile, kindsOf } from "./checks.ts";

export const STATUS_OPTIONS = {
  db: {
    type: "string",
    requiresArg: true,
    default: DATABASE_FILE,
    coerce: databaseFile,
    describe: "The database",
  },
  revisions: {
    type: "boolean",
    default: false,
    describe: "What releases changed of the months that were fetched again",
  },
  what: {
    type: "string",
    array: true,
    requiresArg: true,
    coerce: kindsOf("what"),
    describe: "Look at these records alone: crimes, outcomes, stops  [default: all three]",
  },
  json: { type: "boolean", default: false, describe: "One JSON document on stdout" },
} satisfies Record<string, Options>;

export type StatusArgs = InferredOptionTypes<typeof STATUS_OPTIONS>;
