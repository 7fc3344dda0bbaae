import { EXIT, UkpoliceError } from "../errors.ts";
import { printable } from "../text.ts";
import type { ArchiveFile } from "../types.ts";

/** Where a member's packed bytes are in its zip, and what the zip's directory says of them. */
export type Member = {
  offset: number;
  packedBytes: number;
  bytes: number;
  crc: number;
  isDeflated: boolean;
};

/**
 * A file of the archive, in a folder or in a zip. `name` is for people; `bytes` are those of the CSV,
 * null where they are known only after reading it.
 */
export type FoundFile = ArchiveFile & {
  name: string;
  packedBytes: number;
  bytes: number | null;
  from: { path: string; member: Member | null };
};

/** What cannot be read, and why, in a line. */
export type BadInput = { name: string; reason: string };

/** A file of the archive could not be read, or a row of it does not fit: nothing of it counts. */
export class BadFileError extends UkpoliceError {
  readonly file: string;
  readonly reason: string;

  constructor(file: string, reason: string) {
    super(`${file} ${reason}`, EXIT.incomplete);
    this.file = file;
    this.reason = reason;
  }
}

/** What is wrong with an input, as the rest of a sentence that begins with its name. */
export class Unreadable extends Error {}

/** What is said of a pipe, a socket or a device. */
export const NO_FILE = "is not a regular file";

/** Why the system let a file not be read, as the rest of a sentence; undefined for what is no such failure. */
export function describeSystemError(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error) || !("errno" in error)) return undefined;
  if (error.code === "ENOENT") return "is not there";
  if (error.code === "EACCES" || error.code === "EPERM") return "may not be read: no permission";
  if (error.code === "ELOOP") return "is a link that leads to itself";
  return `cannot be read: ${printable(error.message)}`;
}
