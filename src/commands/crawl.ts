import type { CommandModule } from "yargs";
import { crawl } from "../crawl/crawl.ts";
import type { CrawlResult } from "../crawl/crawl.ts";
import { checkOrder } from "../crawl/months.ts";
import { foretell } from "../crawl/outlook.ts";
import { EXIT, UkpoliceError } from "../errors.ts";
import { list } from "../report/summary.ts";
import { plural } from "../report/text.ts";
import { CRAWL_OPTIONS } from "./crawl-options.ts";
import type { CrawlOptionTypes } from "./crawl-options.ts";
import type { Runtime } from "./runtime.ts";
import { withSession } from "./session.ts";

export const crawlCommand = (runtime: Runtime): CommandModule<object, CrawlOptionTypes> => ({
  command: "crawl",
  describe: "Bring the police data into the database, going on where an earlier run ended",
  builder: (yargs) =>
    yargs
      .options(CRAWL_OPTIONS)
      .example("$0 crawl", "Everything that is missing, into ukpolice.db")
      .example("$0 crawl --from-last-update", "The months that came since")
      .example("$0 crawl --until 2017-01", "The months up to January 2017")
      .example("$0 crawl --force leicestershire --since 2016-11", "One force, from a month on")
      .example("$0 crawl --refresh 3", "Fetch the newest three months again and replace them")
      .example("$0 crawl --dry-run", "What it would ask for, and how long it would take")
      .example("$0 crawl --sandbox", "Try it on real data of London, without the internet"),
  handler: async (args) => {
    checkOrder(args);
    await withSession(args, runtime, async ({ tools, report, file }) => {
      const concurrency = args.local ? 1 : args.concurrency;
      const options = {
        ...args,
        concurrency,
        forces: args.force ?? "all",
        plan: args.plan ?? "auto",
        patienceMs: args.patience * 60_000,
      } as const;
      if (args.dryRun) return report.foretell(await foretell(tools, options), file);
      const result = await crawl(tools, options);
      report.finish(result, file);
      failIfIncomplete(result);
    });
  },
});

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
