import { createGunzip } from "node:zlib";
import type { Readable } from "node:stream";
import { Pool } from "undici";
import type { Dispatcher } from "undici";
import { explain } from "../errors.ts";
import { InvalidReplyError, RefusedError, RejectedError } from "./errors.ts";
import { TooManyRequestsError, TransientError } from "./errors.ts";
import { parseJson } from "./json.ts";
import { parseRetryAfter } from "./retry.ts";

/**
 * A full reply of the API is 4 to 6 MB; what is twice as large is none of its replies, and a dozen
 * of them at once have to fit into memory.
 */
const MAX_BODY_BYTES = 12 * 1024 * 1024;

/** `form` is sent as `application/x-www-form-urlencoded` by POST, the only body the API takes. */
export type HttpRequest = { path: string; form?: string };

export type Http = {
  /** One attempt: the parsed JSON of a 200, or one of the errors of this folder. */
  send(request: HttpRequest): Promise<unknown>;
  /** Ends connections and whatever still runs on them. */
  close(): Promise<void>;
};

export type HttpOptions = {
  baseUrl: URL;
  connections: number;
  timeoutMs: number;
  userAgent: string;
};

/** Opens keep-alive connections to one origin; none is made before the first request. */
export function createHttp({ baseUrl, connections, timeoutMs, userAgent }: HttpOptions): Http {
  const pool = new Pool(baseUrl.origin, {
    connections,
    pipelining: 1,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connect: { timeout: Math.min(timeoutMs, 20_000) },
  });
  const prefix = baseUrl.pathname.replace(/\/+$/, "");
  const common = { "user-agent": userAgent, accept: "application/json", "accept-encoding": "gzip" };

  return {
    async send({ path, form }) {
      const deadline = startDeadline(timeoutMs);
      const type = { "content-type": "application/x-www-form-urlencoded" };
      const options: Dispatcher.RequestOptions = {
        path: prefix + path,
        method: form === undefined ? "GET" : "POST",
        headers: form === undefined ? common : { ...common, ...type },
        body: form ?? null,
        signal: deadline.signal,
      };
      const name = nameOf(path);
      try {
        return await receive(name, await pool.request(options));
      } catch (error) {
        throw classify(name, error);
      } finally {
        deadline.clear();
      }
    },
    close: () => pool.destroy(),
  };
}

/** Ends a whole reply that takes too long; cleared, it holds on to nothing of the reply. */
function startDeadline(timeoutMs: number): { signal: AbortSignal; clear(): void } {
  const controller = new AbortController();
  const reason = new DOMException("no whole reply in time", "TimeoutError");
  const timer = setTimeout(() => controller.abort(reason), timeoutMs);
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}

/** The part of a path that says what was asked: a polygon would fill the screen. */
function nameOf(path: string): string {
  return path.replace(/poly=[^&]*&?/, "").replace(/[?&]$/, "");
}

async function receive(name: string, reply: Dispatcher.ResponseData): Promise<unknown> {
  const { statusCode: status, headers, body } = reply;
  if (status !== 200) {
    await body.dump({ limit: 64 * 1024 });
    throw statusError(name, status, text(headers["retry-after"]));
  }
  return parseJson(name, await readBody(name, body, text(headers["content-encoding"])));
}

function statusError(name: string, status: number, retryAfter: string | undefined): Error {
  if (status === 503) return new RefusedError(name);
  const waitMs = parseRetryAfter(retryAfter);
  if (status === 429) return new TooManyRequestsError(name, waitMs);
  if (status >= 500) return new TransientError(`${name}: the API answered ${status}`, { waitMs });
  return new RejectedError(name, status);
}

async function readBody(
  name: string,
  body: Readable,
  encoding: string | undefined,
): Promise<Buffer> {
  const source = encoding === "gzip" ? unpack(body) : body;
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > MAX_BODY_BYTES) {
        throw new InvalidReplyError(name, `larger than ${MAX_BODY_BYTES / 2 ** 20} MiB`);
      }
      chunks.push(chunk);
    }
  } finally {
    body.destroy();
  }
  return Buffer.concat(chunks, bytes);
}

function unpack(body: Readable): Readable {
  const unpacked = createGunzip();
  body.on("error", (error) => unpacked.destroy(error));
  return body.pipe(unpacked);
}

/** Whatever the network or the clock did to a request is worth another try. */
function classify(name: string, error: unknown): unknown {
  const known = [TransientError, RefusedError, RejectedError, InvalidReplyError];
  if (known.some((kind) => error instanceof kind)) return error;
  const timedOut = error instanceof Error && error.name === "TimeoutError";
  const what = timedOut ? "no whole reply in time" : explain(error);
  return new TransientError(`${name}: ${what}`, { cause: error });
}

function text(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
