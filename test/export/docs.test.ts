import { execFile } from "node:child_process";
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { BIN } from "../support/cli.ts";
import { crawlSample, listFiles, queryDuckDb, readText } from "../support/exported.ts";
import { createFolder } from "../support/temp.ts";

const PAGE = readFileSync(new URL("../../docs/export.md", import.meta.url), "utf8");
const BLOCKS = [...PAGE.matchAll(/^```(sh|sql)\n([\s\S]*?)^```/gm)].map(
  ([, language = "", text = ""]) => ({ language, text, title: text.trim().split("\n")[0] }),
);

const folder = createFolder();

beforeAll(async () => copyFileSync(await crawlSample(), join(folder, "ukpolice.db")), 60_000);

/** Runs a block as a user would paste it, in a folder in which the package is installed. */
async function paste(block: string) {
  const npx = `npx() { shift; '${process.execPath}' '${BIN}' "$@"; }`;
  return promisify(execFile)("bash", ["-eo", "pipefail", "-c", `${npx}\n${block}`], {
    cwd: folder,
  });
}

describe("the page about export", () => {
  test("has blocks to run", () => {
    const languages = BLOCKS.map(({ language }) => language);
    expect(languages.filter((language) => language === "sh")).toHaveLength(5);
    expect(languages.filter((language) => language === "sql")).toHaveLength(4);
  });

  test.each(BLOCKS.filter(({ language }) => language === "sh"))(
    "has commands that work: $title",
    { timeout: 60_000 },
    async ({ text }) => {
      for (const command of text.trim().split("\n")) {
        const { stdout, stderr } = await paste(command);
        expect(stderr).not.toMatch(/^ukpolice: /m);
        if (!command.includes(">")) expect(stdout).not.toBe("");
      }
    },
  );

  test.each(BLOCKS.filter(({ language }) => language === "sql"))(
    "has queries that find something: $title",
    async ({ text }) => expect(await queryDuckDb(folder, text)).not.toEqual([]),
  );

  test("names files that are there", () => {
    const files = listFiles(folder);
    const named = [
      ...PAGE.matchAll(/^lake\/\S+$|`(2018-05\/\S+\.csv|\w+[\w-]*\.(?:geojson|csv))`/gm),
    ];
    expect(named.length).toBeGreaterThan(8);
    for (const [text, inline] of named) {
      expect(
        files.some((file) => file.endsWith(inline ?? text)),
        inline ?? text,
      ).toBe(true);
    }
  });

  test("describes every column and property", async () => {
    const described = new Set(
      [...PAGE.matchAll(/^\|.*$/gm)].flatMap(([row]) =>
        [...row.matchAll(/`([\w -]+)`/g)].map(([, name]) => name),
      ),
    );
    const headers = ["street", "outcomes", "stop-and-search"].map(
      (kind) =>
        readText(folder, `archive/2018-05/2018-05-city-of-london-${kind}.csv`).split("\n")[0],
    );
    const months = ["crimes-2018-05", "outcomes-2018-05", "stops-2018-05"];
    const features = [...months, "neighbourhoods"].map(
      (name) => JSON.parse(readText(folder, `map/${name}.geojson`)).features[0],
    );
    const properties = features.flatMap((feature) => Object.keys(feature.properties));
    const columns = [...headers.flatMap((header) => header?.split(",") ?? []), ...properties];
    expect([...described].filter((name) => columns.includes(name ?? "")).length).toBe(
      new Set(columns).size,
    );
    const known = [...columns, "month", "force", "latitude", "longitude", "geometry"];
    for (const kind of ["crimes", "outcomes", "stops", "neighbourhoods"]) {
      const rows = await queryDuckDb(folder, `describe from 'lake/${kind}/**/*.parquet'`);
      expect(known).toEqual(expect.arrayContaining(rows.map((row) => row["column_name"])));
    }
  });
});
