import { describe, expect, it } from "vitest";
import type { Late } from "../../src/sandbox/late.ts";
import type { RawStop } from "../../src/sandbox/world.ts";
import { jsonOf, openSandbox } from "../support/open-sandbox.ts";
import type { Asked } from "../support/open-sandbox.ts";
import { createWorld, rawCrime, rawStop } from "../support/world.ts";
import { createTime, statusOf } from "./small-world.ts";

const { location } = rawCrime(1, { latitude: 50, longitude: 0 });
const stops = ["10-17", "18-24", "25-34", "over 34", "18-24", "25-34", "10-17"].map((age_range) =>
  rawStop({ age_range, location }),
);
const none = rawStop({ outcome: "", outcome_object: { id: "", name: "" } });
const world = createWorld({
  areas: { kent: {} },
  crimes: [],
  months: ["2018-04", "2018-05", "2018-11"],
  stops: {
    "2018-04": { kent: stops, surrey: [none] },
    "2018-05": { kent: stops, surrey: [none] },
    "2018-11": { kent: stops, surrey: stops },
  },
});

const pathOf = (force: string, date: string) => `/stops-force?force=${force}&date=${date}`;

async function listed({ get }: Asked): Promise<unknown[]> {
  const months = await jsonOf<Record<string, unknown>[]>(get("/crimes-street-dates"));
  return months.map((month) => month["stop-and-search"]);
}

describe("a force that publishes late", () => {
  const BOTH = ["kent", "surrey"];

  it("has no stops of the newest month until the months were asked for so often", async () => {
    const asked = await openSandbox({ world, late: [{ force: "kent", asks: 2 }] });
    const newest = () => jsonOf<RawStop[]>(asked.get(pathOf("kent", "2018-11")));
    expect(await newest()).toEqual([]);
    expect(await listed(asked)).toEqual([["surrey"], BOTH, BOTH]);
    expect(await newest()).toEqual([]);
    expect(await listed(asked)).toEqual([["surrey"], BOTH, BOTH]);
    expect(await newest()).toEqual(stops);
    expect(await listed(asked)).toEqual([BOTH, BOTH, BOTH]);
    expect(await jsonOf(asked.get(pathOf("kent", "2018-05")))).toEqual(stops);
  });

  it("may never publish, and is not the only one", async () => {
    const late: Late[] = [
      { force: "kent", asks: Infinity },
      { force: "surrey", asks: 1 },
    ];
    const asked = await openSandbox({ world, late });
    expect((await listed(asked))[0]).toEqual([]);
    for (let n = 0; n < 3; n += 1) expect((await listed(asked))[0]).toEqual(["surrey"]);
  });
});

describe("the shape of stops", () => {
  it("can be that of 2017: fifteen keys, and false for no outcome", async () => {
    const { get } = await openSandbox({ world, stops: "old" });
    const { outcome_object: _, ...old } = none;
    expect(await jsonOf(get(pathOf("surrey", "2018-05")))).toEqual([{ ...old, outcome: false }]);
    const [first] = await jsonOf<RawStop[]>(get(pathOf("kent", "2018-05")));
    expect(first).toMatchObject({ outcome: "A no further action disposal" });
    expect(Object.keys(first ?? {})).toHaveLength(15);
  });

  it("can be odd: each way of no outcome, no place, and rows that are equal", async () => {
    const { get, seen } = await openSandbox({ world, stops: "odd" });
    const rows = await jsonOf<RawStop[]>(get(pathOf("kent", "2018-05")));
    expect(rows.slice(0, 3)).toEqual([stops[0], stops[0], stops[0]]);
    expect(rows.map(({ outcome }) => outcome).slice(3, 7)).toEqual([
      null,
      false,
      "",
      "A no further action disposal",
    ]);
    expect(rows.map((row) => row.location === null).indexOf(true)).toBe(6);
    expect(rows.map(({ age_range: age }) => age).slice(2)).toEqual(
      stops.map(({ age_range: age }) => age),
    );
    expect(seen).toMatchObject([{ records: 9 }]);
  });

  it.each([
    ["2018-05", "2018-04-30T23:30:00+00:00"],
    ["2018-11", "2018-11-01T00:30:00+00:00"],
  ])("can be odd: a month begins at midnight in Britain: %s", async (month, expected) => {
    const { get } = await openSandbox({ world, stops: "odd" });
    const rows = await jsonOf<RawStop[]>(get(pathOf("kent", month)));
    expect(rows.map(({ datetime }) => datetime)).toContain(expected);
  });
});

describe("a break of what is asked by force", () => {
  const breaks = [
    { path: "/stops-force?force=kent", by: 502 },
    { path: "/stops-force?force=surrey&date=2018-05", by: "none" as const },
    { path: "/crimes-no-location", by: 500 },
  ];

  it("is of one force, or of one force and month, by GET and by POST", async () => {
    const asked = await openSandbox({ world, breaks });
    expect(await statusOf(asked, pathOf("kent", "2018-05"))).toBe(502);
    expect((await asked.post("/stops-force", { force: "kent" })).status).toBe(502);
    expect(await jsonOf(asked.get(pathOf("surrey", "2018-05")))).toEqual([]);
    expect(await jsonOf(asked.get(pathOf("surrey", "2018-04")))).toEqual([none]);
    expect(await statusOf(asked, "/crimes-no-location?force=kent")).toBe(500);
    expect(asked.seen.map(({ obstacle }) => obstacle)).toEqual([
      "break",
      "break",
      "break",
      undefined,
      "break",
    ]);
  });
});

describe("what befalls every reply", () => {
  it("befalls stops: outages, encodings, marks of order, faults", async () => {
    const time = createTime();
    const asked = await openSandbox({
      world,
      outages: [{ from: 0, to: 5 }],
      encoding: "gzip",
      bom: true,
      now: time.now,
    });
    const path = pathOf("kent", "2018-05");
    expect(await statusOf(asked, path)).toBe(503);
    time.set(5);
    const reply = await asked.get(path);
    expect(reply.headers.get("content-encoding")).toBe("gzip");
    const bytes = new Uint8Array(await reply.arrayBuffer());
    expect(bytes.slice(0, 3)).toEqual(Uint8Array.of(0xef, 0xbb, 0xbf));
    const faulty = await openSandbox({ world, faults: { "504": 1 } });
    expect(await statusOf(faulty, path)).toBe(504);
    expect(await statusOf(faulty, "/crimes-no-location?force=kent")).toBe(504);
  });
});
