import { EXIT, UkpoliceError, usageError } from "../errors.ts";
import { createApi } from "../fetch/api.ts";
import type { QueueOptions } from "../fetch/queue.ts";
import { BASE_URL } from "../police-api.ts";
import { asDatabaseError } from "../store/database.ts";
import { openStore } from "../store/store.ts";
import type { Store } from "../store/store.ts";
import { USER_AGENT } from "../version.ts";
import type { CrawlTools } from "./crawl.ts";
import type { CrawlResult } from "./crawl-result.ts";
import type { Reporter } from "./reporter.ts";

export type SessionOptions = Pick<
  QueueOptions,
  "baseUrl" | "rate" | "concurrency" | "proxies" | "onStart" | "onAttempt"
> & {
  /** The database. */
  file: string;
  /** Whether the API is the bundled sample's. */
  sandbox: boolean;
  /** Nothing is written, made or locked. */
  readonly: boolean;
  reporter: Reporter;
  signal: AbortSignal;
};

/** What a session hands to its work; what the work says of its end is noted in the database. */
export type SessionWork<T> = (tools: CrawlTools) => Promise<{ value: T; exitCode: number }>;

/** Opens store and API, notes the run, does the work, and closes them whatever happens. */
export async function withTools<T>(options: SessionOptions, work: SessionWork<T>): Promise<T> {
  try {
    return await open(options, work);
  } catch (error) {
    throw asDatabaseError(error, options.file);
  }
}

async function open<T>(options: SessionOptions, work: SessionWork<T>): Promise<T> {
  const { file, sandbox, readonly, reporter, signal } = options;
  const { baseUrl, rate, concurrency, proxies, onStart } = options;
  const store = openStore(file, { readonly });
  const api = createApi({
    baseUrl,
    rate,
    concurrency,
    proxies,
    onStart,
    userAgent: USER_AGENT,
    onAttempt(attempt) {
      store.run.countRequest();
      options.onAttempt?.(attempt);
    },
  });
  let exitCode: number = EXIT.bug;
  try {
    checkOrigin(store, { sandbox, baseUrl });
    if (!readonly) store.run.begin();
    if (sandbox && !readonly) store.coverage.markAsSample();
    const done = await work({ api, store, reporter, signal });
    exitCode = done.exitCode;
    return done.value;
  } catch (error) {
    if (error instanceof UkpoliceError) exitCode = error.exitCode;
    throw error;
  } finally {
    await api.close();
    endRun(store, exitCode);
    store.close({ discardEmpty: exitCode !== 0 });
  }
}

/** The sample has most wards missing, and a force made up: real months are not to stand beside it. */
function checkOrigin(
  store: Store,
  { sandbox, baseUrl }: Pick<SessionOptions, "sandbox" | "baseUrl">,
): void {
  if (sandbox && !store.coverage.isSample() && hasArchive(store)) {
    throw usageError(
      `${store.file} holds months of the archive, which are not to be mixed with the bundled sample`,
      "leave --db out: the sample has a database of its own",
    );
  }
  if (sandbox || baseUrl.href !== BASE_URL || !store.coverage.isSample()) return;
  throw usageError(
    `${store.file} holds the bundled sample, which is not to be mixed with the API's data`,
    "name another file with --db, or go on with the sample: --sandbox",
  );
}

function hasArchive(store: Store): boolean {
  return store.coverage
    .readCover()
    .listAll()
    .some(({ source }) => source === "archive");
}

/** A database that failed cannot be told how the run ended: the error says more. */
function endRun(store: Store, exitCode: number): void {
  try {
    store.run.end(exitCode);
  } catch (error) {
    if (exitCode === 0) throw error;
  }
}

/** How a crawl ended that threw nothing: something may have got no answer. */
export function exitCodeOf({ failures, unanswered, doubts }: CrawlResult): number {
  return failures.length + unanswered.length + doubts.length === 0 ? 0 : EXIT.incomplete;
}
