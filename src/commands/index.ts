import type { Argv, Options } from "yargs";
import { AREAS_OPTIONS } from "./areas-options.ts";
import { areasCommand } from "./areas.ts";
import { BROWSE_OPTIONS, browseCommand } from "./browse.ts";
import { COMPLETION_OPTIONS, completionCommand } from "./completion.ts";
import { CRAWL_OPTIONS } from "./crawl-options.ts";
import { crawlCommand } from "./crawl.ts";
import { EXPORT_OPTIONS } from "./export-options.ts";
import { exportCommand } from "./export.ts";
import { IMPORT_OPTIONS } from "./import-options.ts";
import { importCommand } from "./import.ts";
import { REPORT_OPTIONS } from "./report-options.ts";
import { reportCommand } from "./report.ts";
import type { Runtime } from "./runtime.ts";
import { SANDBOX_OPTIONS } from "./sandbox-options.ts";
import { sandboxCommand } from "./sandbox.ts";
import { STATUS_OPTIONS } from "./status-options.ts";
import { statusCommand } from "./status.ts";

/** The options of each command, for the environment and for names that were misspelt. */
export const COMMAND_OPTIONS: Record<string, Record<string, Options>> = {
  crawl: CRAWL_OPTIONS,
  import: IMPORT_OPTIONS,
  status: STATUS_OPTIONS,
  browse: BROWSE_OPTIONS,
  export: EXPORT_OPTIONS,
  areas: AREAS_OPTIONS,
  report: REPORT_OPTIONS,
  sandbox: SANDBOX_OPTIONS,
  completion: COMPLETION_OPTIONS,
};

/** Adds every command to the parser. */
export function addCommands<T>(parser: Argv<T>, runtime: Runtime): Argv<T> {
  return parser
    .command(crawlCommand(runtime))
    .command(importCommand(runtime))
    .command(statusCommand(runtime))
    .command(browseCommand(runtime))
    .command(exportCommand(runtime))
    .command(areasCommand(runtime))
    .command(reportCommand(runtime))
    .command(sandboxCommand(runtime))
    .command(completionCommand(runtime, COMMAND_OPTIONS));
}
