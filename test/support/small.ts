import { execFileSync } from "node:child_process";
import { expect } from "vitest";
import { runCli, startForTest } from "./cli.ts";
import { holdBack } from "./holding.ts";
import { createFolder } from "./temp.ts";
import { createWorld, rawCrime, serve, square } from "./world.ts";

const HERE = { latitude: 51.05, longitude: 0.05 };
const WORLD = createWorld({
  areas: { avon: { A1: square(51, 0, 0.1) } },
  crimes: [rawCrime(1, HERE), rawCrime(2, HERE)],
});

/** A folder with a small database that is complete, and how it was crawled. */
export async function crawlSmall() {
  const cwd = createFolder();
  const { url } = await serve(WORLD);
  const args = ["crawl", "--quiet", "--api-url", url];
  expect(await runCli(args, { cwd })).toMatchObject({ code: 0, err: "" });
  return { cwd, args };
}

/** A crawl that waits in the midst of its records until it is let go. */
export async function startHeld(cwd: string, ...more: string[]) {
  const { url } = await serve(WORLD);
  const held = await holdBack(url, (path) => path.includes("poly"));
  const crawl = startForTest(["crawl", "--api-url", held.url, ...more], { cwd });
  await expect.poll(() => held.held(), { timeout: 20_000 }).toBeGreaterThan(0);
  return { crawl, release: held.release };
}

/** Makes a pipe, which keeps whoever opens it waiting. */
export function makePipe(path: string): void {
  execFileSync("mkfifo", [path]);
}
