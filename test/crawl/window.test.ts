import { expect, test } from "vitest";
import { dirname } from "node:path";
import { runCli } from "../support/cli.ts";
import { crawlServed, newDatabase } from "../support/crawled.ts";
import { isArea, startField } from "../support/field.ts";
import { countRows, queryColumn } from "../support/temp.ts";

const MONTHS = ["2018-03", "2018-04", "2018-05"];
const CRIMES = 20_000;

/** A field whose oldest month leaves after so many questions for areas. */
async function openMoving(after: number) {
  let isMoved = false;
  const field = await startField({
    crimes: CRIMES,
    months: MONTHS,
    listed: () => (isMoved ? MONTHS.slice(1) : MONTHS),
    decide: () => {
      isMoved ||= field.asked.filter(isArea).length > after;
      return undefined;
    },
  });
  return field;
}

test("a month that leaves the window in the midst is given up as a whole, with a note", async () => {
  const field = await openMoving(2);
  const { file, result, notes } = await crawlServed(field, { options: { plan: "tiles" } });
  expect(result.gone).toEqual(["2018-03"]);
  expect(result.failures).toEqual([]);
  expect(notes.filter((note) => note.includes("no longer published"))).toHaveLength(1);
  const complete = "select month from coverage where kind = 'outcomes' group by 1";
  expect(queryColumn(file, complete)).toEqual(MONTHS.slice(1));
  expect(queryColumn(file, "select count(*) from sweeps")).toEqual([0]);
  expect(countRows(file, "crimes")).toBeGreaterThanOrEqual(2 * CRIMES);
  const months = field.asked.filter(({ path }) => path === "/crimes-street-dates");
  expect(months.length).toBeLessThanOrEqual(4);
});

test("a refreshed month that leaves keeps its earlier rows, and nothing that was staged", async () => {
  const file = newDatabase();
  const still = await openMoving(Infinity);
  await crawlServed(still, { file, options: { plan: "tiles" } });
  const moving = await openMoving(2);
  const { result } = await crawlServed(moving, {
    file,
    options: { plan: "tiles", refresh: Infinity },
  });
  expect(result.gone).toEqual(["2018-03"]);
  expect(countRows(file, "crimes")).toBe(3 * CRIMES);
  expect(countRows(file, "staged_crimes")).toBe(0);
  expect(queryColumn(file, "select month from coverage group by 1")).toEqual(MONTHS);
});

test("the next run after that asks nothing, and status advises nothing that cannot help", async () => {
  const field = await openMoving(2);
  const { file } = await crawlServed(field, { options: { plan: "tiles" } });
  const before = field.asked.filter(isArea).length;
  const { result } = await crawlServed(field, { file, options: { plan: "tiles" } });
  expect(field.asked.filter(isArea).length).toBe(before);
  expect(result).toMatchObject({ incomplete: [], failures: [], gone: [] });

  const { out, code } = await runCli(["status", "--db", file], { cwd: dirname(file) });
  expect(code).toBe(0);
  const advice = out.split("\n").filter((line) => line.includes("ukpolice crawl"));
  expect(advice).toEqual([expect.stringContaining("ukpolice crawl --from-last-update")]);
  const next = { plan: "tiles", fromLastUpdate: true } as const;
  expect((await crawlServed(field, { file, options: next })).result.incomplete).toEqual([]);
});
