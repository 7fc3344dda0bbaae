import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { StoppedError } from "../../src/errors.ts";
import { createApi } from "../../src/fetch/api.ts";
import {
  BlockedError,
  RefusedError,
  RejectedError,
  TransientError,
} from "../../src/fetch/errors.ts";
import type { Attempt } from "../../src/fetch/queue.ts";
import { failureOf, inTurn, json, never, serve, status, TRIANGLE } from "../support/http.ts";
import type { Reply } from "../support/http.ts";

const OK = json({ date: "2018-06-01" });
const QUESTION = { ring: TRIANGLE, month: "2018-05" };

const html: Reply = (response) => {
  response.writeHead(200, { "content-type": "text/html" }).end("<html>Try again later</html>");
};
const cutShort: Reply = (response) => {
  response.writeHead(200, { "content-length": 1000 });
  response.write('{"date":', () => response.destroy());
};
const cutChunked: Reply = (response) => {
  response.writeHead(200);
  response.write('{"date":', () => response.destroy());
};
const cutGzip: Reply = (response) => {
  const packed = gzipSync(JSON.stringify({ date: "2018-06-01" }));
  response.writeHead(200, { "content-encoding": "gzip" }).end(packed.subarray(0, 20));
};
const brokenGzip: Reply = (response) => {
  response.writeHead(200, { "content-encoding": "gzip" }).end("no gzip");
};
const reset: Reply = (response) => {
  response.destroy();
};
const empty: Reply = (response) => {
  response.writeHead(200).end();
};

