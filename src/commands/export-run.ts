import { usageError } from "../errors.ts";
import { exportRecords } from "../export/export.ts";
import type { What } from "../export/format.ts";
import { createLedger } from "../export/ledger.ts";
import { loadFormat } from "../export/load-format.ts";
import { createFolderOutlet, createStreamOutlet } from "../export/outlet.ts";
import { readWithin, textOfWithin } from "../export/within.ts";
import { createExportReport } from "../report/export-report.ts";
import type { ExportReport } from "../report/export-report.ts";
import { printable } from "../text.ts";
import { asDatabaseError } from "../store/database.ts";
import { openExport } from "../store/read/export.ts";
import { digestOf } from "../store/read/states.ts";
import { VERSION } from "../version.ts";
import { checkExport } from "./export-checks.ts";
import { failIfLeftOut } from "./left-out.ts";
import type { ExportArgs } from "./export-options.ts";
import type { Runtime } from "./runtime.ts";

/** Exports what is wanted, and says on stderr what came of it. */
export async function runExport(args: ExportArgs, runtime: Runtime): Promise<void> {
  const whats = checkExport(args);
  if (args.out === "-" && args.format === "parquet" && runtime.stdout.isTTY) {
    throw usageError("Parquet is nothing for a terminal", "send it on: … --out - > FILE");
  }
  // A line that is drawn over would tear records apart that go to the same terminal.
  const bars = runtime.bars && !(args.out === "-" && runtime.stdout.isTTY);
  const report = createExportReport({ ...runtime, ...args, bars });
  try {
    const result = await write({ args, whats, report }, runtime);
    if (args.out !== "-") report.finish(result, args.out, args.format);
    failIfLeftOut(result.leftOut, args.db);
  } finally {
    report.stop();
  }
}

type Job = { args: ExportArgs; whats: readonly What[]; report: ExportReport };

async function write({ args, whats, report }: Job, { stdout, signal, isLiving }: Runtime) {
  const { format, out, db, ndjson, since, until, force, category } = args;
  const alone = out === "-";
  const within = args.within === undefined ? undefined : readWithin(args.within);
  const reader = openExport(db);
  try {
    report.note(`export of ${db} to ${alone ? "standard output" : out}`);
    if (category !== undefined && args.what === undefined) {
      report.note("stops are left out: --category chooses crimes and outcomes");
    }
    if (within !== undefined && args.what === undefined) {
      report.note("neighbourhoods are left out: --within chooses records by their point");
    }
    const change = stdout.isTTY ? toTerminal : undefined;
    const target = alone
      ? { outlet: createStreamOutlet(stdout, change) }
      : openFolder(args, whats, isLiving);
    return await exportRecords(
      { reader, ...target, reporter: report, signal },
      { whats, since, until, forces: force, categories: category, within },
      { format: await loadFormat(format, { ndjson, alone }), alone },
    );
  } catch (error) {
    throw asDatabaseError(error, db);
  } finally {
    reader.close();
  }
}

/** A folder, with account of what is in it. Bounds of months decide on files, not on what is in one. */
function openFolder(args: ExportArgs, whats: readonly What[], isLiving: Runtime["isLiving"]) {
  const { out: folder, format, ndjson, force, category, changed } = args;
  const options = digestOf({
    version: VERSION,
    within: args.within === undefined ? null : textOfWithin(args.within),
    whats,
    format,
    ndjson,
    force: force?.toSorted() ?? null,
    category: category?.toSorted() ?? null,
  });
  const ledger = createLedger(createFolderOutlet(folder, isLiving), { folder, options, changed });
  return { outlet: ledger, ledger };
}

/** A name of the database must not steer the terminal; files and pipes get it as it is. */
function toTerminal(text: string): string {
  return text.split("\n").map(printable).join("\n");
}
