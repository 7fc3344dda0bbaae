import { KINDS } from "../types.ts";
import { byKind } from "../types.ts";
import type { Kind } from "../types.ts";
import type { Cover } from "../completeness.ts";
import type { Choice } from "./choose.ts";
import type { FoundFile } from "./found-file.ts";
import { describeFiles, describeSkipped, listRefused } from "./result.ts";
import type { KindFiles, MonthOfKind, SkippedFiles } from "./result.ts";
import type { Failure } from "./tally.ts";

/** Bytes of a row, measured on whole files. */
const ROW_BYTES: Record<Kind, number> = { crimes: 224, outcomes: 226, stops: 216 };
/** How much smaller the zips are. */
const PACKED = 5.5;

/** What an import would do. */
export type ImportPlan = {
  kinds: Record<Kind, KindFiles & { estimatedRows: number }>;
  /** As they are packed, and not; some of the latter by what is usual, where the files do not say. */
  packedBytes: number;
  bytes: number;
  replaced: { files: number; months: MonthOfKind[] };
  skipped: SkippedFiles;
  failed: Failure[];
};

/** Tells what an import of what is chosen would do; nothing is read or written. */
export function planImport(choice: Choice<FoundFile>, cover: Cover): ImportPlan {
  const files = choice.jobs.flatMap((job) => job.files);
  const sum = (of: (file: FoundFile) => number, some = files) =>
    some.reduce((total, file) => total + of(file), 0);
  return {
    kinds: byKind((kind) => ({
      ...describeFiles(files, kind),
      estimatedRows: Math.round(
        sum(
          sizeOf,
          files.filter((file) => file.kind === kind),
        ) / ROW_BYTES[kind],
      ),
    })),
    packedBytes: sum(({ packedBytes }) => packedBytes),
    bytes: sum(sizeOf),
    replaced: {
      files: choice.jobs
        .filter(({ replaces }) => !replaces)
        .flatMap((job) => job.files)
        .filter((file) => cover.find(file) !== undefined).length,
      months: choice.jobs
        .filter(({ replaces }) => replaces)
        .map(({ month, kind }) => ({ month, kind })),
    },
    skipped: describeSkipped(choice),
    failed: listRefused(choice),
  };
}

/** Whether there is nothing to import. */
export function isNothing({ kinds }: ImportPlan): boolean {
  return KINDS.every((kind) => kinds[kind].files === 0);
}

function sizeOf({ bytes, packedBytes }: FoundFile): number {
  return Math.round(bytes ?? packedBytes * PACKED);
}
