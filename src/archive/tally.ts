import type { CoveredCell } from "../completeness.ts";
import { byKind } from "../types.ts";
import type { Job } from "./choose.ts";
import type { FoundFile } from "./found-file.ts";
import type { ImportReporter } from "./reporter.ts";

export type Failure = { name: string; reason: string };

/** Counts what an import does, and tells how far it is. */
export class Tally {
  readonly imported: FoundFile[] = [];
  readonly rows = byKind(() => 0);
  readonly failed: Failure[] = [];
  /** Months of the API's that gave way, and files of an older release that did. */
  readonly replacedMonths: Job<FoundFile>[] = [];
  replacedFiles = 0;
  readonly #reporter: ImportReporter;
  readonly #months: string[];
  #totalBytes: number;
  #job: Job<FoundFile> | undefined;
  /** Bytes of the jobs that ended, of the files of this one that did, and of the one at hand. */
  #bytes = { jobs: 0, files: 0, file: 0 };
  #rowsOfJob = 0;
  #rowsRead = 0;

  constructor(jobs: readonly Job<FoundFile>[], reporter: ImportReporter) {
    this.#reporter = reporter;
    this.#months = [...new Set(jobs.map(({ month }) => month))];
    this.#totalBytes = jobs.reduce((sum, job) => sum + sizeOf(job), 0);
  }

  begin(job: Job<FoundFile>): void {
    this.#job = job;
    this.#rowsOfJob = 0;
    this.#bytes = { ...this.#bytes, files: 0, file: 0 };
    this.#tell();
  }

  /** Counts rows that came, `bytes` of the file in all so far. */
  read(rows: number, bytes: number): void {
    this.#rowsOfJob += rows;
    this.#rowsRead += rows;
    this.#bytes.file = bytes;
    this.#tell();
  }

  endFile({ packedBytes }: FoundFile): void {
    this.#bytes.files += packedBytes;
    this.#bytes.file = 0;
  }

  /** The job is in the database, where these cells of the archive were before; returns its rows. */
  finish(job: Job<FoundFile>, before: readonly CoveredCell[]): number {
    this.imported.push(...job.files);
    this.rows[job.kind] += this.#rowsOfJob;
    if (job.replaces) this.replacedMonths.push(job);
    else this.replacedFiles += before.length;
    this.#end(job);
    return this.#rowsOfJob;
  }

  /** Nothing of the job is in the database; `older` is what is read in its place. */
  fail(job: Job<FoundFile>, failure: Failure, older?: Job<FoundFile>): void {
    this.failed.push(failure);
    if (older !== undefined) this.#totalBytes += sizeOf(older);
    this.#end(job);
  }

  #end(job: Job<FoundFile>): void {
    this.#bytes = { jobs: this.#bytes.jobs + sizeOf(job), files: 0, file: 0 };
    this.#tell();
  }

  #tell(): void {
    const month = this.#job?.month ?? "";
    const { jobs, files, file } = this.#bytes;
    this.#reporter.progress({
      month,
      nth: this.#months.indexOf(month) + 1,
      months: this.#months.length,
      bytes: Math.min(jobs + files + file, this.#totalBytes),
      totalBytes: this.#totalBytes,
      rows: this.#rowsRead,
      failed: this.failed.length,
    });
  }
}

function sizeOf({ files }: Job<FoundFile>): number {
  return files.reduce((sum, { packedBytes }) => sum + packedBytes, 0);
}
