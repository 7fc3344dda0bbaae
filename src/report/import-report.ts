import type { Comparison } from "../archive/compare.ts";
import type { ImportPlan } from "../archive/dry-run.ts";
import type { ImportReporter } from "../archive/reporter.ts";
import type { ImportResult } from "../archive/result.ts";
import { describeComparison, toComparisonDocument } from "./import-compare.ts";
import { createImportBar, createImportLines, createImportSilence } from "./import-progress.ts";
import {
  describePlan,
  summarizeImport,
  toImportDocument,
  toPlanDocument,
} from "./import-summary.ts";
import { openLog } from "./log.ts";
import type { ReportOptions } from "./report.ts";
import { plural } from "../text.ts";

/** All that an import says: progress and notes on stderr, the answer on stdout, a log. */
export type ImportReport = {
  reporter: ImportReporter;
  /** Prints what changed, as text or as one JSON document. */
  finish(result: ImportResult, database: string): void;
  /** Prints what an import would do. */
  plan(plan: ImportPlan, database: string): void;
  /** Prints how the files and the database differ. */
  compare(comparison: Comparison, database: string): void;
  /** Leaves the terminal as it was; safe to call twice. */
  stop(): void;
};

/** Opens what the options ask for. */
export function openImportReport(options: ReportOptions): ImportReport {
  const { json, quiet, verbose, bars, logFile, stdout, stderr, screen } = options;
  const startMs = performance.now();
  const shown = quiet
    ? createImportSilence()
    : bars && !verbose
      ? createImportBar(screen, stderr)
      : createImportLines(stderr);
  const log = logFile === undefined ? undefined : openLog(logFile, shown.warn);
  const monitor = log?.follow(shown) ?? shown;
  let stopped = false;
  const stop = () => {
    if (stopped) return;
    stopped = true;
    monitor.stop();
    log?.close();
  };
  const print = (document: () => object, text: () => string) => {
    stop();
    if (json) stdout.write(`${JSON.stringify(document(), null, 2)}\n`);
    else if (!quiet) stdout.write(`${text()}\n`);
  };
  return {
    reporter: {
      ...monitor,
      imported(name, rows) {
        const text = `${name}: ${plural(rows, "row")}`;
        if (verbose) monitor.note(text);
        else log?.note(text);
      },
    },
    finish(result, database) {
      const spent = { database, ms: performance.now() - startMs };
      print(
        () => toImportDocument(result, spent),
        () => summarizeImport(result, spent),
      );
    },
    plan: (plan, database) =>
      print(
        () => toPlanDocument(plan, database),
        () => describePlan(plan, database),
      ),
    compare: (comparison, database) =>
      print(
        () => toComparisonDocument(comparison, database),
        () => describeComparison(comparison, database),
      ),
    stop,
  };
}
