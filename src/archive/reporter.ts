import type { Month } from "../types.ts";

/** How far an import is, by the bytes of its files as they are packed. */
export type ImportProgress = {
  /** The month at hand, the `nth` of so many `months`. */
  month: Month;
  nth: number;
  months: number;
  bytes: number;
  totalBytes: number;
  rows: number;
  /** Files that could not be read. */
  failed: number;
};

/** What an import tells about itself; how it is shown is not its business. */
export type ImportReporter = {
  progress(progress: ImportProgress): void;
  /** Files are in the database now. */
  imported(name: string, rows: number): void;
  /** Something worth knowing. */
  note(text: string): void;
  /** Something that is not as it should be; the import goes on. */
  warn(text: string): void;
};
