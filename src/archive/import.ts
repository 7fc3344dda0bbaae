import { throwIfStopped } from "../errors.ts";
import type { Store } from "../store/store.ts";
import type { Choice, Job } from "./choose.ts";
import { BadFileError } from "./found-file.ts";
import type { FoundFile } from "./found-file.ts";
import type { ArchiveReader } from "./reader.ts";
import type { ImportReporter } from "./reporter.ts";
import { describeImport } from "./result.ts";
import type { ImportResult } from "./result.ts";
import { Tally } from "./tally.ts";

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
    throwIfStopped(signal);
    tally.begin(job);
    try {
      await importJob(tools, { job, next: choice.jobs[at + 1]?.files[0], tally });
      const replaced = job.files.flatMap((file) => before.find(file) ?? []);
      const rows = tally.finish(job, replaced);
      reporter.imported(nameOf(job), rows);
      store.run.countRecords(rows);
      store.run.touch();
    } catch (error) {
      if (!(error instanceof BadFileError)) throw error;
      tally.fail(job, nameFailure(job, error));
      reporter.warn(`left out: ${error.message}`);
    }
  }
  throwIfStopped(signal);
  const { filled } = store.archive.fillLsoas();
  return describeImport({ tally, choice, cover: store.coverage.readCover(), located: filled });
}

/** All of a job, or nothing of it; meanwhile the next file is read ahead. */
async function importJob(
  { store, reader, signal }: ImportTools,
  { job, next, tally }: { job: Job<FoundFile>; next: FoundFile | undefined; tally: Tally },
): Promise<void> {
  const { files } = job;
  const writing = store.archive.begin(job);
  try {
    for (const [at, file] of files.entries()) {
      let isBegun = false;
      for await (const { rows, bytes, reportedBy } of reader.read(file, files[at + 1] ?? next)) {
        throwIfStopped(signal);
        if (!isBegun) writing.file({ ...file, forceName: reportedBy });
        isBegun = true;
        writing.rows(rows);
        tally.read(rows.length, bytes);
      }
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
function nameFailure({ month, kind, replaces }: Job<FoundFile>, { file, reason }: BadFileError) {
  const stays = replaces ? `; ${kind} of ${month} stay the API's` : "";
  return { name: file, reason: reason + stays };
}
