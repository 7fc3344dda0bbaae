import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { BIN, expectFailure, expectTwoLines, runCli, startForTest } from "../support/cli.ts";
import { databaseOf, listFiles, queryDuckDb } from "../support/exported.ts";
import { databaseOfMany } from "../support/many.ts";
import { crimeOf, outcomeOf, stopOf } from "../support/stored.ts";
import { createFolder } from "../support/temp.ts";
import { createWorld, rawCrime, serve, square } from "../support/world.ts";

const CSV = ["export", "--format", "csv"];
const STREET = "out/2018-05/2018-05-avon-street.csv";

/** A folder to run in, and the options that name a database of two months. */
function small() {
  const file = databaseOf({
    crimes: [crimeOf(1), crimeOf(2, { month: "2018-04" })],
    outcomes: [outcomeOf(1)],
  });
  return { cwd: createFolder(), db: ["--db", file] };
}

let made: string | undefined;

/** A database that takes some time to export; made once, for that takes time as well. */
function large(): string {
  return (made ??= databaseOfMany(300_000));
}

/** Runs words of a shell, in which `ukpolice` is the command line. */
async function runShell(script: string, cwd: string) {
  const ukpolice = `ukpolice() { '${process.execPath}' '${BIN}' "$@"; }`;
  const run = promisify(execFile)("bash", ["-c", `${ukpolice}\n${script}`], { cwd });
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
    (failed: { code: number; stdout: string; stderr: string }) => {
      return { code: failed.code, out: failed.stdout, err: failed.stderr };
    },
  );
}

describe.concurrent("ukpolice export", () => {
  test("writes files, says on stdout what is in them, and the rest on stderr", async () => {
    const { cwd, db } = small();
    const { code, out, err } = await runCli([...CSV, "--out", "out", ...db], { cwd });
    expect(code).toBe(0);
    expect(listFiles(cwd)).toHaveLength(4);
    expect(out).toMatch(/^out: exported 2018-04 to 2018-05 in .* s\n {2}crimes +2 in 2 files, /);
    expect(out).toMatch(/look into it: head -3 'out\/2018-04\/2018-04-avon-street.csv'\n$/);
    expect(err).toMatch(/^export of .* to out\n/);
  });

  test("warns of months that are not complete, and says what brings them", async () => {
    const { cwd, db } = small();
    const args = [...CSV, "--out", "out", "--since", "2018-03", ...db];
    const { code, err } = await runCli(args, { cwd });
    expect(code).toBe(0);
    expect(err).toContain("warning: crimes of 2018-03 are not in the database\n");
    expect(err).toContain("warning: crimes of 2018-04 to 2018-05 are not complete\n");
    expect(err).toContain("warning: outcomes of 2018-03 to 2018-04 are not in the database\n");
    expect(err).toMatch(/ukpolice status names the command\n$/);
  });

  test("says nothing with --quiet", async () => {
    const { cwd, db } = small();
    const finished = await runCli([...CSV, "--out", "out", "--quiet", ...db], { cwd });
    expect(finished).toMatchObject({ code: 0, out: "", err: "" });
    expect(existsSync(join(cwd, STREET))).toBe(true);
  });

  test("writes the months, forces and kinds that are asked for, and no more", async () => {
    const { cwd, db } = small();
    const chosen = ["--what", "crimes", "--until", "2018-04", "--force", "avon"];
    const { code } = await runCli([...CSV, "--out", "out", ...chosen, ...db], { cwd });
    expect(code).toBe(0);
    expect(listFiles(cwd)).toEqual(["out/2018-04/2018-04-avon-street.csv"]);
  });

  test("writes the stops of a force that has no crimes", async () => {
    const stops = [stopOf({ reportedBy: "btp" }), stopOf()];
    const db = ["--db", databaseOf({ crimes: [crimeOf(1)], stops })];
    const cwd = createFolder();
    const { code, err } = await runCli([...CSV, "--out", "out", "--force", "btp", ...db], { cwd });
    expect(code).toBe(0);
    expect(listFiles(cwd)).toEqual(["out/2018-05/2018-05-btp-stop-and-search.csv"]);
    expect(err).not.toContain("warning");
  });

  test("leaves stops out where categories of crime are chosen, and says so", async () => {
    const db = ["--db", databaseOf({ crimes: [crimeOf(1)], stops: [stopOf()] })];
    const cwd = createFolder();
    const chosen = ["--category", "burglary", ...db];
    const { code, err } = await runCli([...CSV, "--out", "out", ...chosen], { cwd });
    expect(code).toBe(0);
    expect(listFiles(cwd).filter((name) => name.includes("stop"))).toEqual([]);
    expect(err).toContain("stops are left out: --category chooses crimes and outcomes\n");
    const one = await runCli([...CSV, "--out", "o", "--what", "crimes", ...chosen], { cwd });
    expect(one.err).not.toContain("stops");
  });

  test("replaces the files of an earlier export", async () => {
    const { cwd, db } = small();
    const args = [...CSV, "--out", "out", ...db];
    await runCli(args, { cwd });
    const before = readFileSync(join(cwd, STREET), "utf8");
    expect(await runCli(args, { cwd })).toMatchObject({ code: 0 });
    expect(readFileSync(join(cwd, STREET), "utf8")).toBe(before);
    expect(listFiles(cwd)).toHaveLength(4);
  });

  test("writes with --changed what changed alone, and says what did not", async () => {
    const { cwd, db } = small();
    const args = [...CSV, "--changed", "--out", "out", ...db];
    const first = await runCli(args, { cwd });
    expect(first).toMatchObject({
      code: 0,
      err: expect.stringContaining("all is written: nothing"),
    });
    rmSync(join(cwd, STREET));
    const { code, out, err } = await runCli(args, { cwd });
    expect(code).toBe(0);
    expect(err).not.toContain("all is written");
    expect(out).toMatch(/\n {2}unchanged +\d+ files?\nlook into it: /);
    expect(existsSync(join(cwd, STREET))).toBe(true);
    const other = await runCli([...args, "--what", "crimes"], { cwd });
    expect(other.err).toContain(
      "all is written: the last export into the folder had other options",
    );
    expect(other.out).toMatch(/\n {2}removed +\S+/);
    expect(await runCli(args.with(-3, "-"), { cwd })).toMatchObject({ code: 2 });
  });

  test("prints no control characters of the database", async () => {
    const area = { forceId: "ev\u001B[31mil", neighbourhoodId: "N1" };
    const file = databaseOf({ areas: [area], crimes: [crimeOf(1, { area })] });
    const args = [...CSV, "--out", "out", "--db", file, "--force", "evil"];
    const finished = await runCli(args, { cwd: createFolder() });
    expect(finished).toMatchObject({ code: 2, err: expect.not.stringContaining("\u001B") });
  });
});

