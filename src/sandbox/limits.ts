import { usageError } from "../errors.ts";
import { AREA_KINDS } from "./subjects.ts";
import type { AreaKind } from "./subjects.ts";

/** The documented limits of the API (https://data.police.uk/docs/api-call-limits/). */
const RATE = 15;
const BURST = 30;

/** Most records in an area and month that get a reply, unless another limit is set. */
export const MAX_RECORDS = 10_000;

/** Longest request line, `GET` and `HTTP/1.1` included: path and query may have 4,081 characters. */
export const LONGEST_LINE = 4094;

/** Most records in an area and month, for every kind or for some; infinite for no limit. */
export type Limit = number | Partial<Record<AreaKind, number>>;

/** Reads `10000`, `none` or `crimes=14000,outcomes=10000`; anything else is wrong usage. */
export function parseLimit(text: string): Limit {
  const all = toLimit(text);
  if (all !== undefined) return all;
  const limits: Partial<Record<AreaKind, number>> = {};
  for (const piece of text.split(",")) {
    const [word, value = "", ...rest] = piece.split("=");
    const kind = AREA_KINDS.find((known) => known === word);
    const limit = toLimit(value);
    if (kind === undefined || limit === undefined || rest.length > 0) {
      throw usageError(
        `--limit ${piece} is not N, none or KIND=N, as in 10000 or crimes=14000; ` +
          `kinds are ${AREA_KINDS.join(", ")}`,
      );
    }
    limits[kind] = limit;
  }
  return limits;
}

function toLimit(text: string): number | undefined {
  if (text === "none") return Infinity;
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** The limit of a kind; a kind that is not named has the documented one. */
export function limitOf(limit: Limit, kind: AreaKind): number {
  return typeof limit === "number" ? limit : (limit[kind] ?? MAX_RECORDS);
}

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
