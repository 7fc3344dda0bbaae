import { describe, expect, test } from "vitest";
import { crawlServed } from "../support/crawled.ts";
import { isArea, startField } from "../support/field.ts";
import type { Trouble } from "../support/field.ts";
import { countRows } from "../support/temp.ts";

const CRIMES = 2000;
const TILES = { plan: "tiles" } as const;

const FORMS: [string, Trouble][] = [
  ["503", { status: 503 }],
  ["502", { status: 502 }],
  ["504", { status: 504 }],
  ["500", { status: 500 }],
  ["a reset", "reset"],
  ["silence", "silence"],
];

describe.concurrent("an API that is down from the first question of a run on", () => {
  test.for(FORMS)(
    "by %s is waited for, and all comes when it is back",
    async ([, trouble], { onTestFinished }) => {
      const field = await startField({
        onTestFinished,
        crimes: CRIMES,
        client: { timeoutMs: 300 },
        decide: ({ atMs }) => (atMs < 4000 ? trouble : undefined),
      });
      const { file, result, notes, warnings } = await crawlServed(field, { options: TILES });
      expect(result).toMatchObject({ failures: [], unanswered: [], incomplete: [] });
      expect(countRows(file, "crimes")).toBe(CRIMES);
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toMatch(/^the API is down; waiting for it, at most 1 minute \(.+\)$/);
      expect(notes).toContain("the API answers again");
      expect(field.asked.filter(({ trouble: met }) => met !== "").length).toBeLessThan(14);
    },
  );

  test.for(FORMS)(
    "by %s for good ends with exit code 3",
    async ([, trouble], { onTestFinished }) => {
      const field = await startField({
        onTestFinished,
        crimes: 200,
        client: { timeoutMs: 300 },
        decide: () => trouble,
      });
      const run = crawlServed(field, { options: { ...TILES, patienceMs: 1000 } });
      await expect(run).rejects.toMatchObject({
        exitCode: 3,
        message: expect.stringContaining("stayed down"),
        hint: expect.stringContaining("--api-url"),
      });
    },
  );
});

describe("an API that is down in the midst of a run", () => {
  test.for(FORMS)(
    "by %s cuts nothing and teaches nothing",
    async ([form, trouble], { onTestFinished }) => {
      let fromMs = Infinity;
      const lastsMs = form === "silence" ? 9000 : 4000; // longer than both tries of a question
      const field = await startField({
        onTestFinished,
        crimes: 16_000,
        months: ["2018-04", "2018-05"],
        client: { timeoutMs: form === "silence" ? 1500 : 20_000 },
        decide: (asked) => {
          const areas = field.asked.filter(isArea).length;
          if (areas === 3 && fromMs === Infinity) fromMs = asked.atMs;
          return asked.atMs > fromMs && asked.atMs < fromMs + lastsMs ? trouble : undefined;
        },
      });
      const { file, result, warnings } = await crawlServed(field, { options: TILES });
      expect(result).toMatchObject({ failures: [], unanswered: [], incomplete: [] });
      expect(countRows(file, "crimes")).toBe(32_000);
      if (form !== "500") expect(warnings.join()).toContain("is down");
      const answered = field.asked.filter((one) => isArea(one) && one.trouble === "");
      expect(answered.length).toBeLessThan(24);
    },
  );
});

describe("one cheap endpoint that is broken", () => {
  test.each([
    ["/crime-last-updated", "the date of the newest release"],
    ["/crime-categories", undefined],
  ])("%s is no outage: everything comes", async (path, named) => {
    const field = await startField({
      crimes: CRIMES,
      decide: (asked) => (asked.path === path ? { status: 502 } : undefined),
    });
    const { file, result, warnings } = await crawlServed(field, { options: TILES });
    expect(countRows(file, "crimes")).toBe(CRIMES);
    expect(result.unanswered.map(({ question }) => question)).toEqual(named ? [named] : []);
    expect(result.incomplete).toEqual([]);
    expect(warnings.join()).not.toContain("is down");
  });

  test.each(["/forces", "/crimes-street-dates"])(
    "%s of a later run is stood in for by what is known",
    async (path) => {
      let isBroken = false;
      const field = await startField({
        crimes: CRIMES,
        months: ["2018-04", "2018-05"],
        decide: (asked) => (isBroken && asked.path === path ? { status: 503 } : undefined),
      });
      const first = { ...TILES, until: "2018-04" };
      const { file } = await crawlServed(field, { options: first });
      isBroken = true;
      const { result } = await crawlServed(field, {
        file,
        options: { ...TILES, refreshBoundaries: true },
      });
      expect(countRows(file, "crimes")).toBe(2 * CRIMES);
      expect(result).toMatchObject({ failures: [], incomplete: [], unanswered: [{}] });
    },
  );
});
