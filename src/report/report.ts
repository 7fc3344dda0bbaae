import type { CrawlResult } from "../crawl/crawl.ts";
import type { Reporter } from "../crawl/reporter.ts";
import { explain } from "../errors.ts";
import type { Attempt } from "../fetch/queue.ts";
import { createBars } from "./bars.ts";
import { createLines, createSilence } from "./lines.ts";
import type { Monitor } from "./lines.ts";
import { openLog } from "./log.ts";
import { summarize, toDocument } from "./summary.ts";
import { printable } from "./text.ts";

export type ReportOptions = {
  json: boolean;
  quiet: boolean;
  verbose: boolean;
  logFile: string | undefined;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  /** Whether stderr is a terminal on which bars can be drawn. */
  bars: boolean;
};

/** All that a crawl says: progress and notes on stderr, the answer on stdout, a log. */
export type Report = {
  reporter: Reporter;
  attempt(attempt: Attempt): void;
  /** Prints what changed, as text or as one JSON document. */
  finish(result: CrawlResult, database: string): void;
  /** Leaves the terminal as it was; safe to call twice. */
  stop(): void;
};

export function openReport({ json, quiet, verbose, ...rest }: ReportOptions): Report {
  const { stdout, stderr, logFile } = rest;
  const startMs = performance.now();
  const log = logFile === undefined ? undefined : openLog(logFile);
  const shown = chooseMonitor({ quiet, bars: rest.bars && !verbose, stderr });
  const monitor = log?.follow(shown) ?? shown;
  let requests = 0;
  let stopped = false;

  const stop = () => {
    if (stopped) return;
    stopped = true;
    monitor.stop();
    log?.close();
  };
  return {
    reporter: monitor,
    attempt(attempt) {
      requests += 1;
      monitor.request();
      log?.attempt(attempt);
      if (verbose && !quiet) stderr.write(`${printable(requestLine(attempt))}\n`);
    },
    finish(result, database) {
      stop();
      const run = { database, requests, ms: performance.now() - startMs };
      if (json) stdout.write(`${JSON.stringify(toDocument(result, run), null, 2)}\n`);
      else if (!quiet) stdout.write(`${summarize(result, run)}\n`);
    },
    stop,
  };
}

/** Request lines would tear bars apart, so `--verbose` gets plain lines on a terminal too. */
function chooseMonitor(options: Pick<ReportOptions, "quiet" | "bars" | "stderr">): Monitor {
  const { quiet, bars, stderr } = options;
  if (quiet) return createSilence();
  return bars ? createBars(stderr) : createLines(stderr);
}

function requestLine({ method, path, ms, error }: Attempt): string {
  const short = path.length > 120 ? `${path.slice(0, 117)}...` : path;
  const outcome = error === undefined ? "" : ` — ${explain(error)}`;
  return `${method} ${short} ${Math.round(ms)} ms${outcome}`;
}
