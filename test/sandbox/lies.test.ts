import { beforeAll, describe, expect, it } from "vitest";
import { LIE_NAMES } from "../../src/sandbox/lies.ts";
import type { LieName } from "../../src/sandbox/lies.ts";
import { loadSample } from "../../src/sandbox/sample.ts";
import type { RawCrime, RawOutcome, World } from "../../src/sandbox/world.ts";
import { jsonOf, openSandbox, polyAround } from "../support/open-sandbox.ts";
import { createWorld, rawCrime, rawStop } from "../support/world.ts";

let world: World;
beforeAll(() => {
  world = loadSample();
});

const CITY = { latitude: 51.5142, longitude: -0.0931 };
const HERE = polyAround(CITY.latitude, CITY.longitude, 0.01);
const NOWHERE = polyAround(10, 10, 0.002);
const crimes = (poly: string) => `/crimes-street/all-crime?date=2018-05&poly=${poly}`;
const outcomes = (poly: string) => `/outcomes-at-location?date=2018-05&poly=${poly}`;

const stops = (force: string) => `/stops-force?date=2018-05&force=${force}`;
const unlocated = (force: string) => `/crimes-no-location?date=2018-05&force=${force}`;
const placed = rawStop({ location: rawCrime(1, CITY).location });
const small = createWorld({
  areas: { kent: {} },
  crimes: [],
  stops: { "2018-05": { kent: [rawStop()], placed: [placed] } },
  unlocated: { "2018-05": { kent: [rawCrime(1, CITY, { location: null })] } },
});

/** The first record of a reply in which every one lies; of a small world where it is by force. */
async function told<T>(lie: LieName, path: string): Promise<T | undefined> {
  const served = path.includes("force=") ? small : world;
  const { get } = await openSandbox({ world: served, lies: { [lie]: 1 } });
  const [first] = await jsonOf<T[]>(get(path));
  return first;
}

