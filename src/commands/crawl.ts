import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { ArgumentsCamelCase, CommandModule, InferredOptionTypes } from "yargs";
import { crawl } from "../crawl/crawl.ts";
import type { CrawlResult } from "../crawl/crawl.ts";
import { checkOrder } from "../crawl/months.ts";
import { EXIT, UkpoliceError } from "../errors.ts";
import { createApi } from "../fetch/api.ts";
import { openReport } from "../report/report.ts";
import type { Report } from "../report/report.ts";
import { list } from "../report/summary.ts";
import { plural } from "../report/text.ts";
import { loadSample } from "../sandbox/sample.ts";
import { startSandbox } from "../sandbox/server.ts";
import { asDatabaseError } from "../store/database.ts";
import { openStore } from "../store/store.ts";
import { USER_AGENT, VERSION } from "../version.ts";
import { CRAWL_OPTIONS } from "./crawl-options.ts";
import type { Runtime } from "./runtime.ts";

type CrawlArgs = InferredOptionTypes<typeof CRAWL_OPTIONS>;

export const crawlCommand = (runtime: Runtime): CommandModule<object, CrawlArgs> => ({
  command: "crawl",
  describe: "Bring the police data into the database, going on where an earlier run ended",
  builder: (yargs) =>
    yargs
      .options(CRAWL_OPTIONS)
      .example("$0 crawl", "Everything that is missing, into ukpolice.db")
      .example("$0 crawl --from-last-update", "The months that came since")
      .example("$0 crawl --until 2017-01", "The months up to January 2017")
      .example("$0 crawl --force leicestershire --since 2016-11", "One force, from a month on")
      .example("$0 crawl --sandbox", "Try it on real data of London, without the internet"),
  handler: async (args) => {
    checkOrder(args);
    const file = args.db ?? (args.sandbox ? "sandbox/ukpolice.db" : "ukpolice.db");
    if (args.sandbox && args.db === undefined) mkdirSync(dirname(file), { recursive: true });
    const report = openReport({ ...runtime, ...args });
    const sandbox = args.sandbox ? await startSandbox({ world: loadSample() }) : undefined;
    const baseUrl = sandbox === undefined ? args.apiUrl : new URL(sandbox.url);
    report.reporter.note(`ukpolice ${VERSION}: ${baseUrl.href} into ${file}`);
    try {
      const result = await run(args, { file, baseUrl, report, signal: runtime.signal });
      report.finish(result, file);
      failIfIncomplete(result);
    } catch (error) {
      throw asDatabaseError(error, file);
    } finally {
      report.stop();
      await sandbox?.close();
    }
  },
});

type Target = { file: string; baseUrl: URL; report: Report; signal: AbortSignal };

async function run(
  args: ArgumentsCamelCase<CrawlArgs>,
  { file, baseUrl, report, signal }: Target,
): Promise<CrawlResult> {
  const concurrency = args.local ? 1 : args.concurrency;
  const store = openStore(file);
  const api = createApi({
    baseUrl,
    concurrency,
    rate: args.rate,
    userAgent: USER_AGENT,
    onAttempt: report.attempt,
  });
  try {
    const { reporter } = report;
    const options = { ...args, forces: args.force ?? "all", plan: args.plan ?? "auto" } as const;
    const tools = { api, store, reporter, signal };
    return await crawl(tools, { ...options, concurrency, patienceMs: args.patience * 60_000 });
  } finally {
    await api.close();
    store.close();
  }
}

function failIfIncomplete({ failures }: CrawlResult): void {
  if (failures.length === 0) return;
  const named = failures.map(
    ({ month, kind, where, reason }) => `${where} ${month} ${kind} (${reason})`,
  );
  throw new UkpoliceError(
    `${plural(failures.length, "polygon")} could not be fetched: ${list(named)}`,
    EXIT.incomplete,
    { hint: "all else is stored; run the same command again to ask for these alone" },
  );
}
