import { describe, expect, it } from "vitest";
import { latencyMs } from "../../src/sandbox/latency.ts";
import { jsonOf, openSandbox } from "../support/open-sandbox.ts";
import { createWorld, rawCrime, rawStop } from "../support/world.ts";
import { createTime, statusOf } from "./small-world.ts";

const STOPS = "/stops-force";
const UNLOCATED = "/crimes-no-location";
const HERE = { latitude: 50, longitude: 0 };

const april = rawStop({ datetime: "2018-04-10T12:00:00+00:00" });
const may = [rawStop(), rawStop(), rawStop({ type: "Vehicle search", involved_person: false })];
const crimes = ["burglary", "drugs"].map((category, id) =>
  rawCrime(id, HERE, { category, location: null, location_type: null }),
);
const world = createWorld({
  areas: { kent: {}, surrey: {} },
  crimes: [],
  months: ["2018-04", "2018-05"],
  stops: { "2018-04": { kent: [april] }, "2018-05": { surrey: [], kent: may, btp: [rawStop()] } },
  unlocated: { "2018-05": { kent: crimes } },
});

describe("the list of months", () => {
  it("names the forces that have published stops, in their order", async () => {
    const { get } = await openSandbox({ world });
    expect(await jsonOf(get("/crimes-street-dates"))).toEqual([
      { date: "2018-05", "stop-and-search": ["btp", "kent", "surrey"] },
      { date: "2018-04", "stop-and-search": ["kent"] },
    ]);
  });

  it("may not say who has published stops, as once it never did", async () => {
    const { stopForces: _, stops: __, ...without } = world;
    const late = [{ force: "kent", asks: 1 }];
    for (const options of [
      { world: without, late },
      { world, stops: "unlisted" as const, late },
    ]) {
      const { get } = await openSandbox(options);
      const months = await jsonOf(get("/crimes-street-dates"));
      expect(months).toEqual([{ date: "2018-05" }, { date: "2018-04" }]);
    }
    const { get } = await openSandbox({ world: without });
    expect(await jsonOf(get(`${STOPS}?force=kent&date=2018-05`))).toEqual([]);
  });
});

describe("stops of a force", () => {
  it("are all of its month, equal ones too, by GET and by form POST", async () => {
    const { get, post, seen } = await openSandbox({ world });
    expect(await jsonOf(get(`${STOPS}?force=kent&date=2018-05`))).toEqual(may);
    expect(await jsonOf(post(STOPS, { force: "kent", date: "2018-04" }))).toEqual([april]);
    expect(seen.map(({ records }) => records)).toEqual([3, 1]);
  });

  it.each([
    ["force=btp&date=2018-05", 1],
    ["force=nobody&date=2018-05", 0],
    ["force=constructor&date=2018-05", 0],
    ["date=2018-05", 0],
    ["force=btp&date=2018-04", 0],
    ["force=kent&date=2018-06", 0],
    ["force=kent", 3],
    ["force=kent&date=May", 3],
  ])("are a list, of none where nothing is known: %s", async (query, count) => {
    const { get } = await openSandbox({ world });
    const reply = await get(`${STOPS}?${query}`);
    expect(reply.status).toBe(200);
    expect(await reply.json()).toHaveLength(count);
  });

  it("are 502 before the window, also when it moves", async () => {
    const time = createTime();
    const asked = await openSandbox({ world, windowMoves: 10, now: time.now });
    expect(await statusOf(asked, `${STOPS}?force=kent&date=2018-03`)).toBe(502);
    expect(await statusOf(asked, `${STOPS}?force=kent&date=2018-04`)).toBe(200);
    time.set(10);
    expect(await statusOf(asked, `${STOPS}?force=kent&date=2018-04`)).toBe(502);
    expect(asked.seen.map(({ obstacle }) => obstacle)).toEqual([
      undefined,
      undefined,
      "window-moves",
    ]);
  });

  it("come within any limit and gateway, and ten times as fast as crimes", async () => {
    const gateway = { above: 1, end: "504" as const };
    const asked = await openSandbox({ world, limit: 1, gateway });
    expect(await statusOf(asked, `${STOPS}?force=kent&date=2018-05`)).toBe(200);
    expect(latencyMs("live", 12_088, "stops")).toBeCloseTo(1700, -2);
  });

  it("can be slow, and of a month that is empty yet", async () => {
    const asked = await openSandbox({
      world,
      slow: { above: 2, seconds: 0.1 },
      empty: [{ month: "2018-04", seconds: 60 }],
    });
    await asked.get(`${STOPS}?force=kent&date=2018-05`);
    expect(await jsonOf(asked.get(`${STOPS}?force=kent&date=2018-04`))).toEqual([]);
    expect(asked.seen).toMatchObject([
      { obstacle: "slow", latencyMs: 100 },
      { obstacle: "empty", records: 1 },
    ]);
  });
});

describe("crimes without location of a force", () => {
  it.each([
    ["all-crime", crimes],
    ["of-our-making", crimes],
    ["constructor", crimes],
    ["", crimes],
    ["drugs", crimes.slice(1)],
    ["robbery", []],
  ])("are of a category, of all where it is not known: %j", async (category, expected) => {
    const { get, post } = await openSandbox({ world });
    const path = `${UNLOCATED}?category=${category}&force=kent&date=2018-05`;
    expect(await jsonOf(get(path))).toEqual(expected);
    expect(await jsonOf(post(UNLOCATED, { category, force: "kent" }))).toEqual(expected);
  });

  it.each([
    ["force=surrey&date=2018-05", 200],
    ["force=btp&date=2018-05", 200],
    ["force=kent&date=2018-06", 200],
    ["force=nobody&date=2018-05", 502],
    ["date=2018-05", 502],
    ["force=kent&date=2018-03", 502],
    ["force=btp&date=2018-03", 502],
  ])(
    "are none for a force without, and 502 for one that is not known: %s",
    async (query, status) => {
      const { get } = await openSandbox({ world });
      const reply = await get(`${UNLOCATED}?category=all-crime&${query}`);
      expect(reply.status).toBe(status);
      expect(await reply.text()).toBe(status === 200 ? "[]" : "");
    },
  );
});
