import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { polygonsAsked } from "../support/crawled.ts";
import { countRows, createFolder, queryColumn } from "../support/temp.ts";
import { createWorld, rawCrime, serve, square } from "../support/world.ts";

const MONTHS = ["2018-04", "2018-05"];
const WORLD = createWorld({
  months: MONTHS,
  areas: {
    avon: { A1: square(51, 0, 0.08), A2: square(51, 0.1, 0.08), A3: square(51, 0.2, 0.08) },
  },
  crimes: MONTHS.flatMap((month, index) =>
    [0.05, 0.15, 0.25].map((longitude, area) =>
      rawCrime(10 * index + area, { latitude: 51.05, longitude }, { month, outcome_status: null }),
    ),
  ),
});
const FAILING = { latitude: 51.05, longitude: 0.15 };

test("one question that always fails is named, all else completes, and the next run asks only that", async () => {
  const cwd = createFolder();
  const file = join(cwd, "ukpolice.db");
  const crawl = (url: string, ...more: string[]) =>
    runCli(["crawl", "--api-url", url, "--plan", "neighbourhoods", ...more], { cwd });

  const well = await serve(WORLD);
  expect((await crawl(well.url, "--until", "2018-04")).code).toBe(0);
  const failing = await serve(WORLD, { failArea: FAILING });
  const { code, err } = await crawl(failing.url);
  expect(code).toBe(5);
  expect(err).toMatch(
    /^ukpolice: 2 questions could not be answered: avon\/A2 2018-05 crimes \(.*500\)/m,
  );
  expect(queryColumn(file, "select id from crimes order by 1")).toEqual([0, 1, 2, 10, 12]);
  const sidecar = JSON.parse(readFileSync(join(cwd, "last_update.json"), "utf8"));
  expect(sidecar).toMatchObject({ last_update: "2018-04" });

  well.seen.length = 0;
  expect((await crawl(well.url)).code).toBe(0);
  const asked = polygonsAsked(well);
  expect(asked).toHaveLength(2);
  expect(asked.every((polygon) => polygon.includes(" 51,0.1:"))).toBe(true);
  expect(countRows(file, "crimes")).toBe(6);
}, 120_000);