beforeEach(() => {
  // no pause before another attempt
  vi.spyOn(Math, "random").mockReturnValue(0);
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe("a fault of the moment", () => {
  it.each<[string, Reply]>([
    ["500", status(500)],
    ["502", status(502)],
    ["504", status(504)],
    ["an HTML page with 200", html],
    ["a body cut short of its length", cutShort],
    ["a chunked body cut short", cutChunked],
    ["a gzip body cut short", cutGzip],
    ["a gzip body that is none", brokenGzip],
    ["a reset connection", reset],
    ["an empty body", empty],
  ])("is tried again until it is over: %s", async (_, fault) => {
    const attempts: Attempt[] = [];
    const onAttempt = (attempt: Attempt) => attempts.push(attempt);
    const { api, received } = await serve(inTurn(fault, fault, OK), { onAttempt });
    expect(await api.fetchLastUpdated(never())).toBe("2018-06-01");
    expect(received).toHaveLength(3);
    expect(attempts.map(({ error }) => error instanceof TransientError)).toEqual([
      true,
      true,
      false,
    ]);
    expect(attempts[2]).toMatchObject({ method: "GET", path: "/crime-last-updated" });
  });

  it("is given up after six more attempts", async () => {
    const { api, received } = await serve(status(500));
    const error = await failureOf(api.fetchLastUpdated(never()));
    expect(error).toBeInstanceOf(TransientError);
    expect(String(error)).toContain("/crime-last-updated: the API answered 500");
    expect(received).toHaveLength(7);
  });

  it("is given up sooner at the first question of a run", async () => {
    const { api, received } = await serve(status(502));
    expect(await failureOf(api.fetchPublished(never()))).toBeInstanceOf(TransientError);
    expect(received).toHaveLength(2);
  });

  it("includes a reply that takes too long, of which the time is bounded", async () => {
    const hang: Reply = () => {};
    const { api, received } = await serve(inTurn(hang, OK), { timeoutMs: 200 });
    expect(await api.fetchLastUpdated(never())).toBe("2018-06-01");
    expect(received).toHaveLength(2);
  });

  it("includes a body that trickles on for longer than the time allowed", async () => {
    const trickle: Reply = (response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write(" "), 20);
      response.on("close", () => clearInterval(timer));
    };
    const { api } = await serve(inTurn(trickle, OK), { timeoutMs: 200 });
    expect(await api.fetchLastUpdated(never())).toBe("2018-06-01");
  });

  it("is waited out by the server's own clock, whatever that of this machine says", async () => {
    const pauses: number[] = [];
    const busy = status(500, {
      date: "Tue, 01 May 2018 12:00:00 GMT",
      "retry-after": "Tue, 01 May 2018 12:00:01 GMT",
    });
    const onAttempt = ({ pauseMs }: Attempt) => void pauses.push(pauseMs);
    const { api } = await serve(inTurn(busy, OK), { onAttempt });
    expect(await api.fetchLastUpdated(never())).toBe("2018-06-01");
    expect(pauses).toEqual([1000, 0]);
  });

  it("sends the whole form again", async () => {
    const ring = Array.from({ length: 400 }, (_, n) => ({ latitude: 51 + n / 1e6, longitude: n }));
    const { api, received } = await serve(inTurn(reset, json([])));
    await api.fetchRecords("crimes", { ring, month: "2018-05" }, never());
    expect(received).toHaveLength(2);
    expect(received[1]?.body).toBe(received[0]?.body);
    expect(received[1]?.body.length).toBeGreaterThan(4094);
  });
});

describe("a probe", () => {
  const CHEAP = ["/api/crime-last-updated", "/api/forces"];
  const urlsOf = (received: readonly { url: string }[]) => received.map(({ url }) => url);

  it("asks one cheap question, and believes any answer to it", async () => {
    const { api, received } = await serve(json({ anything: true }));
    expect(await api.probe(never())).toBe("up");
    expect(urlsOf(received)).toEqual(CHEAP.slice(0, 1));
  });

  it.each([
    ["500", status(500)],
    ["404", status(404)],
    ["an HTML page with 200", html],
    ["a reset connection", reset],
  ])("asks another one where the first fails: %s is no outage by itself", async (_, fault) => {
    const { api, received } = await serve(inTurn(fault, json([])));
    expect(await api.probe(never())).toBe("up");
    expect(urlsOf(received)).toEqual(CHEAP);
  });

  it("finds the API down when both fail, each asked once", async () => {
    const { api, received } = await serve(status(502));
    expect(await api.probe(never())).toBe("down");
    expect(urlsOf(received)).toEqual(CHEAP);
  });

  it.each([
    ["403 for both", [status(403), status(403)]],
    ["429 and a reset", [status(429, { "retry-after": "0" }), reset]],
    ["502 and 403", [status(502), status(403)]],
  ])("finds that we are blocked: %s", async (_, [first = reset, second = reset]) => {
    const { api, received } = await serve(inTurn(first, second));
    expect(await api.probe(never())).toBe("blocked");
    expect(urlsOf(received)).toEqual(CHEAP);
  });

  it("goes ahead of the questions that wait", async () => {
    const { api, received } = await serve(json([]), { concurrency: 1 });
    const waiting = ["a", "b", "c"].map((id) => api.fetchNeighbourhoods(id, never()));
    const probe = api.probe(never());
    await Promise.all([...waiting, probe]);
    const urls = urlsOf(received);
    expect(urls.indexOf("/api/crime-last-updated")).toBeLessThan(
      urls.indexOf("/api/b/neighbourhoods"),
    );
  });

  it("ends with the signal, and asks no second question then", async () => {
    const controller = new AbortController();
    const stop: Reply = (response) => {
      controller.abort("SIGINT");
      response.writeHead(500).end();
    };
    const { api, received } = await serve(stop);
    expect(await failureOf(api.probe(controller.signal))).toBeInstanceOf(StoppedError);
    expect(received).toHaveLength(1);
  });
});

describe("a final answer", () => {
  it("of 503 is no fault to try again: the area may be too large", async () => {
    const { api, received } = await serve(status(503, { "retry-after": "1" }));
    const error = await failureOf(api.fetchRecords("crimes", QUESTION, never()));
    expect(error).toBeInstanceOf(RefusedError);
    expect(received).toHaveLength(1);
  });

  it.each([401, 404, 410])("of %i fails at once", async (code) => {
    const { api, received } = await serve(status(code));
    const error = await failureOf(api.fetchRecords("crimes", QUESTION, never()));
    expect(error).toBeInstanceOf(RejectedError);
    expect(error).toHaveProperty("status", code);
    expect(await failureOf(api.fetchForces(never()))).toBeInstanceOf(RejectedError);
    expect(received).toHaveLength(2);
  });

  it("of 400 fails after one more question by POST, since the length may be why", async () => {
    const { api, received } = await serve(status(400));
    const error = await failureOf(api.fetchRecords("crimes", QUESTION, never()));
    expect(error).toMatchObject({ name: "RejectedError", status: 400 });
    expect(received.map(({ method }) => method)).toEqual(["GET", "POST"]);
  });

  it("of 403 fails at once, and may be a block", async () => {
    const { api, received } = await serve(status(403));
    const error = await failureOf(api.fetchRecords("crimes", QUESTION, never()));
    expect(error).toBeInstanceOf(BlockedError);
    expect(error).toHaveProperty("isCertain", false);
    expect(received).toHaveLength(1);
  });

  it.each([301, 302, 303, 307, 308])("of %i is an error, and not followed", async (code) => {
    const { api, received } = await serve(inTurn(status(code, { location: "/api/elsewhere" }), OK));
    const error = await failureOf(api.fetchLastUpdated(never()));
    expect(error).toBeInstanceOf(RejectedError);
    expect(error).toHaveProperty("status", code);
    expect(received).toHaveLength(1);
  });
});

describe("429", () => {
  it("closes the gate for every request as long as Retry-After says", async () => {
    const { api, received } = await serve(inTurn(status(429, { "retry-after": "1" }), OK));
    const first = api.fetchLastUpdated(never());
    await vi.waitFor(() => expect(received).toHaveLength(1));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const others = [api.fetchLastUpdated(never()), api.fetchLastUpdated(never())];
    await Promise.all([first, ...others]);
    expect(received).toHaveLength(4);
    const waits = received.slice(1).map(({ atMs }) => atMs - (received[0]?.atMs ?? 0));
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(990);
    expect(Math.max(...waits)).toBeLessThan(3000);
  });

  it("without Retry-After closes the gate for a second and more", async () => {
    const { api, received } = await serve(inTurn(status(429), OK));
    await api.fetchLastUpdated(never());
    expect((received[1]?.atMs ?? 0) - (received[0]?.atMs ?? 0)).toBeGreaterThanOrEqual(990);
  });
});

describe("a signal to stop", () => {
  /** A server that holds its first reply until told to go on. */
  async function holdFirst(concurrency: number, rate = 1000) {
    let release = () => {};
    const hold: Reply = (response, ...rest) => {
      release = () => OK(response, ...rest);
    };
    const served = await serve(inTurn(hold, OK), { concurrency, rate });
    return { ...served, release: () => release() };
  }

  it("lets a running request settle with its reply", async () => {
    const { api, received, release } = await holdFirst(4);
    const controller = new AbortController();
    const running = api.fetchLastUpdated(controller.signal);
    await vi.waitFor(() => expect(received).toHaveLength(1));
    controller.abort("SIGINT");
    setTimeout(release, 50);
    expect(await running).toBe("2018-06-01");
  });

  it("rejects requests that wait at the gate, and sends none of them", async () => {
    const { api, received, release } = await holdFirst(4, 0.5);
    const controller = new AbortController();
    const running = api.fetchLastUpdated(controller.signal);
    await vi.waitFor(() => expect(received).toHaveLength(1));
    const waiting = [1, 2].map(() => failureOf(api.fetchForces(controller.signal)));
    setTimeout(() => controller.abort("SIGTERM"), 20);
    for (const error of await Promise.all(waiting)) {
      expect(error).toBeInstanceOf(StoppedError);
      expect(error).toHaveProperty("exitCode", 143);
    }
    release();
    await running.catch(() => undefined);
    expect(received).toHaveLength(1);
  });

  it("rejects requests that wait in the queue, and sends none of them", async () => {
    const { api, received, release } = await holdFirst(1);
    const controller = new AbortController();
    const running = api.fetchLastUpdated(controller.signal);
    const waiting = failureOf(api.fetchForces(controller.signal));
    await vi.waitFor(() => expect(received).toHaveLength(1));
    controller.abort("SIGINT");
    setTimeout(release, 50);
    expect(await waiting).toBeInstanceOf(StoppedError);
    await running.catch(() => undefined);
    expect(received).toHaveLength(1);
  });

  it("given before a request keeps it from being sent", async () => {
    const { api, received } = await serve(OK);
    const stopped = AbortSignal.abort("SIGINT");
    expect(await failureOf(api.fetchForces(stopped))).toBeInstanceOf(StoppedError);
    expect(await failureOf(api.probe(stopped))).toBeInstanceOf(StoppedError);
    expect(received).toEqual([]);
  });
});

describe("a name that no address is found for", () => {
  it("is told from an API that is down", async () => {
    const baseUrl = new URL("http://nowhere.invalid/api");
    const api = createApi({ baseUrl, rate: 1000, concurrency: 1, userAgent: "test" });
    const error = await failureOf(api.fetchPublished(never()));
    expect(error).toBeInstanceOf(TransientError);
    expect(error).toMatchObject({ unresolved: "nowhere.invalid", isGateway: true });
  });
});
