import type { InferredOptionTypes, Options } from "yargs";
import { BLOCK_PAGES, BLOCK_STATUSES, parseBlockRetryAfter } from "../sandbox/blocks.ts";
import { parseBreaks } from "../sandbox/breaks.ts";
import { ENCODINGS } from "../sandbox/deliver.ts";
import { FAULTS } from "../sandbox/faults.ts";
import { parseGateway, parseSlow } from "../sandbox/gateway.ts";
import { LATENCIES, parseLatency } from "../sandbox/latency.ts";
import { parseLate } from "../sandbox/late.ts";
import { LIE_NAMES } from "../sandbox/lies.ts";
import { LONGEST_LINE, parseLimit } from "../sandbox/limits.ts";
import { parseRelease } from "../sandbox/release.ts";
import { parseShares } from "../sandbox/shares.ts";
import { parseSpans } from "../sandbox/spans.ts";
import { STOP_SHAPES } from "../sandbox/stops.ts";
import { parseEmpty } from "../sandbox/window.ts";
import { once, point, range } from "./checks.ts";

const DAY_SECONDS = 24 * 60 * 60;

export const SANDBOX_OPTIONS = {
  port: {
    type: "number",
    requiresArg: true,
    default: 0,
    coerce: range("port", 0, 65_535),
    describe: "Port on 127.0.0.1; 0 is any free one",
  },
  release: {
    type: "string",
    requiresArg: true,
    coerce: (value: string) => parseRelease(once("release")(value)),
    describe: "The day of a later release, YYYY-MM-DD, that has revised the months (made up)",
  },
  latency: {
    type: "string",
    requiresArg: true,
    // For completion: what else is taken is a number.
    choices: LATENCIES,
    default: "small",
    coerce: (value: string) => parseLatency(once("latency")(value)),
    describe: "How long replies take; live is as observed in the field, 10 ten times that",
  },
  fault: {
    type: "string",
    requiresArg: true,
    default: "",
    coerce: (value: string) => parseShares("fault", FAULTS, once("fault")(value)),
    describe: `Share of replies to break: ${FAULTS.join(", ")}`,
  },
  lie: {
    type: "string",
    requiresArg: true,
    default: "",
    coerce: (value: string) => parseShares("lie", LIE_NAMES, once("lie")(value)),
    describe: `Share of replies with records that lie: ${LIE_NAMES.join(", ")}`,
  },
  "lie-area": {
    type: "string",
    requiresArg: true,
    coerce: point("lie-area"),
    describe: "Lie only about areas that hold this point, LAT,LNG",
  },
  "fail-area": {
    type: "string",
    requiresArg: true,
    coerce: point("fail-area"),
    describe: "Areas that hold this point, LAT,LNG, always fail with 500",
  },
  outage: {
    type: "string",
    requiresArg: true,
    default: "",
    coerce: (value: string) => parseSpans("outage", once("outage")(value)),
    describe: "Seconds from the start, FROM..TO, in which every reply is 503; FROM.. for good",
  },
  limit: {
    type: "string",
    requiresArg: true,
    default: "10000",
    coerce: (value: string) => parseLimit(once("limit")(value)),
    describe: "Most records of an area and month, N, none or KIND=N,…; above is 503",
  },
  gateway: {
    type: "string",
    requiresArg: true,
    coerce: (value: string) => parseGateway(once("gateway")(value)),
    describe:
      "Areas of more than N records, N..M for up to M, end in 504; or N:502, N:reset, N:silence",
  },
  "gateway-after": {
    type: "number",
    requiresArg: true,
    coerce: range("gateway-after", 0, DAY_SECONDS, { whole: false }),
    describe: "Seconds until the gateway gives up; 30 at live latency, 0 without",
  },
  slow: {
    type: "string",
    requiresArg: true,
    coerce: (value: string) => parseSlow(once("slow")(value)),
    describe: "Areas of more than N records take so long, N:SECONDS",
  },
  block: {
    type: "string",
    requiresArg: true,
    default: "",
    coerce: (value: string) => parseSpans("block", once("block")(value)),
    describe: "Seconds from the start, FROM..TO, in which every request is blocked",
  },
  "block-above": {
    type: "number",
    requiresArg: true,
    coerce: range("block-above", 1, 10_000),
    describe: "Block for 60 s whoever sends more requests in any second",
  },
  "block-status": {
    type: "number",
    choices: BLOCK_STATUSES,
    default: 403 as const,
    describe: "The status of a block",
  },
  "block-page": {
    choices: BLOCK_PAGES,
    describe: "What a block says: a challenge page, the default of 403, or nothing",
  },
  "block-retry-after": {
    type: "string",
    requiresArg: true,
    default: "none",
    coerce: (value: string) => parseBlockRetryAfter(once("block-retry-after")(value)),
    describe: "Retry-After of a block: seconds, a date, any text; or none",
  },
  break: {
    type: "string",
    requiresArg: true,
    default: "",
    coerce: (value: string) => parseBreaks(once("break")(value)),
    describe:
      "Endpoints that always fail, PATH[?NAME=VALUE]=STATUS,…; or =redirect, =error, =none for []",
  },
  "retry-after": {
    type: "number",
    requiresArg: true,
    coerce: range("retry-after", 0, DAY_SECONDS),
    describe: "Retry-After of every 500, 502, 503 and 504, and above the rate, in seconds",
  },
  "window-moves": {
    type: "number",
    requiresArg: true,
    coerce: range("window-moves", 0, DAY_SECONDS, { whole: false }),
    describe: "Seconds after which the oldest month leaves",
  },
  empty: {
    type: "string",
    requiresArg: true,
    default: "",
    coerce: (value: string) => parseEmpty(once("empty")(value)),
    describe: "Months that are listed while areas have nothing of them yet, MONTH[:SECONDS],…",
  },
  late: {
    type: "string",
    requiresArg: true,
    default: "",
    coerce: (value: string) => parseLate(once("late")(value)),
    describe:
      "Forces that have no stops of the newest month until the months were asked for N times, FORCE[:N],…",
  },
  stops: {
    choices: STOP_SHAPES,
    default: "given" as const,
    describe:
      "Stops as recorded, with the 15 keys of 2017, with odd values and equal rows, or unlisted",
  },
  released: {
    type: "string",
    requiresArg: true,
    coerce: once("released"),
    describe: "The date of the newest release, or what stands in its place",
  },
  twice: { type: "boolean", default: false, describe: "Lists name everything twice" },
  "longest-line": {
    type: "number",
    requiresArg: true,
    default: LONGEST_LINE,
    coerce: range("longest-line", 1, 100_000),
    describe: "Most characters of a request line; above is 400",
  },
  encoding: {
    choices: ENCODINGS,
    default: "none" as const,
    describe: "The content-encoding of replies",
  },
  bom: { type: "boolean", default: false, describe: "A byte order mark before the JSON" },
  seed: {
    type: "number",
    requiresArg: true,
    default: 1,
    coerce: range("seed", 0, 2 ** 31),
    describe: "Chooses which replies break and lie",
  },
  verbose: { type: "boolean", default: false, describe: "A line for every request" },
} satisfies Record<string, Options>;

export type SandboxOptionTypes = InferredOptionTypes<typeof SANDBOX_OPTIONS>;
