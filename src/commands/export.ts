import type { CommandModule } from "yargs";
import { checkOrder } from "../crawl/months.ts";
import { usageError } from "../errors.ts";
import { exportRecords } from "../export/export.ts";
import { loadFormat, WHATS } from "../export/format.ts";
import { createFolderOutlet, createStreamOutlet } from "../export/outlet.ts";
import { createExportReport } from "../report/export-report.ts";
import type { ExportReport } from "../report/export-report.ts";
import { asDatabaseError } from "../store/database.ts";
import { openExport } from "../store/read/export.ts";
import { EXPORT_OPTIONS } from "./export-options.ts";
import type { ExportArgs } from "./export-options.ts";
import type { Runtime } from "./runtime.ts";

const NOTE = `What the API does not publish is blank in csv: LSOA code and name. Falls within is the
force whose area the point lies in; Reported by is the same, or British Transport Police.`;

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
    check(args);
    const report = createExportReport({ ...runtime, ...args });
    try {
      const result = await run(args, runtime, report);
      if (args.out !== "-") report.finish(result, args.out, args.format);
    } finally {
      report.stop();
    }
  },
});

function check({ out, what, format, ndjson, ...bounds }: ExportArgs): void {
  checkOrder(bounds);
  if (ndjson && format !== "geojson") {
    throw usageError(`--ndjson is a way to write geojson, not ${format}`, "leave one of them out");
  }
  if (out === "-" && new Set(what).size !== 1) {
    throw usageError(
      "--out - writes one file, and so one kind of record",
      `name it: ${WHATS.map((name) => `--what ${name}`).join(", or ")}`,
    );
  }
}

async function run(args: ExportArgs, { stdout, signal }: Runtime, report: ExportReport) {
  const { out, db, ndjson, what = WHATS, force, category } = args;
  const alone = out === "-";
  const reader = openExport(db);
  try {
    report.note(`export of ${db} to ${alone ? "standard output" : out}`);
    const format = await loadFormat(args.format, { ndjson, alone });
    const outlet = alone ? createStreamOutlet(stdout) : createFolderOutlet(out);
    const { since, until } = args;
    const selection = { whats: what, since, until, forces: force, categories: category };
    return await exportRecords({ reader, outlet, reporter: report, signal }, selection, {
      format,
      alone,
    });
  } catch (error) {
    throw asDatabaseError(error, db);
  } finally {
    reader.close();
  }
}
