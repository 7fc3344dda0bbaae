import { setTimeout } from "node:timers/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createRandom } from "../../../src/sandbox/shares.ts";
import { readArchive } from "../../support/archive.ts";
import { runCli, startForTest } from "../../support/cli.ts";
import { createFolder, queryColumn, queryRows } from "../../support/temp.ts";
import { writeZip } from "../../support/zips.ts";

const KILLS = 50;
const MONTHS = 60;
/** Most of an import is over then; a kill that comes too late finds nothing to kill. */
const LATEST_MS = 900;
const STREET = readArchive("2024-01/2024-01-city-of-london-street.csv.gz");
const OLDER = readArchive("2025-01/2025-01-city-of-london-street.csv.gz");

/** Five years in two releases: the older one first, so that files are replaced as well. */
async function writeZips(folder: string): Promise<string[]> {
  const months = Array.from({ length: MONTHS }, (_, at) =>
    new Date(Date.UTC(2019, at, 1)).toISOString().slice(0, 7),
  );
  const write = (name: string, text: string, month: string) =>
    writeZip(
      join(folder, name),
      months.map((to) => ({
        name: `${to}/${to}-city-of-london-street.csv`,
        data: text.replaceAll(month, to),
      })),
    );
  return [
    await write("2024-01.zip", OLDER, "2025-01"),
    await write("2024-06.zip", STREET, "2024-01"),
  ];
}

function read(folder: string) {
  const file = join(folder, "ukpolice.db");
  return [
    "select month, id, persistent_id, category, latitude, longitude, outcome_category, lsoa_code from crimes order by 1, 2",
    "select month, kind, force_id, source, release, records from coverage order by 1, 2, 3",
    "select * from force_counts order by 1, 2, 3, 4",
    "select * from neighbourhood_counts order by 1, 2, 3, 4, 5",
    "select * from points order by 1, 2",
    "select name from streets order by 1",
  ].map((sql) => queryRows(file, sql));
}

test(`imports that are killed at ${KILLS} moments end as if none had been`, async () => {
  const [cwd, whole] = [createFolder(), createFolder()];
  const [older = "", newer = ""] = await writeZips(cwd);
  for (const zip of [older, newer])
    expect((await runCli(["import", zip], { cwd: whole })).code).toBe(0);
  const random = createRandom(13);
  let landed = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const killed = startForTest(["import", kill < KILLS / 2 ? older : newer, "--quiet"], { cwd });
    await setTimeout(150 + random() * LATEST_MS);
    if (killed.child.kill("SIGKILL")) landed += 1;
    await killed.finished;
    const rows =
      "select (select count(*) from crimes) = (select ifnull(sum(records), 0) from coverage)";
    const file = join(cwd, "ukpolice.db");
    const hasTables = queryColumn(file, "select count(*) from sqlite_schema")[0] !== 0;
    if (hasTables) expect(queryColumn(file, rows)).toEqual([1]);
  }
  expect(landed).toBeGreaterThan(KILLS / 3);
  for (const zip of [older, newer]) expect((await runCli(["import", zip], { cwd })).code).toBe(0);
  expect(read(cwd)).toEqual(read(whole));
  expect(queryRows(join(cwd, "ukpolice.db"), "pragma foreign_key_check")).toEqual([]);
});
