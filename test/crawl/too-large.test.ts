import { describe, expect, test } from "vitest";
import { crawlServed } from "../support/crawled.ts";
import type { Asked, Trouble } from "../support/field.ts";
import { isArea, startField } from "../support/field.ts";
import { countRows } from "../support/temp.ts";

const CRIMES = 40_000;
const MONTHS = ["2018-03", "2018-04", "2018-05"];
const TILES = { plan: "tiles" } as const;

/** Crawls three months of a field in which areas of some size meet trouble. */
async function crawlField(decide: (asked: Asked) => Trouble | undefined, timeoutMs: number) {
  const field = await startField({ crimes: CRIMES, months: MONTHS, decide, client: { timeoutMs } });
  const { file, result, warnings } = await crawlServed(field, { options: TILES });
  const counts = MONTHS.map((month) => {
    const areas = field.asked.filter((one) => isArea(one) && one.params.get("date") === month);
    return { areas: areas.length, refused: areas.filter(({ trouble }) => trouble !== "").length };
  });
  return { file, result, warnings, counts, field };
}

const above =
  (limit: number, trouble: Trouble) =>
  ({ kind, records }: Asked) =>
    kind !== undefined && records > limit ? trouble : undefined;

describe("an area that is too large is cut, and its size is learnt", () => {
  test.each<[string, (asked: Asked) => Trouble | undefined, number]>([
    ["a gateway that answers 504 above 3,000 records", above(3000, { status: 504 }), 3000],
    ["a gateway that answers 502 above 3,000 records", above(3000, { status: 502 }), 3000],
    ["a gateway that closes the socket above 3,000 records", above(3000, "reset"), 3000],
    ["a gateway that is silent above 3,000 records", above(3000, "silence"), 3000],
    ["a limit of 2,500", above(2500, { status: 503 }), 2500],
    ["a limit of 10,000", above(10_000, { status: 503 }), 10_000],
    ["a limit of 80,000", above(80_000, { status: 503 }), 80_000],
    ["replies above 12 MiB, answered all the same", above(12_000, { padMiB: 12 }), 12_000],
  ])(
    "%s: everything comes",
    async (name, decide, limit) => {
      const { file, result, counts, warnings } = await crawlField(
        decide,
        name.includes("silent") ? 700 : 10_000,
      );
      expect(result).toMatchObject({ failures: [], unanswered: [], doubts: [], incomplete: [] });
      expect(countRows(file, "crimes")).toBe(3 * CRIMES);
      expect(countRows(file, "outcomes")).toBe((3 * CRIMES) / 2);
      const perfect = Math.ceil(CRIMES / limit) + Math.ceil(CRIMES / 2 / limit);
      // A world this small has few tiles, and in which order they are answered tells: the
      // benchmark measures the ratio itself, on the country.
      expect(counts[0]?.areas).toBeLessThan(6 * perfect + 12);
      expect(counts[1]?.areas).toBeLessThan(2 * perfect + 18);
      expect(counts[2]?.areas).toBeLessThan(2 * perfect + 8);
      expect(warnings.join()).not.toContain("is down");
    },
    60_000,
  );
});
