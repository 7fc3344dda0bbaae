/**
 * Measures forms of the tables of records against each other, on the same months:
 *   npx tsx bench/layouts.ts [months, 6 unless it is said] [names of candidates …]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ask, questionsFor, weighParts } from "./ask.ts";
import { createCountry } from "./country.ts";
import { toTable } from "./figure.ts";
import { fill, micros, monthsFrom } from "./fill.ts";
import type { Filled } from "./fill.ts";
import { CANDIDATES } from "./layouts/candidates.ts";

const [count = "6", ...chosen] = process.argv.slice(2);
const months = monthsFrom(2016, Number(count));
const month = months[months.length >> 1] ?? "";
const names = chosen.length === 0 ? Object.keys(CANDIDATES) : chosen;
const countries = {
  scattered: createCountry({ seed: 4, months }),
  ordered: createCountry({ seed: 4, months, ids: "ordered" }),
};
const folder = mkdtempSync(join(tmpdir(), "ukpolice-layouts-"));
const results: Record<string, string>[] = [];

try {
  const fillings = names.map((name) => {
    const candidate = CANDIDATES[name];
    if (candidate === undefined) throw new Error(`there is no candidate ${name}`);
    const { ids = "scattered", ...form } = candidate;
    return { ...form, name, file: join(folder, `${name}.db`), country: countries[ids] };
  });
  const filled = fill(fillings, months);
  fillings.forEach(({ name, file }, index) => {
    const { total, parts } = weighParts(file);
    results.push({
      layout: name,
      ...pace(filled[index]),
      "bytes a crime": total.toFixed(1),
      ...answer(file),
    });
    console.error(`${name}:`, parts);
    rmSync(file);
  });
} finally {
  rmSync(folder, { recursive: true });
}
const head = Object.keys(results[0] ?? {});
console.log(
  toTable(
    head,
    results.map((result) => head.map((column) => result[column] ?? "")),
  ),
);

function pace(filled: Filled | undefined): Record<string, string> {
  const { crimes = [], outcomes = [] } = filled ?? {};
  const cell = (spent: Filled["crimes"]) =>
    [spent.slice(0, 1), spent.slice(-1), spent].map((some) => micros(some).toFixed(1)).join(", ");
  return {
    "µs a crime: first, last month, all": cell(crimes),
    "µs of the processor": micros(crimes, "cpuMs").toFixed(1),
    "µs an outcome": cell(outcomes),
    "of the processor": micros(outcomes, "cpuMs").toFixed(1),
  };
}

function answer(file: string): Record<string, string> {
  const answers = ask(file, month, questionsFor(file));
  const show = (ms: number) => (ms < 10 ? ms.toFixed(2) : String(Math.round(ms)));
  return Object.fromEntries(
    Object.entries(answers).map(([name, { firstMs, medianMs }]) => [
      `${name}, ms: first / median`,
      `${show(firstMs)} / ${show(medianMs)}`,
    ]),
  );
}
