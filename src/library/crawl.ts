import { crawl } from "../crawl/crawl.ts";
import type { CrawlResult } from "../crawl/crawl-result.ts";
import type { Reporter } from "../crawl/reporter.ts";
import { exitCodeOf, withTools } from "../crawl/session.ts";
import { BASE_URL, RATE } from "../police-api.ts";
import { checkSettings } from "./settings.ts";
import type { CrawlSettings } from "./settings.ts";

/** What listens to a run, and what ends it. */
export type Listening = {
  /** Told how far the run is; what it does not want to know is left out. */
  reporter?: Partial<Reporter>;
  /** Given to end the run: requests on the wire settle, and what was committed is kept. */
  signal?: AbortSignal;
};

const CONCURRENCY = 12;
const PATIENCE_MS = 15 * 60_000;

/**
 * Crawls into a database, going on where an earlier run ended. What could not be fetched is in the
 * result: `failures`, `unanswered` and `doubts` are empty when all is there. A run that cannot go
 * on is a UkpoliceError, and so is one that its signal stopped.
 */
export async function runCrawl(
  settings: CrawlSettings,
  { reporter = {}, signal = new AbortController().signal }: Listening = {},
): Promise<CrawlResult> {
  checkSettings(settings);
  const { db: file, sandbox = false, rate = RATE, concurrency = CONCURRENCY } = settings;
  const server = sandbox ? await openSandbox() : undefined;
  try {
    return await withTools(
      {
        file,
        sandbox,
        readonly: false,
        rate,
        concurrency,
        signal,
        baseUrl: new URL(server?.url ?? settings.apiUrl ?? BASE_URL),
        proxies: sandbox ? undefined : settings.proxies,
        reporter: { ...SILENCE, ...reporter },
      },
      async (tools) => {
        const value = await crawl(tools, toOptions(settings, concurrency));
        tools.store.verify();
        return { value, exitCode: exitCodeOf(value) };
      },
    );
  } finally {
    await server?.close();
  }
}

const SILENCE: Reporter = { progress() {}, note() {}, warn() {}, waits() {} };

function toOptions(settings: CrawlSettings, concurrency: number) {
  const { forces, plan, refreshBoundaries, patienceMs } = settings;
  return {
    ...settings,
    concurrency,
    forces: forces ?? ("all" as const),
    plan: plan ?? ("auto" as const),
    refreshBoundaries: refreshBoundaries ?? false,
    patienceMs: patienceMs ?? PATIENCE_MS,
  };
}

/** Loaded only when it is asked for: most crawls do without. */
async function openSandbox() {
  const { loadSample } = await import("../sandbox/sample.ts");
  const { startSandbox } = await import("../sandbox/server.ts");
  return startSandbox({ world: loadSample() });
}
