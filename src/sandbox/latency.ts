import { usageError } from "../errors.ts";
import type { Subject } from "./subjects.ts";

export const LATENCIES = ["none", "small", "live"] as const;

/** How long replies take; a number multiplies `live`. */
export type Latency = (typeof LATENCIES)[number] | number;

const MOST = 1000;
const FIRST_MS = 450;
/** How long each record takes at live latency: 12,088 stops came in 1.7 s. */
const RECORD_MS: Record<Subject, number> = {
  crimes: 1.1,
  outcomes: 1.1,
  unlocated: 1.1,
  stops: 0.1,
};

/** Reads `none`, `small`, `live` or a number; anything else is wrong usage. */
export function parseLatency(text: string): Latency {
  const named = LATENCIES.find((name) => name === text);
  if (named !== undefined) return named;
  const factor = Number(text);
  if (text !== "" && factor >= 0 && factor <= MOST) return factor;
  throw usageError(
    `--latency ${text} is not ${LATENCIES.join(", ")} or a number from 0 to ${MOST}, ` +
      "as in 10 for ten times live",
  );
}

/** How long a reply of so many records takes, in milliseconds; 'live' is as observed in the field. */
export function latencyMs(latency: Latency, records: number, subject: Subject = "crimes"): number {
  if (latency === "small") return 10 + records / 200;
  return factorOf(latency) * (FIRST_MS + RECORD_MS[subject] * Math.min(records, 14_000));
}

/** How long it takes to refuse an area of so many records: observed were 0.5 to 9 s, `draw` is 0 to 1. */
export function refusalMs(latency: Latency, records: number, draw: number): number {
  if (latency === "small") return latencyMs(latency, records);
  return factorOf(latency) * (500 + 8500 * draw);
}

/** After how many seconds a gateway gives up. It does not wait longer where replies are slower. */
export function patienceSeconds(latency: Latency): number {
  return latency === "small" ? 0 : 30 * Math.min(1, factorOf(latency));
}

function factorOf(latency: Exclude<Latency, "small">): number {
  if (latency === "none") return 0;
  return latency === "live" ? 1 : latency;
}
