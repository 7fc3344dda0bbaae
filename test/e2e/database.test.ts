import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { expectTwoLines, NOWHERE, runCli, startForTest } from "../support/cli.ts";
import { createFolder } from "../support/temp.ts";
import { createWorld, rawCrime, serve, square } from "../support/world.ts";

const QUIET = ["crawl", "--quiet", "--api-url", NOWHERE];
const HERE = { latitude: 51.05, longitude: 0.05 };

/** A small API with two forces, and a folder with a database that is complete for both. */
async function serveSmall() {
  const areas = { avon: { A1: square(51, 0, 0.1) }, kent: { K1: square(51, 1, 0.1) } };
  return serve(createWorld({ areas, crimes: [rawCrime(3, HERE), rawCrime(4, HERE)] }));
}

function crawlArgs(url: string, ...more: string[]): string[] {
  return ["crawl", "--api-url", url, "--quiet", ...more];
}

describe("a database that cannot be used exits 4 with two lines on stderr:", () => {
  test("in a folder that does not exist, which the hint makes", async () => {
    const cwd = createFolder();
    const finished = await runCli([...QUIET, "--db", "no/where/my.db"], { cwd });
    expectTwoLines(finished, { exit: 4, says: /no\/where/, hint: /mkdir -p/ });
    expect(readdirSync(cwd)).toEqual([]);
  });

  test("a file that is no SQLite database, left untouched byte for byte", async () => {
    const cwd = createFolder();
    const text = "id,name\n".repeat(2000);
    writeFileSync(join(cwd, "notes.csv"), text);
    const finished = await runCli([...QUIET, "--db", "notes.csv"], { cwd });
    expectTwoLines(finished, { exit: 4, says: /notes\.csv/, hint: /--db/ });
    expect(readFileSync(join(cwd, "notes.csv"), "utf8")).toBe(text);
    expect(readdirSync(cwd)).toEqual(["notes.csv"]);
  });

  test("a folder", async () => {
    const cwd = createFolder();
    mkdirSync(join(cwd, "data"));
    const finished = await runCli([...QUIET, "--db", "data"], { cwd });
    expectTwoLines(finished, { exit: 4, says: /data/, hint: /./ });
  });

  test("one of a newer schema", async () => {
    const cwd = createFolder();
    const db = new Database(join(cwd, "ukpolice.db"));
    db.exec(readFileSync(new URL("../../schema.sql", import.meta.url), "utf8"));
    db.pragma("user_version = 99");
    db.close();
    const before = readFileSync(join(cwd, "ukpolice.db"));
    const finished = await runCli(QUIET, { cwd });
    expectTwoLines(finished, { exit: 4, says: /schema 99/, hint: /newest/ });
    expect(readFileSync(join(cwd, "ukpolice.db")).equals(before)).toBe(true);
  });

  test("one that another crawl holds, whose process is named", async () => {
    const cwd = createFolder();
    const world = createWorld({ areas: { avon: {} }, crimes: [] });
    const { url, seen } = await serve(world, { faults: { hang: 1 } });
    const first = startForTest(["crawl", "--api-url", url], { cwd });
    await expect.poll(() => seen.length, { timeout: 10_000 }).toBe(1);
    const finished = await runCli(QUIET, { cwd });
    expectTwoLines(finished, {
      exit: 4,
      says: new RegExp(`another crawl or import holds .*process ${first.child.pid}`),
      hint: /--db/,
    });
  });
});

describe("last_update.json", () => {
  test("stands beside the database, and -u goes on from it", async () => {
    const cwd = createFolder();
    const { url, seen } = await serveSmall();
    expect(await runCli(crawlArgs(url, "-u"), { cwd })).toMatchObject({
      code: 0,
      out: "",
      err: "",
    });
    expect(JSON.parse(readFileSync(join(cwd, "last_update.json"), "utf8"))).toEqual({
      last_update: "2018-05",
      since: "2018-05",
      forces: "all",
      database: "ukpolice.db",
    });
    seen.length = 0;
    expect(await runCli(crawlArgs(url, "-u"), { cwd })).toMatchObject({
      code: 0,
      out: "",
      err: "",
    });
    expect(seen.length).toBeLessThan(10);
  });

  test("of another database makes -u wrong usage, with a hint", async () => {
    const cwd = createFolder();
    const { url } = await serveSmall();
    await runCli(crawlArgs(url), { cwd });
    const finished = await runCli(crawlArgs(url, "-u", "--db", "other.db"), { cwd });
    expectTwoLines(finished, { exit: 2, says: /ukpolice\.db/, hint: /without -u/ });
  });

  test("of other forces makes -u wrong usage, with a hint", async () => {
    const cwd = createFolder();
    const { url } = await serveSmall();
    await runCli(crawlArgs(url, "--force", "avon"), { cwd });
    const all = await runCli(crawlArgs(url, "-u"), { cwd });
    expectTwoLines(all, { exit: 2, says: /for avon, not for all forces/, hint: /without -u/ });
    const kent = await runCli(crawlArgs(url, "-u", "--force", "kent"), { cwd });
    expectTwoLines(kent, { exit: 2, says: /for avon, not for kent/, hint: /without -u/ });
    const avon = await runCli(crawlArgs(url, "-u", "--force", "avon"), { cwd });
    expect(avon).toMatchObject({ code: 0, err: "" });
  });

  test("that is damaged fails -u with exit code 4, and a plain crawl mends it", async () => {
    const cwd = createFolder();
    const { url } = await serveSmall();
    await runCli(crawlArgs(url), { cwd });
    writeFileSync(join(cwd, "last_update.json"), "{");
    const finished = await runCli(crawlArgs(url, "-u"), { cwd });
    expectTwoLines(finished, { exit: 4, says: /damaged/, hint: /delete it/ });
    expect(await runCli(crawlArgs(url), { cwd })).toMatchObject({ code: 0 });
    expect(readFileSync(join(cwd, "last_update.json"), "utf8")).toContain('"2018-05"');
  });
});
