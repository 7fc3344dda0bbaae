import { join } from "node:path";
import { expect, test } from "vitest";
import { runCli, startForTest } from "../support/cli.ts";
import { polygonsAsked } from "../support/crawled.ts";
import { countRows, createFolder, queryColumn } from "../support/temp.ts";
import { createWorld, rawCrime, serve, square } from "../support/world.ts";

const TEN = Array.from({ length: 10 }, (_, n) => n);
const WORLD = createWorld({
  areas: { avon: Object.fromEntries(TEN.map((n) => [`A${n}`, square(51, n / 10, 0.08)])) },
  crimes: TEN.map((n) => rawCrime(n, { latitude: 51.05, longitude: n / 10 + 0.05 })),
});

/** For a process whose clock is set by so many days, a while after it began. */
function clockSet(days: number, afterMs: number) {
  const code = `const Real = Date;
    const now = () => Real.now() + (performance.now() < ${afterMs} ? 0 : ${days} * 86400000);
    globalThis.Date = class extends Real {
      constructor(...parts) { super(...(parts.length === 0 ? [now()] : parts)); }
      static now() { return now(); }
    };`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` };
}

test.each([
  [-400, 0],
  [-400, 600],
  [3000, 0],
  [3000, 600],
])(
  "a refresh that was killed goes on though the clock is set by %d days, after %d ms",
  async (days, afterMs) => {
    const cwd = createFolder();
    const served = await serve(WORLD, { latency: "small" });
    const crawl = ["crawl", "--api-url", served.url, "--plan", "neighbourhoods"];
    expect((await runCli([...crawl, "--quiet"], { cwd })).code).toBe(0);
    const whole = polygonsAsked(served).length;

    const killed = startForTest([...crawl, "--refresh"], { cwd });
    await expect
      .poll(() => polygonsAsked(served).length, { timeout: 30_000, interval: 5 })
      .toBeGreaterThan(whole + 5);
    killed.child.kill("SIGKILL");
    await killed.finished;
    const before = polygonsAsked(served).length;

    const env = clockSet(days, afterMs);
    const { code, err } = await runCli([...crawl, "--refresh"], { cwd, env });
    expect(err).toMatch(/going on with the refresh of 2018-05/);
    expect(code).toBe(0);
    const asked = polygonsAsked(served).length;
    expect(asked - before).toBeGreaterThan(0);
    expect(asked - before).toBeLessThan(whole);
    const file = join(cwd, "ukpolice.db");
    expect(countRows(file, "crimes")).toBe(10);
    expect(countRows(file, "staged_crimes") + countRows(file, "sweeps")).toBe(0);

    // With the clock set right, nothing is left to do but what was noted at a time to come.
    expect((await runCli([...crawl, "--quiet"], { cwd })).code).toBe(0);
    expect(polygonsAsked(served)).toHaveLength(asked);
    const ahead = "select count(*) from forces where listed_at > datetime('now', '+1 day')";
    expect(queryColumn(file, ahead)).toEqual([0]);
  },
  60_000,
);
