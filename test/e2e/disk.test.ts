import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, onTestFinished, test } from "vitest";
import { expectFailure, runCli, startForTest } from "../support/cli.ts";
import { countRows, createFolder, queryColumn, readContent } from "../support/temp.ts";
import { createWorld, gridOfCrimes, rawCrime, serve, square } from "../support/world.ts";

const HERE = { latitude: 51.05, longitude: 0.05 };
const SMALL = createWorld({
  areas: { avon: { A1: square(51, 0, 0.1) } },
  crimes: [rawCrime(3, HERE), rawCrime(4, HERE)],
});

/** More than a disk of 4 mebibytes holds. */
const LARGE = createWorld({
  areas: { avon: { A1: square(51, 0, 0.1), A2: square(51, 0.1, 0.1) } },
  crimes: gridOfCrimes(15_000, 51, 0, 0.2),
});

/** A disk of so many mebibytes, or nothing where this user may not mount one. */
function mountDisk(mebibytes: number): string | undefined {
  const folder = createFolder();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${mebibytes}m`, "tmpfs", folder], {
      stdio: "ignore",
    });
  } catch {
    return undefined;
  }
  onTestFinished(() => void execFileSync("umount", ["-l", folder]));
  return folder;
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

describe("a disk that is full", () => {
  test("ends the crawl with exit code 4, keeps what was committed, and with more room all is there", async (context) => {
    const disk = mountDisk(4);
    if (disk === undefined) return context.skip();
    const { url } = await serve(LARGE);
    const args = ["crawl", "--api-url", url, "--plan", "neighbourhoods"];
    const finished = await runCli(args, { cwd: disk });
    expectFailure(finished, { exit: 4, says: /full/, hint: /free some room.*same command/ });
    const file = join(disk, "ukpolice.db");
    expect(queryColumn(file, "pragma integrity_check")).toEqual(["ok"]);
    expect(countRows(file, "neighbourhoods")).toBe(2);

    execFileSync("mount", ["-o", "remount,size=200m", disk]);
    expect(await runCli([...args, "--quiet"], { cwd: disk })).toMatchObject({ code: 0, err: "" });
    const whole = createFolder();
    expect(await runCli([...args, "--quiet"], { cwd: whole })).toMatchObject({ code: 0 });
    expect(readContent(file)).toEqual(readContent(join(whole, "ukpolice.db")));
  }, 90_000);
});

describe("a folder that cannot be written", () => {
  test("ends the crawl with exit code 4 before anything is asked", async (context) => {
    const disk = mountDisk(4);
    if (disk === undefined) return context.skip();
    execFileSync("mount", ["-o", "remount,ro", disk]);
    const { url, seen } = await serve(SMALL);
    const finished = await runCli(["crawl", "--api-url", url, "--quiet"], { cwd: disk });
    expectFailure(finished, { exit: 4, says: /ukpolice\.db/, hint: /./ });
    expect(seen).toEqual([]);
    expect(readdirSync(disk)).toEqual([]);
  });

  test.skipIf(isRoot())("for want of permission, too", async () => {
    const cwd = createFolder();
    const { url, seen } = await serve(SMALL);
    chmodSync(cwd, 0o555);
    onTestFinished(() => chmodSync(cwd, 0o755));
    const finished = await runCli(["crawl", "--api-url", url, "--quiet"], { cwd });
    expectFailure(finished, { exit: 4, says: /ukpolice\.db/, hint: /permission|written/ });
    expect(seen).toEqual([]);
  });
});

test("a database that another program has locked is waited for, then named with exit code 4", async () => {
  const cwd = createFolder();
  const { url } = await serve(SMALL);
  const args = ["crawl", "--api-url", url, "--quiet"];
  expect(await runCli(args, { cwd })).toMatchObject({ code: 0 });
  const other = new Database(join(cwd, "ukpolice.db"));
  onTestFinished(() => void other.close());
  other.exec("begin immediate");
  const finished = await runCli([...args, "--refresh"], { cwd });
  expectFailure(finished, { exit: 4, says: /ukpolice\.db/, hint: /another program/ });
  other.exec("rollback");
  expect(await runCli([...args, "--refresh"], { cwd })).toMatchObject({ code: 0, err: "" });
}, 60_000);

test("a last_update.json that cannot be written ends the crawl with exit code 4, and the rows are there", async () => {
  const cwd = createFolder();
  const { url } = await serve(SMALL);
  mkdirSync(join(cwd, "last_update.json"));
  writeFileSync(join(cwd, "last_update.json", "in-the-way"), "");
  const finished = await runCli(["crawl", "--api-url", url, "--quiet"], { cwd });
  expectFailure(finished, { exit: 4, says: /last_update\.json/, hint: /database itself is well/ });
  expect(queryColumn(join(cwd, "ukpolice.db"), "select count(*) from crimes")).toEqual([2]);
});

test("the lock of a crawl that was killed is no obstacle", async () => {
  const cwd = createFolder();
  const hanging = await serve(SMALL, { faults: { hang: 1 } });
  const first = startForTest(["crawl", "--api-url", hanging.url], { cwd });
  await expect.poll(() => hanging.seen.length, { timeout: 10_000 }).toBe(1);
  first.child.kill("SIGKILL");
  await first.finished;
  expect(statSync(join(cwd, "ukpolice.db-lock")).size).toBeGreaterThan(0);
  const { url } = await serve(SMALL);
  const again = await runCli(["crawl", "--api-url", url, "--quiet"], { cwd });
  expect(again).toMatchObject({ code: 0, err: "" });
});
