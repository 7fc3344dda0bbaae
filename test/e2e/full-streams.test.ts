import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { BIN, runCli } from "../support/cli.ts";
import { countRows, createFolder } from "../support/temp.ts";
import { createWorld, rawCrime, serve, square } from "../support/world.ts";

const HERE = { latitude: 51.05, longitude: 0.05 };
const WORLD = createWorld({
  areas: { avon: { A1: square(51, 0, 0.1) } },
  crimes: [rawCrime(3, HERE), rawCrime(4, HERE)],
});

/** A device that takes nothing, as a disk that is full. */
const FULL = "/dev/full";

type Stream = "stdout" | "stderr";

/** Runs the command line with one of its streams on a full disk; what the other said. */
async function runFull(args: readonly string[], full: Stream, cwd: string) {
  const file = openSync(FULL, "w");
  const isOut = full === "stdout";
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd,
    stdio: ["ignore", isOut ? file : "pipe", isOut ? "pipe" : file],
  });
  closeSync(file);
  onTestFinished(() => void child.kill("SIGKILL"));
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => (said += text));
  }
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { child, said: () => said, ended };
}

async function crawled() {
  const cwd = createFolder();
  const { url } = await serve(WORLD);
  expect((await runCli(["crawl", "--api-url", url, "--quiet"], { cwd })).code).toBe(0);
  return cwd;
}

describe.skipIf(!existsSync(FULL))("standard error on a full disk costs what it would say:", () => {
  test.each([
    ["lines", []],
    ["request lines", ["--verbose"]],
    ["lines, a log beside them", ["--log-file", "crawl.log"]],
  ])("a crawl with %s does all its work, and gives its answer", async (_, more) => {
    const cwd = createFolder();
    const { url } = await serve(WORLD);
    const run = await runFull(["crawl", "--api-url", url, "--json", ...more], "stderr", cwd);
    expect(await run.ended).toBe(0);
    expect(JSON.parse(run.said())).toMatchObject({ last_update: "2018-05" });
    expect(countRows(join(cwd, "ukpolice.db"), "crimes")).toBe(2);
  });

  test("a failure keeps its exit code", async () => {
    const cwd = createFolder();
    const args = ["crawl", "--api-url", "http://127.0.0.1:1/api", "--patience", "0"];
    expect(await (await runFull(args, "stderr", cwd)).ended).toBe(3);
  });

  test("an export is whole", async () => {
    const cwd = await crawled();
    const run = await runFull(["export", "--format", "csv", "--out", "out"], "stderr", cwd);
    expect(await run.ended).toBe(0);
    expect(run.said()).toMatch(/^out: exported/);
  });

  test.each([["sandbox"], ["browse"]])("%s serves on until it is stopped", async (command) => {
    const cwd = await crawled();
    const run = await runFull([command, "--port", "0"], "stderr", cwd);
    await expect.poll(run.said, { timeout: 30_000 }).toMatch(/^http:\S+\n/);
    expect((await fetch(`${run.said().trim()}/forces`)).status).toBeGreaterThanOrEqual(200);
    run.child.kill("SIGTERM");
    expect(await run.ended).toBe(143);
  });
});

describe.skipIf(!existsSync(FULL))("an answer that finds its disk full exits 4:", () => {
  test.each([
    [["status", "--json"]],
    [["status"]],
    [["export", "--format", "csv", "--what", "crimes", "--out", "-"]],
    [["completion", "bash"]],
    [["--help"]],
  ])("%j", async (args) => {
    const cwd = await crawled();
    const run = await runFull(args, "stdout", cwd);
    expect(await run.ended).toBe(4);
    expect(run.said()).toMatch(/^ukpolice: standard output cannot be written: ENOSPC/m);
    expect(run.said()).toMatch(/^hint: check the room on the disk/m);
    expect(run.said()).not.toMatch(/^\s+at /m);
  });

  test("crawl --json, and what it fetched is kept", async () => {
    const cwd = createFolder();
    const { url } = await serve(WORLD);
    const run = await runFull(["crawl", "--api-url", url, "--json"], "stdout", cwd);
    expect(await run.ended).toBe(4);
    expect(countRows(join(cwd, "ukpolice.db"), "crimes")).toBe(2);
  });
});
