import type { CommandModule } from "yargs";
import type { Runtime } from "./runtime.ts";
import { STATUS_OPTIONS } from "./status-options.ts";
import type { StatusArgs } from "./status-options.ts";

export const statusCommand = (runtime: Runtime): CommandModule<object, StatusArgs> => ({
  command: "status",
  describe: "Show what the database holds, what it lacks and what to run next",
  builder: (yargs) =>
    yargs
      .options(STATUS_OPTIONS)
      .example("$0 status", "How ukpolice.db is, also while a crawl is writing to it")
      .example("$0 status --db sandbox/ukpolice.db", "How the sandbox's database is")
      .example("$0 status --revisions", "What releases added, changed and removed")
      .example("$0 status --what stops", "Whose stops of which months are here or lacking")
      .example("$0 status --json", "The same and more, for scripts"),
  handler: async (args) => {
    const { showStatus } = await import("./status-run.ts");
    showStatus(args, runtime);
  },
});
