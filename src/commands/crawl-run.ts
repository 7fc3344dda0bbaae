import { crawl } from "../crawl/crawl.ts";
import { estimateCrawl } from "../crawl/estimate.ts";
import { EXIT, explain, SilentEnd } from "../errors.ts";
import { checkOrder } from "../months.ts";
import type { CrawlDocument } from "../report/summary.ts";
import { printable } from "../text.ts";
import type { CrawlArgs } from "./crawl-options.ts";
import { failIfIncomplete, IncompleteError } from "./incomplete.ts";
import { runOnChange } from "./on-change.ts";
import type { Runtime } from "./runtime.ts";
import { withSession } from "./session.ts";
import type { Session } from "./session.ts";

/** Crawls, or estimates a crawl, prints what came of it, and tells a script whether that is news. */
export async function runCrawl(args: CrawlArgs, runtime: Runtime): Promise<void> {
  const { onChange, exitCode } = args;
  checkOrder(args);
  let document: CrawlDocument | undefined;
  let incomplete: unknown;
  try {
    await withSession(args, runtime, async (session) => {
      document = await crawlAndTell(args, session);
    });
  } catch (error) {
    document = error instanceof IncompleteError ? error.document : undefined;
    if (document === undefined) throw error;
    incomplete = error;
  }
  if (document?.changed === true && onChange !== undefined) {
    await runOnChange(onChange, document, runtime).catch((error: unknown) => {
      if (incomplete === undefined) throw error;
      runtime.screen.print(printable(explain(error))); // What the crawl lacks weighs more.
    });
  }
  if (incomplete !== undefined) throw incomplete;
  if (exitCode && document?.changed === false) throw new SilentEnd(EXIT.unchanged);
}

/** A crawl to its end; a dry run changes nothing, and so has no document of that. */
async function crawlAndTell(
  args: CrawlArgs,
  { tools, report, file }: Session,
): Promise<CrawlDocument | undefined> {
  const concurrency = args.local ? 1 : args.concurrency;
  const options = {
    ...args,
    concurrency,
    forces: args.force ?? "all",
    kinds: args.what,
    plan: args.plan ?? "auto",
    patienceMs: args.patience * 60_000,
  } as const;
  if (args.dryRun) {
    report.estimate(await estimateCrawl(tools, options), file);
    return undefined;
  }
  const result = await crawl(tools, options);
  tools.store.verify();
  const document = report.finish(result, file);
  failIfIncomplete(result, document);
  return document;
}
