import type { InferredOptionTypes, Options } from "yargs";
import { DATABASE_FILE } from "../store/files.ts";
import { databaseFile, once } from "./checks.ts";

export const AREAS_VERBS = ["add", "list", "remove", "update"] as const;

const key = (name: string, describe: string) => ({
  type: "string" as const,
  requiresArg: true,
  coerce: once(name),
  describe,
});

export const AREAS_OPTIONS = {
  name: key("name", "With add: what the layer is called; of figures (CSV), whose they are"),
  id: key("id", "With add: the property, or column, that tells areas apart"),
  label: key("label", "With add: the property that people call an area by"),
  population: key(
    "population",
    "With add: the property, or column, with how many people live there",
  ),
  db: {
    type: "string",
    requiresArg: true,
    default: DATABASE_FILE,
    coerce: databaseFile,
    describe: "The database",
  },
  json: { type: "boolean", default: false, describe: "One JSON document on stdout" },
  quiet: { type: "boolean", default: false, describe: "Nothing but errors" },
} satisfies Record<string, Options>;

export type AreasArgs = InferredOptionTypes<typeof AREAS_OPTIONS> & {
  verb: (typeof AREAS_VERBS)[number];
  what: string | undefined;
};
