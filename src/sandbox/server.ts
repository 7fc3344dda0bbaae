import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { databaseError, EXIT, UkpoliceError } from "../errors.ts";
import { answer, failure } from "./answer.ts";
import type { Answered, ApiRequest } from "./answer.ts";
import { deliver } from "./deliver.ts";
import type { DeliveryOptions } from "./deliver.ts";
import { commitFault } from "./faults.ts";
import type { Fault } from "./faults.ts";
import { latencyMs } from "./latency.ts";
import { createLateness } from "./late.ts";
import type { Late } from "./late.ts";
import { tellLie } from "./lies.ts";
import type { LieName } from "./lies.ts";
import { makeOdd } from "./odd-lists.ts";
import type { OddOptions } from "./odd-lists.ts";
import { createObstacles } from "./obstacles.ts";
import type { Incoming, ObstacleOptions } from "./obstacles.ts";
import type { HttpReply, Obstacle, Sent } from "./reply.ts";
import { shapeStops } from "./stops.ts";
import type { StopShape } from "./stops.ts";
import { subjectOf } from "./subjects.ts";
import { createTrouble } from "./trouble.ts";
import type { TroubleOptions, Wrong } from "./trouble.ts";
import { monthsAt } from "./window.ts";

const BASE = "/api";
const MAX_FORM_BYTES = 1024 * 1024;
/** More than the longest line that is allowed for, so that it is no other limit that is met. */
const MAX_HEADER_BYTES = 256 * 1024;

/** A request as the sandbox saw it; `atMs` is monotonic. */
export type Seen = ApiRequest & {
  atMs: number;
  /** 0 for what is not an answer: a fault, a lie, or a gateway that hangs up or stays silent. */
  status: number;
  /** The fault or the lie by its name. */
  trouble: Fault | LieName | undefined;
  /** What was met on the way to the answer. */
  obstacle: Obstacle | undefined;
  /** How many records of the area and month there are, whether they were sent or not. */
  records: number;
  /** How long the reply is held back. */
  latencyMs: number;
  userAgent: string;
};

export type SandboxOptions = ObstacleOptions &
  TroubleOptions &
  DeliveryOptions &
  OddOptions & {
    /** 0 or none: any free one. */
    port?: number | undefined;
    /** Forces that have not published yet. */
    late?: readonly Late[] | undefined;
    /** As the world has them unless it is said. */
    stops?: StopShape | undefined;
    onRequest?: ((seen: Seen) => void) | undefined;
  };

export type Sandbox = { url: string; close(): Promise<void> };

/** Starts a stand-in for the API on 127.0.0.1, which nothing outside this machine can reach. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const respond = createResponder(options);
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, (request, response) => {
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
  const { latency = "none", now = () => performance.now() } = options;
  const meetObstacle = createObstacles(options);
  const chooseWrong = createTrouble(options);
  const withoutLate = createLateness(options.late);
  const startMs = now();

  function answerTruly(question: ApiRequest, seconds: number): Answered {
    const world = shapeStops(options.world, options.stops);
    const months = monthsAt(world.months, options, seconds);
    const published = withoutLate({ ...world, months }, question.path);
    return answer(makeOdd(published, options), question);
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const atMs = performance.now();
    const asked = await readQuestion(request, (now() - startMs) / 1000, answerTruly);
    const { method, path, params, truth } = asked;
    const met = meetObstacle(asked);
    const reply = met ?? truth;
    // What is always broken is always broken in the same way.
    const isSound = reply.status === 200 && reply.obstacle !== "break";
    const wrong = isSound ? chooseWrong(asked) : undefined;
    const short = met !== undefined || truth.status !== 200;
    const waitMs = reply.waitMs ?? latencyMs(latency, short ? 0 : truth.records, subjectOf(path));
    options.onRequest?.({
      method,
      path,
      params,
      atMs,
      ...nameWrong(wrong, reply),
      records: truth.records,
      latencyMs: waitMs,
      userAgent: request.headers["user-agent"] ?? "",
    });
    // What is still held back does not keep a process going whose server is closed.
    if (waitMs > 0) await sleep(waitMs, undefined, { ref: false });
    await deliver(response, toSent(wrong, reply, asked), options);
  };
}

function nameWrong(wrong: Wrong | undefined, { status, obstacle }: HttpReply) {
  if (wrong === undefined) return { status, obstacle, trouble: undefined };
  return "fault" in wrong
    ? { status: 0, obstacle: "fault" as const, trouble: wrong.fault }
    : { status: 0, obstacle: "lie" as const, trouble: wrong.lie };
}

function toSent(wrong: Wrong | undefined, reply: HttpReply, { path, params, url }: Incoming): Sent {
  const body = reply.body();
  if (wrong === undefined) return { ...reply, body };
  if ("fault" in wrong) return commitFault(wrong.fault, body);
  const subject = subjectOf(path) ?? "crimes";
  return tellLie(wrong.lie, { subject, month: params.get("date") ?? "", body, url });
}

async function readQuestion(
  request: IncomingMessage,
  seconds: number,
  answerTruly: (question: ApiRequest, seconds: number) => Answered,
): Promise<Incoming> {
  const { method = "GET", httpVersion, headers } = request;
  const target = request.url ?? "/";
  const url = new URL(target, `http://${headers.host ?? "127.0.0.1"}`);
  const form = await readForm(request);
  const params = new URLSearchParams(form ?? url.search);
  const question = { method, path: url.pathname.slice(BASE.length), params };
  return {
    ...question,
    url,
    line: `${method} ${target} HTTP/${httpVersion}`,
    seconds,
    truth: findTruth(),
  };

  function findTruth(): Answered {
    if (!url.pathname.startsWith(`${BASE}/`)) return failure(404);
    if (method === "POST" && form === undefined) return failure(400);
    return answerTruly(question, seconds);
  }
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
