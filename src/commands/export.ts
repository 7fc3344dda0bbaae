import type { CommandModule } from "yargs";
import { EXPORT_OPTIONS } from "./export-options.ts";
import type { ExportArgs } from "./export-options.ts";
import type { Runtime } from "./runtime.ts";

const NOTE =
  "A crime or an outcome is the force's whose area its point lies in; a crime without a location, " +
  "and a stop, is the force's that published it. What the API does not publish is blank in csv: " +
  "LSOA code and name.";

export const exportCommand = (runtime: Runtime): CommandModule<object, ExportArgs> => ({
  command: "export",
  describe: "Write the database as files that other tools read",
  builder: (yargs) =>
    yargs
      .options(EXPORT_OPTIONS)
      .example("$0 export --format csv --out archive", "As the archive of data.police.uk has it")
      .example("$0 export --format geojson --out map --since 2018-05", "For QGIS and geojson.io")
      .example("$0 export --format parquet --out lake", "For DuckDB, Polars and Spark")
      .example("$0 export --format csv --what crimes --force kent --out - | head", "To a pipe")
      .epilogue(NOTE),
  handler: async (args) => {
    const { runExport } = await import("./export-run.ts");
    await runExport(args, runtime);
  },
});
