import { chooseJobs } from "../archive/choose.ts";
import { planImport } from "../archive/dry-run.ts";
import type { BadInput } from "../archive/found-file.ts";
import { runImport } from "../archive/import.ts";
import { listArchiveFiles } from "../archive/list.ts";
import { readPresent } from "../archive/present.ts";
import { createReader } from "../archive/reader.ts";
import { listRefused } from "../archive/result.ts";
import type { ImportResult } from "../archive/result.ts";
import type { Failure } from "../archive/tally.ts";
import { keepHeapSmall } from "../crawl/memory.ts";
import { keepIfThere } from "../crawl/todo/last-update.ts";
import { EXIT, UkpoliceError, usageError } from "../errors.ts";
import { checkOrder } from "../months.ts";
import { openImportReport } from "../report/import-report.ts";
import type { ImportReport } from "../report/import-report.ts";
import { list } from "../report/summary.ts";
import { asDatabaseError } from "../store/database.ts";
import { openStore } from "../store/store.ts";
import type { Store } from "../store/store.ts";
import { plural } from "../text.ts";
import { VERSION } from "../version.ts";
import { checkWanted } from "./import-checks.ts";
import type { ImportJob } from "./import-compare.ts";
import type { ImportArgs } from "./import-options.ts";
import { checkLogFile } from "./log-file.ts";
import type { Runtime } from "./runtime.ts";

/** Imports what is new in the files, or tells what that would be, or how the API's months differ. */
export async function runImportCommand(args: ImportArgs, runtime: Runtime): Promise<void> {
  checkOrder(args);
  checkModes(args);
  checkLogFile(args.logFile, args.db);
  keepHeapSmall();
  const report = openImportReport({ ...runtime, ...args });
  try {
    const { files, bad } = await findFiles(args, report);
    if (bad.length === 0) checkWanted(files, args);
    const job = { args, report, signal: runtime.signal, files };
    failIfIncomplete([...bad, ...(await doJob(job, bad))], args.quiet);
  } catch (error) {
    throw asDatabaseError(error, args.db);
  } finally {
    report.stop();
  }
}

/** So many of what failed are named at the end: without warnings before, and with them. */
const MOST_NAMED = 20;
const FEW_NAMED = 2;

function checkModes({ compare, replace, dryRun }: ImportArgs): void {
  if (!compare || !(replace || dryRun)) return;
  const other = replace ? "--replace" : "--dry-run";
  throw usageError(`--compare writes nothing, and goes with no ${other}`, "leave one of them out");
}

async function findFiles({ files: paths, release, db }: ImportArgs, { reporter }: ImportReport) {
  reporter.note(`ukpolice ${VERSION}: looking into ${list(paths)}`);
  const found = await listArchiveFiles(paths, { release });
  if (found.files.length + found.bad.length === 0) {
    throw usageError(
      `no file of the archive is in ${list(paths)}`,
      "name zips, folders or files as 2024-01-kent-street.csv: ukpolice import --help",
    );
  }
  const months = new Set(found.files.map(({ month }) => month)).size;
  reporter.note(`${plural(found.files.length, "file")} of ${plural(months, "month")}, for ${db}`);
  for (const { name, reason } of found.bad) reporter.warn(`left out: ${name} ${reason}`);
  const { strays } = found;
  if (strays.length > 0)
    reporter.note(
      `${plural(strays.length, "other file")} left out, not of the archive: ${list(strays)}`,
    );
  return found;
}

async function doJob(job: ImportJob, bad: readonly BadInput[]): Promise<readonly Failure[]> {
  if (job.args.compare) return (await import("./import-compare.ts")).compareWithFiles(job);
  const { db: file, dryRun } = job.args;
  const store = openStore(file, { readonly: dryRun });
  let exitCode: number = EXIT.bug;
  try {
    checkOrigin(store);
    const failed = dryRun ? planFiles(store, job) : await importFiles(store, job, bad);
    exitCode = failed.length + bad.length === 0 ? 0 : EXIT.incomplete;
    return failed;
  } catch (error) {
    if (error instanceof UkpoliceError) exitCode = error.exitCode;
    throw error;
  } finally {
    endRun(store, exitCode);
    store.close({ discardEmpty: true });
  }
}

function choose(store: Store, { args, files, report }: ImportJob) {
  const { since, until, force: forces, what: kinds, replace } = args;
  const choice = chooseJobs(files, { since, until, forces, kinds, replace }, readPresent(store));
  for (const { file, why } of choice.skipped.slice(0, MOST_NAMED))
    if (why === "twice")
      report.reporter.warn(`${file.name} is given twice: the larger of its release was taken`);
  const [refused] = choice.refused;
  if (forces === undefined || refused === undefined) return choice;
  throw usageError(
    `--replace goes with no --force here: ${refused.kind} of ${refused.month} are the API's, and are replaced for all forces or for none`,
    "leave --force out, or --replace",
  );
}

function planFiles(store: Store, job: ImportJob): Failure[] {
  const plan = planImport(choose(store, job), store.coverage.readCover());
  job.report.plan(plan, job.args.db);
  return plan.failed;
}

async function importFiles(
  store: Store,
  job: ImportJob,
  bad: readonly BadInput[],
): Promise<Failure[]> {
  const { report, signal, args } = job;
  const choice = choose(store, job);
  store.run.begin("import");
  for (const { name, reason } of listRefused(choice)) report.reporter.warn(`${name} ${reason}`);
  const reader = createReader({ boundaries: store.areas.listBoundaries(), signal });
  let done: Omit<ImportResult, "lastUpdate">;
  try {
    done = await runImport({ store, reader, reporter: report.reporter, signal }, choice);
  } finally {
    await reader.close();
  }
  store.verify();
  const failed = [...bad, ...done.failed];
  report.finish({ ...done, failed, lastUpdate: keepIfThere(store) }, args.db);
  return done.failed;
}

/** The sample has most wards missing, and a force made up: real months are not to stand beside it. */
function checkOrigin(store: Store): void {
  if (!store.coverage.isSample()) return;
  throw usageError(
    `${store.file} holds the bundled sample, which is not to be mixed with the archive`,
    "name another file with --db; --compare can be tried on the sample",
  );
}

/** A database that failed cannot be told how the run ended: the error says more. */
function endRun(store: Store, exitCode: number): void {
  try {
    store.run.end(exitCode);
  } catch (error) {
    if (exitCode === 0) throw error;
  }
}

/** Whatever could not be read is named; all else is done. Unless it is quiet, each was named before. */
function failIfIncomplete(failed: readonly Failure[], isQuiet: boolean): void {
  if (failed.length === 0) return;
  const named = failed.map(({ name, reason }) => `${name} ${reason}`);
  const shown = named.slice(0, isQuiet ? MOST_NAMED : FEW_NAMED);
  const left = named.length - shown.length;
  const more = left === 0 ? "" : `; and ${left} more${isQuiet ? "" : ", named above"}`;
  throw new UkpoliceError(
    `${plural(failed.length, "file or month", "files or months")} could not be read or replaced: ${shown.join("; ")}${more}`,
    EXIT.incomplete,
    {
      hint: "all else is done; mend what is said of these, and run the same command again for them alone",
    },
  );
}