describe("a lie of the sandbox", () => {
  it.each<[LieName, object]>([
    ["wrong-type", { category: 7 }],
    ["latitude-nan", { location: { latitude: "NaN" } }],
    ["latitude-91", { location: { latitude: "91.000000" } }],
    ["id-string", { id: expect.stringMatching(/^\d+$/) }],
    ["id-huge", { id: 2 ** 60 }],
    ["other-month", { month: "2015-01" }],
    ["escapes-in-names", { location: { street: { name: expect.stringContaining("\u001B[2J") } } }],
    ["escapes-in-dates", { month: expect.stringContaining("\u202E") }],
  ])("is about the first record, or one of its own: %s", async (lie, expected) => {
    expect(await told<RawCrime>(lie, crimes(HERE))).toMatchObject(expected);
    expect(await told<RawCrime>(lie, crimes(NOWHERE))).toMatchObject(expected);
    const ofOutcome = await told<RawOutcome>(lie, outcomes(HERE));
    const dated = { date: Object.values(expected)[0] };
    expect(ofOutcome).toMatchObject("month" in expected ? dated : { crime: expected });
  });

  it("can leave out a key, or hide it in a prototype", async () => {
    expect(await told("missing-key", crimes(HERE))).not.toHaveProperty("category");
    const { get } = await openSandbox({ world, lies: { "proto-key": 1 } });
    const text = await (await get(crimes(HERE))).text();
    expect(text).toMatch(/"__proto__":\{"category":"[a-z-]+"\}/);
  });

  it("can give a key twice, the truth the second time", async () => {
    const { get } = await openSandbox({ world, lies: { "duplicate-keys": 1 } });
    const text = await (await get(crimes(HERE))).text();
    const honest = await openSandbox({ world });
    expect(text).toMatch(/^\[\{"id":1099511627776,/);
    expect(JSON.parse(text)).toEqual(await jsonOf(honest.get(crimes(HERE))));
  });

  it.each<[LieName, number]>([
    ["huge-body", 200],
    ["gzip-bomb", 500],
  ])("can be of many millions of bytes: %s", async (lie, mebibytes) => {
    const { get } = await openSandbox({ world, lies: { [lie]: 1 } });
    const { body } = await get(crimes(NOWHERE));
    let bytes = 0;
    for await (const chunk of body ?? []) bytes += chunk.length;
    expect(bytes).toBe(mebibytes * 2 ** 20 + 2);
  });

  it("can be nested deeply", async () => {
    const { get } = await openSandbox({ world, lies: { "deep-nesting": 1 } });
    const text = await (await get(crimes(HERE))).text();
    expect(text).toMatch(/^\[{100000}\]{100000}$/);
  });

  it("can send away, to a host of another name", async () => {
    const { url, seen } = await openSandbox({ world, lies: { redirect: 1 } });
    const reply = await fetch(url + crimes(HERE), { redirect: "manual" });
    expect(reply.status).toBe(302);
    const location = reply.headers.get("location") ?? "";
    expect(location).toBe((url + crimes(HERE)).replace("127.0.0.1", "localhost"));
    expect(seen).toMatchObject([{ status: 0, trouble: "redirect" }]);
  });

  it("is told about records alone, and where a point is named only about those that hold it", async () => {
    const lies = { redirect: 1 };
    const { url, seen } = await openSandbox({ world, lies, lieArea: CITY });
    const paths = ["/forces", crimes(NOWHERE), stops("kent"), crimes(HERE), outcomes(HERE)];
    for (const path of paths) await fetch(url + path, { redirect: "manual" });
    const troubles = seen.map(({ trouble }) => trouble);
    expect(troubles).toEqual([undefined, undefined, undefined, "redirect", "redirect"]);
  });

  it.each<[LieName, object]>([
    ["wrong-type", { type: 7 }],
    ["missing-key", expect.not.objectContaining({ type: expect.anything() })],
    ["latitude-nan", { location: { latitude: "NaN" } }],
    ["latitude-91", { location: { latitude: "91.000000" } }],
    ["id-string", { location: { street: { id: expect.stringMatching(/^\d+$/) } } }],
    ["id-huge", { location: { street: { id: 2 ** 60 } } }],
    ["other-month", { datetime: "2015-01-15T12:00:00+00:00" }],
    ["escapes-in-names", { location: { street: { name: expect.stringContaining("\u001B[2J") } } }],
    ["escapes-in-dates", { datetime: expect.stringContaining("\u202E") }],
  ])(
    "is told about stops, where there are some and where there are none: %s",
    async (lie, expected) => {
      expect(await told(lie, stops("kent"))).toMatchObject(expected);
      expect(await told(lie, stops("nobody"))).toMatchObject(expected);
      expect(await told(lie, stops("placed"))).toMatchObject(expected);
    },
  );

  it.each<[LieName, object]>([
    ["wrong-type", { category: 7, location: null }],
    ["latitude-nan", { location: { latitude: "NaN" } }],
    ["id-string", { id: expect.stringMatching(/^\d+$/) }],
    ["other-month", { month: "2015-01" }],
    ["escapes-in-names", { location: { street: { name: expect.stringContaining("\u001B[2J") } } }],
  ])("is told about crimes without location: %s", async (lie, expected) => {
    expect(await told(lie, unlocated("kent"))).toMatchObject(expected);
    expect(await told(lie, unlocated("btp"))).toMatchObject(expected);
  });

  it("can give a key of a stop twice, or hide it in a prototype", async () => {
    const twice = await openSandbox({ world: small, lies: { "duplicate-keys": 1 } });
    const text = await (await twice.get(stops("kent"))).text();
    expect(text).toMatch(/^\[\{"datetime":"2015-01-15T12:00:00\+00:00",.*"datetime":"2018-05-15T/);
    const hidden = await openSandbox({ world: small, lies: { "proto-key": 1 } });
    const other = await (await hidden.get(stops("kent"))).text();
    expect(other).toContain('"__proto__":{"type":"Person search"}');
    expect(other.match(/"type"/g)).toHaveLength(1);
  });

  it("befalls its share of replies, and leaves a seed's faults as they are", async () => {
    const faults = { "500": 0.3 };
    const runs = [];
    for (const lies of [{}, { redirect: 0.4 }]) {
      const { url, seen } = await openSandbox({ world, faults, lies, seed: 5 });
      for (let n = 0; n < 40; n += 1) await fetch(url + crimes(NOWHERE), { redirect: "manual" });
      runs.push(seen.map(({ trouble }) => trouble));
    }
    const [without = [], withLies = []] = runs;
    expect(withLies.map((one) => one === "500")).toEqual(without.map((one) => one === "500"));
    const lied = withLies.filter((one) => one === "redirect").length;
    expect(lied).toBeGreaterThan(4);
    expect(lied).toBeLessThan(24);
  });

  it("has a name that says what it is", () => {
    expect(LIE_NAMES).toHaveLength(15);
    expect(LIE_NAMES.every((name) => /^[a-z0-9-]+$/.test(name))).toBe(true);
  });
});
