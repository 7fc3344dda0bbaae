import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { databaseError, EXIT, UkpoliceError } from "../errors.ts";
import { answer } from "./answer.ts";
import type { Answered } from "./answer.ts";
import { commitFault, createFaultChooser } from "./faults.ts";
import type { FaultRates } from "./faults.ts";
import { createLimiter, latencyMs, MAX_GET } from "./limits.ts";
import type { Latency } from "./limits.ts";
import type { World } from "./world.ts";

const BASE = "/api";
const MAX_FORM_BYTES = 1024 * 1024;

/** A request as the sandbox saw it; `atMs` is monotonic. */
export type Seen = {
  atMs: number;
  method: string;
  path: string;
  params: URLSearchParams;
  status: number;
  /** How long the reply is held back. */
  latencyMs: number;
  userAgent: string;
};

export type SandboxOptions = {
  world: World;
  /** 0 or none: any free one. */
  port?: number | undefined;
  latency?: Latency | undefined;
  faults?: FaultRates | undefined;
  seed?: number | undefined;
  /** Whether the API's rate is enforced; on unless said otherwise. */
  limited?: boolean | undefined;
  /** Answers 503 to everything while it is true. */
  isDown?: (() => boolean) | undefined;
  onRequest?: ((seen: Seen) => void) | undefined;
};

export type Sandbox = { url: string; close(): Promise<void> };

/** Starts a stand-in for the API on 127.0.0.1, which nothing outside this machine can reach. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const respond = createResponder(options);
  const server = createServer((request, response) => {
    respond(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  }).catch((cause: unknown) => {
    throw new UkpoliceError(`port ${options.port} cannot be listened on`, EXIT.usage, {
      cause,
      hint: "name another with --port, or leave it out for a free one",
    });
  });
  const address = server.address();
  if (!isInternet(address)) throw databaseError("the sandbox has no address");
  return {
    url: `http://127.0.0.1:${address.port}${BASE}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function createResponder(options: SandboxOptions) {
  const { world, latency = "none", faults = {}, seed = 1, limited = true } = options;
  const isWithinLimit = limited ? createLimiter() : () => true;
  const chooseFault = createFaultChooser(faults, seed);

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const atMs = performance.now();
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const form = await readForm(request);
    const params = new URLSearchParams(form ?? url.search);
    const reply = isWithinLimit() ? choose() : { status: 429, body: "", records: 0 };
    const { method = "GET", headers } = request;
    const fault = reply.status === 200 ? chooseFault() : undefined;
    const waitMs = latencyMs(latency, reply.records);
    options.onRequest?.({
      atMs,
      method,
      path: url.pathname.slice(BASE.length),
      params,
      status: fault === undefined ? reply.status : 0,
      latencyMs: waitMs,
      userAgent: headers["user-agent"] ?? "",
    });
    if (waitMs > 0) await sleep(waitMs);
    if (fault === undefined) send(response, reply);
    else commitFault(fault, response, reply.body);

    function choose(): Answered {
      if (options.isDown?.()) return { status: 503, body: "", records: 0 };
      if ((request.url ?? "").length > MAX_GET) return { status: 400, body: "", records: 0 };
      if (!url.pathname.startsWith(`${BASE}/`)) return { status: 404, body: "", records: 0 };
      if (request.method === "POST" && form === undefined)
        return { status: 400, body: "", records: 0 };
      const path = url.pathname.slice(BASE.length);
      return answer(world, { method: request.method ?? "GET", path, params });
    }
  };
}

function send(response: ServerResponse, { status, body }: Answered): void {
  response.writeHead(status, { "content-type": "application/json" }).end(body);
}

/** The body of a form POST; undefined for a GET, and for a body of any other type. */
async function readForm(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MAX_FORM_BYTES) throw new Error("the form is too large");
    chunks.push(chunk);
  }
  const type = request.headers["content-type"] ?? "";
  if (!type.startsWith("application/x-www-form-urlencoded")) return undefined;
  return Buffer.concat(chunks).toString("utf8");
}

function isInternet(address: AddressInfo | string | null): address is AddressInfo {
  return address !== null && typeof address !== "string";
}
