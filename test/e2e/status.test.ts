import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { expectTwoLines, runCli, startForTest } from "../support/cli.ts";
import { createCountry } from "../support/country.ts";
import { createFolder } from "../support/temp.ts";
import { createWorld, rawCrime, serve, square } from "../support/world.ts";

const HERE = { latitude: 51.05, longitude: 0.05 };
const AREAS = { avon: { A1: square(51, 0, 0.1), A2: "missing" as const }, kent: {} };

/** A folder with a database of one month, crawled from a small API. */
async function crawlSmall(): Promise<string> {
  const cwd = createFolder();
  const { url } = await serve(createWorld({ areas: AREAS, crimes: [rawCrime(3, HERE)] }));
  await runCli(["crawl", "--quiet", "--api-url", url], { cwd });
  return cwd;
}

describe("ukpolice status", () => {
  test("says on one screen what is there, what is not, and what to run next", async () => {
    const cwd = await crawlSmall();
    const { code, out, err } = await runCli(["status"], { cwd, env: { LC_ALL: "C.UTF-8" } });
    expect(out).toMatch(/^ukpolice\.db: [\d.]+ MB, schema \d+$/m);
    expect(out).toMatch(/last update +2018-05, from 2018-05 on, all forces/);
    expect(out).toMatch(/months +1 complete \(2018-05\)/);
    expect(out).toMatch(/avon +1 █ +1 +1\/1/);
    expect(out).toMatch(/kent +0 +0 +none/);
    expect(out).toContain("1 without a boundary: avon/A2");
    expect(out).toContain("kent: no crimes in 2018-05");
    expect(out).toMatch(/^next: ukpolice crawl/m);
    expect(out).not.toContain("\u001b");
    expect({ code, err }).toEqual({ code: 0, err: "" });
  });

  test("is ASCII in a locale that has no more", async () => {
    const cwd = await crawlSmall();
    const { out } = await runCli(["status"], { cwd, env: { LC_ALL: "C" } });
    expect(out).toMatch(/avon +1 #/);
    expect(out).toMatch(/^[\n\x20-\x7e]*$/);
  });

  test("gives one document with --json, with the same facts", async () => {
    const cwd = await crawlSmall();
    const { code, out, err } = await runCli(["status", "--json"], { cwd });
    expect(JSON.parse(out)).toMatchObject({
      database: "ukpolice.db",
      bytes: expect.any(Number),
      last_update: { state: "fits", month: "2018-05", since: "2018-05", forces: "all" },
      records: { crimes: 1, outcomes: 1 },
      months: [{ month: "2018-05", state: "complete", crimes: 1, outcomes: 1 }],
      coverage: [
        { force: "avon", crimes: { "2018-05": 1 }, outcomes: { "2018-05": 1 } },
        { force: "kent", crimes: { "2018-05": 0 }, outcomes: { "2018-05": 0 } },
      ],
      runs: [{ state: "done", exit_code: 0 }],
      next: { command: expect.stringMatching(/^ukpolice crawl/) },
    });
    expect({ code, err }).toEqual({ code: 0, err: "" });
  });

  test("answers while a crawl is at work, and names its process", async () => {
    const cwd = createFolder();
    const world = createWorld({ areas: AREAS, crimes: [rawCrime(3, HERE)] });
    const { url, seen } = await serve(world, { faults: { hang: 1 } });
    const crawl = startForTest(["crawl", "--api-url", url], { cwd });
    await expect.poll(() => seen.length, { timeout: 10_000 }).toBeGreaterThan(0);
    const { code, out } = await runCli(["status"], { cwd });
    expect(out).toContain(`a crawl is at work (process ${crawl.child.pid})`);
    expect(code).toBe(0);
  });
});

describe("ukpolice status of what is no database exits 4 with a hint:", () => {
  const missing = { exit: 4, says: /there is no database ukpolice\.db/ };

  test("none at all, which a crawl makes; nothing is made by looking", async () => {
    const cwd = createFolder();
    expectTwoLines(await runCli(["status"], { cwd }), { ...missing, hint: /ukpolice crawl$/ });
    expect(readdirSync(cwd)).toEqual([]);
  });

  test("none, but the sandbox's, whose name is given", async () => {
    const cwd = createFolder();
    mkdirSync(join(cwd, "sandbox"));
    createCountry(join(cwd, "sandbox/ukpolice.db")).db.close();
    const finished = await runCli(["status"], { cwd });
    expectTwoLines(finished, { ...missing, hint: /status --db sandbox\/ukpolice\.db/ });
    const args = ["status", "--db", "sandbox/ukpolice.db"];
    expect(await runCli(args, { cwd })).toMatchObject({ code: 0, err: "" });
  });

  test("a file of another kind", async () => {
    const cwd = createFolder();
    writeFileSync(join(cwd, "ukpolice.db"), "a,b\n".repeat(500));
    expectTwoLines(await runCli(["status"], { cwd }), {
      exit: 4,
      says: /ukpolice\.db/,
      hint: /--db/,
    });
  });

  test("one of an older schema, which the next crawl brings up to date", async () => {
    const cwd = createFolder();
    const db = new Database(join(cwd, "ukpolice.db"));
    db.exec(readFileSync(new URL("../fixtures/schema-1.sql", import.meta.url), "utf8"));
    db.close();
    const finished = await runCli(["status"], { cwd });
    expectTwoLines(finished, { exit: 4, says: /schema 1/, hint: /crawl brings it up to date/ });
  });
});

test("an empty file is an empty database", async () => {
  const cwd = createFolder();
  writeFileSync(join(cwd, "ukpolice.db"), "");
  const { code, out } = await runCli(["status"], { cwd });
  expect(out).toMatch(/months +none/);
  expect(out).toContain("next: ukpolice crawl\n");
  expect(code).toBe(0);
});
