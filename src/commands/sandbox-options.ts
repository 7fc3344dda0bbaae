import type { InferredOptionTypes, Options } from "yargs";
import { FAULTS } from "../sandbox/faults.ts";
import { LIE_NAMES } from "../sandbox/lies.ts";
import { LATENCIES } from "../sandbox/limits.ts";
import { parseOutages } from "../sandbox/outages.ts";
import { parseShares } from "../sandbox/shares.ts";
import { once, point, range } from "./checks.ts";

export const SANDBOX_OPTIONS = {
  port: {
    type: "number",
    requiresArg: true,
    default: 0,
    coerce: range("port", 0, 65_535),
    describe: "Port on 127.0.0.1; 0 is any free one",
  },
  latency: {
    choices: LATENCIES,
    default: "small" as const,
    describe: "How long replies take; live is as observed in the field",
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
    describe: `Share of replies about areas that lie: ${LIE_NAMES.join(", ")}`,
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
    coerce: (value: string) => parseOutages(once("outage")(value)),
    describe: "Seconds from the start, FROM..TO, in which every reply is 503; FROM.. for good",
  },
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
