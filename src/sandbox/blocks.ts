import { usageError } from "../errors.ts";
import type { HttpReply } from "./reply.ts";
import { isWithin } from "./spans.ts";
import type { Span } from "./spans.ts";

export const BLOCK_STATUSES = [403, 429] as const;
export const BLOCK_PAGES = ["html", "none"] as const;

export type BlockOptions = {
  /** When everything is blocked. */
  block?: readonly Span[] | undefined;
  /** Blocks for 60 s whoever sends more requests than this in any second. */
  blockAbove?: number | undefined;
  /** 403 unless it is said. */
  blockStatus?: (typeof BLOCK_STATUSES)[number] | undefined;
  /** A challenge page; with 403 unless it is said. */
  blockPage?: (typeof BLOCK_PAGES)[number] | undefined;
  /** In seconds, or as it is sent; none unless it is said. */
  blockRetryAfter?: number | string | undefined;
};

const BLOCKED_SECONDS = 60;
const PAGE =
  "<!doctype html><html><head><title>Just a moment...</title></head>" +
  "<body><h1>Checking that you are human</h1></body></html>";

/** Reads `none`, or what is sent as it is: seconds, a date, anything; nothing is wrong usage. */
export function parseBlockRetryAfter(text: string): string | undefined {
  if (text === "none") return undefined;
  if (/^[\x20-\x7e]+$/.test(text)) return text;
  throw usageError(`--block-retry-after '${text}' is nothing that a header can hold; or none`);
}

/** Tells whether a request is blocked, and how; it has to be asked about every request. */
export function createBlock(options: BlockOptions): (seconds: number) => HttpReply | undefined {
  const { block = [], blockAbove = Infinity } = options;
  const reply = blockedReply(options);
  let lately: number[] = [];
  let until = 0;
  return (seconds) => {
    if (blockAbove < Infinity) {
      lately = [...lately.filter((earlier) => earlier > seconds - 1), seconds];
      const isFree = seconds >= until;
      if (isFree && lately.length > blockAbove) until = seconds + BLOCKED_SECONDS;
    }
    return seconds < until || isWithin(block, seconds) ? reply : undefined;
  };
}

function blockedReply({ blockStatus = 403, blockPage, blockRetryAfter }: BlockOptions): HttpReply {
  const isPage = (blockPage ?? (blockStatus === 403 ? "html" : "none")) === "html";
  const wait = blockRetryAfter === undefined ? {} : { "retry-after": `${blockRetryAfter}` };
  return {
    obstacle: "block",
    status: blockStatus,
    headers: { ...(isPage ? { "content-type": "text/html" } : {}), ...wait },
    body: () => (isPage ? PAGE : ""),
  };
}
