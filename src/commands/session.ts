import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { countLayers } from "../areas/count.ts";
import type { CrawlTools } from "../crawl/crawl.ts";
import { keepHeapSmall } from "../crawl/memory.ts";
import { EXIT, UkpoliceError, usageError } from "../errors.ts";
import { createApi } from "../fetch/api.ts";
import { openReport } from "../report/report.ts";
import type { Report } from "../report/report.ts";
import type { Sandbox } from "../sandbox/server.ts";
import { asDatabaseError } from "../store/database.ts";
import { DATABASE_FILE, SANDBOX_FILE } from "../store/files.ts";
import { openStore } from "../store/store.ts";
import type { Store } from "../store/store.ts";
import { USER_AGENT, VERSION } from "../version.ts";
import { BASE_URL } from "../police-api.ts";
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
    await open({ args, runtime, report, file, baseUrl, work });
  } catch (error) {
    throw asDatabaseError(error, file);
  } finally {
    report.stop();
    await sandbox?.close();
  }
}

type Opening = {
  args: CrawlArgs;
  runtime: Runtime;
  report: Report;
  file: string;
  baseUrl: URL;
  work: (session: Session) => Promise<void>;
};

async function open({ args, runtime, report, file, baseUrl, work }: Opening): Promise<void> {
  const { sandbox, dryRun } = args;
  if (sandbox && args.db === undefined && !dryRun) mkdirSync(dirname(file), { recursive: true });
  const store = openStore(file, { readonly: dryRun });
  const api = createApi({
    baseUrl,
    rate: args.rate,
    concurrency: args.local ? 1 : args.concurrency,
    userAgent: USER_AGENT,
    // The sandbox is on this machine, whatever the environment says of the way to others.
    proxies: sandbox ? undefined : runtime.proxies,
    onStart: () => report.start(),
    onAttempt(attempt) {
      store.run.countRequest();
      report.attempt(attempt);
    },
  });
  const { reporter } = report;
  let exitCode: number = EXIT.bug;
  try {
    checkOrigin(store, args, baseUrl);
    if (!dryRun) store.run.begin();
    if (sandbox && !dryRun) store.coverage.markAsSample();
    const tools = { api, store, reporter, signal: runtime.signal };
    await withCounts(tools, dryRun, () => work({ tools, report, file }));
    exitCode = 0;
  } catch (error) {
    if (error instanceof UkpoliceError) exitCode = error.exitCode;
    throw error;
  } finally {
    await api.close();
    endRun(store, exitCode);
    store.close({ discardEmpty: exitCode !== 0 });
  }
}

/** Counts for layers what the work brought, if some questions were not answered as well. */
async function withCounts(
  { store, signal }: CrawlTools,
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
    if (isSound && !dryRun && !signal.aborted) await countLayers({ store, signal });
  }
}

/** The sample has most wards missing, and a force made up: real months are not to stand beside it. */
function checkOrigin(store: Store, { sandbox }: CrawlArgs, baseUrl: URL): void {
  if (sandbox || baseUrl.href !== BASE_URL || !store.coverage.isSample()) return;
  throw usageError(
    `${store.file} holds the bundled sample, which is not to be mixed with the API's data`,
    "name another file with --db, or go on with the sample: --sandbox",
  );
}

/** A database that failed cannot be told how the run ended: the error says more. */
function endRun(store: Store, exitCode: number): void {
  try {
    store.run.end(exitCode);
  } catch (error) {
    if (exitCode === 0) throw error;
  }
}

/** Loaded only when it is asked for: most crawls do without. */
async function openSandbox(): Promise<Sandbox> {
  const { loadSample } = await import("../sandbox/sample.ts");
  const { startSandbox } = await import("../sandbox/server.ts");
  return startSandbox({ world: loadSample() });
}
