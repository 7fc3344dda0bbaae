import { describe, expect, it } from "vitest";
import { openSandbox } from "../support/open-sandbox.ts";
import type { Asked } from "../support/open-sandbox.ts";
import { areaPath, CRIMES, createTime, OUTCOMES, statusOf, world } from "./small-world.ts";

describe("a block", () => {
  it("is a challenge page for everything while it lasts", async () => {
    const time = createTime();
    const asked = await openSandbox({ world, block: [{ from: 0, to: 10 }], now: time.now });
    const reply = await asked.get("/forces");
    expect(reply.status).toBe(403);
    expect(reply.headers.get("content-type")).toBe("text/html");
    expect(reply.headers.get("retry-after")).toBeNull();
    expect(await reply.text()).toMatch(/^<!doctype html>/);
    expect(await statusOf(asked, areaPath(CRIMES))).toBe(403);
    time.set(10);
    expect(await statusOf(asked, "/forces")).toBe(200);
    expect(asked.seen).toMatchObject([
      { obstacle: "block", records: 0 },
      { obstacle: "block", records: 10 },
      { obstacle: undefined },
    ]);
  });

  it("may be 429, with Retry-After, and without a page", async () => {
    const block = [{ from: 0, to: Infinity }];
    const bare = await openSandbox({ world, block, blockStatus: 429, blockRetryAfter: 7 });
    const reply = await bare.get("/forces");
    expect([reply.status, reply.headers.get("retry-after"), await reply.text()]).toEqual([
      429,
      "7",
      "",
    ]);
    const paged = await openSandbox({ world, block, blockStatus: 429, blockPage: "html" });
    expect(await (await paged.get("/forces")).text()).toMatch(/^<!doctype html>/);
    const plain = await openSandbox({ world, block, blockPage: "none" });
    expect(await (await plain.get("/forces")).text()).toBe("");
  });

  it("comes over whoever sends too much in a second, for 60 s", async () => {
    const time = createTime();
    const asked = await openSandbox({ world, blockAbove: 2, now: time.now });
    const at = async (...moments: number[]) => {
      const statuses = [];
      for (const moment of moments) {
        time.set(moment);
        statuses.push(await statusOf(asked, "/forces"));
      }
      return statuses;
    };
    expect(await at(0, 0.6, 1.2, 1.8)).toEqual([200, 200, 200, 200]);
    expect(await at(1.9, 2, 30, 61.8, 61.9)).toEqual([403, 403, 403, 403, 200]);
  });

  it("goes on for whoever goes on", async () => {
    const time = createTime();
    const asked = await openSandbox({ world, blockAbove: 1, now: time.now });
    for (const moment of [0, 0, 59.9, 60, 119.9]) {
      time.set(moment);
      await asked.get("/forces");
    }
    expect(asked.seen.map(({ status }) => status)).toEqual([200, 403, 403, 403, 403]);
  });
});

describe("the window", () => {
  const datesOf = async ({ get }: Asked) => {
    const rows: { date: string }[] = JSON.parse(await (await get("/crimes-street-dates")).text());
    return rows.map(({ date }) => date);
  };

  it("moves: the oldest month is no longer listed, and 404", async () => {
    const time = createTime();
    const asked = await openSandbox({ world, windowMoves: 10, now: time.now });
    expect(await datesOf(asked)).toEqual(["2018-05", "2018-04"]);
    expect(await statusOf(asked, areaPath(CRIMES, "2018-04"))).toBe(200);
    time.set(10);
    expect(await datesOf(asked)).toEqual(["2018-05"]);
    expect(await statusOf(asked, areaPath(CRIMES, "2018-04"))).toBe(404);
    expect(await statusOf(asked, areaPath(OUTCOMES, "2018-03"))).toBe(404);
    expect(await statusOf(asked, areaPath(CRIMES))).toBe(200);
    expect(asked.seen.slice(-3)).toMatchObject([
      { obstacle: "window-moves", records: 10 },
      { obstacle: undefined, records: 0 },
      { obstacle: undefined, records: 10 },
    ]);
  });

  it("lists a month that is still empty", async () => {
    const time = createTime();
    const empty = [
      { month: "2018-05", seconds: 10 },
      { month: "2018-06", seconds: Infinity },
    ];
    const asked = await openSandbox({ world, empty, now: time.now });
    const rows = async (path: string, date?: string) =>
      (await (await asked.get(areaPath(path, date))).json()) as unknown[];
    expect(await datesOf(asked)).toEqual(["2018-06", "2018-05", "2018-04"]);
    expect(await rows(CRIMES)).toEqual([]);
    expect(await rows(OUTCOMES, "2018-06")).toEqual([]);
    expect(await rows(CRIMES, "2018-04")).toHaveLength(10);
    time.set(10);
    expect(await rows(CRIMES)).toHaveLength(10);
    expect(asked.seen.map(({ obstacle, records }) => [obstacle, records])).toEqual([
      [undefined, 0],
      ["empty", 10],
      ["empty", 0],
      [undefined, 10],
      [undefined, 10],
    ]);
  });
});
