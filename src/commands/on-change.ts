import { spawn } from "node:child_process";
import { EXIT, explain, StoppedError, UkpoliceError } from "../errors.ts";
import type { CrawlDocument } from "../report/summary.ts";
import type { Runtime } from "./runtime.ts";

/**
 * Runs a command in a shell, as cron does, and tells it what changed: the document of `--json` on
 * its standard input, the database and the months in its environment. What it prints goes to
 * stderr, since stdout is the crawl's answer. Its failure is an error with exit code 7.
 */
export async function runOnChange(
  command: string,
  document: CrawlDocument,
  { environment, signal }: Runtime,
): Promise<void> {
  // One that crawls in its turn is not to begin again.
  const { UKPOLICE_ON_CHANGE: _, ...inherited } = environment;
  const { database, crawled, refreshed } = document;
  const months = [...new Set([...crawled, ...refreshed])].sort().join(" ");
  const child = spawn(command, {
    shell: true,
    stdio: ["pipe", 2, 2],
    signal,
    env: { ...inherited, UKPOLICE_DB: database, UKPOLICE_CHANGED_MONTHS: months },
  });
  child.stdin?.on("error", leave).end(`${JSON.stringify(document)}\n`);
  const ended = await new Promise<string | number>((resolve, reject) => {
    child.once("close", (code, killedBy) => resolve(code ?? killedBy ?? ""));
    child.once("error", (error) => reject(signal.aborted ? new StoppedError(signal) : error));
  }).catch((error: unknown) => {
    if (error instanceof StoppedError) throw error;
    throw failure(command, `could not be started: ${explain(error)}`);
  });
  if (ended !== 0) throw failure(command, `ended with ${ended}`);
}

function failure(command: string, what: string): UkpoliceError {
  return new UkpoliceError(`the command of --on-change ${what}: ${command}`, EXIT.command, {
    hint: "the crawl is done, and all is stored: run that command by hand; the next crawl does not repeat it",
  });
}

/** A command need not read what it is told. */
function leave(): void {}
