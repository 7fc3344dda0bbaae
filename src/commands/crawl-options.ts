import type { ArgumentsCamelCase, InferredOptionTypes, Options } from "yargs";
import { BASE_URL, RATE } from "../police-api.ts";
import { address, databaseFile, kindsOf, listOf, month, newestOf, once, range } from "./checks.ts";

/** Slower than this, no crawl comes to an end: 100 s for each request. */
const LEAST_RATE = 0.01;

export const CRAWL_OPTIONS = {
  "from-last-update": {
    alias: "u",
    type: "boolean",
    conflicts: "since",
    describe: "Only months after the one in last_update.json",
  },
  since: {
    type: "string",
    requiresArg: true,
    coerce: month("since"),
    describe: "From this month on, YYYY-MM  [default: the oldest published]",
  },
  until: {
    alias: "t",
    type: "string",
    requiresArg: true,
    coerce: month("until"),
    describe: "Up to and including this month, YYYY-MM  [default: the newest published]",
  },
  force: {
    type: "string",
    array: true,
    requiresArg: true,
    coerce: listOf("force"),
    describe: "Only these forces, by id  [default: all]",
  },
  what: {
    type: "string",
    array: true,
    requiresArg: true,
    coerce: kindsOf("what"),
    describe: "Which records: crimes, outcomes, stops  [default: all three]",
  },
  plan: {
    choices: ["tiles", "neighbourhoods"] as const,
    describe: "Which polygons are asked  [default: tiles, or neighbourhoods where these are fewer]",
  },
  refresh: {
    type: "string",
    coerce: newestOf("refresh"),
    describe: "Fetch complete months again and replace them: all, or the newest N",
  },
  "refresh-boundaries": {
    type: "boolean",
    default: false,
    describe:
      "Fetch all neighbourhoods and boundaries anew, not only a sixth of the boundaries a month",
  },
  local: {
    alias: "l",
    type: "boolean",
    default: false,
    describe: "One request at a time, for debugging",
  },
  db: {
    type: "string",
    requiresArg: true,
    coerce: databaseFile,
    describe: "The database  [default: ukpolice.db; sandbox/ukpolice.db with --sandbox]",
  },
  "api-url": {
    type: "string",
    requiresArg: true,
    default: BASE_URL,
    coerce: address,
    describe: "Base address of the API",
  },
  rate: {
    type: "number",
    requiresArg: true,
    default: RATE,
    coerce: range("rate", LEAST_RATE, RATE, { whole: false }),
    describe: `Requests a second, ${LEAST_RATE} to ${RATE}`,
  },
  concurrency: {
    type: "number",
    requiresArg: true,
    default: 12,
    coerce: range("concurrency", 1, 64),
    describe: "Requests in flight at once, 1 to 64",
  },
  patience: {
    type: "number",
    requiresArg: true,
    default: 15,
    coerce: range("patience", 0, 1440, { whole: false }),
    describe: "Minutes to wait for an API that is down",
  },
  sandbox: {
    type: "boolean",
    default: false,
    describe: "Crawl the bundled sample through a local server; no internet needed",
  },
  "dry-run": {
    type: "boolean",
    default: false,
    describe: "Print the plan (months, requests, time) and write nothing",
  },
  "on-change": {
    type: "string",
    requiresArg: true,
    coerce: once("on-change"),
    describe: "Run this command in a shell after a crawl that changed records",
  },
  "exit-code": {
    type: "boolean",
    default: false,
    describe: "Exit with 6 where all went well and no record changed",
  },
  json: { type: "boolean", default: false, describe: "One JSON document on stdout at the end" },
  quiet: { type: "boolean", default: false, describe: "No progress and no summary, only errors" },
  verbose: { type: "boolean", default: false, describe: "A line for every request" },
  "log-file": {
    type: "string",
    requiresArg: true,
    coerce: once("log-file"),
    describe: "Append a log of JSON lines",
  },
} satisfies Record<string, Options>;

export type CrawlOptionTypes = InferredOptionTypes<typeof CRAWL_OPTIONS>;

export type CrawlArgs = ArgumentsCamelCase<CrawlOptionTypes>;
