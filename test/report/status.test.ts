import { PassThrough } from "node:stream";
import { WriteStream } from "node:tty";
import { stripVTControlCharacters } from "node:util";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { describeStatus } from "../../src/report/status.ts";
import { addSweep, cover, monthsFrom } from "../support/country.ts";
import { createTwo, statusOf, TEN, textOf, TWO } from "../support/status.ts";

/** Colours are asked for by the tests alone. */
beforeEach(() => {
  for (const name of ["FORCE_COLOR", "NO_COLOR", "CI"]) vi.stubEnv(name, undefined);
  vi.stubEnv("TERM", "xterm-256color");
  return () => vi.unstubAllEnvs();
});

/** A terminal, so far as colours and width go. */
function createTerminal(columns: number) {
  const { getColorDepth, hasColors } = WriteStream.prototype;
  return Object.assign(new PassThrough(), { isTTY: true, columns, getColorDepth, hasColors });
}

test("names from the database cannot steer the terminal", () => {
  const country = createTwo(["avon", "ke\u001b[31mnt\u202e"]);
  cover(country, { forces: ["ke\u001b[31mnt\u202e"], months: ["2024-05"], records: () => 0 });
  addSweep(country, { month: "2024-06" }, [{ state: "failed", reason: "\u001b]0;title\u0007" }]);
  const text = textOf(statusOf(country));
  expect(text).toContain("ke\uFFFD[31mnt");
  for (const sign of ["\u001b", "\u0007", "\u202e"]) expect(text).not.toContain(sign);
});

test("a country of 44 forces and three years is one screen, 80 columns wide", () => {
  const forces = Array.from({ length: 44 }, (_, index) => `force-number-${index}`);
  const country = createTwo(forces);
  cover(country, { forces, months: monthsFrom("2021-06", 36), records: () => 99_999 });
  const lines = textOf(statusOf(country)).split("\n");
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(lines.length).toBeLessThan(70);
  expect(textOf(statusOf(country), false)).toMatch(/^[\n\x20-\x7e]*$/);
});

describe("colours", () => {
  const colourful = () => {
    const country = createTwo();
    cover(country, { forces: TWO, months: ["2024-05"], records: () => 0 });
    const stream = createTerminal(100);
    return describeStatus(statusOf(country), { stream, unicode: true }).includes("\u001b[");
  };

  test("are there on a terminal", () => expect(colourful()).toBe(true));

  test.each([
    ["NO_COLOR", "1"],
    ["TERM", "dumb"],
  ])("are not there with %s=%s", (name, value) => {
    vi.stubEnv(name, value);
    expect(colourful()).toBe(false);
  });

  test("leave the width as it is: that of the terminal", () => {
    const forces = Array.from({ length: 30 }, (_, index) => `force-${index}`);
    const country = createTwo(forces);
    cover(country, { forces, months: monthsFrom("2015-01", 100), records: TEN });
    const text = describeStatus(statusOf(country), { stream: createTerminal(100), unicode: true });
    const lines = text.split("\n").map((line) => stripVTControlCharacters(line).length);
    expect(Math.max(...lines)).toBe(100);
    expect(text).toContain("without the 40 oldest months");
  });
});
