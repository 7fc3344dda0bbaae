import { createGunzip } from "node:zlib";
import type { Readable } from "node:stream";
import { Agent, EnvHttpProxyAgent } from "undici";
import type { Dispatcher } from "undici";
import { explain, isTooManyFiles, tooManyFilesError, UkpoliceError } from "../errors.ts";
import { MOST_BYTES } from "../police-api.ts";
import {
  BlockedError,
  OversizeError,
  RefusedError,
  RejectedError,
  TransientError,
} from "./errors.ts";
import { parseJson } from "./json.ts";
import { parseRetryAfter } from "./retry.ts";

/** A reply of more than `mostBytes` is not taken; `form` is sent as `application/x-www-form-urlencoded` by POST, the only body the API takes. */
export type HttpRequest = { path: string; form?: string; mostBytes?: number };

export type Http = {
  /**
   * One attempt: the parsed JSON of a 200, or one of the errors of this folder. A whole reply that
   * takes longer than `timeoutMs` is given up.
   */
  send(request: HttpRequest, timeoutMs: number): Promise<unknown>;
  /** Ends connections and whatever still runs on them. */
  close(): Promise<void>;
};

/** Proxies as the environment names them; `noProxy` lists hosts that are reached without one. */
export type Proxies = {
  httpProxy?: string | undefined;
  httpsProxy?: string | undefined;
  noProxy?: string | undefined;
};

export type HttpOptions = {
  baseUrl: URL;
  connections: number;
  userAgent: string;
  proxies?: Proxies | undefined;
};

/** The longest that anything is waited for, whatever is expected of a reply. */
export const LONGEST_MS = 120_000;

/** Opens keep-alive connections to one origin; none is made before the first request. */
export function createHttp({ baseUrl, connections, userAgent, proxies }: HttpOptions): Http {
  const agent = createAgent(connections, proxies);
  const prefix = baseUrl.pathname.replace(/\/+$/, "");
  const common = { "user-agent": userAgent, accept: "application/json", "accept-encoding": "gzip" };
  const type = { "content-type": "application/x-www-form-urlencoded" };

  return {
    async send({ path, form, mostBytes = MOST_BYTES }, timeoutMs) {
      const deadline = startDeadline(timeoutMs);
      const name = nameOf(path);
      try {
        const reply = await agent.request({
          origin: baseUrl.origin,
          path: prefix + path,
          method: form === undefined ? "GET" : "POST",
          headers: form === undefined ? common : { ...common, ...type },
          body: form ?? null,
          signal: deadline.signal,
        });
        return await receive(name, reply, mostBytes);
      } catch (error) {
        throw classify(name, error);
      } finally {
        deadline.clear();
      }
    },
    close: () => agent.destroy(),
  };
}

function createAgent(connections: number, proxies: Proxies = {}): Dispatcher {
  const { httpProxy, httpsProxy, noProxy } = proxies;
  const options = {
    connections,
    pipelining: 1,
    headersTimeout: LONGEST_MS,
    bodyTimeout: LONGEST_MS,
    connect: { timeout: 20_000 },
  };
  if (httpProxy === undefined && httpsProxy === undefined) return new Agent(options);
  return new EnvHttpProxyAgent({
    ...options,
    ...(httpProxy === undefined ? {} : { httpProxy }),
    ...(httpsProxy === undefined ? {} : { httpsProxy }),
    noProxy: noProxy ?? "",
  });
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

async function receive(
  name: string,
  reply: Dispatcher.ResponseData,
  mostBytes: number,
): Promise<unknown> {
  const { statusCode: status, headers, body } = reply;
  if (status !== 200) {
    await body.dump({ limit: 64 * 1024 });
    // By the server's own clock: that of this machine may be wrong.
    const sent = Date.parse(text(headers["date"]) ?? "");
    const waitMs = parseRetryAfter(text(headers["retry-after"]), sent || Date.now());
    throw statusError(name, status, waitMs);
  }
  const encoding = text(headers["content-encoding"])?.trim().toLowerCase();
  const source = encoding === "gzip" || encoding === "x-gzip" ? unpack(body) : body;
  return parseJson(name, await readBody(name, { body, source, mostBytes }));
}

function statusError(name: string, status: number, waitMs: number | undefined): Error {
  if (status === 503) return new RefusedError(name, { waitMs });
  if (status === 429) {
    const message = `${name}: 429, too many requests`;
    return new BlockedError(message, { isCertain: true, waitMs });
  }
  const message = `${name}: the API answered ${status}`;
  if (status === 403) return new BlockedError(message, { isCertain: false, waitMs });
  if (status < 500 && waitMs === undefined) return new RejectedError(name, status);
  return new TransientError(message, { waitMs, isGateway: status === 502 || status === 504 });
}

type Body = { body: Readable; source: Readable; mostBytes: number };

async function readBody(name: string, { body, source, mostBytes }: Body): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > mostBytes) throw new OversizeError(name, mostBytes / 2 ** 20);
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

/** Whatever the network or the clock did to a request is worth another try, but not what we lack. */
function classify(name: string, error: unknown): unknown {
  if (error instanceof UkpoliceError) return error;
  if (isTooManyFiles(error)) return tooManyFilesError(error);
  const timedOut = error instanceof Error && error.name === "TimeoutError";
  const what = timedOut ? "no whole reply in time" : explain(error);
  const details = { cause: error, isGateway: true, unresolved: findUnresolved(error) };
  return new TransientError(`${name}: ${what}`, details);
}

/** The name of the API or of a proxy that no address was found for, if that is what failed. */
function findUnresolved(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const isLookup = "syscall" in error && error.syscall === "getaddrinfo";
  const isNamed = "hostname" in error && typeof error.hostname === "string";
  return isLookup && isNamed ? String(error.hostname) : findUnresolved(error.cause);
}

function text(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
