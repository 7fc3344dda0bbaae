import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { browse } from "../support/browsing.ts";
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

describe("what a crawl left", () => {
  const AT = [0.05, 0.5, 1.05].map((longitude) => ({ latitude: 51.05, longitude }));
  const CRIMES = AT.map((place, index) => rawCrime(3 * index, place));
  const TWO = { avon: { A1: square(51, 0, 0.1) }, kent: { K1: square(51, 1, 0.1) } };

  test("by neighbourhoods of all forces lacks what lies in no force's area, and the next crawl brings it", async () => {
    const cwd = createFolder();
    const { url, seen } = await serve(createWorld({ areas: TWO, crimes: CRIMES }));
    const crawl = ["crawl", "--quiet", "--api-url", url];
    expect(await runCli([...crawl, "--plan", "neighbourhoods"], { cwd })).toMatchObject({
      code: 0,
    });
    const { out } = await runCli(["status"], { cwd });
    expect(out).toMatch(/months +1 in part \(2018-05\)/);
    expect(out).toMatch(
      /^next: ukpolice crawl --since 2018-05\n +1 month not complete; what lies in no force's area is not here yet/m,
    );
    const command = /^next: ukpolice (.*)/m.exec(out)?.[1] ?? "";
    const next = [...command.split(" "), "--quiet", "--api-url", url];
    expect(await runCli(next, { cwd })).toMatchObject({ code: 0, err: "" });
    const after = await runCli(["status"], { cwd });
    expect(after.out).toMatch(/months +1 complete \(2018-05\)/);
    expect(after.out).toMatch(/crimes +3, 1 of them in no neighbourhood\n/);
    expect(after.out).toMatch(/last update +2018-05, from 2018-05 on, all forces/);
    seen.length = 0;
    expect(await runCli(crawl, { cwd })).toMatchObject({ code: 0, err: "" });
    expect(seen.filter(({ params }) => params.has("poly"))).toEqual([]);
  });

  test("with questions that got no answer is called incomplete, here, in JSON and on the pages", async () => {
    const cwd = createFolder();
    const crimes = [rawCrime(3, HERE), rawCrime(6, HERE, { location_type: 7 })];
    const { url } = await serve(createWorld({ areas: TWO, crimes }));
    const finished = await runCli(["crawl", "--quiet", "--api-url", url], { cwd });
    expect(finished.code).toBe(5);
    const { out } = await runCli(["status"], { cwd });
    expect(out).toMatch(/last run +.* UTC, incomplete: /);
    const { out: json } = await runCli(["status", "--json"], { cwd });
    expect(JSON.parse(json).runs).toMatchObject([{ state: "incomplete", exit_code: 5 }]);
    const { ask } = await browse(join(cwd, "ukpolice.db"));
    const { body } = await ask("/progress");
    expect(body.match(/class="tag warn">\w+/g)).toEqual([
      'class="tag warn">incomplete',
      'class="tag warn">incomplete',
    ]);
  });

  test("when it was killed is called killed, though another process has its number now", async () => {
    const cwd = createFolder();
    const file = join(cwd, "ukpolice.db");
    const { url, seen } = await serve(createWorld({ areas: TWO, crimes: CRIMES }), {
      faults: { hang: 1 },
    });
    const crawl = startForTest(["crawl", "--quiet", "--api-url", url], { cwd });
    await expect.poll(() => seen.length, { timeout: 10_000 }).toBeGreaterThan(0);
    crawl.child.kill("SIGKILL");
    await crawl.finished;
    const db = new Database(file);
    db.prepare("update runs set pid = ?").run(process.pid);
    db.close();
    const { out } = await runCli(["status"], { cwd });
    expect(out).toMatch(/last run +.* UTC, was killed: /);
    expect(out).not.toContain("at work");
    const { out: json } = await runCli(["status", "--json"], { cwd });
    expect(JSON.parse(json).runs).toMatchObject([{ state: "killed", pid: process.pid }]);
    const { ask } = await browse(file);
    expect((await ask("/progress")).body).toMatch(/class="tag bad">killed/);
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
});

test("an empty file is an empty database", async () => {
  const cwd = createFolder();
  writeFileSync(join(cwd, "ukpolice.db"), "");
  const { code, out } = await runCli(["status"], { cwd });
  expect(out).toMatch(/months +none/);
  expect(out).toContain("next: ukpolice crawl\n");
  expect(code).toBe(0);
});
