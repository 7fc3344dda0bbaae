import { join } from "node:path";
import { loadSample } from "../src/sandbox/sample.ts";
import type { Seen } from "../src/sandbox/server.ts";
import { atLeast } from "./figure.ts";
import type { Figure, Part } from "./figure.ts";
import { asksRecords, runCrawl } from "./run-crawl.ts";

const CONCURRENCY = 12;
const RATE = 15;
const RUN_MS = 60_000;

/** How near the crawl comes to what the limit and the latency allow. */
export const rate: Part = async (folder) => {
  const sample = loadSample();
  const figures: Figure[] = [];
  for (const latency of ["small", "live"] as const) {
    const { seen } = await runCrawl({
      file: join(folder, `rate-${latency}.db`),
      sandbox: { world: sample, latency },
      rate: RATE,
      limitMs: RUN_MS,
      crawl: { plan: "neighbourhoods", concurrency: CONCURRENCY },
    });
    figures.push(compare(`neighbourhoods, latency ${latency}`, seen));
  }
  return figures;
};

/** Starts a second over the least of the limit and what the flights allow. */
function compare(name: string, seen: readonly Seen[]): Figure {
  const asked = seen.filter(asksRecords);
  const first = asked[0]?.atMs ?? 0;
  const last = asked.at(-1)?.atMs ?? 1;
  const reached = (asked.length - 1) / ((last - first) / 1000);
  const meanS = asked.reduce((sum, { latencyMs }) => sum + latencyMs, 0) / asked.length / 1000;
  const possible = Math.min(RATE, CONCURRENCY / meanS);
  const note = `${reached.toFixed(2)} a second of ${possible.toFixed(2)} possible; mean latency ${meanS.toFixed(2)} s`;
  return atLeast(`rate reached: ${name}`, reached / possible, 0.97, note);
}
