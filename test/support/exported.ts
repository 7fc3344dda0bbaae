import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { exportRecords } from "../../src/export/export.ts";
import type { ExportResult } from "../../src/export/export.ts";
import { WHATS } from "../../src/export/format.ts";
import type { FormatName } from "../../src/export/format.ts";
import type { Lack } from "../../src/export/lacks.ts";
import { MANIFEST } from "../../src/export/manifest.ts";
import { createLedger } from "../../src/export/ledger.ts";
import { loadFormat } from "../../src/export/load-format.ts";
import { createFolderOutlet } from "../../src/export/outlet.ts";
import type { Selection } from "../../src/export/plan.ts";
import { createApi } from "../../src/fetch/api.ts";
import { loadSample } from "../../src/sandbox/sample.ts";
import { startSandbox } from "../../src/sandbox/server.ts";
import { openExport } from "../../src/store/read/export.ts";
import type { Area, Crime, Located, Outcome, Stop } from "../../src/types.ts";
import { crawlServed } from "./crawled.ts";
import { never } from "./http.ts";
import { AT, openQuestion, openTestStore } from "./stored.ts";
import { createFolder } from "./temp.ts";

const ALL: Selection = {
  whats: WHATS,
  since: undefined,
  until: undefined,
  forces: undefined,
  categories: undefined,
};

export type Exported = { folder: string; result: ExportResult; lacks: readonly Lack[] };

export type ExportRun = Partial<Selection> & {
  format?: FormatName;
  ndjson?: boolean;
  folder?: string;
  /** Writes what changed alone. */
  changed?: boolean;
  /** What else decides on the bytes of a file. */
  options?: string;
  signal?: AbortSignal;
};

/** Exports a database into a folder. */
export async function exportDatabase(file: string, run: ExportRun = {}): Promise<Exported> {
  const { format = "csv", ndjson = false, folder = createFolder(), ...others } = run;
  const { changed = false, options = "", signal = never(), ...selection } = others;
  const reader = openExport(file);
  let lacks: readonly Lack[] = [];
  const reporter = {
    progress: () => {},
    writesAll: () => {},
    lacks: (found: readonly Lack[]) => void (lacks = found),
  };
  const ledger = createLedger(createFolderOutlet(folder), { folder, options, changed });
  try {
    const result = await exportRecords(
      { reader, outlet: ledger, ledger, reporter, signal },
      { ...ALL, ...selection },
      { format: await loadFormat(format, { ndjson, alone: false }), alone: false },
    );
    return { folder, result, lacks };
  } finally {
    reader.close();
  }
}

export type Content = {
  crimes?: Located<Crime>[];
  outcomes?: Located<Outcome>[];
  stops?: Located<Stop>[];
  areas?: Area[];
};

/** A database of the forces of openTestStore and more, with these records in it. */
export function databaseOf({ areas = [], ...rows }: Content): string {
  const store = openTestStore();
  for (const { forceId, neighbourhoodId } of areas) {
    store.areas.saveForces([{ id: forceId, name: forceId }], AT);
    store.areas.saveNeighbourhoods(forceId, [{ id: neighbourhoodId, name: neighbourhoodId }], AT);
  }
  store.areas.saveCategories([{ id: "burglary", name: "Burglary" }]);
  const { crimes = [], outcomes = [], stops = [] } = rows;
  store.saveReply(openQuestion(store), { kind: "crimes", rows: crimes });
  const question = openQuestion(store, { kind: "outcomes" });
  store.saveReply(question, { kind: "outcomes", rows: outcomes });
  store.saveReply(openQuestion(store, { kind: "stops" }), { kind: "stops", rows: stops });
  store.close();
  return store.file;
}

/** A database of the whole bundled sample, crawled as fast as it goes. */
export async function crawlSample(): Promise<string> {
  const sandbox = await startSandbox({ world: loadSample(), limited: false });
  const baseUrl = new URL(sandbox.url);
  const api = createApi({ baseUrl, rate: 1000, concurrency: 8, userAgent: "ukpolice/test" });
  try {
    const served = { api, url: sandbox.url, seen: [] };
    const { file } = await crawlServed(served, { options: { plan: "tiles" } });
    return file;
  } finally {
    await api.close();
    await sandbox.close();
  }
}

/** The names of all files below a folder, sorted, but for what an export notes of itself. */
export function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(join(folder, name)).isFile() && basename(name) !== MANIFEST)
    .sort();
}

export function readText(folder: string, name: string): string {
  return readFileSync(join(folder, name), "utf8");
}

/** The rows of a query of DuckDB, which finds files below the folder; whole numbers are text. */
export async function queryDuckDb(folder: string, sql: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    await connection.run(`set file_search_path = '${folder}'`);
    const reader = await connection.runAndReadAll(sql);
    return reader.getRowObjectsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
