import { execFileSync, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { expectFailure, NOWHERE, runCli } from "../support/cli.ts";
import type { Finished } from "../support/cli.ts";
import { countRows, createFolder, queryColumn } from "../support/temp.ts";
import { createWorld, rawCrime, serve, square } from "../support/world.ts";

const HERE = { latitude: 51.05, longitude: 0.05 };

/** A small API, a folder, and the crawl of one into the other. */
async function small({ crimes = [rawCrime(3, HERE), rawCrime(4, HERE)], env = {} } = {}) {
  const cwd = createFolder();
  const areas = { avon: { A1: square(51, 0, 0.1), A2: "missing" as const } };
  const { url, seen } = await serve(createWorld({ areas, crimes }));
  const args = ["crawl", "--api-url", url, "--plan", "neighbourhoods"];
  const run = (...more: string[]): Promise<Finished> => runCli([...args, ...more], { cwd, env });
  return { cwd, url, seen, run };
}

describe("a crawl of the command line", () => {
  test("ends with what changed on stdout, progress on stderr, and exit code 0", async () => {
    const { cwd, seen, run } = await small();
    const { code, out, err } = await run();
    expect(out).toMatch(/2018-05/);
    expect(out).toMatch(/crimes +2 new/);
    expect(out).toMatch(/outcomes +1 new/);
    expect(out).toMatch(new RegExp(`requests +${seen.length} in`));
    expect(out).toMatch(/avon\/A2/);
    expect(err).toMatch(/2018-05 is complete/);
    expect(code).toBe(0);
    expect(countRows(join(cwd, "ukpolice.db"), "crimes")).toBe(2);
    expect(seen.every(({ userAgent }) => /^ukpolice\/\d+\.\d+\.\d+ \(\+http/.test(userAgent))).toBe(
      true,
    );
  });

  test("says why all pauses, once, and on one line", async () => {
    const cwd = createFolder();
    const world = createWorld({ areas: { avon: {} }, crimes: [] });
    const blocked = { block: [{ from: 0, to: Infinity }], blockStatus: 429 } as const;
    const { url } = await serve(world, blocked);
    const { err } = await runCli(["crawl", "--api-url", url, "--patience", "0"], { cwd });
    const why = /^warning: \/crimes-street-dates: 429, too many requests; pausing for 1\.\d s$/gm;
    expect(err.match(why)).toHaveLength(1);
  });

  test("with --json prints one document on stdout, and nothing else there", async () => {
    const { run, seen } = await small();
    const { code, out } = await run("--json");
    expect(JSON.parse(out)).toMatchObject({
      database: "ukpolice.db",
      last_update: "2018-05",
      months: ["2018-05"],
      crawled: ["2018-05"],
      crimes: { kept: 0, added: 2, changed: 0, removed: 0 },
      outcomes: { added: 1, changed: 0 },
      without_boundary: ["avon/A2"],
      failures: [],
      requests: seen.length,
    });
    expect(code).toBe(0);
  });

  test("with --json --quiet prints the document alone", async () => {
    const { run } = await small();
    const { out, err } = await run("--json", "--quiet");
    expect(JSON.parse(out)).toMatchObject({ last_update: "2018-05" });
    expect(err).toBe("");
  });

  test("with --quiet says nothing", async () => {
    const { run } = await small();
    expect(await run("--quiet")).toEqual({ code: 0, signal: null, out: "", err: "" });
  });

  test("with --verbose has a line for every request", async () => {
    const { run, seen } = await small();
    const { err } = await run("--verbose");
    expect(err.match(/^(GET|POST) \/\S+ .*\d ms/gm)).toHaveLength(seen.length);
  });

  test("with --log-file appends JSON lines, with every request", async () => {
    const { cwd, run, seen } = await small();
    await run("--log-file", "crawl.log");
    await run("--log-file", "crawl.log", "--quiet");
    const lines = readFileSync(join(cwd, "crawl.log"), "utf8").trimEnd().split("\n");
    const entries: unknown[] = lines.map((line) => JSON.parse(line));
    const requests = entries.filter((entry) => JSON.stringify(entry).includes('"request":{'));
    expect(requests).toHaveLength(seen.length);
    expect(entries).toContainEqual(
      expect.objectContaining({ msg: expect.stringMatching(/^2018-05 is complete/) }),
    );
  });

  test("with --until after the window takes the newest month, and notes it", async () => {
    const { cwd, run } = await small();
    const { code, err } = await run("--until", "2031-12");
    expect(err).toMatch(/2031-12.*2018-05/);
    expect(code).toBe(0);
    expect(queryColumn(join(cwd, "ukpolice.db"), "select month from crimes limit 1")).toEqual([
      "2018-05",
    ]);
  });

  test("with a --log-file that cannot be opened is wrong usage, and ends at once", async () => {
    const { run } = await small();
    const finished = await run("--sandbox", "--log-file", "no/folder.log");
    expectFailure(finished, { exit: 2, says: /no\/folder\.log cannot be opened/, hint: /folder/ });
  });

  test("with a --log-file that is a pipe without a reader ends at once, too", async () => {
    const { cwd, run } = await small();
    execFileSync("mkfifo", [join(cwd, "pipe")]);
    const finished = await run("--log-file", "pipe");
    expectFailure(finished, { exit: 2, says: /pipe cannot be opened: ENXIO/, hint: /file/ });
  });

  test("with a --log-file that is a pipe with a reader writes into it", async () => {
    const { cwd, run } = await small();
    execFileSync("mkfifo", [join(cwd, "pipe")]);
    const reader = spawn("cat", ["pipe"], { cwd, stdio: ["ignore", "pipe", "ignore"] });
    let read = "";
    reader.stdout.setEncoding("utf8").on("data", (text: string) => (read += text));
    const ended = new Promise((resolve) => reader.once("close", resolve));
    expect((await run("--quiet", "--log-file", "pipe")).code).toBe(0);
    await ended;
    expect(read).toMatch(/2018-05 is complete/);
  });

  test("with a --log-file that fails goes on without it, and says so", async () => {
    const { cwd, run } = await small();
    const { code, err } = await run("--log-file", "/dev/full");
    expect(err).toMatch(/warning: going on without the log, \/dev\/full cannot be written/);
    expect(code).toBe(0);
    expect(countRows(join(cwd, "ukpolice.db"), "crimes")).toBe(2);
  });

  test("with --dry-run writes nothing, and asks for no crime", async () => {
    const { cwd, run, seen } = await small();
    const { code, out } = await run("--dry-run");
    expect(code).toBe(0);
    expect(out).toMatch(/2018-05/);
    expect(readdirSync(cwd)).toEqual([]);
    expect(seen.filter(({ params }) => params.has("poly"))).toEqual([]);
  });

  test("with --local has one request under way at a time", async () => {
    const { run } = await small();
    expect((await run("--local", "--quiet")).code).toBe(0);
  });

  test("exits 5 when a question could not be answered, and names it", async () => {
    const crimes = [rawCrime(3, HERE), rawCrime(4, HERE, { location_type: 7 })];
    const { run } = await small({ crimes });
    const finished = await run("--quiet");
    expectFailure(finished, { exit: 5, says: /1 question.*avon\/A1 2018-05/, hint: /again/ });
  });

  test("exits 5 when not one record of a month is there, and says whose is not believed", async () => {
    const { run } = await small({ crimes: [] });
    const says = /2 questions.*: crimes of 2018-05 \(no record in avon, which is not believed\)/;
    expectFailure(await run("--quiet"), { exit: 5, says, hint: /again/ });
  });

  test("prints no control characters that came from the API", async () => {
    const cwd = createFolder();
    const areas = { avon: { "A\u001b[31m1": "missing" as const } };
    const { url } = await serve(createWorld({ areas, crimes: [] }));
    const { code, out, err } = await runCli(["crawl", "--api-url", url, "--verbose"], { cwd });
    expect(out).toContain("[31m1");
    expect(out + err).not.toContain("\u001b");
    expect(code).toBe(0);
  });
});

describe("the environment", () => {
  test("gives every option that the command line does not", async () => {
    const env = {
      UKPOLICE_DB: "mine.db",
      UKPOLICE_RATE: "14.5",
      UKPOLICE_QUIET: "1",
      UKPOLICE_FORCE: "avon",
      UKPOLICE_SINCE: "2018-05",
    };
    const { cwd, run } = await small({ env });
    expect(await run()).toEqual({ code: 0, signal: null, out: "", err: "" });
    expect(countRows(join(cwd, "mine.db"), "crimes")).toBe(2);
    expect(JSON.parse(readFileSync(join(cwd, "last_update.json"), "utf8"))).toMatchObject({
      forces: ["avon"],
      database: "mine.db",
    });
  });

  test("gives way to the command line", async () => {
    const { cwd, run } = await small({ env: { UKPOLICE_DB: "theirs.db", UKPOLICE_JSON: "no" } });
    const { code, out } = await run("--db", "mine.db");
    expect(code).toBe(0);
    expect(out).toMatch(/^mine\.db/);
    expect(existsSync(join(cwd, "theirs.db"))).toBe(false);
  });

  test("is checked as the command line is", async () => {
    const wrong = { UKPOLICE_RATE: /--rate/, UKPOLICE_UNTIL: /--until/, UKPOLICE_FORCE: /abc/ };
    for (const [name, says] of Object.entries(wrong)) {
      const { run } = await small({ env: { [name]: "abc" } });
      expectFailure(await run("--quiet"), { exit: 2, says, hint: /./ });
    }
    const env = { UKPOLICE_PLAN: "hexagons", UKPOLICE_API_URL: NOWHERE };
    const plan = await runCli(["crawl", "--quiet"], { cwd: createFolder(), env });
    expectFailure(plan, { exit: 2, says: /hexagons/, hint: /./ });
  });

  test("may hold what is no option, in commands and without one", async () => {
    const env = { UKPOLICE_FOO: "bar", UKPOLICE_: "x", UKPOLICE_HELPER: "y" };
    const { run } = await small({ env });
    expect(await run("--quiet")).toMatchObject({ code: 0, err: "" });
    const help = await runCli(["--help"], { cwd: createFolder(), env });
    expect(help).toMatchObject({ code: 0, err: "" });
  });
});
