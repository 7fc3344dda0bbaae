import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { addForces, createCountry } from "../support/country.ts";
import { createFolder } from "../support/temp.ts";

const cwd = createFolder();
const manifest: { dependencies: Record<string, string> } = JSON.parse(
  readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
);

beforeAll(() => {
  const country = createCountry(join(cwd, "ukpolice.db"));
  addForces(country, ["kent"]);
  country.db.close();
});

/** The files that a command loads, as V8 lists them for coverage. */
async function listLoaded(args: readonly string[]): Promise<string[]> {
  const folder = createFolder();
  await runCli(args, { cwd, env: { NODE_V8_COVERAGE: folder } });
  return readdirSync(folder).flatMap((name) => {
    const { result }: { result: { url: string }[] } = JSON.parse(
      readFileSync(join(folder, name), "utf8"),
    );
    return result.map(({ url }) => url).filter((url) => url.startsWith("file:"));
  });
}

/** Which of our dependencies are among them. */
function packagesOf(files: readonly string[]): string[] {
  const isLoaded = (name: string) => files.some((url) => url.includes(`/node_modules/${name}/`));
  return Object.keys(manifest.dependencies).filter(isLoaded).sort();
}

describe.concurrent("a command loads no package that it does without:", () => {
  test.each([
    ["--version", ["yargs"]],
    ["--help", ["yargs"]],
    ["crawl --help", ["yargs"]],
    ["export --help", ["yargs"]],
    ["sandbox --help", ["yargs"]],
    ["crawl --until 2018-13", ["yargs"]],
    ["crawl --sinse 2018-12", ["leven", "yargs"]],
    ["completion bash", ["yargs"]],
    ["completion forces", ["better-sqlite3", "yargs"]],
  ])("%s", async (line, packages) => {
    expect(packagesOf(await listLoaded(line.split(" ")))).toEqual(packages);
  });
});

test("help loads none of the layers below the commands that do their work", async () => {
  const files = await listLoaded(["--help"]);
  const layers = /\/dist\/(crawl|archive|fetch|geo|browse)\/|\/server\.js$|\/database\.js$/;
  expect(files.filter((url) => url.endsWith("/dist/cli.js"))).toHaveLength(1);
  expect(files.filter((url) => layers.test(url))).toEqual([]);
});
