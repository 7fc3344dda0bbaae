import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { beforeAll, describe, expect, it } from "vitest";
import { CRIME_CATEGORIES } from "../../src/police-api.ts";
import { loadSample } from "../../src/sandbox/sample.ts";
import type { RawCrime, RawOutcome, World } from "../../src/sandbox/world.ts";
import { jsonOf, LONDON, LONDON_RING, openSandbox, polyAround } from "../support/open-sandbox.ts";

const CRIMES = "/crimes-street/all-crime";
const OUTCOMES = "/outcomes-at-location";
const POLY = polyAround(51.5134, -0.1366, 0.004);

let world: World;
beforeAll(() => {
  world = loadSample();
});

describe("a list that the sandbox serves", () => {
  it.each([
    ["/crimes-street-dates", ["2018-05", "2018-04"], "date"],
    ["/crime-categories?date=2018-05", Object.keys(CRIME_CATEGORIES), "url"],
    ["/forces", ["city-of-london", "metropolitan", "sandbox-constabulary"], "id"],
  ])("is as the API writes it: %s", async (path, expected, key) => {
    const { get } = await openSandbox({ world });
    const reply = await get(path);
    const rows: Record<string, unknown>[] = JSON.parse(await reply.text());
    expect(reply.status).toBe(200);
    expect(reply.headers.get("content-type")).toBe("application/json");
    expect(rows.map((row) => row[key])).toEqual(expected);
  });

  it("has the first day of the newest month as the last update", async () => {
    const { get } = await openSandbox({ world });
    expect(await (await get("/crime-last-updated")).json()).toEqual({ date: "2018-05-01" });
  });

  it("has the neighbourhoods of a force, and none of a force without", async () => {
    const { get } = await openSandbox({ world });
    const city = await jsonOf<unknown[]>(get("/city-of-london/neighbourhoods"));
    expect(city).toHaveLength(4);
    expect(await (await get("/sandbox-constabulary/neighbourhoods")).json()).toEqual([]);
  });

  it("has a boundary of points in text; one is empty", async () => {
    const { get } = await openSandbox({ world });
    const id = world.neighbourhoods("city-of-london")?.[0]?.id ?? "";
    const points = await jsonOf<unknown[]>(get(`/city-of-london/${id}/boundary`));
    expect(points.length).toBeGreaterThan(4);
    expect(points[0]).toEqual({
      latitude: expect.stringMatching(/^51\.\d+$/),
      longitude: expect.stringMatching(/^-0\.\d+$/),
    });
    expect(await (await get("/metropolitan/sandbox-empty/boundary")).json()).toEqual([]);
  });
});

describe("what the sandbox has not", () => {
  it.each([
    "/",
    "/nothing",
    "/nobody/neighbourhoods",
    "/nobody/N1/boundary",
    "/metropolitan/nowhere/boundary",
    "/metropolitan/sandbox-missing/boundary",
    "/metropolitan/00AG/boundary/more",
    "/constructor/neighbourhoods",
    "/constructor/name/boundary",
    "/metropolitan/constructor/boundary",
    "/metropolitan/%E0%A4%A/boundary",
  ])("is 404: %s", async (path) => {
    const { get } = await openSandbox({ world });
    expect((await get(path)).status).toBe(404);
  });

  it("is 404 outside of /api", async () => {
    const { url } = await openSandbox({ world });
    expect((await fetch(new URL("/forces", url))).status).toBe(404);
  });
});

