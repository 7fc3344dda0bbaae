import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startSandbox } from "../src/sandbox/server.ts";
import { createCountry } from "./country.ts";
import { atMost } from "./figure.ts";
import type { Figure, Part } from "./figure.ts";
import { timePages } from "./pages.ts";
import { weigh } from "./weigh.ts";

const MONTHS = ["2018-01", "2018-02", "2018-03", "2018-04", "2018-05", "2018-06"];
const CHILD = fileURLToPath(new URL("child.js", import.meta.url));
const BIN = fileURLToPath(new URL("../bin/ukpolice.js", import.meta.url));
const MOST_MB = 400;
const OPENINGS = 7;

type Report = { months: Record<string, { ms: number; rows: number }>; maxRssMb: number };

/** What a crawl of one and of six months costs in memory, time and bytes; the crawl is a child process. */
export const growth: Part = async (folder) => {
  const world = createCountry({ seed: 4, months: MONTHS });
  let lastMs = 0;
  let firstMs: number | undefined;
  const server = await startSandbox({
    world,
    limited: false,
    onRequest: ({ atMs }) => {
      firstMs ??= atMs;
      lastMs = atMs;
    },
  });
  const run = promisify(execFile);
  const child = async (name: string, until: string): Promise<Report> => {
    const { stdout } = await run(process.execPath, [CHILD, server.url, join(folder, name), until]);
    return JSON.parse(stdout);
  };
  try {
    const one = await child("one.db", "2018-01");
    const six = await child("six.db", "2018-06");
    const perRow = MONTHS.map(
      (month) => (six.months[month]?.ms ?? 0) / (six.months[month]?.rows ?? 1),
    );
    const waits: number[] = [];
    for (let opening = 0; opening < OPENINGS; opening += 1) {
      firstMs = undefined;
      const startMs = performance.now();
      await run(process.execPath, [
        BIN,
        "crawl",
        "--quiet",
        "--db",
        join(folder, "six.db"),
        "--api-url",
        server.url,
      ]);
      waits.push(performance.now() - startMs - (lastMs - (firstMs ?? lastMs)));
    }
    return [
      ...memory(one, six),
      atMost(
        "time per record in month 6 over month 1",
        (perRow.at(-1) ?? 0) / (perRow[0] ?? 1),
        1.2,
        `insert alone: ${perRow.map((ms) => `${(ms * 1000).toFixed(1)}`).join(", ")} µs a record, month by month`,
      ),
      openingFigure(waits),
      await timePages(join(folder, "six.db")),
      ...weigh(join(folder, "six.db")),
    ];
  } finally {
    await server.close();
  }
};

function memory(one: Report, six: Report): Figure[] {
  const most = Math.max(one.maxRssMb, six.maxRssMb);
  return [
    {
      name: "peak memory of a crawl of 1 month and of 6 months",
      must: `both < ${MOST_MB} MB`,
      value: `${Math.round(one.maxRssMb)} and ${Math.round(six.maxRssMb)} MB`,
      ok: most < MOST_MB,
      note: "resident set of the crawling process, its highest",
    },
    {
      name: "the one over the other",
      must: "< 1.15",
      value: (six.maxRssMb / one.maxRssMb).toFixed(2),
      ok: six.maxRssMb / one.maxRssMb < 1.15,
      note: "six months over one",
    },
  ];
}

function openingFigure(waits: readonly number[]): Figure {
  const median = waits.toSorted((a, b) => a - b)[waits.length >> 1] ?? 0;
  return {
    name: "time to open a full database, find nothing to do and exit, excluding the network",
    must: "< 300 ms",
    value: `${Math.round(median)} ms`,
    ok: median < 300,
    note: `the whole process, less the time between its requests; median of ${waits.length}`,
  };
}
