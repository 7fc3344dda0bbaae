import { join } from "node:path";
import { onTestFinished, describe, expect, test } from "vitest";
import { loadSample } from "../../src/sandbox/sample.ts";
import { startSandbox } from "../../src/sandbox/server.ts";
import type { RawCrime, World } from "../../src/sandbox/world.ts";
import { runCli, startForTest } from "../support/cli.ts";
import { createFolder, queryColumn, queryRows } from "../support/temp.ts";

const RELEASE = "2018-06-05";
const MONTHS = ["2018-04", "2018-05"];
const LONDON = [
  { latitude: 51, longitude: -1 },
  { latitude: 52, longitude: -1 },
  { latitude: 52, longitude: 1 },
  { latitude: 51, longitude: 1 },
];

/** The crimes of a month as JSON, by their id. */
function crimesOf(world: World, month: string): Map<number, RawCrime> {
  const records = world.records("crimes", month);
  const found = records?.find(LONDON) ?? [];
  const crimes = found.map((index): RawCrime => JSON.parse(records?.json(index) ?? "null"));
  return new Map(crimes.map((crime) => [crime.id, crime]));
}

/** What a release changed, told from the replies alone. */
function tellTruth(month: string) {
  const before = crimesOf(loadSample(), month);
  const after = crimesOf(loadSample({ release: RELEASE }), month);
  const outcomeOf = (crime: RawCrime | undefined) => JSON.stringify(crime?.outcome_status);
  const both = [...after.values()].filter(({ id }) => before.has(id));
  const solved = both.filter((crime) => outcomeOf(crime) !== outcomeOf(before.get(crime.id)));
  return {
    added: after.size - both.length,
    removed: before.size - both.length,
    solved: solved.map(({ id }) => id).sort((a, b) => a - b),
  };
}

async function serve(world: World): Promise<string> {
  const sandbox = await startSandbox({ world, limited: false });
  onTestFinished(() => sandbox.close());
  return sandbox.url;
}

describe("a sample that is released anew", () => {
  test("has its revisions told as they are, though the refresh was killed before it ended", async () => {
    const cwd = createFolder();
    const file = join(cwd, "ukpolice.db");
    const crawl = ["crawl", "--quiet", "--api-url"];
    expect(await runCli([...crawl, await serve(loadSample())], { cwd })).toMatchObject({ code: 0 });
    expect((await runCli(["status", "--revisions"], { cwd })).out).toMatch(/no revision yet/);

    const refresh = [...crawl, await serve(loadSample({ release: RELEASE })), "--refresh"];
    const killed = startForTest(refresh, { cwd });
    await expect
      .poll(() => queryColumn(file, "select count(*) from staged_crimes")[0], { timeout: 60_000 })
      .toBeGreaterThan(0);
    killed.child.kill("SIGKILL");
    await killed.finished;
    expect(await runCli(refresh, { cwd })).toMatchObject({ code: 0, err: "" });

    const { out, err, code } = await runCli(["status", "--revisions"], { cwd });
    expect({ err, code }).toEqual({ err: "", code: 0 });
    expect(out).toMatch(
      /^ukpolice\.db: 6 revisions of 2 months\n2018-05 crimes, as of 2018-06-05 /,
    );
    const { out: json } = await runCli(["status", "--revisions", "--json"], { cwd });
    for (const month of MONTHS) {
      const { added, removed, solved } = tellTruth(month);
      expect(out).toContain(
        `${month} crimes, as of ${RELEASE} (before: 2018-05-01): ${added} added, ` +
          `${solved.length.toLocaleString("en-GB")} outcomes changed, ${removed} removed\n`,
      );
      expect(JSON.parse(json).revisions).toContainEqual(
        expect.objectContaining({
          month,
          kind: "crimes",
          added,
          removed,
          outcomes_changed: solved.length,
        }),
      );
      const history = `select crime_id from crime_outcome_history where month = '${month}' order by 1`;
      expect(queryColumn(file, history)).toEqual(solved);
    }
    expect(
      queryRows(file, "select distinct from_category as was from crime_outcome_history"),
    ).toEqual([{ was: "Under investigation" }]);
  }, 120_000);
});
