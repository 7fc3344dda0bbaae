import { request } from "node:http";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { Encoding } from "../../src/sandbox/deliver.ts";
import type { SandboxOptions } from "../../src/sandbox/server.ts";
import { openSandbox } from "../support/open-sandbox.ts";
import { createWorld, gridOfCrimes, square } from "../support/world.ts";

const world = createWorld({
  areas: { kent: { K1: square(50, 0, 0.1) } },
  crimes: gridOfCrimes(10, 50, 0, 0.1),
});
const AREA = "/crimes-street/all-crime?date=2018-05&poly=49,-1:51,-1:51,1:49,1";
const FORCES = JSON.stringify(world.forces);

type Raw = { status: number; encoding: string | undefined; bytes: Buffer };

/** A reply as it comes over the wire: fetch would unpack it. */
async function askRaw(options: Omit<SandboxOptions, "world">, path = "/forces"): Promise<Raw> {
  const { url } = await openSandbox({ world, ...options });
  return new Promise((resolve, reject) => {
    const asked = request(url + path, async (response) => {
      const { statusCode: status = 0, headers } = response;
      try {
        const bytes = Buffer.concat(await response.toArray());
        resolve({ status, encoding: headers["content-encoding"], bytes });
      } catch (error) {
        reject(error);
      }
    });
    asked.once("error", reject).end();
  });
}

describe("the encoding of a reply", () => {
  it.each<Encoding>(["gzip", "x-gzip", "GZIP"])("may be called %s", async (encoding) => {
    const reply = await askRaw({ encoding });
    expect(reply.encoding).toBe(encoding);
    expect(gunzipSync(reply.bytes).toString()).toBe(FORCES);
  });

  it("may be said to be none at all, or not be said", async () => {
    const said = await askRaw({ encoding: "identity" });
    expect([said.encoding, said.bytes.toString()]).toEqual(["identity", FORCES]);
    const unsaid = await askRaw({});
    expect([unsaid.encoding, unsaid.bytes.toString()]).toEqual([undefined, FORCES]);
  });

  it("is none where there is no body, or no JSON", async () => {
    expect(await askRaw({ encoding: "gzip", bom: true, isDown: () => true })).toEqual({
      status: 503,
      encoding: undefined,
      bytes: Buffer.alloc(0),
    });
    const page = await askRaw({ encoding: "gzip", block: [{ from: 0, to: Infinity }] });
    expect(page.encoding).toBeUndefined();
  });

  it("holds for a reply that is cut off, too", async () => {
    const options = { encoding: "gzip" as const, faults: { cut: 1 } };
    await expect(askRaw(options)).rejects.toThrow(/aborted/);
  });
});

describe("a byte order mark", () => {
  it("stands before the JSON, packed or not", async () => {
    expect((await askRaw({ bom: true })).bytes.toString()).toBe(`\uFEFF${FORCES}`);
    const packed = await askRaw({ bom: true, encoding: "gzip" });
    expect(gunzipSync(packed.bytes).toString()).toBe(`\uFEFF${FORCES}`);
  });
});

describe("Retry-After", () => {
  it.each<[string, Omit<SandboxOptions, "world">]>([
    ["faults", { faults: { "502": 1 } }],
    ["refusals", { limit: 5 }],
    ["outages", { isDown: () => true }],
    ["gateways", { gateway: { above: 5, end: "504" } }],
    ["broken endpoints", { breaks: [{ path: "/crimes-street", by: 500 }] }],
  ])("comes with %s where it is asked for", async (_, options) => {
    const { get } = await openSandbox({ world, ...options, retryAfter: 3 });
    expect((await get(AREA)).headers.get("retry-after")).toBe("3");
    const without = await openSandbox({ world, ...options });
    expect((await without.get(AREA)).headers.get("retry-after")).toBeNull();
  });

  it("comes above the rate, too", async () => {
    const { get } = await openSandbox({ world, limited: true, now: () => 0, retryAfter: 3 });
    for (let sent = 0; sent < 30; sent += 1) await get("/forces");
    const reply = await get("/forces");
    expect([reply.status, reply.headers.get("retry-after")]).toEqual([429, "3"]);
  });

  it("of a fault that is 429, and of a block, is their own", async () => {
    const faulty = await openSandbox({ world, faults: { "429": 1 }, retryAfter: 3 });
    expect((await faulty.get("/forces")).headers.get("retry-after")).toBe("1");
    const bare = await openSandbox({ world, faults: { "429-bare": 1 }, retryAfter: 3 });
    expect((await bare.get("/forces")).headers.get("retry-after")).toBeNull();
    const block = [{ from: 0, to: Infinity }];
    const blocked = await openSandbox({ world, block, blockStatus: 429, retryAfter: 3 });
    expect((await blocked.get("/forces")).headers.get("retry-after")).toBeNull();
  });
});
