import { LATENCY, MOST_RECORDS } from "../../police-api.ts";

/** A reply is waited for so many times as long as its size leads to expect, within these bounds. */
const TIMES = 4;
const LEAST_MS = 20_000;
const MOST_MS = 120_000;
/** Until so many replies were timed, nobody knows how fast the API is today. */
const ENOUGH = 5;
/** How much of what earlier replies told is kept with each new one. */
const KEPT = 0.8;
/** A pace that changed by less is not worth being written down. */
const NOTABLE = 1.1;

export type Patience = {
  /** How long to wait for a reply that is expected to hold so many records. */
  waitMs(records: number): number;
  /** How many records are to be expected to come within so many milliseconds; Infinity: not known yet. */
  fitting(ms: number): number;
  /** Says how long a reply took on the wire. */
  took(records: number, ms: number): void;
};

export type PatienceOptions = {
  /** How many times as long as was observed once replies took in earlier runs. */
  known?: number | undefined;
  save?: (pace: number) => void;
};

/**
 * Learns how fast the API is, against what was observed of it once. Large replies weigh more than
 * small ones, and no single one much.
 */
export function createPatience({ known, save = () => {} }: PatienceOptions = {}): Patience {
  const expectMs = (records: number) => LATENCY.baseMs + LATENCY.perRecordMs * records;
  const before = expectMs(MOST_RECORDS);
  const spent = { ms: (known ?? 1) * before, dueMs: before };
  let timed = 0;
  let saved = known ?? 1;
  const pace = () => spent.ms / spent.dueMs;
  return {
    waitMs(records) {
      if (timed < ENOUGH) return MOST_MS;
      return Math.min(MOST_MS, Math.max(LEAST_MS, TIMES * pace() * expectMs(records)));
    },
    fitting(ms) {
      if (known === undefined && timed < ENOUGH) return Infinity;
      return (ms / pace() - LATENCY.baseMs) / LATENCY.perRecordMs;
    },
    took(records, ms) {
      spent.ms = KEPT * spent.ms + ms;
      spent.dueMs = KEPT * spent.dueMs + expectMs(records);
      timed += 1;
      const change = pace() / saved;
      if (change < NOTABLE && change > 1 / NOTABLE) return;
      saved = pace();
      save(saved);
    },
  };
}
