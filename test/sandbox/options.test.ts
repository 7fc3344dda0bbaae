import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { UkpoliceError } from "../../src/errors.ts";
import { parseBlockRetryAfter } from "../../src/sandbox/blocks.ts";
import { parseBreaks } from "../../src/sandbox/breaks.ts";
import { parseGateway, parseSlow } from "../../src/sandbox/gateway.ts";
import { parseLatency, latencyMs, patienceSeconds, refusalMs } from "../../src/sandbox/latency.ts";
import { parseLate } from "../../src/sandbox/late.ts";
import { parseLimit } from "../../src/sandbox/limits.ts";
import { parseRelease } from "../../src/sandbox/release.ts";
import { parseEmpty } from "../../src/sandbox/window.ts";
import { expectTwoLines, runCli, startForTest } from "../support/cli.ts";
import { failureOf } from "../support/http.ts";
import { createFolder } from "../support/temp.ts";

describe("an option of the sandbox", () => {
  it("--limit is for all kinds or for some", () => {
    expect(parseLimit("5000")).toBe(5000);
    expect(parseLimit("none")).toBe(Infinity);
    expect(parseLimit("crimes=14000,outcomes=none")).toEqual({
      crimes: 14_000,
      outcomes: Infinity,
    });
  });

  it("--gateway and --slow name a number of records", () => {
    expect(parseGateway("8000")).toEqual({ above: 8000, end: "504" });
    expect(parseGateway("8000:silence")).toEqual({ above: 8000, end: "silence" });
    expect(parseGateway("8000..9000:502")).toEqual({ above: 8000, to: 9000, end: "502" });
    expect(parseSlow("5000:2.5")).toEqual({ above: 5000, seconds: 2.5 });
  });

  it("--break names paths", () => {
    expect(parseBreaks("/forces=502,/kent/a=b=error,/x=redirect")).toEqual([
      { path: "/forces", by: 502 },
      { path: "/kent/a=b", by: "error" },
      { path: "/x", by: "redirect" },
    ]);
    expect(parseBreaks("/stops-force?force=kent&date=2018-05=none")).toEqual([
      { path: "/stops-force?force=kent&date=2018-05", by: "none" },
    ]);
    expect(parseBreaks("")).toEqual([]);
  });

  it("--empty names months", () => {
    expect(parseEmpty("2018-05:30,2018-06")).toEqual([
      { month: "2018-05", seconds: 30 },
      { month: "2018-06", seconds: Infinity },
    ]);
  });

  it("--late names forces", () => {
    expect(parseLate("kent:2,north-wales")).toEqual([
      { force: "kent", asks: 2 },
      { force: "north-wales", asks: Infinity },
    ]);
  });

  it("--block-retry-after is what is sent, or none", () => {
    for (const text of ["30", "-1", "soon"]) expect(parseBlockRetryAfter(text)).toBe(text);
    expect(parseBlockRetryAfter("none")).toBeUndefined();
  });

  it("--release is a day after the sample's own", () => {
    expect(parseRelease("2018-06-05")).toBe("2018-06-05");
  });

  it("--latency is a name, or so many times live", () => {
    expect(parseLatency("small")).toBe("small");
    const ten = parseLatency("10");
    expect(latencyMs(ten, 1000)).toBe(10 * latencyMs("live", 1000));
    expect(latencyMs(parseLatency("0"), 1000)).toBe(0);
  });

  const parsers: [string, (text: string) => unknown, string[]][] = [
    ["--limit", parseLimit, ["", "x", "-1", "1.5", "crimes", "crimes=", "stops=1", "crimes=1=2"]],
    ["--gateway", parseGateway, ["", "x", "-1", "8000:", "8000:503", "8000:504:1", "8000..:504"]],
    ["--slow", parseSlow, ["", "5000", "5000:", "5000:x", ":20", "1:2:3", "1:86401"]],
    ["--break", parseBreaks, ["forces=502", "/forces", "/forces=", "/forces=200", "/forces=600"]],
    ["--empty", parseEmpty, ["2018", "2018-13", "2018-05:", "2018-05:x", "2018-05:1:2"]],
    ["--late", parseLate, ["kent:", ":2", "kent:x", "kent:1:2", "kent 2"]],
    ["--release", parseRelease, ["", "2018-06", "2018-06-31x", "2018-13-01", "2018-05-01"]],
    ["--latency", parseLatency, ["", "slow", "-1", "NaN", "Infinity", "1001"]],
    ["--block-retry-after", parseBlockRetryAfter, ["", "a\nb", "caf\u00e9"]],
  ];
  it.each(parsers)("%s is wrong usage as anything else", (_, parse, texts) => {
    for (const text of texts) expect(() => parse(text), text).toThrow(UkpoliceError);
  });
});

describe("live latency", () => {
  it("refuses after 0.5 to 9 s, whatever the size", () => {
    expect([0, 1].map((draw) => refusalMs("live", 1e6, draw))).toEqual([500, 9000]);
    expect(refusalMs(2, 1e6, 0)).toBe(1000);
    expect(refusalMs("none", 1e6, 0.5)).toBe(0);
  });

  it("has gateways that wait for 30 s, and no longer where all is slower", () => {
    const latencies = ["none", "small", "live", 0.1, 10] as const;
    expect(latencies.map((latency) => patienceSeconds(latency))).toEqual([0, 0, 30, 3, 30]);
  });
});

describe.concurrent("the command", () => {
  it("says what is wrong with an option in two lines, and exits 2", async () => {
    const args = ["sandbox", "--gateway", "8000:503"];
    const finished = await runCli(args, { cwd: createFolder() });
    expectTwoLines(finished, { exit: 2, says: /8000:503 .* ends are 504/, hint: /--help/ });
  });

  it("takes them all, tells what was met, and ends while replies are held back", async () => {
    const options = `--latency 0.5 --limit crimes=14000 --gateway 100:silence --gateway-after 300
      --slow 50:20 --block 3000..4000 --block-above 500 --block-status 429 --block-page html
      --block-retry-after 30 --break /forces=502,/metropolitan=error --retry-after 9
      --release 2018-06-05 --window-moves 3600 --late city-of-london:2 --stops odd --empty 2018-06:600 --longest-line 5000 --encoding GZIP --bom`;
    const args = ["sandbox", "--verbose", ...options.split(/\s+/)];
    const running = startForTest(args, { cwd: createFolder() });
    const { stdout } = running.child;
    if (stdout === null) throw new Error("there is no stdout");
    const url = String((await once(stdout, "data")).at(0)).trim();
    const area = `${url}/crimes-street/all-crime?date=2018-05&poly=51,-1:52,-1:52,1`;
    const held = failureOf(fetch(area));
    await running.said(/^GET .* 0 gateway \d+ records$/m);
    const reply = await fetch(`${url}/forces`);
    expect([reply.status, reply.headers.get("retry-after")]).toEqual([502, "9"]);
    await running.said(/^GET \/forces 502 break$/m);
    running.child.kill("SIGTERM");
    expect((await running.finished).code).toBe(143);
    expect(await held).toBeInstanceOf(TypeError);
  });
});
