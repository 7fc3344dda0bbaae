import { describe, expect, test } from "vitest";
import { createStaleness } from "../../src/crawl/areas/areas.ts";
import { chooseBoundaries } from "../../src/crawl/areas/boundaries.ts";

const NOW = "2026-06-01T00:00:00.000Z";
/** Older than the first of May. */
const isStale = (at: string | null) => at === null || at < "2026-05-01";
const asked = (at: string | null, count: number) =>
  Array.from({ length: count }, (_, index) => ({ boundaryAt: at, index }));

test.each([
  [-31, true],
  [-29, false],
  [0, false],
  [0.5, false],
  // of a clock that was wrong
  [2, true],
  [3000, true],
])("what was asked for %d days from now is old: %s", (days, isOld) => {
  const at = new Date(Date.now() + days * 24 * 3_600_000).toISOString();
  expect(createStaleness({ refreshBoundaries: false })(at)).toBe(isOld);
});

describe("the boundaries that are asked for", () => {
  test("are all of them when none was yet", () => {
    expect(chooseBoundaries(asked(null, 60), isStale)).toHaveLength(60);
  });

  test("are a sixth when all are old, rounded up, the oldest first", () => {
    const areas = [...asked("2026-04-01", 50), ...asked("2026-03-01", 11)];
    const chosen = chooseBoundaries(areas, isStale);
    expect(chosen).toHaveLength(11);
    expect(chosen.every(({ boundaryAt }) => boundaryAt === "2026-03-01")).toBe(true);
  });

  test("are none when a sixth was asked for lately", () => {
    const areas = [...asked("2026-03-01", 50), ...asked(NOW, 10)];
    expect(chooseBoundaries(areas, isStale)).toEqual([]);
  });

  test("are those that are new as well, which leave less room for the old", () => {
    const areas = [...asked("2026-03-01", 50), ...asked(NOW, 7), ...asked(null, 3)];
    const chosen = chooseBoundaries(areas, isStale);
    expect(chosen.filter(({ boundaryAt }) => boundaryAt === null)).toHaveLength(3);
    expect(chosen.length).toBeLessThanOrEqual(6);
  });

  test("have each been asked for within six months", () => {
    const areas = asked("2026-01-01", 60);
    const seen = new Set<number>();
    for (let month = 2; month <= 7; month += 1) {
      const today = `2026-0${month}-02`;
      const chosen = chooseBoundaries(areas, (at) => at === null || at < `2026-0${month}-01`);
      for (const area of chosen) {
        seen.add(area.index);
        area.boundaryAt = today;
      }
    }
    expect(seen.size).toBe(60);
  });

  test("are all where everything is to be fetched anew", () => {
    expect(chooseBoundaries(asked(NOW, 60), () => true)).toHaveLength(60);
  });
});
