import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { BIN, expectFailure, runCli, startForTest } from "../support/cli.ts";
import { polygonsAsked } from "../support/crawled.ts";
import { countRows, createFolder, readContent } from "../support/temp.ts";
import { createWorld, rawCrime, serve, square } from "../support/world.ts";

const SANDBOX = ["crawl", "--sandbox", "--plan", "neighbourhoods", "--force", "city-of-london"];

/** Ten neighbourhoods with a crime in each, a folder, and a crawl into it that runs. */
async function startTen(more: string[], options: Parameters<typeof serve>[1] = {}) {
  const cwd = createFolder();
  const ten = Array.from({ length: 10 }, (_, n) => n);
  const areas = { avon: Object.fromEntries(ten.map((n) => [`A${n}`, square(51, n / 10, 0.08)])) };
  const crimes = ten.map((n) => rawCrime(n, { latitude: 51.05, longitude: n / 10 + 0.05 }));
  const served = await serve(createWorld({ areas, crimes }), { latency: "small", ...options });
  const args = ["crawl", "--api-url", served.url, "--plan", "neighbourhoods", ...more];
  return { ...served, cwd, args, running: startForTest(args, { cwd }) };
}

/** Resolves when so many polygons were asked for. */
async function untilAsked(served: Parameters<typeof polygonsAsked>[0], count: number) {
  const asked = () => polygonsAsked(served).length;
  await expect.poll(asked, { timeout: 15_000, interval: 5 }).toBeGreaterThanOrEqual(count);
}

/** Runs a command as a user would paste it into a shell. */
async function paste(command: string, cwd: string): Promise<void> {
  const script = `ukpolice() { '${process.execPath}' '${BIN}' "$@"; }\n${command}`;
  await promisify(execFile)("sh", ["-c", script], { cwd });
}

describe("a crawl that gets a signal", () => {
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)(
    "ends by %s with exit code %i, and names the command that goes on",
    async (name, exit) => {
      const { seen, cwd, running } = await startTen(["--db", "my.db"]);
      await untilAsked({ seen }, 6);
      running.child.kill(name);
      const finished = await running.finished;
      const hint = /go on with: ukpolice crawl .*--db my\.db/;
      expectFailure(finished, { exit, says: new RegExp(`stopped by ${name}`), hint });
      const before = countRows(join(cwd, "my.db"), "crimes");
      expect(before).toBeLessThan(10);
      const asked = polygonsAsked({ seen });

      await paste(/go on with: (.*)/.exec(finished.err)?.[1] ?? "", cwd);
      expect(countRows(join(cwd, "my.db"), "crimes")).toBe(10);
      const again = polygonsAsked({ seen }).slice(asked.length);
      expect(again.filter((polygon) => asked.includes(polygon))).toEqual([]);
    },
  );

  test("names a command that can be pasted, blanks in names included", async () => {
    const { seen, cwd, running } = await startTen(["--db", "my police.db"]);
    await untilAsked({ seen }, 2);
    running.child.kill("SIGINT");
    const { err } = await running.finished;
    await paste(/go on with: (.*)/.exec(err)?.[1] ?? "", cwd);
    expect(countRows(join(cwd, "my police.db"), "crimes")).toBe(10);
    expect(readdirSync(cwd).filter((file) => file.endsWith(".db"))).toEqual(["my police.db"]);
  });

  test("ends at once by the second, whatever is on the wire", async () => {
    const { seen, running } = await startTen([], { faults: { hang: 1 } });
    await expect.poll(() => seen.length, { timeout: 10_000 }).toBe(1);
    running.child.kill("SIGINT");
    await running.said(/stopping/);
    const sinceMs = performance.now();
    running.child.kill("SIGINT");
    expect(await running.finished).toMatchObject({ code: 130, out: "" });
    expect(performance.now() - sinceMs).toBeLessThan(2000);
  });

  test("ends while it waits for an API that is down", async () => {
    const { running } = await startTen([], { isDown: () => true });
    await running.said(/API is down/);
    running.child.kill("SIGINT");
    expectFailure(await running.finished, { exit: 130, says: /SIGINT/, hint: /go on with/ });
  });
});

describe("a sandbox that gets a signal", () => {
  test("closes, and exits as the shells expect", async () => {
    const running = startForTest(["sandbox"], { cwd: createFolder() });
    await running.said(/Ctrl-C/);
    running.child.kill("SIGTERM");
    const { code, out } = await running.finished;
    expect(out).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api\n$/);
    expect(code).toBe(143);
  });
});

describe("a crawl that is killed", () => {
  test("and started again ends with the rows of an undisturbed run", async () => {
    const undisturbed = createFolder();
    const kill = async (requests: number) => {
      const cwd = createFolder();
      const running = startForTest([...SANDBOX, "--verbose"], { cwd });
      await running.said(/^GET /gm, requests);
      running.child.kill("SIGKILL");
      expect(await running.finished).toMatchObject({ signal: "SIGKILL" });
      expect(await runCli(SANDBOX, { cwd })).toMatchObject({ code: 0 });
      return readContent(join(cwd, "sandbox", "ukpolice.db"));
    };
    const [whole, ...others] = await Promise.all([
      runCli(SANDBOX, { cwd: undisturbed }),
      ...[2, 6, 11, 15, 19].map(kill),
    ]);
    expect(whole.code).toBe(0);
    const expected = readContent(join(undisturbed, "sandbox", "ukpolice.db"));
    for (const content of others) expect(content).toEqual(expected);
  });
});

describe("a crawl that is frozen, as by a machine that sleeps", () => {
  test("goes on when it wakes, never over the rate, and ends with all rows", async () => {
    const { seen, cwd, running } = await startTen([]);
    await untilAsked({ seen }, 4);
    running.child.kill("SIGSTOP");
    const asleep = seen.length;
    await new Promise((resolve) => setTimeout(resolve, 4000));
    expect(seen.length - asleep).toBeLessThanOrEqual(1);
    running.child.kill("SIGCONT");
    expect(await running.finished).toMatchObject({ code: 0 });
    expect(countRows(join(cwd, "ukpolice.db"), "crimes")).toBe(10);
    // It was asleep for sixty requests' time, and makes up for none; arrivals are timed roughly here.
    const times = seen.map(({ atMs }) => atMs);
    for (const [index, at] of times.entries()) {
      const within = times.slice(index).filter((other) => other < at + 1000);
      expect(within.length).toBeLessThanOrEqual(20);
    }
  });
});
