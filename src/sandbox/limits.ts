/** The documented limits of the API (https://data.police.uk/docs/api-call-limits/). */
const RATE = 15;
const BURST = 30;

/** Most records in an area and month, and longest GET in characters, that are answered. */
export const MAX_RECORDS = 10_000;
export const MAX_GET = 4094;

/** A leaky bucket of 15 requests a second with a burst of 30: false means 429. */
export function createLimiter(now: () => number = () => performance.now()): () => boolean {
  let tokens = BURST;
  let at = now();
  return () => {
    const time = now();
    tokens = Math.min(BURST, tokens + ((time - at) / 1000) * RATE);
    at = time;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

export const LATENCIES = ["none", "small", "live"] as const;
export type Latency = (typeof LATENCIES)[number];

/** How long a reply of so many records takes, in milliseconds; 'live' is as observed in the field. */
export function latencyMs(latency: Latency, records: number): number {
  if (latency === "none") return 0;
  if (latency === "small") return 10 + records / 200;
  return 450 + 1.1 * Math.min(records, 14_000);
}
