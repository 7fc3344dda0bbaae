import { execFile, execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { REPORTS } from "../src/reports/report.ts";
import { loadSample } from "../src/sandbox/sample.ts";
import { startSandbox } from "../src/sandbox/server.ts";
import { addFunctions } from "../src/store/functions.ts";
import type { Sandbox } from "../src/sandbox/server.ts";
import { BIN, runCli } from "./support/cli.ts";
import { listBlocks, listPages, readPage, readTable } from "./support/pages.ts";
import { createFolder, queryColumn } from "./support/temp.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const cwd = createFolder();
const file = join(cwd, "ukpolice.db");
let sandbox: Sandbox;

/** The sandbox's database, under both names that the pages use, and an API that has no more. */
beforeAll(async () => {
  const crawled = await runCli(["crawl", "--sandbox", "--quiet"], { cwd });
  expect(crawled).toMatchObject({ code: 0, err: "" });
  for (const name of ["ukpolice.db", "last_update.json"]) {
    copyFileSync(join(cwd, "sandbox", name), join(cwd, name));
  }
  mkdirSync(join(cwd, "bin"));
  symlinkSync(BIN, join(cwd, "bin/ukpolice"));
  mkdirSync(join(cwd, "node_modules"));
  symlinkSync(ROOT, join(cwd, "node_modules/ukpolice"));
  sandbox = await startSandbox({ world: loadSample(), limited: false });
}, 120_000);

afterAll(() => sandbox.close());

/** Runs a program in that folder, and answers what it prints. */
async function run(program: string, args: readonly string[]): Promise<string> {
  const env = {
    ...process.env,
    PATH: `${join(cwd, "bin")}${delimiter}${process.env["PATH"]}`,
    UKPOLICE_API_URL: sandbox.url,
  };
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd, env }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${program} ${args.join(" ")}: ${stderr}`));
    });
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

const hasSqlite = canRun("sqlite3", "--version");
const commands = listBlocks("sh").flatMap(({ page, text }) =>
  text.split("\n").map((command): [string, string] => [page, command]),
);

describe("a command of the pages", () => {
  test.each(commands)("in %s runs: %s", async (_, command) => {
    expect(command).toMatch(/^(npx )?(ukpolice|sqlite3) /);
    if (command.startsWith("sqlite3") && !hasSqlite) return;
    expect(await run("sh", ["-c", command.replace(/^npx /, "")])).not.toBe("");
  });
});

const queries = listBlocks("sql");

describe("a query of the pages", () => {
  test("is there, and the questions are thirteen with an answer each", () => {
    const questions = queries.filter(({ page }) => page === "questions.md");
    expect(questions).toHaveLength(13);
    expect(questions.filter(({ table }) => table === undefined)).toEqual([]);
  });

  test.each(queries)("in $page answers as it says: $heading", ({ text, table }) => {
    const db = new Database(file, { readonly: true });
    addFunctions(db);
    const statement = db.prepare<[], unknown[]>(text).raw();
    const rows = statement.all().map((cells) => cells.map(String));
    if (table !== undefined) {
      expect([statement.columns().map(({ name }) => name), ...rows]).toEqual(table);
    }
    db.close();
  });

  test.each(queries)("in $page reads no more than it needs: $heading", ({ text }) => {
    const db = new Database(file, { readonly: true });
    addFunctions(db);
    const plan = db.prepare<[], { detail: string }>(`explain query plan ${text}`).all();
    const scans = plan.filter(({ detail }) => /^SCAN (crimes|outcomes|stops)\b/.test(detail));
    expect(scans).toEqual([]);
    db.close();
  });
});

describe("a program of the pages", () => {
  test("is there for Python, Node.js, R and DuckDB", () => {
    const languages = ["python", "js", "r", "duckdb"].map(
      (language) => listBlocks(language).length,
    );
    expect(languages).toEqual([3, 2, 1, 1]);
  });

  const python = canRun("python3", "--version");
  const pandas = canRun("python3", "-c", "import pandas");
  describe.each(listBlocks("python"))("for Python", ({ text }) => {
    const needsPandas = text.includes("pandas");
    test.skipIf(!(needsPandas ? pandas : python))("runs", async () => {
      const out = await run("python3", ["-c", text]);
      if (text.includes("city.geojson")) expect(existsSync(join(cwd, "city.geojson"))).toBe(true);
      else expect(out).toMatch(needsPandas ? /00BKX5 +\d+/ : /^2018-04 15743\n2018-05 16515\n$/);
    });
  });

  test.each(listBlocks("js"))("for Node.js runs", async ({ text }) => {
    const out = await run(process.execPath, ["--input-type=module", "-e", text]);
    if (text.includes("runCrawl")) {
      expect(out).toMatch(/^[1-9]\d* crimes are new\n0 questions got no answer\n$/);
    } else expect(out).toMatch(/^2018-04 15743\n2018-05 16515\nnext: ukpolice crawl/);
  });

  const r = canRun("Rscript", "-e", "library(RSQLite)");
  test.skipIf(!r).each(listBlocks("r"))("for R runs", async ({ text }) => {
    expect(await run("Rscript", ["-e", text])).toMatch(/burglary +\d+ +\d+/);
  });

  test.each(listBlocks("duckdb"))("for DuckDB asks what SQLite understands, too", ({ text }) => {
    const [query = ""] = text.split("\n").filter((line) => line.startsWith("attach"));
    expect(query).toBe("attach 'ukpolice.db' as police (type sqlite, read_only);");
    const db = new Database(":memory:");
    db.prepare("attach ? as police").run(file);
    const rows = db.prepare(text.slice(text.indexOf("select"))).all();
    expect(rows).toHaveLength(5);
    db.close();
  });
});

/** Keys that the documentation of Datasette 0.6x has for a table's metadata. */
const TABLE_KEYS = ["title", "description", "columns", "label_column", "sort", "sort_desc", "size"];

type Table = {
  columns?: Record<string, string>;
  facets?: string[];
  sort?: string;
  sort_desc?: string;
  label_column?: string;
};
type Datasette = {
  databases: {
    ukpolice: { tables: Record<string, Table>; queries: Record<string, { sql: string }> };
  };
};

describe("the metadata for Datasette", () => {
  const { tables, queries: ready } = (parse(readPage("datasette.yaml")) satisfies Datasette)
    .databases.ukpolice;

  test("names every table, and columns that there are", () => {
    const names = queryColumn(file, "select name from sqlite_schema where type = 'table'");
    const ours = names.filter((name) => !String(name).startsWith("sqlite_"));
    expect(Object.keys(tables).sort()).toEqual(ours.sort());
    for (const [name, table] of Object.entries<Table>(tables)) {
      const there = queryColumn(file, `select name from pragma_table_info('${name}')`);
      const { columns = {}, facets = [], sort = [], sort_desc = [], label_column = [] } = table;
      const named = [Object.keys(columns), facets, sort, sort_desc, label_column].flat();
      expect(there).toEqual(expect.arrayContaining(named));
      const keys = Object.keys(table).filter((key) => !TABLE_KEYS.includes(key));
      expect(["facets", "hidden"]).toEqual(expect.arrayContaining(keys));
    }
  });

  test("has queries that run", () => {
    const db = new Database(file, { readonly: true });
    const values = { month: "2018-05", category: "burglary" };
    for (const { sql } of Object.values<{ sql: string }>(ready)) {
      expect(db.prepare(sql).all(sql.includes(":month") ? values : {})).not.toEqual([]);
    }
    db.close();
  });
});

describe("the page of the schema", () => {
  const sections = new Map(
    readPage("schema.md")
      .split(/^### /m)
      .slice(1)
      .map((section) => [section.slice(0, section.indexOf("\n")), section]),
  );
  const columnsOf = (name: string) =>
    queryColumn(file, `select name from pragma_table_info('${name}')`);

  test("has every table and view, and every column of it, in order", () => {
    const names = queryColumn(
      file,
      "select name from sqlite_schema where type in ('table', 'view') and name not like 'sqlite_%'",
    );
    expect([...sections.keys()].sort()).toEqual(names.sort());
    for (const [name, section] of sections) {
      if (name.startsWith("staged_")) continue;
      const [, table = ""] = /((?:^\|.*\n)+)/m.exec(section) ?? [];
      const described = readTable(table)
        .slice(1)
        .map(([column = ""]) => column.replaceAll("`", ""));
      expect(described).toEqual(columnsOf(name));
    }
  });

  test("says of the staged tables that they are like the others, which they are", () => {
    for (const name of ["crimes", "outcomes", "stops"]) {
      expect(columnsOf(`staged_${name}`)).toEqual(columnsOf(name));
    }
  });

  test("has a picture that is drawn from schema.sql as it is", async () => {
    const script = join(ROOT, "scripts/draw-schema.ts");
    const drawn = execFileSync(process.execPath, ["--import", "tsx", script], { cwd: ROOT });
    expect(readPage("schema.svg")).toBe(drawn.toString());
  });
});

test("the page of reports has the statement of each, as it is asked", () => {
  const shown = listBlocks("sqlite").map(({ heading, text }) => [heading, text]);
  const reports = Object.keys(REPORTS).map((name) => [
    name,
    readFileSync(join(ROOT, "reports", `${name}.sql`), "utf8").trimEnd(),
  ]);
  expect(shown).toEqual(reports);
});

test("every page links to files that there are", () => {
  const links = listPages().flatMap((page) =>
    [...readPage(page).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link = ""]) => link),
  );
  expect(links.length).toBeGreaterThan(5);
  expect(links.filter((link) => !existsSync(join(ROOT, "docs", link)))).toEqual([]);
});
