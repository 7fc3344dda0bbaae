import type { ServerResponse } from "node:http";
import type { Shares } from "./shares.ts";

const STATUSES = ["500", "502", "503", "504", "429", "429-bare"] as const;
const BREAKS = ["reset", "cut", "html", "hang", "length"] as const;
export const FAULTS = [...STATUSES, ...BREAKS] as const;
export type Fault = (typeof FAULTS)[number];

/** The share of replies, 0 to 1, that each fault befalls. */
export type FaultRates = Shares<Fault>;

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
