import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import type { DuckDBConnection } from "@duckdb/node-api";
import { exportRecords } from "../src/export/export.ts";
import { loadFormat } from "../src/export/load-format.ts";
import { createFolderOutlet } from "../src/export/outlet.ts";
import { openConnection } from "../src/store/database.ts";
import { openExport } from "../src/store/read/export.ts";
import { createCountry } from "./country.ts";
import { reported } from "./figure.ts";
import type { Figure, Part } from "./figure.ts";
import { fill, monthsFrom } from "./fill.ts";

const MONTHS = 2;
const REPEATS = 5;

/** Measured once on the machine of RESULTS.md, in turns with what is written now. */
const BEFORE = "a file a force and month with Snappy, in turns:";

type Question = { sql: string; before: string };

/** What is asked of an export. */
const QUESTIONS: Record<string, Question> = {
  "crimes of a month by category": {
    sql: `
    select category, count(*) from crimes where month = '2016-01' group by all`,
    before: "12 and 8 ms",
  },
  "a force's crimes of a month by neighbourhood": {
    sql: `
    select neighbourhood_id, count(*) from crimes
    where month = '2016-01' and force = (select max(force_id) from crimes)
    group by all`,
    before: "32 and 18 ms",
  },
  "a month's burglaries with their outcomes": {
    sql: `
    select outcomes.category, count(*) from crimes
    join outcomes on outcomes.crime_id = crimes.id and outcomes.crime_month = crimes.month
    where crimes.month = '2016-01' and crimes.category = 'burglary'
    group by all`,
    before: "99 and 72 ms",
  },
  "crimes of all months in half a degree": {
    sql: `
    select month, count(*) from crimes
    where latitude between 51.5 and 52 and longitude between -0.5 and 0
    group by all`,
    before: "18 and 12 ms",
  },
};

/** What an export of the country as Parquet costs, and how fast DuckDB finds something in it. */
export const lake: Part = async (folder) => {
  const file = join(folder, "country.db");
  const out = join(folder, "lake");
  const months = monthsFrom(2016, MONTHS);
  openConnection(file).close();
  fill([{ file, country: createCountry({ seed: 4, months }) }], months);
  return measureLake(file, out);
};

/** Exports a database, and asks DuckDB. */
export async function measureLake(file: string, out: string): Promise<Figure[]> {
  const startMs = performance.now();
  await write(file, out);
  const seconds = (performance.now() - startMs) / 1000;
  const files = readdirSync(out, { recursive: true, encoding: "utf8" })
    .map((name) => statSync(join(out, name)))
    .filter((stat) => stat.isFile());
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const megabytes = (bytes / MONTHS / 1e6).toFixed(1);
  return [
    reported(
      "Parquet: MB of a month of the country",
      megabytes,
      `${files.length} files for ${MONTHS} months in ${seconds.toFixed(1)} s; ${BEFORE} 59.1 MB, 180 files; 24 and 18 s`,
    ),
    ...(await ask(out)),
  ];
}

async function write(file: string, out: string): Promise<void> {
  const reader = openExport(file);
  const { signal } = new AbortController();
  try {
    await exportRecords(
      {
        reader,
        outlet: createFolderOutlet(out),
        reporter: { lacks: () => {}, progress: () => {}, writesAll: () => {} },
        signal,
      },
      {
        whats: ["crimes", "outcomes"],
        since: undefined,
        until: undefined,
        forces: undefined,
        categories: undefined,
      },
      { format: await loadFormat("parquet", { ndjson: false, alone: false }), alone: false },
    );
  } finally {
    reader.close();
  }
}

async function ask(out: string): Promise<Figure[]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    for (const kind of ["crimes", "outcomes"]) {
      const files = `'${out}/${kind}/**/*.parquet', hive_partitioning = true`;
      await connection.run(`create view ${kind} as select * from read_parquet(${files})`);
    }
    const figures: Figure[] = [];
    for (const [name, { sql, before }] of Object.entries(QUESTIONS)) {
      const ms = await time(connection, sql);
      const note = `${BEFORE} ${before}`;
      figures.push(reported(`Parquet, asked by DuckDB: ${name}`, `${ms} ms`, note));
    }
    return figures;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** The median of some, in milliseconds. */
async function time(connection: DuckDBConnection, sql: string): Promise<string> {
  const spent: number[] = [];
  for (let nth = 0; nth < REPEATS; nth += 1) {
    const startMs = performance.now();
    const answer = await connection.runAndReadAll(sql);
    if (answer.currentRowCount === 0) throw new Error(`nothing is found by ${sql}`);
    spent.push(performance.now() - startMs);
  }
  return String(Math.round(spent.sort((a, b) => a - b)[REPEATS >> 1] ?? Number.NaN));
}
