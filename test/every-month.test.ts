import { execFile, execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadSample } from "../src/sandbox/sample.ts";
import { startSandbox } from "../src/sandbox/server.ts";
import type { Sandbox } from "../src/sandbox/server.ts";
import { EXIT } from "../src/errors.ts";
import { BIN, runCli } from "./support/cli.ts";
import { listFiles } from "./support/exported.ts";
import { listBlocks, readPage, readTable } from "./support/pages.ts";
import { createFolder } from "./support/temp.ts";

const PAGE = "every-month.md";
const blocks = (language: string) =>
  listBlocks(language).flatMap(({ page, text }) => (page === PAGE ? text : []));

const cwd = createFolder();
let sandbox: Sandbox;

beforeAll(async () => {
  mkdirSync(join(cwd, "bin"));
  symlinkSync(BIN, join(cwd, "bin/ukpolice"));
  sandbox = await startSandbox({ world: loadSample(), limited: false });
});

afterAll(() => sandbox.close());

/** Runs a script as a file, with the sandbox in the place of the API, and one force wanted. */
async function runScript(text: string) {
  const file = join(cwd, "monthly.sh");
  writeFileSync(file, text);
  chmodSync(file, 0o755);
  const env = {
    PATH: `${join(cwd, "bin")}${delimiter}${process.env["PATH"]}`,
    UKPOLICE_API_URL: sandbox.url,
    UKPOLICE_FORCE: "city-of-london",
  };
  return promisify(execFile)("bash", [file], { cwd, env });
}

describe("the page about every month", () => {
  const [monthly = "", mail = ""] = blocks("bash");

  test("has a script that crawls, exports, and does so again in silence", async () => {
    const said = { stdout: "", stderr: "" };
    expect(await runScript(monthly)).toEqual(said);
    const files = listFiles(join(cwd, "lake"));
    expect(files).toContain("crimes/month=2018-05/part-0.parquet");
    expect(existsSync(join(cwd, "crawl.log"))).toBe(true);
    expect(await runScript(monthly)).toEqual(said);
    expect(listFiles(join(cwd, "lake"))).toEqual(files);
  }, 120_000);

  test("has a line that tells of news alone", async () => {
    const news = mail.replace("ukpolice crawl", "ukpolice crawl --db other.db");
    const { stderr } = await runScript(news);
    expect(stderr).toBe("new police data: 2018-04 2018-05\n");
    expect((await runScript(news)).stderr).toBe("");
  }, 120_000);

  test("has lines for cron, each with its five fields and a command", () => {
    const lines = blocks("crontab").flatMap((text) => text.split("\n"));
    const jobs = lines.filter((line) => !/^[A-Z]+=/.test(line));
    expect(jobs).toHaveLength(2);
    for (const job of jobs) expect(job).toMatch(/^(?:[\d*]+ ){5}(?:\$HOME\/|cd \$HOME\/)/);
  });

  const analyze = hasProgram("systemd-analyze");
  test.skipIf(!analyze)("has units that systemd takes without a word", () => {
    const folder = createFolder();
    const paths = blocks("ini").map((text) => {
      const [, name = ""] = /^# \/etc\/systemd\/system\/(.*)$/m.exec(text) ?? [];
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    });
    expect(paths.map((path) => path.split(".").at(-1))).toEqual(["service", "timer"]);
    const args = ["verify", "--man=no", ...paths];
    const env = { ...process.env, SYSTEMD_UNIT_PATH: `${folder}:` };
    const { status, stdout, stderr } = spawnSync("systemd-analyze", args, {
      env,
      encoding: "utf8",
    });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "", stderr: "" });
  });

  test("has commands for services and containers that the command line takes", async () => {
    const [dockerfile = ""] = blocks("dockerfile");
    const [, inside = "[]"] = /^CMD (.*)$/m.exec(dockerfile) ?? [];
    const words: string[] = JSON.parse(inside);
    const text = [...blocks("ini"), ...blocks("console")].join("\n");
    const lines = [...text.matchAll(/ukpolice ((?:crawl|export) .*)$/gm)].map(([, line = ""]) =>
      line.split(" "),
    );
    expect(lines).toHaveLength(3);
    for (const args of [words, ...lines]) {
      const db = ["--db", "ukpolice.db"];
      const more = args[0] === "crawl" ? [...db, "--dry-run", "--api-url", sandbox.url] : db;
      const { code, err } = await runCli([...args, ...more], { cwd });
      expect({ args, code, err }).toEqual({ args, code: 0, err: "" });
    }
  }, 120_000);

  test("tells of every exit code that a crawl has", () => {
    const [, table = ""] = /((?:^\|.*\n)+)/m.exec(readPage(PAGE)) ?? [];
    const codes = readTable(table)
      .slice(1)
      .flatMap(([cell = ""]) => cell.split(", ").map(Number));
    const byNumber = (a: number, b: number) => a - b;
    expect(codes.sort(byNumber)).toEqual([0, ...Object.values(EXIT)].sort(byNumber));
  });
});

function hasProgram(name: string): boolean {
  try {
    execFileSync(name, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
