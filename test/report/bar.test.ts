import { describe, expect, test } from "vitest";
import { drawBar } from "../../src/report/bar.ts";
import { describe as describeView } from "../../src/report/lines.ts";
import type { View } from "../../src/report/meter.ts";
import type { MonthsProgress } from "../../src/crawl/reporter.ts";

const MONTHS: MonthsProgress = {
  part: "months",
  month: "2018-04",
  nth: 7,
  months: 36,
  done: 1234,
  failed: 0,
  total: 5320,
  isEstimate: true,
  records: 1_234_567,
};

function viewOf(progress: Partial<MonthsProgress> = {}, other: Partial<View> = {}): View {
  const view = { rate: 14.21, leftMs: 4_200_000, wait: undefined, ...other };
  return { ...view, progress: { ...MONTHS, ...progress } };
}

describe("the bar", () => {
  test.each([
    [
      140,
      "month 7 of 36: 2018-04  ██████░░░░░░░░░░░░░░░░░░░░░░░░  23%  1,234/5,320 questions  1,234,567 records  14.2 requests/s  1 h 10 min left",
    ],
    [
      119,
      "month 7 of 36: 2018-04  ███░░░░░░░░░░░  23%  1,234/5,320 questions  1,234,567 records  14.2 requests/s  1 h 10 min left",
    ],
    [79, "7/36 2018-04  █░░░░░░░  1,234/5,320  1,234,567 records  14.2/s  1 h 10 min left"],
    [39, "7/36 2018-04  █░░░░░░░  1 h 10 min left"],
    [19, "7/36  ███░░░░░░░░░░"],
    [6, "7/36"],
  ])("fits into %i columns", (columns, expected) => {
    expect(drawBar(viewOf(), columns)).toBe(expected);
  });

  test("is never wider than it may be, and begins with the month, however narrow it is", () => {
    const views = [
      viewOf(),
      viewOf({ failed: 12 }),
      viewOf({}, { wait: { for: "replies", ms: 45_000, replies: 12 } }),
      viewOf({ done: 0, total: 0 }, { leftMs: undefined }),
    ];
    for (const view of views) {
      for (let columns = 1; columns <= 200; columns += 1) {
        const bar = drawBar(view, columns);
        expect(bar.length).toBeLessThanOrEqual(columns);
        if (columns > 4) expect(bar).toMatch(/^(month )?7/);
      }
    }
  });

  test("is full when all is done, and not before", () => {
    const bar = (done: number) => drawBar(viewOf({ done, total: 1000 }), 100);
    expect(bar(999)).toMatch(/█░ {2}99%/);
    expect(bar(1000)).toMatch(/█ {2}100%/);
  });

  test("says what it waits for in the place of the pace and the time left", () => {
    const wait = { for: "replies", ms: 45_900, replies: 1 } as const;
    const bar = drawBar(viewOf({}, { wait }), 100);
    expect(bar).toMatch(/waiting 45 s for 1 reply$/);
    expect(bar).not.toMatch(/left|\/s/);
    expect(drawBar(viewOf({}, { wait: { for: "down" } }), 79)).toMatch(/waiting: the API is down$/);
  });

  test("is what is waited for alone, until it is known what is to do", () => {
    const wait = { for: "replies", ms: 4000, replies: 1 } as const;
    const view = { progress: undefined, rate: 0, leftMs: undefined, wait };
    expect(drawBar(view, 79)).toBe("waiting 4 s for 1 reply");
    expect(drawBar({ ...view, wait: undefined }, 79)).toBe("");
  });
});

describe("a line of progress", () => {
  test("says the same in words", () => {
    expect(describeView(viewOf({ failed: 2 }))).toBe(
      "month 7 of 36, 2018-04: 1,234 of about 5,320 questions, 1,234,567 records, 2 failed, 14.2 requests/s, 1 h 10 min left",
    );
    const wait = { for: "replies", ms: 125_000, replies: 2 } as const;
    expect(describeView(viewOf({ isEstimate: false }, { wait }))).toBe(
      "month 7 of 36, 2018-04: 1,234 of 5,320 questions, 1,234,567 records, waiting 2 min 5 s for 2 replies",
    );
    const progress = { part: "forces", done: 3, total: 44 } as const;
    expect(describeView({ ...viewOf(), progress, leftMs: undefined })).toBe(
      "forces: 3 of 44, 14.2 requests/s",
    );
  });
});
