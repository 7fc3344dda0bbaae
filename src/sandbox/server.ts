import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { databaseError, EXIT, UkpoliceError } from "../errors.ts";
import { answer, kindOf } from "./answer.ts";
import type { Answered } from "./answer.ts";
import { commitFault } from "./faults.ts";
import type { Fault } from "./faults.ts";
import { tellLie } from "./lies.ts";
import type { LieName, Told } from "./lies.ts";
import { createLimiter, latencyMs, MAX_GET } from "./limits.ts";
import type { Latency } from "./limits.ts";
import { createTrouble } from "./trouble.ts";
import type { TroubleOptions } from "./trouble.ts";
import type { World } from "./world.ts";

const BASE = "/api";
const MAX_FORM_BYTES = 1024 * 1024;

/** A request as the sandbox saw it; `atMs` is monotonic. */
export type Seen = {
  atMs: number;
  method: string;
  path: string;
  params: URLSearchParams;
  /** 0 for what is no answer: a fault or a lie. */
  status: number;
  trouble: Fault | LieName | undefined;
  /** How long the reply is held back. */
  latencyMs: number;
  userAgent: string;
};

export type SandboxOptions = TroubleOptions & {
  world: World;
  /** 0 or none: any free one. */
  port?: number | undefined;
  latency?: Latency | undefined;
  /** Whether the API's rate is enforced; on unless said otherwise. */
  limited?: boolean | undefined;
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
  const { world, latency = "none", limited = true } = options;
  const isWithinLimit = limited ? createLimiter() : () => true;
  const trouble = createTrouble(options);

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const atMs = performance.now();
    const url = new URL(request.url ?? "/", `http://${request.headers.host ?? "127.0.0.1"}`);
    const form = await readForm(request);
    const params = new URLSearchParams(form ?? url.search);
    const { method = "GET", headers } = request;
    const question = { method, path: url.pathname.slice(BASE.length), params };
    const reply = isWithinLimit() ? choose() : failure(429);
    const wrong = reply.status === 200 ? trouble.choose(question) : undefined;
    const waitMs = latencyMs(latency, reply.records);
    options.onRequest?.({
      ...question,
      atMs,
      status: wrong === undefined ? reply.status : 0,
      trouble: wrong === undefined ? undefined : "fault" in wrong ? wrong.fault : wrong.lie,
      latencyMs: waitMs,
      userAgent: headers["user-agent"] ?? "",
    });
    if (waitMs > 0) await sleep(waitMs);
    if (wrong === undefined) await send(response, reply);
    else if ("fault" in wrong) commitFault(wrong.fault, response, reply.body);
    else await send(response, lie(wrong.lie, reply));

    function choose(): Answered {
      if (trouble.isDown()) return failure(503);
      if ((request.url ?? "").length > MAX_GET) return failure(400);
      if (!url.pathname.startsWith(`${BASE}/`)) return failure(404);
      if (method === "POST" && form === undefined) return failure(400);
      if (trouble.failsAlways(question)) return failure(500);
      return answer(world, question);
    }

    function lie(name: LieName, { body }: Answered): Told {
      const { path } = question;
      return tellLie(name, {
        kind: kindOf(path) ?? "crimes",
        month: params.get("date") ?? "",
        body,
        url,
      });
    }
  };
}

function failure(status: number): Answered {
  return { status, body: "", records: 0 };
}

async function send(
  response: ServerResponse,
  { status = 200, headers = {}, body }: Told,
): Promise<void> {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  if (typeof body === "string") response.end(body);
  else await pipeline(Readable.from(body), response);
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
