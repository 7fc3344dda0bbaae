import yargs from "yargs";
import type { Options } from "yargs";
import { refuseBlank } from "./commands/checks.ts";
import { readEnvironment, readProxies } from "./commands/environment.ts";
import { addCommands, COMMAND_OPTIONS } from "./commands/index.ts";
import type { Runtime } from "./commands/runtime.ts";
import {
  databaseError,
  EXIT,
  explain,
  isTooManyFiles,
  SilentEnd,
  StoppedError,
  tooManyFilesError,
  UkpoliceError,
  usageError,
} from "./errors.ts";
import { createScreen } from "./report/screen.ts";
import type { Screen } from "./report/screen.ts";
import { printable, shellWord } from "./text.ts";
import { VERSION } from "./version.ts";

/** Commands that a signal ends as they are meant to end: there is nothing to go on with. */
const SERVERS = /^ukpolice (browse|report|sandbox)\b/;

/** Runs the command line and sets the exit code of the process. */
export async function main(args: readonly string[] = process.argv.slice(2)): Promise<void> {
  const runtime = openRuntime(args);
  const command = args.find((word) => Object.hasOwn(COMMAND_OPTIONS, word)) ?? "";
  process.exitCode = EXIT.bug; // stays where nothing is left to wait for, and yet no end is reached
  try {
    refuseBlank(args, COMMAND_OPTIONS[command] ?? {});
    await createParser(args, runtime, COMMAND_OPTIONS[command]).parseAsync();
    if (process.exitCode === EXIT.bug) process.exitCode = 0;
  } catch (error) {
    const failure = await toExpected(error, command);
    process.exitCode = printError(failure, runtime, args.includes("--verbose"));
  }
}

function openRuntime(args: readonly string[]): Runtime {
  const bars = process.stderr.isTTY && process.env["TERM"] !== "dumb";
  const screen = createScreen(process.stderr, { isLive: bars });
  const runtime: Runtime = {
    stdout: process.stdout,
    stderr: process.stderr,
    screen,
    signal: listenForSignals(screen),
    bars,
    unicode: hasUnicode(process.env),
    proxies: readProxies(process.env),
    isLiving,
    environment: process.env,
    commandLine: ["ukpolice", ...args.map(shellWord)].join(" "),
  };
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") return; // as in `| head`: the reader has seen enough
    process.exitCode = printError(outputError(error), runtime, false);
  });
  process.stderr.on("error", goOn);
  process.on("exit", screen.clear); // whatever ends the process: the cursor is given back
  return runtime;
}

/** What the parser does not take, in its own words. */
class Complaint extends Error {}

function createParser(
  args: readonly string[],
  runtime: Runtime,
  options: Record<string, Options> = {},
) {
  const parser = yargs([...args])
    .scriptName("ukpolice")
    .usage("$0 <command>\n\nThe UK Police open data in one local SQLite file.")
    .version(VERSION)
    .help()
    .alias("help", "h")
    .config(readEnvironment(process.env, options))
    .demandCommand(1, "name a command")
    .strictCommands()
    .strictOptions()
    .wrap(Math.min(100, process.stdout.columns ?? 80))
    .epilogue("Every option is also an environment variable: UKPOLICE_DB, UKPOLICE_RATE, …")
    .exitProcess(false)
    .fail((message, error) => {
      // Checks of options come back as the parser's own errors, with their message alone.
      const own = error === undefined || error.name === "YError";
      throw own ? new Complaint(message ?? error?.message) : error;
    });
  return addCommands(parser, runtime);
}

/** What is known to happen, in a user's words; anything else as it is. */
async function toExpected(error: unknown, command: string): Promise<unknown> {
  if (isTooManyFiles(error)) return tooManyFilesError(error);
  if (error instanceof Error && "syscall" in error && error.syscall === "uv_cwd") {
    return usageError("the current folder is not there any more", "change to one that is");
  }
  return error instanceof Complaint ? await toUsageError(error, command) : error;
}

/** The complaint with a hint: the nearest known name, or where the names are listed. */
async function toUsageError({ message }: Complaint, command: string): Promise<UkpoliceError> {
  const complaint = message.replaceAll(/\s*\n\s*/g, " ");
  const [, what, name = ""] =
    /^Unknown (argument|command)s?: (\S+?),?(?:\s|$)/.exec(complaint) ?? [];
  if (what === undefined) {
    const words = ["ukpolice", command, "--help"].filter((word) => word !== "");
    return usageError(complaint, `see: ${words.join(" ")}`);
  }
  const options = { ...COMMAND_OPTIONS[command], help: {}, version: {} };
  const { suggest } = await import("./suggest.ts");
  return usageError(
    complaint,
    suggest(name, Object.keys(what === "command" ? COMMAND_OPTIONS : options)),
  );
}

/** The first signal asks for an orderly end; the second ends the process at once. */
function listenForSignals(screen: Screen): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(EXIT[name]);
      screen.print("stopping; what is under way settles first (again: at once)");
      controller.abort(name);
    });
  }
  // Ctrl-Z: whoever draws draws again when it goes on.
  process.on("SIGTSTP", () => {
    screen.clear();
    process.kill(process.pid, "SIGSTOP");
  });
  return controller.signal;
}

/** One that may not be asked lives. */
function isLiving(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** As POSIX has it: the first of these that is set decides. */
function hasUnicode(environment: NodeJS.ProcessEnv): boolean {
  const { LC_ALL, LC_CTYPE, LANG } = environment;
  return /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || "");
}

/** Two lines for what was to be expected; a stack for a bug, or when asked for. */
function printError(error: unknown, { commandLine }: Runtime, verbose: boolean): number {
  if (error instanceof SilentEnd) return error.exitCode;
  const expected = error instanceof UkpoliceError;
  const goesOn = error instanceof StoppedError && !SERVERS.test(commandLine);
  const resume = goesOn ? `go on with: ${commandLine}` : undefined;
  const hint = expected ? (error.hint ?? resume) : "this is a bug; please report these lines";
  if (!expected || verbose) {
    for (const line of stackOf(error).split("\n")) process.stderr.write(`${printable(line)}\n`);
  }
  process.stderr.write(`ukpolice: ${printable(messageOf(error))}\n`);
  if (hint !== undefined) process.stderr.write(`hint: ${printable(hint)}\n`);
  return expected ? error.exitCode : EXIT.bug;
}

function messageOf(error: unknown): string {
  return error instanceof UkpoliceError ? error.message : explain(error);
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Standard output that takes no more, and not because its reader has seen enough. */
function outputError(cause: Error): UkpoliceError {
  const hint = "check the room on the disk, and where the output goes";
  return databaseError(`standard output cannot be written: ${explain(cause)}`, { cause, hint });
}

/** What cannot be said, for a full disk or a reader that went away, is not worth the work. */
function goOn(): void {}
