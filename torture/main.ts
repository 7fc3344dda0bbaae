/**
 * Crawls stand-in countries under faults, lies, outages and SIGKILLs, and compares the database
 * with the truth after each:
 *   npm run torture [-- --minutes 3 --seed 1]
 * Every round has a seed of its own, which a complaint names: --seed begins with that round.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Ledger } from "./ledger.ts";
import { playRound } from "./round.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "3" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    rounds: { type: "string", default: "Infinity" },
  },
});
const endMs = performance.now() + Number(values.minutes) * 60_000;
const firstSeed = Number(values.seed);
const lastSeed = firstSeed + Number(values.rounds) - 1;
if (Number.isNaN(endMs) || Number.isNaN(lastSeed)) {
  throw new Error("--minutes, --seed and --rounds are numbers");
}

const isOver = () => performance.now() >= endMs;
const ledger = new Ledger();
console.error(`seed ${firstSeed}, ${values.minutes} minutes`);

for (let seed = firstSeed; seed <= lastSeed && !isOver(); seed += 1) {
  const folder = mkdtempSync(join(tmpdir(), "ukpolice-torture-"));
  const before = ledger.wrong.length;
  const startMs = performance.now();
  try {
    await playRound({ seed, folder, ledger, isOver });
  } finally {
    if (ledger.wrong.length === before) rmSync(folder, { recursive: true });
  }
  const seconds = Math.round((performance.now() - startMs) / 1000);
  const wrong = ledger.wrong.slice(before);
  console.error(`round ${seed}: ${seconds} s${wrong.length === 0 ? "" : `, kept in ${folder}`}`);
  for (const sentence of wrong) console.error(`wrong: ${sentence}`);
}

const width = Math.max(...ledger.figures().map(([name]) => name.length));
for (const [name, value] of ledger.figures()) console.log(`${name.padEnd(width)}  ${value}`);
if (ledger.wrong.length > 0) process.exitCode = 1;
