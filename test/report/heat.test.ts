import { describe, expect, test } from "vitest";
import { drawHeat, heatLegend } from "../../src/report/heat.ts";
import type { HeatCell } from "../../src/report/heat.ts";
import { monthsFrom } from "../support/country.ts";

const STYLE = { width: 80, unicode: true, tailHead: "tail", paint: (mark: string) => mark };

function rowOf(name: string, cells: readonly HeatCell[]) {
  return { name, cells, tail: "9" };
}

describe("a heat table", () => {
  test("shades months by the force's own peak, and tells zero, missing and gap apart", () => {
    const cells: HeatCell[] = [1, 30, 60, 100, 0, "missing", "gap"];
    const { lines } = drawHeat(monthsFrom("2018-01", 7), [rowOf("kent", cells)], STYLE);
    expect(lines).toEqual([
      "                       2018",
      "                       JFMAMJJ tail",
      "  kent                 ░▒▓█0·x    9",
    ]);
  });

  test("writes a year over the first month of each, and only where it fits", () => {
    const heads = (first: string, count: number) =>
      drawHeat(monthsFrom(first, count), [], STYLE).lines.map((line) => line.slice(23, 23 + count));
    expect(heads("2017-11", 16)).toEqual(["  2018", "NDJFMAMJJASONDJF tail".slice(0, 16)]);
    expect(heads("2017-08", 9)).toEqual(["2017 2018", "ASONDJFMA"]);
  });

  test("says the counts where there is room for figures", () => {
    const { lines } = drawHeat(["2018-04", "2018-05"], [rowOf("kent", [15_148, 0])], STYLE);
    expect(lines).toEqual([
      "                          2018-04   2018-05 tail",
      "  kent                   15,148 █         0    9",
    ]);
  });

  test("keeps within the width, and hides the oldest months that do not fit", () => {
    const months = monthsFrom("2010-12", 200);
    const row = rowOf("a-force-with-a-very-long-name", [...Array(199).fill("missing"), 5]);
    const { lines, hidden } = drawHeat(months, [row], STYLE);
    expect(Math.max(...lines.map((line) => line.length))).toBe(80);
    expect(hidden).toBe(200 - 52);
    expect(lines.at(-1)).toBe(`  a-force-with-a-very… ${"·".repeat(51)}█    9`);
  });

  test("is ASCII off UTF-8, its legend too", () => {
    const cells: HeatCell[] = [1, 30, 60, 100, 0, "missing", "gap"];
    const style = { ...STYLE, unicode: false };
    const { lines } = drawHeat(monthsFrom("2018-01", 7), [rowOf("x".repeat(30), cells)], style);
    const text = [...lines, heatLegend(false)].join("\n");
    expect(text).toContain(" -+*#0.x    9");
    expect(text).toMatch(/^[\n\x20-\x7e]*$/);
  });
});