describe.concurrent("ukpolice export to standard output", () => {
  test("writes all months and forces as one csv, with one header and no summary", async () => {
    const { cwd, db } = small();
    const args = [...CSV, "--what", "crimes", "--out", "-", ...db];
    const { code, out } = await runCli(args, { cwd });
    expect(code).toBe(0);
    expect(out.split("\n").map((line) => line.split(",")[1])).toEqual([
      "Month",
      "2018-04",
      "2018-05",
      undefined,
    ]);
    expect(listFiles(cwd)).toEqual([]);
  });

  test("writes one Parquet file that knows its month and force", async () => {
    const { cwd, db } = small();
    const options = `--format parquet --what outcomes --out - --db '${db[1]}'`;
    await runShell(`ukpolice export ${options} > outcomes.parquet`, cwd);
    const rows = await queryDuckDb(cwd, "select crime_id, month, force_id from 'outcomes.parquet'");
    expect(rows).toEqual([{ crime_id: "1", month: "2018-05", force_id: "avon" }]);
  });

  test("ends quietly when the reader has seen enough", async () => {
    const file = databaseOfMany(50_000);
    const script = `ukpolice export --format csv --what crimes --out - --quiet --db '${file}' | head -2
      exit \${PIPESTATUS[0]}`;
    const { code, out, err } = await runShell(script, createFolder());
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out.trimEnd().split("\n")).toHaveLength(2);
  });

  test.skipIf(!existsSync("/dev/full"))("exits 4 when there is no room for it", async () => {
    const { cwd, db } = small();
    const script = `ukpolice export --format csv --what crimes --out - --quiet --db '${db[1]}' >/dev/full`;
    const finished = await runShell(script, cwd);
    expectTwoLines({ ...finished, signal: null }, { exit: 4, says: /ENOSPC/, hint: /room/ });
  });
});

