import { NOWHERE } from "../completeness.ts";
import { crawl } from "../crawl/crawl.ts";
import { estimateCrawl } from "../crawl/estimate.ts";
import type { CrawlResult } from "../crawl/crawl-result.ts";
import { EXIT, UkpoliceError } from "../errors.ts";
import { checkOrder } from "../months.ts";
import { list } from "../report/summary.ts";
import { plural } from "../text.ts";
import type { CrawlArgs } from "./crawl-options.ts";
import type { Runtime } from "./runtime.ts";
import { withSession } from "./session.ts";

/** Crawls, or estimates a crawl, and prints what came of it. */
export async function runCrawl(args: CrawlArgs, runtime: Runtime): Promise<void> {
  checkOrder(args);
  await withSession(args, runtime, async ({ tools, report, file }) => {
    const concurrency = args.local ? 1 : args.concurrency;
    const options = {
      ...args,
      concurrency,
      forces: args.force ?? "all",
      kinds: args.what,
      plan: args.plan ?? "auto",
      patienceMs: args.patience * 60_000,
    } as const;
    if (args.dryRun) return report.estimate(await estimateCrawl(tools, options), file);
    const result = await crawl(tools, options);
    tools.store.verify();
    report.finish(result, file);
    failIfIncomplete(result);
  });
}

/** Whatever could not be fetched is named, whichever question it was. */
function failIfIncomplete({ failures, unanswered, doubts }: CrawlResult): void {
  const named = [
    ...failures.map(({ month, kind, where, reason }) => `${where} ${month} ${kind} (${reason})`),
    ...unanswered.map(({ question, reason }) => `${question} (${reason})`),
    ...doubts.map(
      ({ month, kind, forces }) =>
        `${kind} of ${month} (no record in ${list(forces.map(nameForce))}, which is not believed)`,
    ),
  ];
  if (named.length === 0) return;
  throw new UkpoliceError(
    `${plural(named.length, "question")} could not be answered: ${list(named)}`,
    EXIT.incomplete,
    { hint: "all else is stored; run the same command again to ask for these alone" },
  );
}

function nameForce(forceId: string): string {
  return forceId === NOWHERE ? "no force's area" : forceId;
}
