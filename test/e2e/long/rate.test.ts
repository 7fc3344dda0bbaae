import { expect, test } from "vitest";
import { runCli } from "../../support/cli.ts";
import { startElsewhere } from "../../support/sandbox.ts";
import { createFolder } from "../../support/temp.ts";

test("a crawl is at its rate, never over it, and asks no polygon twice", async () => {
  const sandbox = await startElsewhere();
  const args = ["crawl", "--api-url", sandbox.url, "--plan", "neighbourhoods", "--json"];
  const { code, out } = await runCli(args, { cwd: createFolder() });
  const seen = await sandbox.stop();
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ requests: seen.length, last_update: "2018-05" });

  expect(seen.filter(({ status }) => status === 429)).toEqual([]);
  const times = seen.map(({ atMs }) => atMs).sort((a, b) => a - b);
  expect(mostWithin(1000, times)).toBeLessThanOrEqual(15);
  const seconds = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1000;
  expect((times.length - 1) / seconds).toBeGreaterThanOrEqual(14.5);

  const polygons = seen.filter(({ params }) => params.includes("poly="));
  expect(polygons.length).toBeGreaterThan(600);
  const questions = polygons.map(({ path, params }) => `${path}?${params}`);
  expect(new Set(questions).size).toBe(questions.length);
});

/** The most times that fall into any span of so many milliseconds. */
function mostWithin(ms: number, times: readonly number[]): number {
  let first = 0;
  return times.reduce((most, time, index) => {
    while ((times[first] ?? time) <= time - ms) first += 1;
    return Math.max(most, index - first + 1);
  }, 0);
}
