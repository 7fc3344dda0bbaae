import type { Sent } from "./reply.ts";
import type { Shares } from "./shares.ts";

const STATUSES = ["500", "502", "503", "504", "429", "429-bare"] as const;
const BREAKS = ["reset", "cut", "html", "hang", "length"] as const;
export const FAULTS = [...STATUSES, ...BREAKS] as const;
export type Fault = (typeof FAULTS)[number];

/** The share of replies, 0 to 1, that each fault befalls. */
export type FaultRates = Shares<Fault>;

/** What is sent in the place of a body. */
export function commitFault(fault: Fault, body: string): Sent {
  switch (fault) {
    case "reset":
    case "hang":
    case "cut":
    case "length":
      return { body, ending: fault };
    case "html":
      return { headers: { "content-type": "text/html" }, body: "<html>Try again later</html>" };
    case "429":
      return { status: 429, headers: { "retry-after": "1" }, body: "" };
    default:
      return { status: Number.parseInt(fault, 10), body: "" };
  }
}
