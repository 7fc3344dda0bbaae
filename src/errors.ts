/** Exit codes of the command line; 130 and 143 follow the shells' 128 + signal. */
export const EXIT = {
  bug: 1,
  usage: 2,
  unreachable: 3,
  database: 4,
  incomplete: 5,
  unchanged: 6,
  command: 7,
  SIGINT: 130,
  SIGTERM: 143,
} as const;

export type ErrorOptions = { hint?: string; cause?: unknown };

/** An expected failure: one sentence for the user, an exit code, and what to do about it. */
export class UkpoliceError extends Error {
  readonly exitCode: number;
  readonly hint: string | undefined;

  constructor(message: string, exitCode: number, { hint, cause }: ErrorOptions = {}) {
    super(message, { cause });
    this.name = new.target.name;
    this.exitCode = exitCode;
    this.hint = hint;
  }
}

/** The user asked for something that cannot be: exit code 2. */
export function usageError(message: string, hint?: string): UkpoliceError {
  return new UkpoliceError(message, EXIT.usage, hint === undefined ? {} : { hint });
}

/** The database failed, or another crawl holds it: exit code 4. */
export function databaseError(message: string, options: ErrorOptions = {}): UkpoliceError {
  return new UkpoliceError(message, EXIT.database, options);
}

/** The system opens no more files or connections for us: exit code 4. */
export function tooManyFilesError(cause?: unknown): UkpoliceError {
  return databaseError("too many files and connections are open", {
    cause,
    hint: "allow more of them, as with ulimit -n 1024, and run the same command again",
  });
}

/** Whether something failed since the system opens no more files, for this process or for all. */
export function isTooManyFiles(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? error.code : undefined;
  if (code === "EMFILE" || code === "ENFILE") return true;
  // A library of machine code that cannot be opened has a message alone.
  return /too many open files/i.test(error.message) || isTooManyFiles(error.cause);
}

/**
 * A signal of the process, or of whoever called, asked for an end; the walk stops taking work and
 * lets what runs settle.
 */
export class StoppedError extends UkpoliceError {
  constructor({ reason }: AbortSignal) {
    const name = reason === "SIGTERM" ? "SIGTERM" : "SIGINT";
    super(reason === name ? `stopped by ${name}` : "stopped by its caller", EXIT[name]);
  }
}

/** The answer that an exit code alone is to give: all went well, and nothing is said. */
export class SilentEnd extends UkpoliceError {
  constructor(exitCode: number) {
    super("", exitCode);
  }
}

/** Throws a StoppedError once the signal has been given. */
export function throwIfStopped(signal: AbortSignal): void {
  if (signal.aborted) throw new StoppedError(signal);
}

/** The message of anything thrown, causes included, in one line. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const own = error.message || code || error.name;
  return error.cause === undefined ? own : `${own}: ${explain(error.cause)}`;
}
