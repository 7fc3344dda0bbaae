import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { ARCHIVE, readArchive } from "../support/archive.ts";
import { runCli } from "../support/cli.ts";
import { createFolder } from "../support/temp.ts";

/** Folders of whole files, as published. */
const MONTHS = ["2016-01", "2024-01", "2025-01"];
const FILES = MONTHS.flatMap((month) =>
  readdirSync(join(ARCHIVE, month)).map((name) => `${month}/${name}`),
);

const cwd = createFolder();

/** All of them imported, and exported again. */
beforeAll(async () => {
  const folders = MONTHS.map((month) => join(ARCHIVE, month));
  const imported = await runCli(["import", ...folders, "--quiet"], { cwd });
  expect(imported).toMatchObject({ code: 0, err: "" });
  const exported = await runCli(["export", "--format", "csv", "--out", "out", "--quiet"], { cwd });
  expect(exported).toMatchObject({ code: 0, err: "" });
});

/** The rows of a file as often as they stand in it, in an order of their own. */
function sortRows(text: string): string[] {
  return text.trimEnd().split(/\r?\n/).sort();
}

describe("what was imported and is exported again", () => {
  test("is of several months, forces and kinds", () => {
    expect(FILES.length).toBeGreaterThanOrEqual(7);
  });

  test.each(FILES)("has the rows of %s, every one and every field of it", (file) => {
    const name = basename(file).replace(/\.gz$/, "");
    const exported = readFileSync(join(cwd, "out", name.slice(0, 7), name), "utf8");
    expect(sortRows(exported)).toEqual(sortRows(readArchive(file)));
  });

  test("is nothing else", () => {
    const written = MONTHS.flatMap((month) => readdirSync(join(cwd, "out", month)));
    const given = FILES.map((file) => basename(file).replace(/\.gz$/, ""));
    expect(written.sort()).toEqual(given.sort());
  });
});
