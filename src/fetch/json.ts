import { isAscii, isUtf8 } from "node:buffer";
import { InvalidReplyError, TransientError } from "./errors.ts";

/** The API's replies are four levels deep. */
const MAX_DEPTH = 32;
/** Objects and arrays a byte: records have one in 90 bytes. More would cost memory, and tell nothing. */
const MAX_DENSITY = 1 / 16;
const SMALL_BYTES = 16_384;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;

/**
 * Parses a reply that nobody vouches for: how deep and how dense it is, is known before anything
 * is made of it; a key that stands twice in an object, or is `__proto__`, is refused, and so are
 * bytes that are not UTF-8. What is no JSON at all is a TransientError, the rest InvalidReplyErrors.
 */
export function parseJson(request: string, bytes: Buffer): unknown {
  const { keys, depth, containers } = scan(bytes);
  if (depth > MAX_DEPTH) throw new InvalidReplyError(request, "it is nested too deep");
  if (containers > SMALL_BYTES * MAX_DENSITY + bytes.length * MAX_DENSITY) {
    throw new InvalidReplyError(request, "it holds too many objects for its size");
  }
  let value: Json;
  try {
    value = JSON.parse(decode(bytes));
  } catch (cause) {
    const isPage = /^\s*</.test(bytes.subarray(0, 64).toString("latin1"));
    const what = isPage ? "a page in the place of JSON" : "the reply is no JSON";
    throw new TransientError(`${request}: ${what}`, { cause, isPage });
  }
  if (!isUtf8(bytes)) throw new InvalidReplyError(request, "it is not UTF-8");
  const kept = countKeys(request, value);
  if (kept !== keys) throw new InvalidReplyError(request, "a key stands twice in an object");
  return value;
}

/** Without a byte order mark; ASCII, which most replies are, is decoded quicker as Latin-1. */
function decode(bytes: Buffer): string {
  return isAscii(bytes) ? bytes.toString("latin1") : new TextDecoder().decode(bytes);
}

/** Counts what a JSON text is made of, outside of its strings; every byte is looked at once. */
function scan(bytes: Uint8Array): { keys: number; depth: number; containers: number } {
  let keys = 0;
  let containers = 0;
  let level = 0;
  let depth = 0;
  const end = bytes.length;
  for (let at = 0; at < end; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = endOfString(bytes, at + 1);
    } else if (byte === COLON) {
      keys += 1;
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      containers += 1;
      level += 1;
      if (level > depth) depth = level;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      level -= 1;
    }
  }
  return { keys, depth, containers };
}

function endOfString(bytes: Uint8Array, start: number): number {
  let at = start;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

function countKeys(request: string, value: Json): number {
  if (typeof value !== "object" || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) count += countKeys(request, item);
    return count;
  }
  for (const key in value) {
    if (key === "__proto__") throw new InvalidReplyError(request, "the key '__proto__'");
    const item = value[key];
    count += 1;
    if (typeof item === "object" && item !== null) count += countKeys(request, item);
  }
  return count;
}
