import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openConnection } from "../src/store/database.ts";
import type { Month } from "../src/types.ts";
import { ask, questionsFor, weighParts } from "./ask.ts";
import type { Asked } from "./ask.ts";
import { createCountry } from "./country.ts";
import { atMost, reported } from "./figure.ts";
import type { Figure, Part } from "./figure.ts";
import { fill, micros, monthsFrom } from "./fill.ts";
import type { Filled } from "./fill.ts";

const MONTHS = 36;
const MOST_BYTES = 458;
/** A third of the old tables' time. */
const MOST_TIME = 0.33;
const OLD_SCHEMA = new URL("layouts/by-id.sql", import.meta.url);

/** What is reported and need not reach anything: how it is called, and the question. */
const REPORTED: [string, string][] = [
  ["the same join by id", "burglaries by id"],
  ["counting all crimes by category", "all"],
  ["listing a neighbourhood's crimes of a month", "area"],
  ["exporting a force's crimes of a month", "export"],
  ["finding a crime by its persistent id", "find"],
];

type Measured = { filled: Filled; answers: Record<string, Asked>; bytes: number; parts: string };

/**
 * What three years of the country cost to insert and to ask, with today's tables and with those that
 * had the id as their key. The old ones get ids in the order of the records, which suits them best.
 */
export const queries: Part = async (folder) => {
  const months = monthsFrom(2016, MONTHS);
  const files = { old: join(folder, "old.db"), now: join(folder, "now.db") };
  openConnection(files.now).close();
  const [old, now] = fill(
    [
      {
        file: files.old,
        country: createCountry({ seed: 4, months, ids: "ordered" }),
        schema: readFileSync(OLD_SCHEMA, "utf8"),
      },
      { file: files.now, country: createCountry({ seed: 4, months }) },
    ],
    months,
  );
  if (old === undefined || now === undefined) throw new Error("nothing was filled");
  const month = months[months.length >> 1] ?? "";
  const measured = [measure(files.old, old, month), measure(files.now, now, month)] as const;
  checkAnswers(...measured);
  return compare(...measured);
};

function measure(file: string, filled: Filled, month: Month): Measured {
  const { total, parts } = weighParts(file);
  const each = Object.entries(parts).filter(([, bytes]) => bytes > 2);
  return {
    filled,
    answers: ask(file, month, questionsFor(file)),
    bytes: total,
    parts: each.map(([name, bytes]) => `${name} ${bytes.toFixed(1)}`).join(", "),
  };
}

function compare(old: Measured, now: Measured): Figure[] {
  const note = "the old tables were keyed by id, and got ids in order, which suited them best";
  const crimes = { old: micros(old.filled.crimes), now: micros(now.filled.crimes) };
  return [
    atMost(
      "time to insert a crime with scattered ids over that of the old tables",
      crimes.now / crimes.old,
      1,
      `${pace(now)} µs; old: ${pace(old)} µs; ${note}`,
    ),
    reported(
      "the same in time of the processor",
      (micros(now.filled.crimes, "cpuMs") / micros(old.filled.crimes, "cpuMs")).toFixed(2),
      "steadier on a machine that does other things, too",
    ),
    reported(
      "the same of an outcome",
      (micros(now.filled.outcomes) / micros(old.filled.outcomes)).toFixed(2),
      `${micros(now.filled.outcomes).toFixed(1)} µs; old: ${micros(old.filled.outcomes).toFixed(1)} µs`,
    ),
    ratio("counting a month's crimes by category", "month", old, now),
    ratio("joining a month's burglaries with their outcomes", "burglaries", old, now),
    ...REPORTED.map(([name, question]) =>
      reported(
        name,
        `${show(now, question)} ms`,
        `old: ${show(old, question)} ms; first, median of five`,
      ),
    ),
    atMost(
      `bytes of database per crime, ${now.filled.crimes.length} months`,
      now.bytes,
      MOST_BYTES,
      `${now.parts}; old: ${old.bytes.toFixed(1)}`,
    ),
  ];
}

/** Both databases hold the same records, so every question has as many rows in both. */
function checkAnswers(old: Measured, now: Measured): void {
  for (const [question, { rows }] of Object.entries(old.answers))
    if (now.answers[question]?.rows !== rows) throw new Error(`the answers differ: ${question}`);
}

function ratio(name: string, question: string, old: Measured, now: Measured): Figure {
  const ms = ({ answers }: Measured) => answers[question]?.medianMs ?? Number.NaN;
  const value = ms(now) / ms(old);
  const note = `${show(now, question)} ms; old: ${show(old, question)} ms; first, median of five`;
  return atMost(`time of ${name} over that of the old tables`, value, MOST_TIME, note);
}

function pace({ filled: { crimes } }: Measured): string {
  const [first, last] = [crimes.slice(0, 1), crimes.slice(-1)].map((month) =>
    micros(month).toFixed(1),
  );
  return `${micros(crimes).toFixed(1)} (first month ${first}, last ${last})`;
}

function show({ answers }: Measured, question: string): string {
  const { firstMs = Number.NaN, medianMs = Number.NaN } = answers[question] ?? {};
  return [firstMs, medianMs].map((ms) => ms.toFixed(ms < 10 ? 2 : 0)).join(", ");
}
