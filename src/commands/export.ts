import type { CommandModule } from "yargs";
import { usageError } from "../errors.ts";
import { exportRecords } from "../export/export.ts";
import { loadFormat } from "../export/format.ts";
import type { What } from "../export/format.ts";
import { createFolderOutlet, createStreamOutlet } from "../export/outlet.ts";
import { createExportReport } from "../report/export-report.ts";
import type { ExportReport } from "../report/export-report.ts";
import { printable } from "../report/text.ts";
import { asDatabaseError } from "../store/database.ts";
import { openExport } from "../store/read/export.ts";
import { checkExport, EXPORT_OPTIONS } from "./export-options.ts";
import type { ExportArgs } from "./export-options.ts";
import type { Runtime } from "./runtime.ts";

const NOTE =
  "What the API does not publish is blank in csv: LSOA code and name. 'Falls within' is the force " +
  "whose area the point lies in; 'Reported by' is the same, or the British Transport Police.";

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
    const whats = checkExport(args);
    if (args.out === "-" && args.format === "parquet" && runtime.stdout.isTTY) {
      throw usageError("Parquet is nothing for a terminal", "send it on: … --out - > FILE");
    }
    // A line that is drawn over would tear records apart that go to the same terminal.
    const bars = runtime.bars && !(args.out === "-" && runtime.stdout.isTTY);
    const report = createExportReport({ ...runtime, ...args, bars });
    try {
      const result = await run({ args, whats, report }, runtime);
      if (args.out !== "-") report.finish(result, args.out, args.format);
    } finally {
      report.stop();
    }
  },
});

type Run = { args: ExportArgs; whats: readonly What[]; report: ExportReport };

async function run({ args, whats, report }: Run, { stdout, signal }: Runtime) {
  const { format, out, db, ndjson, since, until, force, category } = args;
  const alone = out === "-";
  const reader = openExport(db);
  try {
    report.note(`export of ${db} to ${alone ? "standard output" : out}`);
    const change = stdout.isTTY ? toTerminal : undefined;
    const outlet = alone ? createStreamOutlet(stdout, change) : createFolderOutlet(out);
    return await exportRecords(
      { reader, outlet, reporter: report, signal },
      { whats, since, until, forces: force, categories: category },
      { format: await loadFormat(format, { ndjson, alone }), alone },
    );
  } catch (error) {
    throw asDatabaseError(error, db);
  } finally {
    reader.close();
  }
}

/** A name of the database must not steer the terminal; files and pipes get it as it is. */
function toTerminal(text: string): string {
  return text.split("\n").map(printable).join("\n");
}
