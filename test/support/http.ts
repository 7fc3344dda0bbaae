import { createServer } from "node:http";
import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { createApi } from "../../src/fetch/api.ts";
import type { Api } from "../../src/fetch/api.ts";
import type { QueueOptions } from "../../src/fetch/queue.ts";
import type { Ring } from "../../src/types.ts";

export type Received = {
  atMs: number;
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
};

/** Answers one request; `count` is 1 for the first. */
export type Reply = (response: ServerResponse, received: Received, count: number) => void;

export type Served = { api: Api; received: Received[]; origin: string };

/** A server of one test on a free port, with an API client that asks it. */
export async function serve(reply: Reply, options: Partial<QueueOptions> = {}): Promise<Served> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      const body = Buffer.concat(chunks).toString("utf8");
      const seen = { atMs: performance.now(), method, url, headers, body };
      received.push(seen);
      reply(response, seen, received.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  const api = createApi({
    baseUrl: new URL(`${origin}/api`),
    rate: 1000,
    concurrency: 8,
    userAgent: "ukpolice-test/1.0",
    ...options,
  });
  onTestFinished(async () => {
    await api.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { api, received, origin };
}

/** Answers every request with the same JSON. */
export function json(value: unknown): Reply {
  return (response) => {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
  };
}

/** Answers with a status and no body. */
export function status(code: number, headers: Record<string, string> = {}): Reply {
  return (response) => {
    response.writeHead(code, headers).end();
  };
}

/** Answers the first requests with these, every further one with the last. */
export function inTurn(...turns: Reply[]): Reply {
  return (response, received, count) => {
    turns[Math.min(count, turns.length) - 1]?.(response, received, count);
  };
}

/** A signal that is never given. */
export function never(): AbortSignal {
  return new AbortController().signal;
}

/** What a promise is rejected with; fails when it is not. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  const settled = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ("error" in settled) return settled.error;
  throw new Error(`resolved with ${JSON.stringify(settled.value)}`);
}

export const TRIANGLE: Ring = [
  { latitude: 51.5, longitude: -0.1 },
  { latitude: 51.6, longitude: -0.1 },
  { latitude: 51.6, longitude: 0.1 },
];

/** A crime as recorded, with changes. */
export function rawCrime(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    category: "burglary",
    location_type: "Force",
    location: {
      latitude: "51.517717",
      street: { id: 964_026, name: "On or near Shopping Area" },
      longitude: "-0.076421",
    },
    context: "",
    outcome_status: { category: "Under investigation", date: "2018-05" },
    persistent_id: "abc",
    id: 64_000_001,
    location_subtype: "",
    month: "2018-05",
    ...changes,
  };
}

/** An outcome in the documented shape, with changes. */
export function rawOutcome(changes: Record<string, unknown> = {}): Record<string, unknown> {
  const { outcome_status: _, ...crime } = rawCrime({ month: "2018-01" });
  return {
    category: { code: "charged", name: "Suspect charged" },
    date: "2018-05",
    person_id: null,
    crime,
    ...changes,
  };
}
