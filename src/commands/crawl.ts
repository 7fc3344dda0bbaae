import type { CommandModule } from "yargs";
import { CRAWL_OPTIONS } from "./crawl-options.ts";
import type { CrawlOptionTypes } from "./crawl-options.ts";
import type { Runtime } from "./runtime.ts";

const ENVIRONMENT =
  "Every option is also an environment variable: UKPOLICE_DB, UKPOLICE_RATE, … HTTP_PROXY, HTTPS_PROXY " +
  "and NO_PROXY are used; NODE_EXTRA_CA_CERTS names the certificates of a proxy.";

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
      .example("$0 crawl --sandbox", "Try it on real data of London, without the internet")
      .epilogue(ENVIRONMENT),
  handler: async (args) => {
    const { runCrawl } = await import("./crawl-run.ts");
    await runCrawl(args, runtime);
  },
});
