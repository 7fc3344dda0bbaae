import { crawl } from "../src/crawl/crawl.ts";
import type { CrawlOptions } from "../src/crawl/crawl.ts";
import type { CrawlResult } from "../src/crawl/crawl-result.ts";
import { createApi } from "../src/fetch/api.ts";
import { createSilence } from "../src/report/lines.ts";
import { startSandbox } from "../src/sandbox/server.ts";
import type { SandboxOptions, Seen } from "../src/sandbox/server.ts";
import { openStore } from "../src/store/store.ts";

export type RunOptions = {
  file: string;
  sandbox: Omit<SandboxOptions, "onRequest">;
  /** Starts a second; far above the API's limit where the rate is not the subject. */
  rate?: number;
  /** Milliseconds after which the crawl is stopped. */
  limitMs?: number;
  crawl?: Partial<CrawlOptions>;
};

export type Run = { result: CrawlResult | undefined; seen: Seen[]; ms: number };

/** Crawls a sandbox in this process and records every request that it saw. */
export async function runCrawl({
  file,
  sandbox,
  rate = 1e5,
  limitMs,
  ...rest
}: RunOptions): Promise<Run> {
  const seen: Seen[] = [];
  const server = await startSandbox({ ...sandbox, onRequest: (request) => seen.push(request) });
  const concurrency = rest.crawl?.concurrency ?? 12;
  const store = openStore(file);
  const api = createApi({ baseUrl: new URL(server.url), rate, concurrency, userAgent: "bench" });
  const signal =
    limitMs === undefined ? new AbortController().signal : AbortSignal.timeout(limitMs);
  const startMs = performance.now();
  try {
    const options: CrawlOptions = {
      forces: "all",
      plan: "tiles",
      refreshBoundaries: false,
      patienceMs: 60_000,
      ...rest.crawl,
      concurrency,
    };
    const tools = { api, store, reporter: createSilence(), signal };
    const result = await crawl(tools, options).catch((error: unknown) => {
      if (signal.aborted) return undefined;
      throw error;
    });
    return { result, seen, ms: performance.now() - startMs };
  } finally {
    await api.close();
    store.close();
    await server.close();
  }
}

/** Whether a request asks for records, and not for areas or dates. */
export function asksRecords({ path }: Seen): boolean {
  return path === "/crimes-street/all-crime" || path === "/outcomes-at-location";
}
