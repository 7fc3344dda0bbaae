import { setImmediate } from "node:timers/promises";
import { throwIfStopped } from "../errors.ts";
import type { Store } from "../store/store.ts";
import type { Cover } from "../completeness.ts";
import { fallBack, keepSame } from "./choose.ts";
import type { Choice, Job } from "./choose.ts";
import { findDoubt } from "./doubt.ts";
import { BadFileError } from "./found-file.ts";
import type { FoundFile } from "./found-file.ts";
import type { ArchiveReader } from "./reader.ts";
import type { ImportReporter } from "./reporter.ts";
import { describeImport } from "./result.ts";
import type { ImportResult } from "./result.ts";
import { Tally } from "./tally.ts";
import type { Failure } from "./tally.ts";

export type ImportTools = {
  store: Store;
  reader: ArchiveReader;
  reporter: ImportReporter;
  signal: AbortSignal;
};

/**
 * Imports what is chosen, the oldest month first: one transaction a file, or a month of a kind where
 * the API's is replaced. A file that cannot be read fails by itself. Throws a StoppedError when the
 * signal was given; what was committed until then is kept, and the next run goes on.
 */
export async function runImport(
  tools: ImportTools,
  choice: Choice<FoundFile>,
): Promise<Omit<ImportResult, "lastUpdate">> {
  const { store, reporter, signal } = tools;
  const tally = new Tally(choice.jobs, reporter);
  const before = store.coverage.readCover();
  for (const [at, job] of choice.jobs.entries()) {
    await setImmediate(); // else a signal is not heard while all files are read ahead
    throwIfStopped(signal);
    const next = choice.jobs[at + 1]?.files[0];
    const known = choice.insists ? undefined : before;
    const done = await importNewest(tools, { job, next, tally, before: known });
    if (done === undefined) continue;
    const replaced = done.files.flatMap((file) => before.find(file) ?? []);
    const rows = tally.finish(done, replaced);
    reporter.imported(nameOf(done), rows);
    store.run.countRecords(rows);
    store.run.touch();
  }
  throwIfStopped(signal);
  const { filled } = store.archive.fillLsoas();
  return describeImport({ tally, choice, cover: store.coverage.readCover(), located: filled });
}

type Task = {
  job: Job<FoundFile>;
  next: FoundFile | undefined;
  tally: Tally;
  /** What tells whether a file is published in part; undefined: whatever there is, is taken. */
  before: Cover | undefined;
};

/**
 * Imports the newest files that can be read: a bad one is named, and gives way to an older release.
 * Returns the job as it was done; undefined where it was not.
 */
async function importNewest(tools: ImportTools, task: Task): Promise<Job<FoundFile> | undefined> {
  const { tally } = task;
  let job: Job<FoundFile> | undefined = task.job;
  while (job !== undefined) {
    tally.begin(job);
    try {
      await importJob(tools, { ...task, job });
      return job;
    } catch (error) {
      if (!(error instanceof BadFileError)) throw error;
      const older: Job<FoundFile> | undefined = fallBack(job, error.file);
      tally.fail(job, nameFailure(job, error, older), older);
      tools.reporter.warn(`left out: ${error.message}`);
      job = older;
    }
  }
  return undefined;
}

/** All of a job, or nothing of it; meanwhile the next file is read ahead. */
async function importJob(
  { store, reader, signal }: ImportTools,
  { job, next, tally, before }: Task,
): Promise<void> {
  const { files } = job;
  const writing = store.archive.begin(job);
  try {
    for (const [at, file] of files.entries()) {
      let isBegun = false;
      let read = 0;
      for await (const { rows, bytes, reportedBy } of reader.read(file, files[at + 1] ?? next)) {
        throwIfStopped(signal);
        if (!isBegun) writing.file({ ...file, forceName: reportedBy });
        isBegun = true;
        writing.rows(rows);
        tally.read(rows.length, bytes);
        read += rows.length;
      }
      const older = keepSame(job.older, [file]);
      const doubt = before && findDoubt(file, read, { cover: before, older });
      if (doubt !== undefined) throw new BadFileError(file.name, doubt);
      writing.endFile();
      tally.endFile(file);
    }
    writing.commit();
  } catch (error) {
    writing.rollback();
    throw error;
  }
}

function nameOf({ month, kind, replaces, files }: Job<FoundFile>): string {
  return replaces ? `${kind} of ${month}` : (files[0]?.name ?? "");
}

/** A month of the API's that stays for one bad file is named, too. */
function nameFailure(
  { month, kind, replaces }: Job<FoundFile>,
  { file, reason }: BadFileError,
  older: Job<FoundFile> | undefined,
): Failure {
  const stays = replaces && older === undefined ? `; ${kind} of ${month} stay the API's` : "";
  return { name: file, reason: reason + stays };
}