describe.concurrent("an export that cannot be", () => {
  test.each([
    ["--out -", ["--out", "-"], /one kind of record/, /--what crimes/],
    ["--out -", ["--out", "-", "--what", "crimes,outcomes"], /one kind/, /--what crimes/],
    ["no folder", ["--out", ""], /--out is given nothing/, /value/],
    ["an unknown kind", ["--out", "out", "--what", "crime"], /crime is not a kind/, /'crimes'/],
    ["--ndjson as csv", ["--out", "out", "--ndjson"], /--ndjson .* not csv/, /leave one/],
    [
      "stops by category",
      ["--out", "o", "--what", "crimes,stops", "--category", "burglary"],
      /--category chooses crimes and outcomes/,
      /leave one/,
    ],
    ["months in disorder", ["--out", "o", "--since", "2018-05", "-t", "2018-04"], /after/, /swap/],
    ["an unknown force", ["--out", "out", "--force", "avvon"], /no force 'avvon'/, /'avon'/],
    ["an unknown category", ["--out", "out", "--category", "burglry"], /burglry/, /'burglary'/],
    ["nothing", ["--out", "out", "--since", "2019-01"], /empty/, /2018-04 to 2018-05/],
    ["no areas", ["--out", "o", "--what", "neighbourhoods", "--force", "kent"], /empty/, /force/],
    ["a force of nothing", ["--out", "out", "--force", "kent"], /empty/, /2018-04 to 2018-05/],
  ])("is wrong usage: %s", async (_, args, says, hint) => {
    const { cwd, db } = small();
    expectFailure(await runCli([...CSV, ...args, ...db], { cwd }), { exit: 2, says, hint });
    expect(listFiles(cwd)).toEqual([]);
  });

  test("exits 4 without a database, and makes none", async () => {
    const cwd = createFolder();
    const finished = await runCli([...CSV, "--out", "out"], { cwd });
    const says = /there is no database ukpolice\.db/;
    expectTwoLines(finished, { exit: 4, says, hint: /ukpolice crawl/ });
    expect(readdirSync(cwd)).toEqual([]);
  });

  test("exits 4 from a database without records", async () => {
    const args = [...CSV, "--out", "out", "--db", databaseOf({})];
    const finished = await runCli(args, { cwd: createFolder() });
    expectFailure(finished, { exit: 4, says: /holds no crimes/, hint: /ukpolice crawl/ });
  });
});

describe.concurrent("an export that is cut short", () => {
  test("leaves no part of a file when a signal stops it", async () => {
    const cwd = createFolder();
    const args = [...CSV, "--what", "crimes", "--out", "out", "--db", large()];
    const running = startForTest(args, { cwd });
    const files = () => (existsSync(join(cwd, "out")) ? listFiles(cwd).join() : "");
    await expect.poll(files, { timeout: 15_000, interval: 5 }).toMatch(/\.partial$/);
    running.child.kill("SIGINT");
    expectFailure(await running.finished, { exit: 130, says: /SIGINT/, hint: /ukpolice export/ });
    expect(listFiles(cwd)).toEqual([]);
  });

  test("and killed outright leaves a part, which the next export into the folder clears", async () => {
    const cwd = createFolder();
    const args = [...CSV, "--what", "crimes", "--out", "out", "--db"];
    const running = startForTest([...args, large()], { cwd });
    const files = () => (existsSync(join(cwd, "out")) ? listFiles(cwd).join() : "");
    await expect.poll(files, { timeout: 15_000, interval: 5 }).toMatch(/\.partial$/);
    running.child.kill("SIGKILL");
    await running.finished;
    expect(files()).toMatch(/\.partial$/);
    const { db } = small();
    expect((await runCli([...args, db[1] ?? ""], { cwd })).code).toBe(0);
    expect(files()).toBe("out/2018-04/2018-04-avon-street.csv,out/2018-05/2018-05-avon-street.csv");
  });

  test("exits 4 and leaves no part of a file when there is no more room", async () => {
    const cwd = createFolder();
    const file = databaseOfMany(20_000);
    const script = `trap '' XFSZ; ulimit -f 512
      ukpolice export --format csv --what crimes --out out --quiet --db '${file}'`;
    const finished = await runShell(script, cwd);
    const says = /out\/2018-05\/2018-05-avon-street\.csv cannot be written: EFBIG/;
    expectTwoLines({ ...finished, signal: null }, { exit: 4, says, hint: /--out/ });
    expect(listFiles(cwd)).toEqual([]);
  });
});

test("an export warns of what lies in no force's area, which a crawl by neighbourhoods does not bring", async () => {
  const cwd = createFolder();
  const areas = { avon: { A1: square(51, 0, 0.1) }, kent: { K1: square(51, 1, 0.1) } };
  const places = [0.05, 0.5, 1.05].map((longitude) => ({ latitude: 51.05, longitude }));
  const crimes = places.map((place, index) => rawCrime(3 * index, place));
  const { url } = await serve(createWorld({ areas, crimes }));
  const crawl = ["crawl", "--quiet", "--api-url", url];
  await runCli([...crawl, "--plan", "neighbourhoods"], { cwd });
  const { err } = await runCli([...CSV, "--out", "out"], { cwd });
  const where = "for what lies in no force's area";
  expect(err).toContain(`warning: crimes of 2018-05 are not complete ${where}\n`);
  expect(err).toContain(`warning: outcomes of 2018-05 are not complete ${where}\n`);
  expect(err).toMatch(/ukpolice status names the command\n$/);
  const one = await runCli([...CSV, "--out", "out", "--force", "kent"], { cwd });
  expect(one.err).not.toContain("warning");

  await runCli(crawl, { cwd });
  const whole = await runCli([...CSV, "--out", "out"], { cwd });
  expect(whole.err).not.toContain("warning");
  expect(listFiles(join(cwd, "out"))).toContain("2018-05/2018-05-no-force-street.csv");
});
