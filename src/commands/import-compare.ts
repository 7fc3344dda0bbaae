import { existsSync } from "node:fs";
import { compareFiles } from "../archive/compare.ts";
import { keepNewest } from "../archive/choose.ts";
import type { FoundFile } from "../archive/found-file.ts";
import { createReader } from "../archive/reader.ts";
import type { Failure } from "../archive/tally.ts";
import { databaseError } from "../errors.ts";
import type { ImportReport } from "../report/import-report.ts";
import { createAreas } from "../store/areas.ts";
import { createReadCover } from "../store/coverage.ts";
import { openForReading } from "../store/database.ts";
import { createCompared } from "../store/read/compared.ts";
import type { ImportArgs } from "./import-options.ts";

/** What an import works with, once its files are found. */
export type ImportJob = {
  args: ImportArgs;
  report: ImportReport;
  signal: AbortSignal;
  files: readonly FoundFile[];
};

/** Compares the files with what a crawl brought, and prints how they differ; nothing is written. */
export async function compareWithFiles(job: ImportJob): Promise<readonly Failure[]> {
  const { args, report, signal, files } = job;
  if (!existsSync(args.db)) {
    throw databaseError(`there is no database ${args.db} to compare with`, {
      hint: "name one that a crawl filled: --db FILE",
    });
  }
  const db = openForReading(args.db);
  const reader = createReader({ boundaries: createAreas(db).listBoundaries(), signal });
  const { since, until, force: forces, what: kinds } = args;
  try {
    const comparison = await compareFiles(
      { compared: createCompared(db), reader, reporter: report.reporter, signal },
      keepNewest(files, { since, until, forces, kinds }),
      createReadCover(db)(),
    );
    report.compare(comparison, args.db);
    return comparison.failed;
  } finally {
    await reader.close();
    db.close();
  }
}
