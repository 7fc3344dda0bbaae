import { join } from "node:path";
import { crawl } from "../../src/crawl/crawl.ts";
import type { CrawlOptions } from "../../src/crawl/crawl.ts";
import type { CrawlResult } from "../../src/crawl/crawl-result.ts";
import { openStore } from "../../src/store/store.ts";
import { createFolder } from "./temp.ts";
import type { Served } from "./world.ts";

export type CrawlRun = {
  file?: string;
  options?: Partial<CrawlOptions>;
  signal?: AbortSignal;
};

export type Crawled = { file: string; result: CrawlResult; notes: string[]; warnings: string[] };

/** The plan whose polygons are the boundaries themselves; a constant, so that it may be spread. */
const PLAN = { plan: "neighbourhoods" } as const;

/** Crawls what is served into a database, which is closed afterwards. */
export async function crawlServed({ api }: Served, run: CrawlRun = {}): Promise<Crawled> {
  const { file = newDatabase(), signal = new AbortController().signal } = run;
  const notes: string[] = [];
  const warnings: string[] = [];
  const reporter = {
    progress: () => {},
    waits: () => {},
    note: (text: string) => void notes.push(text),
    warn: (text: string) => void warnings.push(text),
  };
  const defaults = { forces: "all", refreshBoundaries: false, concurrency: 8, patienceMs: 60_000 };
  const store = openStore(file);
  try {
    const options = { ...PLAN, ...defaults, forces: "all" as const, ...run.options };
    const result = await crawl({ api, store, reporter, signal }, options);
    return { file, result, notes, warnings };
  } finally {
    store.close();
  }
}

/** A path at which there is no database yet. */
export function newDatabase(): string {
  return join(createFolder(), "ukpolice.db");
}

/** The polygons that were asked for, as kind, month and `poly`, in the order of the requests. */
export function polygonsAsked({ seen }: Pick<Served, "seen">): string[] {
  return seen
    .filter(({ params }) => params.has("poly"))
    .map(({ path, params }) => `${path} ${params.get("date")} ${params.get("poly")}`);
}
