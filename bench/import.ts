import { execFile } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import Database from "better-sqlite3";
import type { Month } from "../src/types.ts";
import { writeArchive } from "./archive.ts";
import { importBarely } from "./bare-import.ts";
import type { Bare } from "./bare-import.ts";
import { createCountry } from "./country.ts";
import type { Country } from "./country.ts";
import { atLeast, atMost, reported } from "./figure.ts";
import type { Figure, Part } from "./figure.ts";
import { timePages } from "./pages.ts";
import { runCrawl } from "./run-crawl.ts";

const MONTHS = 36;
const FIRST = { year: 2023, month: 7 };
const MOST_MB = 400;
const MOST_STATUS_MS = 300;
const ROUNDS = 5;
/** Months at each end whose times are compared: the marks have whole seconds. */
const END = 4;
const BIN = fileURLToPath(new URL("../bin/ukpolice.js", import.meta.url));
const HOOK = new URL("max-memory.js", import.meta.url).href;
const run = promisify(execFile);

/** An archive of three years at the real size: imported, over a bare ceiling, with a crawl on top. */
export const archive: Part = async (folder) => {
  const all = listMonths(MONTHS + 1);
  const months = all.slice(0, -1);
  const world = createCountry({ seed: 5, months: all });
  const zip = join(folder, "2026-07.zip");
  const file = join(folder, "ukpolice.db");
  const made = await writeArchive(zip, world, months);
  console.error(`  the zip is written: ${JSON.stringify(made)}`);
  const middle = months[MONTHS >> 1] ?? "";
  const bare = [await importBarely(zip, middle, folder)];
  const { seconds, maxMb } = await timeImport(zip, file, folder);
  bare.push(await importBarely(zip, middle, folder));
  const rows = Object.values(made.rows).reduce((sum, count) => sum + count, 0);
  return [
    ...paces({ rows, seconds, maxMb, bare, packed: statSync(zip).size, unpacked: made.bytes }),
    ...weighRows(file, months, rows),
    ...(await crawlOnTop(file, world, all)),
  ];
};

type Measured = {
  rows: number;
  seconds: number;
  maxMb: number;
  bare: readonly Bare[];
  packed: number;
  unpacked: number;
};

function paces({ rows, seconds, maxMb, bare, packed, unpacked }: Measured): Figure[] {
  const sum = (of: (each: Bare) => number) => bare.reduce((total, each) => total + of(each), 0);
  const bareRows = sum((each) => each.rows);
  const bareMs = sum(({ inflateMs, parseMs, insertMs }) => inflateMs + parseMs + insertMs);
  const each = (ms: number) => ((ms * 1000) / bareRows).toFixed(1);
  const ours = rows / seconds;
  const ceiling = (bareRows / bareMs) * 1000;
  return [
    atLeast(
      "rows a second of an import over the bare ceiling of inflate + parse + insert",
      ours / ceiling,
      0.7,
      `${Math.round(ours)} over ${Math.round(ceiling)}; bare, a row: inflate ${each(sum((one) => one.inflateMs))} µs, ` +
        `parse ${each(sum((one) => one.parseMs))}, insert ${each(sum((one) => one.insertMs))}`,
    ),
    reported(
      `time of an import of ${MONTHS} months`,
      `${Math.round(seconds)} s`,
      `${rows} rows, ${(packed / 1e9).toFixed(2)} GB packed quickly, ${(unpacked / 1e9).toFixed(2)} GB of CSV`,
    ),
    {
      name: "memory of an import at most",
      must: `< ${MOST_MB} MB`,
      value: `${Math.round(maxMb)} MB`,
      ok: maxMb < MOST_MB,
      note: "resident, of the process with its worker thread",
    },
  ];
}

/** As a user would: the bin, in a process of its own. */
async function timeImport(zip: string, file: string, folder: string) {
  const memory = join(folder, "memory");
  const startMs = performance.now();
  await run(process.execPath, ["--import", HOOK, BIN, "import", zip, "--quiet", "--db", file], {
    env: { ...process.env, BENCH_MEMORY_FILE: memory },
  });
  const seconds = (performance.now() - startMs) / 1000;
  return { seconds, maxMb: Number(readFileSync(memory, "utf8")) };
}

function weighRows(file: string, months: readonly Month[], rows: number): Figure[] {
  const db = new Database(file, { readonly: true });
  const ends = db
    .prepare<[], { month: Month; endS: number; records: number }>(
      `select month, max(unixepoch(completed_at)) as endS, sum(records) as records
       from coverage where source = 'archive' group by month order by month`,
    )
    .all();
  const stored = db.prepare<[], number>("select sum(records) from coverage").pluck().get() ?? 0;
  db.close();
  if (stored !== rows || ends.length !== months.length) throw new Error("not all is stored");
  const perRow = (from: number, to: number): number => {
    const span = (ends.at(to)?.endS ?? 0) - (ends.at(from)?.endS ?? 0);
    const between = ends.slice(from + 1, to === -1 ? undefined : to + 1);
    return span / between.reduce((sum, { records }) => sum + records, 0);
  };
  return [
    atMost(
      "time of a row in the last months over the first",
      perRow(-END - 1, -1) / perRow(0, END),
      1.2,
      `${END} months each, by the marks of their files`,
    ),
    reported(
      "bytes of database per row of the archive",
      (statSync(file).size / rows).toFixed(0),
      `${(statSync(file).size / 1e9).toFixed(1)} GB`,
    ),
  ];
}

async function crawlOnTop(
  file: string,
  world: Country,
  months: readonly Month[],
): Promise<Figure[]> {
  const { seen, ms } = await runCrawl({ file, sandbox: { world, limited: false } });
  const asked = new Set(seen.flatMap(({ params }) => params.get("date") ?? []));
  const strange = [...asked].filter((month) => months.slice(0, -1).includes(month));
  const statusMs = await timeStatus(file);
  return [
    reported(
      "requests of a crawl on top of it, of one more month",
      String(seen.length),
      `areas included; ${Math.round(ms / 1000)} s without the rate; months of the archive asked for: ${strange.length}`,
    ),
    {
      name: "time of status on it",
      must: `< ${MOST_STATUS_MS} ms`,
      value: `${Math.round(statusMs)} ms`,
      ok: statusMs < MOST_STATUS_MS,
      note: `median of ${ROUNDS}, the start of the process included`,
    },
    await timePages(file, `on ${MONTHS} months of the archive`),
  ];
}

async function timeStatus(file: string): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const startMs = performance.now();
    await run(process.execPath, [BIN, "status", "--db", file]);
    times.push(performance.now() - startMs);
  }
  return times.toSorted((a, b) => a - b)[ROUNDS >> 1] ?? 0;
}

function listMonths(count: number): Month[] {
  return Array.from({ length: count }, (_, index) =>
    new Date(Date.UTC(FIRST.year, FIRST.month + index, 1)).toISOString().slice(0, 7),
  );
}
