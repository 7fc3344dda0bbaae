import type { CommandModule } from "yargs";
import { IMPORT_OPTIONS } from "./import-options.ts";
import type { ImportOptionTypes } from "./import-options.ts";
import type { Runtime } from "./runtime.ts";

const NOTE =
  "The zips are at https://data.police.uk/data/archive/, as 2017-04.zip or latest.zip. Each since " +
  "2017-05 holds 36 months, up to that of its name; 2017-04.zip holds all from 2010-12 on. So " +
  "2017-04 (2.6 GB), 2020-04, 2023-04 and latest (some 1.7 GB each) hold all of history together. " +
  "Of a month that is in several, the newest release is taken. Zips need not be unpacked; folders " +
  "are searched for CSV files, plain or gzipped.";

export const importCommand = (runtime: Runtime): CommandModule<object, ImportOptionTypes> => ({
  command: "import <files..>",
  describe: "Bring months of the bulk archive into the database: zips, folders, CSV files",
  builder: (yargs) =>
    yargs
      .positional("files", {
        type: "string",
        array: true,
        demandOption: true,
        describe: "Zips of the archive, folders, and CSV files, plain or gzipped",
      })
      .options(IMPORT_OPTIONS)
      .example("$0 import 2017-04.zip 2020-04.zip 2023-04.zip latest.zip", "All of history")
      .example("$0 import latest.zip --since 2024-01 --force kent", "Some months of one force")
      .example("$0 import ~/Downloads/crimes --dry-run", "What a folder holds, and what is new")
      .example("$0 import latest.zip --compare", "How the API's months differ from the files")
      .epilogue(NOTE),
  handler: async (args) => {
    const { runImportCommand } = await import("./import-run.ts");
    await runImportCommand(args, runtime);
  },
});
