import { createServer } from "node:net";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { UkpoliceError } from "../../src/errors.ts";
import { FAULTS } from "../../src/sandbox/faults.ts";
import type { Fault } from "../../src/sandbox/faults.ts";
import { latencyMs } from "../../src/sandbox/latency.ts";
import { createLimiter } from "../../src/sandbox/limits.ts";
import { loadSample } from "../../src/sandbox/sample.ts";
import { startSandbox } from "../../src/sandbox/server.ts";
import { createChooser, parseShares } from "../../src/sandbox/shares.ts";
import type { World } from "../../src/sandbox/world.ts";
import { failureOf } from "../support/http.ts";
import { openSandbox } from "../support/open-sandbox.ts";

let world: World;
beforeAll(() => {
  world = loadSample();
});

/** The status of a reply, or what became of it. */
async function outcomeOf(asked: Promise<Response>): Promise<string> {
  try {
    const reply = await asked;
    const text = await reply.text();
    const wait = reply.headers.get("retry-after");
    if (reply.status !== 200) return wait === null ? `${reply.status}` : `${reply.status} ${wait}`;
    return text.startsWith("<html>") ? "html" : "200";
  } catch {
    return "broken";
  }
}

describe("a fault of the sandbox", () => {
  it.each<[Fault, string]>([
    ["500", "500"],
    ["502", "502"],
    ["503", "503"],
    ["504", "504"],
    ["429", "429 1"],
    ["429-bare", "429"],
    ["reset", "broken"],
    ["cut", "broken"],
    ["length", "broken"],
    ["html", "html"],
  ])("takes the place of a reply: %s", async (fault, outcome) => {
    const { get, seen } = await openSandbox({ world, faults: { [fault]: 1 } });
    expect(await outcomeOf(get("/forces"))).toBe(outcome);
    expect(seen[0]).toMatchObject({ path: "/forces", status: 0 });
  });

  it("can be that nothing is ever answered", async () => {
    const { url } = await openSandbox({ world, faults: { hang: 1 } });
    const error = await failureOf(fetch(`${url}/forces`, { signal: AbortSignal.timeout(150) }));
    expect(error).toHaveProperty("name", "TimeoutError");
  });

  it("befalls the same requests when the seed is the same", async () => {
    const faults = { "500": 0.3, reset: 0.2 };
    const runs: string[][] = [];
    for (const seed of [7, 7, 8]) {
      const { get } = await openSandbox({ world, faults, seed });
      const outcomes: string[] = [];
      for (let index = 0; index < 20; index += 1) outcomes.push(await outcomeOf(get("/forces")));
      runs.push(outcomes);
    }
    expect(runs[1]).toEqual(runs[0]);
    expect(runs[2]).not.toEqual(runs[0]);
    expect(new Set(runs[0])).toEqual(new Set(["200", "500", "broken"]));
  });

  it("never befalls a reply that is no success", async () => {
    const { get } = await openSandbox({ world, faults: { html: 1 } });
    expect((await get("/nothing")).status).toBe(404);
  });

  it("befalls the share of replies that was asked for", () => {
    const choose = createChooser(FAULTS, { "500": 0.05, hang: 0.1 }, 3);
    const chosen = Array.from({ length: 20_000 }, choose);
    const share = (fault: Fault) => chosen.filter((one) => one === fault).length / chosen.length;
    expect(share("500")).toBeCloseTo(0.05, 1.5);
    expect(share("hang")).toBeCloseTo(0.1, 1.5);
    expect(share("reset")).toBe(0);
  });
});

describe("an outage of the sandbox", () => {
  it("is 503 for everything while it lasts", async () => {
    let down = true;
    const { get } = await openSandbox({ world, isDown: () => down });
    expect((await get("/crime-last-updated")).status).toBe(503);
    expect((await get("/nothing")).status).toBe(503);
    down = false;
    expect((await get("/crime-last-updated")).status).toBe(200);
  });
});

const parseFault = (text: string) => parseShares("fault", FAULTS, text);

describe("--fault", () => {
  it("reads kinds and shares", () => {
    expect(parseFault("500=0.05,429-bare=1,reset=0")).toEqual({
      "500": 0.05,
      "429-bare": 1,
      reset: 0,
    });
    expect(parseFault("")).toEqual({});
    const every = FAULTS.map((fault) => `${fault}=0.01`).join(",");
    expect(Object.keys(parseFault(every)).toSorted()).toEqual([...FAULTS].toSorted());
  });

  it.each([
    "500",
    "500=",
    "500=x",
    "500=1.1",
    "500=-0.1",
    "500=NaN",
    "flood=0.1",
    "=1",
    "toString=1",
  ])("is wrong usage as %j", (text) => {
    expect(() => parseFault(text)).toThrow(UkpoliceError);
  });
});

describe("the sandbox's leaky bucket", () => {
  it("gives 30 at once and then 15 a second, whatever the pattern", () => {
    const gaps = fc.array(fc.nat(400), { minLength: 1, maxLength: 300 });
    const property = fc.property(gaps, (all) => {
      let now = 0;
      const isWithin = createLimiter(() => now);
      let accepted = 0;
      for (const gap of all) {
        now += gap;
        if (isWithin()) accepted += 1;
        expect(accepted).toBeLessThanOrEqual(30 + (now / 1000) * 15 + 1e-6);
      }
    });
    fc.assert(property);
  });

  it("fills up again within two seconds", () => {
    let now = 0;
    const isWithin = createLimiter(() => now);
    const burst = () => Array.from({ length: 100 }, isWithin).filter(Boolean).length;
    expect([burst(), burst()]).toEqual([30, 0]);
    now = 2001;
    expect([burst(), burst()]).toEqual([30, 0]);
  });
});

describe("the sandbox's latency", () => {
  it("is none, small, or about 0.45 s and 1.1 ms a record as observed", () => {
    expect(latencyMs("none", 9000)).toBe(0);
    expect(latencyMs("small", 2000)).toBe(20);
    expect(latencyMs("live", 0)).toBe(450);
    expect(latencyMs("live", 1693)).toBeCloseTo(2312, 0);
    expect(latencyMs("live", 1e9)).toBeLessThan(17_000);
  });
});

describe("starting the sandbox", () => {
  it("on a port in use is wrong usage, with the port named", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const error = await failureOf(startSandbox({ world, port }));
    await new Promise((resolve) => other.close(resolve));
    expect(error).toMatchObject({ exitCode: 2 });
    expect(String(error)).toContain(String(port));
  });

  it("and closing it frees the port, open connections or not", async () => {
    const sandbox = await startSandbox({ world, faults: { hang: 1 } });
    const hanging = failureOf(fetch(`${sandbox.url}/forces`));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await sandbox.close();
    expect(await hanging).toBeInstanceOf(TypeError);
    const again = await startSandbox({ world, port: Number(new URL(sandbox.url).port) });
    await again.close();
  });
});
