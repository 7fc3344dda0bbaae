import { describe, expect, test } from "vitest";
import { MOST_ROWS, rangeOf, toCrimeId } from "../../../src/store/archive/ids.ts";

/** The forces of the API, and the transport police. */
const FORCES = `avon-and-somerset bedfordshire btp cambridgeshire cheshire city-of-london cleveland
  cumbria derbyshire devon-and-cornwall dorset durham dyfed-powys essex gloucestershire
  greater-manchester gwent hampshire hertfordshire humberside kent lancashire leicestershire
  lincolnshire merseyside metropolitan norfolk north-wales north-yorkshire northamptonshire
  northern-ireland northumbria nottinghamshire south-wales south-yorkshire staffordshire suffolk
  surrey sussex thames-valley warwickshire west-mercia west-midlands west-yorkshire wiltshire`
  .split(/\s+/)
  .sort();

describe("the ids of the archive's crimes", () => {
  test("are of no two forces that there are", () => {
    expect(FORCES).toHaveLength(45);
    const ranges = FORCES.map(rangeOf).sort((a, b) => a.lowest - b.lowest);
    for (const [index, { lowest, highest }] of ranges.entries()) {
      expect(highest - lowest).toBe(MOST_ROWS - 1);
      expect(lowest).toBeGreaterThan(ranges[index - 1]?.highest ?? -Infinity);
    }
  });

  test("are negative, exact, and go down with the rows", () => {
    for (const forceId of FORCES) {
      const ids = [1, 2, MOST_ROWS].map((row) => toCrimeId(forceId, row));
      expect(ids.every((id) => Number.isSafeInteger(id) && id < 0)).toBe(true);
      expect(ids).toEqual(ids.toSorted((a, b) => b - a));
    }
  });

  test("stay what they are: databases hold them", () => {
    expect(toCrimeId("kent", 1)).toMatchInlineSnapshot(`-15447374168065`);
    expect(toCrimeId("btp", 7)).toMatchInlineSnapshot(`-100013315194887`);
  });
});
