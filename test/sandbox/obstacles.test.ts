import { describe, expect, it } from "vitest";
import { failureOf } from "../support/http.ts";
import { openSandbox } from "../support/open-sandbox.ts";
import { areaPath, CRIMES, OUTCOMES, statusOf, world } from "./small-world.ts";

describe("the limit of records", () => {
  it("may be another, and differ by kind", async () => {
    const limited = await openSandbox({ world, limit: { crimes: 9, outcomes: 3 } });
    const refused = await limited.get(areaPath(CRIMES));
    expect(refused.status).toBe(503);
    expect(refused.headers.get("retry-after")).toBeNull();
    expect(await refused.text()).toBe("");
    expect(await statusOf(limited, areaPath(OUTCOMES))).toBe(200);
    expect(limited.seen).toMatchObject([
      { status: 503, obstacle: "limit", records: 10 },
      { status: 200, obstacle: undefined, records: 3 },
    ]);
  });

  it("is the documented one for a kind that is not named", async () => {
    const limited = await openSandbox({ world, limit: { crimes: 0 } });
    expect(await statusOf(limited, areaPath(CRIMES))).toBe(503);
    expect(await statusOf(limited, areaPath(OUTCOMES))).toBe(200);
    const both = await openSandbox({ world, limit: 2 });
    expect(await statusOf(both, areaPath(OUTCOMES))).toBe(503);
  });
});

describe("a gateway", () => {
  it.each(["502", "504"] as const)("gives up on large areas with %s", async (end) => {
    const asked = await openSandbox({ world, gateway: { above: 9, end }, limit: 9 });
    expect(await statusOf(asked, areaPath(CRIMES))).toBe(Number(end));
    expect(await statusOf(asked, areaPath(OUTCOMES))).toBe(200);
    expect(await statusOf(asked, "/forces")).toBe(200);
    expect(asked.seen[0]).toMatchObject({ status: Number(end), obstacle: "gateway", records: 10 });
  });

  it("may leave the largest to the limit, which refuses them sooner", async () => {
    const gateway = { above: 2, to: 9, end: "504" } as const;
    const asked = await openSandbox({ world, gateway, limit: 9 });
    expect(await statusOf(asked, areaPath(OUTCOMES))).toBe(504);
    expect(await statusOf(asked, areaPath(CRIMES))).toBe(503);
  });

  it("may hang up, or never answer", async () => {
    const closed = await openSandbox({ world, gateway: { above: 9, end: "reset" } });
    expect(await failureOf(closed.get(areaPath(CRIMES)))).toBeInstanceOf(TypeError);
    expect(closed.seen[0]).toMatchObject({ status: 0, obstacle: "gateway" });
    const silent = await openSandbox({ world, gateway: { above: 9, end: "silence" } });
    const signal = AbortSignal.timeout(150);
    const error = await failureOf(fetch(silent.url + areaPath(CRIMES), { signal }));
    expect(error).toHaveProperty("name", "TimeoutError");
  });

  it("is patient for as long as it is told, or for 30 s at live latency", async () => {
    const gateway = { above: 9, end: "504" } as const;
    const told = await openSandbox({ world, gateway, gatewayAfter: 0.2, latency: "live" });
    expect(await statusOf(told, areaPath(CRIMES))).toBe(504);
    const live = await openSandbox({ world, gateway, latency: "live" });
    const signal = AbortSignal.timeout(100);
    await failureOf(fetch(live.url + areaPath(CRIMES), { signal }));
    expect([told.seen[0]?.latencyMs, live.seen[0]?.latencyMs]).toEqual([200, 30_000]);
  });
});

describe("a slow area", () => {
  it("is answered after its time, and a small one at once", async () => {
    const asked = await openSandbox({ world, slow: { above: 9, seconds: 0.2 } });
    expect(await (await asked.get(areaPath(CRIMES))).json()).toHaveLength(10);
    expect(await statusOf(asked, areaPath(OUTCOMES))).toBe(200);
    expect(asked.seen).toMatchObject([
      { latencyMs: 200, obstacle: "slow", status: 200 },
      { latencyMs: 0, obstacle: undefined, status: 200 },
    ]);
  });
});

describe("a broken endpoint", () => {
  const breaks = [
    { path: "/crimes-street-dates", by: 503 },
    { path: "/kent/neighbourhoods", by: 403 },
    { path: "/kent/K1/", by: 500 },
  ];

  it("is that path and all below it, and no other", async () => {
    const asked = await openSandbox({ world, breaks });
    expect(await statusOf(asked, "/crimes-street-dates")).toBe(503);
    expect(await statusOf(asked, "/kent/neighbourhoods")).toBe(403);
    expect(await statusOf(asked, "/surrey/neighbourhoods")).toBe(200);
    expect(await statusOf(asked, "/kent/K1/boundary")).toBe(500);
    expect(await statusOf(asked, "/kent/K10/boundary")).toBe(200);
    expect(await statusOf(asked, areaPath(CRIMES))).toBe(200);
    expect(asked.seen.map(({ obstacle }) => obstacle)).toEqual([
      "break",
      "break",
      undefined,
      "break",
      undefined,
      undefined,
    ]);
  });

  it("may send elsewhere, or say error with 200", async () => {
    const others = [
      { path: "/forces", by: "redirect" as const },
      { path: "/crime-last-updated", by: "error" as const },
    ];
    const asked = await openSandbox({ world, breaks: others, faults: { html: 1 } });
    const reply = await fetch(`${asked.url}/forces`, { redirect: "manual" });
    expect(reply.status).toBe(302);
    expect(reply.headers.get("location")).toMatch(/^http:\/\/localhost:/);
    const wrong = await asked.get("/crime-last-updated");
    expect(wrong.status).toBe(200);
    expect(await wrong.json()).toEqual({ error: expect.any(String) });
  });
});

describe("the longest request line", () => {
  it("may be another", async () => {
    const asked = await openSandbox({ world, longestLine: 40 });
    const padding = "x".repeat(40 - "GET /api/forces? HTTP/1.1".length);
    expect(await statusOf(asked, `/forces?${padding}`)).toBe(200);
    expect(await statusOf(asked, `/forces?${padding}x`)).toBe(400);
    expect(asked.seen[1]).toMatchObject({ status: 400, obstacle: "longest-line" });
    const long = await openSandbox({ world, longestLine: 100_000 });
    expect(await statusOf(long, `/forces?${"x".repeat(90_000)}`)).toBe(200);
  });
});

describe("what a request met", () => {
  it("is told of what was there before, too", async () => {
    const failArea = { latitude: 50.05, longitude: 0.05 };
    const failing = await openSandbox({ world, failArea });
    await failing.get(areaPath(CRIMES));
    expect(failing.seen).toMatchObject([{ status: 500, obstacle: "fail-area", records: 10 }]);
    const down = await openSandbox({ world, isDown: () => true });
    await down.get("/forces");
    expect(down.seen).toMatchObject([{ status: 503, obstacle: "outage" }]);
    const wrong = await openSandbox({ world, faults: { "500": 1 } });
    await wrong.get(areaPath(CRIMES));
    expect(wrong.seen).toMatchObject([{ obstacle: "fault", trouble: "500", records: 10 }]);
  });

  it("is the rate above 30 at once", async () => {
    const asked = await openSandbox({ world, limited: true, now: () => 0 });
    for (let sent = 0; sent < 31; sent += 1) await asked.get("/forces");
    expect(asked.seen.filter(({ obstacle }) => obstacle === "rate")).toHaveLength(1);
    expect(asked.seen[30]).toMatchObject({ status: 429, obstacle: "rate" });
  });
});