describe("an area and a month", () => {
  it("have the same crimes by GET and by form POST", async () => {
    const { get, post, seen } = await openSandbox({ world });
    const byGet = await jsonOf<RawCrime[]>(get(`${CRIMES}?date=2018-04&poly=${POLY}`));
    const byPost = await jsonOf<RawCrime[]>(post(CRIMES, { date: "2018-04", poly: POLY }));
    expect(byGet.length).toBeGreaterThan(100);
    expect(byPost).toEqual(byGet);
    expect(byGet.every(({ month }) => month === "2018-04")).toBe(true);
    expect(seen.map(({ method, path, status }) => [method, path, status])).toEqual([
      ["GET", CRIMES, 200],
      ["POST", CRIMES, 200],
    ]);
  });

  it("have outcomes of that month, in their own shape", async () => {
    const { get } = await openSandbox({ world });
    const rows = await jsonOf<RawOutcome[]>(get(`${OUTCOMES}?date=2018-05&poly=${POLY}`));
    expect(rows.length).toBeGreaterThan(50);
    expect(rows.every(({ date }) => date === "2018-05")).toBe(true);
    expect(Object.keys(rows[0] ?? {}).toSorted()).toEqual([
      "category",
      "crime",
      "date",
      "person_id",
    ]);
    expect(rows[0]?.crime).not.toHaveProperty("outcome_status");
    expect(rows[0]?.category.code).toMatch(/^[a-z-]+$/);
  });

  it.each(["", "&date=", "&date=2018", "&date=2018-13", "&date=2018-4", "&date=May"])(
    "are the latest month when the date is missing or misspelt: %j",
    async (date) => {
      const { get } = await openSandbox({ world });
      const rows = await jsonOf<RawCrime[]>(get(`${CRIMES}?poly=${POLY}${date}`));
      expect(rows.length).toBeGreaterThan(100);
      expect(rows.every(({ month }) => month === "2018-05")).toBe(true);
    },
  );

  it("are 404 before the window and empty after it", async () => {
    const { get } = await openSandbox({ world });
    expect((await get(`${CRIMES}?date=2018-03&poly=${POLY}`)).status).toBe(404);
    const future = await get(`${OUTCOMES}?date=2018-06&poly=${POLY}`);
    expect(future.status).toBe(200);
    expect(await future.json()).toEqual([]);
  });

  it("are 503 without a body or Retry-After above 10,000 records", async () => {
    const { get } = await openSandbox({ world });
    expect(world.records("crimes", "2018-05")?.find(LONDON_RING).length).toBeGreaterThan(10_000);
    const reply = await get(`${CRIMES}?date=2018-05&poly=${LONDON}`);
    expect(reply.status).toBe(503);
    expect(reply.headers.get("retry-after")).toBeNull();
    expect(await reply.text()).toBe("");
  });

  it.each([
    ["", 404],
    ["&poly=", 404],
    ["&poly=here", 404],
    ["&poly=51,-0.1,3:51,0:52,0", 404],
    ["&poly=51:52:53", 404],
    ["&poly=51,:52,0:52,1", 404],
    ["&poly=Infinity,0:52,0:52,1", 404],
    ["&poly=51,0:52,0", 502],
  ])("are refused where the poly is malformed: %j", async (poly, status) => {
    const { get } = await openSandbox({ world });
    expect((await get(`${CRIMES}?date=2018-05${poly}`)).status).toBe(status);
  });
});

describe("the sandbox's limits", () => {
  it("are 30 requests at once, then 429 until the bucket leaks", async () => {
    const { get } = await openSandbox({ world, limited: true });
    const replies = await Promise.all(Array.from({ length: 40 }, () => get("/crime-last-updated")));
    const accepted = replies.filter(({ status }) => status === 200).length;
    expect(accepted).toBeGreaterThanOrEqual(30);
    expect(accepted).toBeLessThanOrEqual(38);
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200, 429]));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await get("/crime-last-updated")).status).toBe(200);
  });

  it("are 4,094 characters of a request line: 4,081 of path and query", async () => {
    const { get } = await openSandbox({ world });
    const start = `${CRIMES}?date=2018-05&poly=${POLY}&more=`;
    const padding = "x".repeat(4081 - "/api".length - start.length);
    expect((await get(start + padding)).status).toBe(200);
    expect((await get(`${start}${padding}x`)).status).toBe(400);
  });

  it("are a form for POST, and areas only", async () => {
    const { url, post } = await openSandbox({ world });
    const json = { date: "2018-05", poly: POLY };
    const reply = await fetch(url + CRIMES, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(json),
    });
    expect(reply.status).toBe(400);
    expect((await post("/forces", json)).status).toBe(405);
  });

  it("are this machine alone", async () => {
    const { url } = await openSandbox({ world });
    const { hostname, port } = new URL(url);
    expect(hostname).toBe("127.0.0.1");
    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ address, scopeid }) => address !== "127.0.0.1" && !scopeid)
      .map(({ address }) => address);
    for (const host of others) expect(await connects(host, Number(port))).toBe(false);
    expect(await connects("127.0.0.1", Number(port))).toBe(true);
  });
});

function connects(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 300 });
    const end = (connected: boolean) => {
      socket.destroy();
      resolve(connected);
    };
    socket.once("connect", () => end(true));
    socket.once("timeout", () => end(false));
    socket.once("error", () => end(false));
  });
}
