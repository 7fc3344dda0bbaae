/**
 * Measures what the README and the design promise, on a stand-in country at full size:
 *   npm run bench [-- requests field rate stops pipeline growth queries lake import layers]
 * Every part runs alone, too. The results go to bench/RESULTS.md when all of them ran.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { toTable } from "./figure.ts";
import type { Figure, Part } from "./figure.ts";
import { field } from "./field.ts";
import { growth } from "./growth.ts";
import { archive } from "./import.ts";
import { lake } from "./lake.ts";
import { layers } from "./layers.ts";
import { pipeline } from "./pipeline.ts";
import { queries } from "./queries.ts";
import { rate } from "./rate.ts";
import { requests } from "./requests.ts";
import { stops } from "./stops.ts";

const PARTS: Record<string, Part> = {
  requests,
  field,
  rate,
  stops,
  pipeline,
  growth,
  queries,
  lake,
  import: archive,
  layers,
};

const chosen = process.argv.slice(2);
const names = chosen.length === 0 ? Object.keys(PARTS) : chosen;
const figures: Figure[] = [];
for (const name of names) {
  const part = PARTS[name];
  if (part === undefined)
    throw new Error(`no part ${name}; there are ${Object.keys(PARTS).join(", ")}`);
  const folder = mkdtempSync(join(tmpdir(), "ukpolice-bench-"));
  const startMs = performance.now();
  console.error(`${name} …`);
  try {
    figures.push(...(await part(folder)));
  } finally {
    rmSync(folder, { recursive: true });
  }
  console.error(`${name}: ${Math.round((performance.now() - startMs) / 1000)} s`);
}

const verdicts = { true: "yes", false: "**no**", undefined: "" };
const rows = figures.map(({ name, must, value, ok, note }) => [
  name,
  must,
  value,
  verdicts[`${ok}`],
  note,
]);
const table = toTable(["figure", "must be", "is", "reached", "how"], rows);
console.log(table);
if (chosen.length === 0) writeFileSync(new URL("RESULTS.md", import.meta.url), describe(table));

function describe(results: string): string {
  const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const versions = Object.entries(manifest.dependencies).map(
    ([name, version]) => `${name} ${version}`,
  );
  const [cpu] = cpus();
  return [
    "# Results of `npm run bench`",
    "",
    `ukpolice ${manifest.version}, Node ${process.version}, ${cpus().length} cores (${cpu?.model.trim()}),`,
    `${Math.round(totalmem() / 2 ** 30)} GiB of memory; ${versions.join(", ")}.`,
    "Times are noisy, so ratios are measured within one run.",
    "",
    results,
    "",
  ].join("\n");
}
