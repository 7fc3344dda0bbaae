import { beforeAll, describe, expect, it } from "vitest";
import { point } from "../../src/commands/checks.ts";
import { UkpoliceError } from "../../src/errors.ts";
import { loadSample } from "../../src/sandbox/sample.ts";
import { isWithin, parseSpans } from "../../src/sandbox/spans.ts";
import type { World } from "../../src/sandbox/world.ts";
import { openSandbox, polyAround } from "../support/open-sandbox.ts";
import { createTime } from "./small-world.ts";

let world: World;
beforeAll(() => {
  world = loadSample();
});

const CITY = { latitude: 51.5142, longitude: -0.0931 };
const HERE = polyAround(CITY.latitude, CITY.longitude, 0.002);
const THERE = polyAround(51.5, -0.2, 0.002);
const AREA_PATHS = ["/crimes-street/all-crime", "/outcomes-at-location"];

describe("an area that fails", () => {
  it("is any that holds the point, of either kind, asked either way; the others are well", async () => {
    const { get, post } = await openSandbox({ world, failArea: CITY });
    for (const path of AREA_PATHS) {
      const ask = async (poly: string) => [
        (await get(`${path}?date=2018-05&poly=${poly}`)).status,
        (await post(path, { date: "2018-05", poly })).status,
      ];
      expect(await ask(HERE)).toEqual([500, 500]);
      expect(await ask(THERE)).toEqual([200, 200]);
    }
    expect((await get("/forces")).status).toBe(200);
  });
});

describe("an outage", () => {
  it("is on from its first second until its last", () => {
    const spans = parseSpans("outage", "30..150,300..");
    const at = (seconds: number) => isWithin(spans, seconds);
    expect([0, 29.9, 30, 149.9, 150, 299, 300, 1e6].map(at)).toEqual([
      false,
      false,
      true,
      true,
      false,
      false,
      true,
      true,
    ]);
  });

  it("is 503 for everything, and a clean end of it is a clean reply", async () => {
    const time = createTime();
    const { get } = await openSandbox({ world, outages: [{ from: 0, to: 30 }], now: time.now });
    expect((await get("/crime-last-updated")).status).toBe(503);
    time.set(30);
    expect((await get("/crime-last-updated")).status).toBe(200);
  });

  it.each(["30", "30..20", "30..30", "..20", "a..b", "1..2..3", "-1..5", "30s..150s"])(
    "is wrong usage as %j",
    (text) => {
      expect(() => parseSpans("outage", text)).toThrow(UkpoliceError);
    },
  );
});

describe("a point of the command line", () => {
  it("is latitude and longitude", () => {
    expect(point("fail-area")("51.5,-0.1")).toEqual({ latitude: 51.5, longitude: -0.1 });
    expect(point("fail-area")("-90,180")).toEqual({ latitude: -90, longitude: 180 });
  });

  it.each(["", "51.5", "51.5,", "91,0", "0,181", "x,y", "1,2,3", "NaN,0", "1e1,0"])(
    "is wrong usage as %j",
    (text) => {
      expect(() => point("fail-area")(text)).toThrow(UkpoliceError);
    },
  );
});
