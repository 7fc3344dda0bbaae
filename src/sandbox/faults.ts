import type { ServerResponse } from "node:http";
import { usageError } from "../errors.ts";

const STATUSES = ["500", "502", "503", "504", "429", "429-bare"] as const;
const BREAKS = ["reset", "cut", "html", "hang", "length"] as const;
export const FAULTS = [...STATUSES, ...BREAKS] as const;
export type Fault = (typeof FAULTS)[number];

/** The share of replies, 0 to 1, that each fault befalls. */
export type FaultRates = Partial<Record<Fault, number>>;

/** Reads `500=0.05,reset=0.02`; anything else is wrong usage. */
export function parseFaults(text: string): FaultRates {
  const rates: FaultRates = {};
  for (const part of text.split(",").filter((piece) => piece !== "")) {
    const [name = "", value = ""] = part.split("=");
    const fault = FAULTS.find((known) => known === name);
    const rate = Number(value);
    if (fault === undefined || value === "" || !(rate >= 0 && rate <= 1)) {
      throw usageError(
        `--fault ${part} is not KIND=SHARE, as in 500=0.05,reset=0.02; a share is from 0 to 1, ` +
          `and kinds are ${FAULTS.join(", ")}`,
      );
    }
    rates[fault] = rate;
  }
  return rates;
}

/** Chooses at most one fault for each reply; the same seed chooses the same ones. */
export function createFaultChooser(rates: FaultRates, seed: number): () => Fault | undefined {
  const random = createRandom(seed);
  return () => {
    let draw = random();
    for (const fault of FAULTS) {
      draw -= rates[fault] ?? 0;
      if (draw < 0) return fault;
    }
    return undefined;
  };
}

/** Mulberry32: small, seeded, and even enough for tests. */
export function createRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Answers with the fault in the place of the body. */
export function commitFault(fault: Fault, response: ServerResponse, body: string): void {
  switch (fault) {
    case "reset":
      response.destroy();
      return;
    case "hang":
      return;
    case "cut":
    case "length":
      sendShort(response, body, fault === "cut" ? 0.5 : 1);
      return;
    case "html":
      response.writeHead(200, { "content-type": "text/html" }).end("<html>Try again later</html>");
      return;
    case "429":
      response.writeHead(429, { "retry-after": "1" }).end();
      return;
    default:
      response.writeHead(Number.parseInt(fault, 10)).end();
  }
}

/** Promises more bytes than it sends, and hangs up. */
function sendShort(response: ServerResponse, body: string, share: number): void {
  const bytes = Buffer.from(body);
  const promised = share === 1 ? bytes.length + 10 : bytes.length;
  response.writeHead(200, { "content-type": "application/json", "content-length": promised });
  response.write(bytes.subarray(0, Math.floor(bytes.length * share)), () => response.destroy());
}
