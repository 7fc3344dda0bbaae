import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { gzipSync } from "node:zlib";
import type { Sent } from "./reply.ts";

export const ENCODINGS = ["none", "identity", "gzip", "x-gzip", "GZIP"] as const;
export type Encoding = (typeof ENCODINGS)[number];

export type DeliveryOptions = {
  /** What `content-encoding` says and is, whatever was accepted; `none` leaves it out. */
  encoding?: Encoding | undefined;
  /** Whether a byte order mark stands before the JSON. */
  bom?: boolean | undefined;
  /** In seconds, with every 500, 502, 503 and 504, and with the 429 of the rate. */
  retryAfter?: number | undefined;
};

const JSON_TYPE = "application/json";
const BOM = "\uFEFF";
const FAILURES = [500, 502, 503, 504];

/** Puts a reply on the wire, or does what comes in its place. */
export async function deliver(
  response: ServerResponse,
  sent: Sent,
  options: DeliveryOptions,
): Promise<void> {
  const { status = 200, headers = {}, body, ending } = sent;
  if (ending === "hang") return;
  if (ending === "reset") {
    response.destroy();
    return;
  }
  const all = { "content-type": JSON_TYPE, ...retryLater(sent, options), ...headers };
  if (typeof body !== "string") {
    response.writeHead(status, all);
    await pipeline(Readable.from(body), response);
    return;
  }
  const packed = all["content-type"] === JSON_TYPE ? pack(body, options) : { body };
  response.writeHead(status, { ...all, ...packed.headers, ...promised(packed.body, ending) });
  if (ending === undefined) response.end(packed.body);
  else response.write(shorten(packed.body, ending), () => response.destroy());
}

type Packed = { headers?: Record<string, string>; body: string | Buffer };

/** Packs a body of JSON; one that is empty stays so. */
function pack(json: string, { encoding = "none", bom = false }: DeliveryOptions): Packed {
  if (json === "") return { body: "" };
  const body = bom ? BOM + json : json;
  if (encoding === "none") return { body };
  const headers = { "content-encoding": encoding };
  return { headers, body: encoding === "identity" ? body : gzipSync(body) };
}

function retryLater(
  { status = 200, obstacle }: Sent,
  { retryAfter }: DeliveryOptions,
): Record<string, string> {
  const isMeant = FAILURES.includes(status) || obstacle === "rate";
  return isMeant && retryAfter !== undefined ? { "retry-after": `${retryAfter}` } : {};
}

/** More bytes than will come. */
function promised(body: string | Buffer, ending: Sent["ending"]): Record<string, number> {
  if (ending === undefined) return {};
  return { "content-length": Buffer.byteLength(body) + (ending === "length" ? 10 : 0) };
}

function shorten(body: string | Buffer, ending: Sent["ending"]): Buffer {
  const bytes = Buffer.from(body);
  return ending === "cut" ? bytes.subarray(0, Math.floor(bytes.length / 2)) : bytes;
}
