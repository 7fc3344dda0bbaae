import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { countLayers } from "../areas/count.ts";
import type { CrawlTools } from "../crawl/crawl.ts";
import { keepHeapSmall } from "../crawl/memory.ts";
import { withTools } from "../crawl/session.ts";
import type { SessionOptions } from "../crawl/session.ts";
import { EXIT, UkpoliceError } from "../errors.ts";
import { openReport } from "../report/report.ts";
import type { Report } from "../report/report.ts";
import type { Sandbox } from "../sandbox/server.ts";
import { DATABASE_FILE, SANDBOX_FILE } from "../store/files.ts";
import { VERSION } from "../version.ts";
import type { CrawlArgs } from "./crawl-options.ts";
import { checkProxies } from "./environment.ts";
import { checkLogFile } from "./log-file.ts";
import type { Runtime } from "./runtime.ts";

/** What a crawl works with, opened. */
export type Session = { tools: CrawlTools; report: Report; file: string };

/** Opens report, sandbox, store and API, does the work, and closes them whatever happens. */
export async function withSession(
  args: CrawlArgs,
  runtime: Runtime,
  work: (session: Session) => Promise<void>,
): Promise<void> {
  const file = args.db ?? (args.sandbox ? SANDBOX_FILE : DATABASE_FILE);
  checkLogFile(args.logFile, file);
  if (!args.sandbox) checkProxies(runtime.proxies);
  keepHeapSmall();
  const report = await openReport({ ...runtime, ...args });
  let sandbox: Sandbox | undefined;
  try {
    sandbox = args.sandbox ? await openSandbox() : undefined;
    const baseUrl = sandbox === undefined ? args.apiUrl : new URL(sandbox.url);
    report.reporter.note(`ukpolice ${VERSION}: ${baseUrl.href} into ${file}`);
    const isNewFolder = args.sandbox && args.db === undefined && !args.dryRun;
    if (isNewFolder) mkdirSync(dirname(file), { recursive: true });
    await withTools(toOptions({ args, runtime, report, file, baseUrl }), async (tools) => {
      await withCounts(tools, args.dryRun, () => work({ tools, report, file }));
      return { value: undefined, exitCode: 0 };
    });
  } finally {
    report.stop();
    await sandbox?.close();
  }
}

type Opening = { args: CrawlArgs; runtime: Runtime; report: Report; file: string; baseUrl: URL };

function toOptions({ args, runtime, report, file, baseUrl }: Opening): SessionOptions {
  return {
    file,
    baseUrl,
    sandbox: args.sandbox,
    readonly: args.dryRun,
    rate: args.rate,
    concurrency: args.local ? 1 : args.concurrency,
    // The sandbox is on this machine, whatever the environment says of the way to others.
    proxies: args.sandbox ? undefined : runtime.proxies,
    onStart: () => report.start(),
    onAttempt: (attempt) => report.attempt(attempt),
    reporter: report.reporter,
    signal: runtime.signal,
  };
}

/** Counts for layers what the work brought, if some questions were not answered as well. */
async function withCounts(
  { store, reporter, signal }: CrawlTools,
  dryRun: boolean,
  work: () => Promise<void>,
): Promise<void> {
  let isSound = false;
  try {
    await work();
    isSound = true;
  } catch (error) {
    isSound = error instanceof UkpoliceError && error.exitCode !== EXIT.database;
    throw error;
  } finally {
    if (isSound && !dryRun && !signal.aborted) {
      const months = new Set(store.layers.listUncounted().map(({ month }) => month)).size;
      if (months > 1) reporter.note(`counting ${months} months by area, for reports`);
      await countLayers({ store, signal });
    }
  }
}

/** Loaded only when it is asked for: most crawls do without. */
async function openSandbox(): Promise<Sandbox> {
  const { loadSample } = await import("../sandbox/sample.ts");
  const { startSandbox } = await import("../sandbox/server.ts");
  return startSandbox({ world: loadSample() });
}
