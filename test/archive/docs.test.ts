import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import Database from "better-sqlite3";
import { beforeAll, describe, expect, test } from "vitest";
import { ARCHIVE, readArchive } from "../support/archive.ts";
import { BIN, runCli } from "../support/cli.ts";
import { blocksOf } from "../support/pages.ts";
import { createFolder } from "../support/temp.ts";
import { writeZip } from "../support/zips.ts";

const cwd = createFolder();
const file = join(cwd, "ukpolice.db");
const blocks = (language: string) =>
  blocksOf("import.md").filter((block) => block.language === language);
const commands = blocks("sh").flatMap(({ text }) => text.split("\n"));

/** Small zips of the names that the page has, a folder of files, and a database of 2016-01. */
beforeAll(async () => {
  const dyfed = readArchive("2024-01/2024-01-dyfed-powys-street.csv.gz");
  for (const name of ["2017-04.zip", "2020-04.zip", "2023-04.zip", "latest.zip"]) {
    const member = { name: "2024-01/2024-01-dyfed-powys-street.csv", data: dyfed };
    await writeZip(join(cwd, name), [member]);
  }
  mkdirSync(join(cwd, "Downloads"));
  symlinkSync(join(ARCHIVE, "2025-01"), join(cwd, "Downloads/crimes"));
  mkdirSync(join(cwd, "bin"));
  symlinkSync(BIN, join(cwd, "bin/ukpolice"));
  const imported = await runCli(["import", join(ARCHIVE, "2016-01"), "--quiet"], { cwd });
  expect(imported).toMatchObject({ code: 0, err: "" });
});

function run(program: string, args: readonly string[]): string {
  const PATH = `${join(cwd, "bin")}${delimiter}${process.env["PATH"]}`;
  return execFileSync(program, args, {
    cwd,
    encoding: "utf8",
    env: { ...process.env, PATH, HOME: cwd },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

function canRun(program: string, ...args: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

describe("the page about the archive", () => {
  test.each(commands)("has a command that runs: %s", (command) => {
    expect(command).toMatch(/^ukpolice import /);
    expect(run("sh", ["-c", command])).toMatch(/^ukpolice\.db: /);
  });

  test.each(blocks("sql"))("has a query that answers: $text", ({ text }) => {
    const db = new Database(file, { readonly: true });
    const rows = db.prepare<[], Record<string, unknown>>(text).all();
    db.close();
    expect(rows.length).toBeGreaterThan(0);
    const [first = {}] = rows;
    if ("Crime ID" in first) {
      const lines = readArchive("2016-01/2016-01-city-of-london-street.csv.gz").split("\n");
      expect(rows).toHaveLength(lines.length - 2);
      expect(first["Crime type"]).toBe(lines[1]?.split(",")[9]);
    } else expect(first).toMatchObject({ district: "City of London" });
  });

  const python = canRun("python3", "--version");
  const pandas = canRun("python3", "-c", "import pandas");
  describe.each(blocks("python"))("for Python", ({ text }) => {
    const needsPandas = text.includes("pandas");
    test.skipIf(!(needsPandas ? pandas : python))("runs", () => {
      expect(run("python3", ["-c", text])).toMatch(needsPandas ? /burglary/ : /City of London \d/);
    });
  });

  const r = canRun("Rscript", "-e", "library(RSQLite)");
  test.skipIf(!r).each(blocks("r"))("for R runs", ({ text }) => {
    expect(run("Rscript", ["-e", text])).toMatch(/City of London/);
  });

  test("is what the README leads to", () => {
    const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
    expect(readme).toContain("docs/import.md");
  });
});
