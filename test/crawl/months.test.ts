import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseMonths } from "../../src/crawl/todo/months.ts";
import { checkOrder } from "../../src/months.ts";

const PUBLISHED = ["2018-05", "2018-04", "2018-03", "2018-02"];
const month = fc
  .integer({ min: 0, max: 60 })
  .map((n) => `${2015 + Math.floor(n / 12)}-${String((n % 12) + 1).padStart(2, "0")}`);

describe("the months that are asked for", () => {
  test("are all that are published, oldest first, when nothing bounds them", () => {
    expect(chooseMonths(PUBLISHED, {})).toEqual({ months: PUBLISHED.toReversed(), notes: [] });
  });

  test("include both bounds", () => {
    const bounds = { since: "2018-03", until: "2018-04" };
    expect(chooseMonths(PUBLISHED, bounds)).toEqual({ months: ["2018-03", "2018-04"], notes: [] });
    const one = { since: "2018-05", until: "2018-05" };
    expect(chooseMonths(PUBLISHED, one).months).toEqual(["2018-05"]);
  });

  test("are those after the last update, and none when that is the newest", () => {
    expect(chooseMonths(PUBLISHED, { after: "2018-03" }).months).toEqual(["2018-04", "2018-05"]);
    expect(chooseMonths(PUBLISHED, { after: "2018-05" })).toEqual({ months: [], notes: [] });
    expect(chooseMonths(PUBLISHED, { after: "2018-03", until: "2018-04" }).months).toEqual([
      "2018-04",
    ]);
  });

  test("lie within the bounds and the window, in order, each once", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(month, { minLength: 1 }),
        fc.option(month, { nil: undefined }),
        fc.option(month, { nil: undefined }),
        fc.option(month, { nil: undefined }),
        (published, since, until, after) => {
          const sorted = published.toSorted();
          fc.pre(since === undefined || until === undefined || since <= until);
          fc.pre(until === undefined || until >= (sorted[0] ?? ""));
          fc.pre(since === undefined || since <= (sorted.at(-1) ?? ""));
          const expected = sorted.filter(
            (each) =>
              (since === undefined || each >= since) &&
              (until === undefined || each <= until) &&
              (after === undefined || each > after),
          );
          expect(chooseMonths(published, { since, until, after }).months).toEqual(expected);
        },
      ),
    );
  });

  test("leave the list of what is published as it was", () => {
    const published = [...PUBLISHED];
    chooseMonths(published, { until: "2018-03" });
    expect(published).toEqual(PUBLISHED);
  });
});

describe("bounds that do not fit", () => {
  const window = expect.stringContaining("2018-02 to 2018-05");

  test("name the window when they leave nothing", () => {
    expect(() => chooseMonths(PUBLISHED, { until: "2018-01" })).toThrow(
      expect.objectContaining({
        exitCode: 2,
        message: expect.stringContaining("2018-01"),
        hint: window,
      }),
    );
    expect(() => chooseMonths(PUBLISHED, { since: "2018-06" })).toThrow(
      expect.objectContaining({ exitCode: 2, hint: window }),
    );
  });

  test("are noted when the API reaches less far than they do", () => {
    const { months, notes } = chooseMonths(PUBLISHED, { since: "2010-12", until: "2030-01" });
    expect(months).toEqual(PUBLISHED.toReversed());
    expect(notes).toHaveLength(2);
    expect(notes.join()).toMatch(/2030-01.*2018-05.*2010-12.*2018-02/);
  });

  test("are wrong usage when they are the wrong way round", () => {
    const error = expect.objectContaining({ exitCode: 2, hint: expect.any(String) });
    const bounds = { since: "2018-04", until: "2018-03" };
    expect(() => checkOrder(bounds)).toThrow(error);
    expect(() => chooseMonths(PUBLISHED, bounds)).toThrow(error);
    expect(() => checkOrder({ since: "2018-03", until: "2018-03" })).not.toThrow();
    expect(() => checkOrder({ until: "2018-03" })).not.toThrow();
  });
});
