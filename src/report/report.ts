import type { Estimate } from "../crawl/estimate.ts";
import type { Reporter } from "../crawl/reporter.ts";
import type { CrawlResult } from "../crawl/crawl-result.ts";
import { explain } from "../errors.ts";
import type { Attempt } from "../fetch/queue.ts";
import { createLines, createSilence } from "./lines.ts";
import type { Monitor } from "./lines.ts";
import type { Screen } from "./screen.ts";
import { describeEstimate, summarize, toDocument, toEstimateDocument } from "./summary.ts";
import type { CrawlDocument, Spent } from "./summary.ts";
import { formatDuration, printable } from "../text.ts";

/** Why all pauses is said at once, but no more often than this. */
const EXPLAIN_MS = 10_000;

export type ReportOptions = {
  json: boolean;
  quiet: boolean;
  verbose: boolean;
  logFile: string | undefined;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  screen: Screen;
  /** Whether stderr is a terminal on which bars can be drawn. */
  bars: boolean;
};

/** All that a crawl says: progress and notes on stderr, the answer on stdout, a log. */
export type Report = {
  reporter: Reporter;
  /** A request goes out. */
  start(): void;
  /** A request ended. */
  attempt(attempt: Attempt): void;
  /** Prints what changed, as text or as one JSON document, which is returned. */
  finish(result: CrawlResult, database: string): CrawlDocument;
  /** Prints the plan of a dry run, as text or as one JSON document. */
  estimate(estimate: Estimate, database: string): void;
  /** Leaves the terminal as it was; safe to call twice. */
  stop(): void;
};

/** Opens what the options ask for; bars and the log are loaded only then. */
export async function openReport(options: ReportOptions): Promise<Report> {
  const { json, quiet, verbose, ...rest } = options;
  const { stdout, stderr, logFile } = rest;
  const startMs = performance.now();
  const shown = await chooseMonitor({ ...rest, quiet, bars: rest.bars && !verbose });
  const log =
    logFile === undefined ? undefined : (await import("./log.ts")).openLog(logFile, shown.warn);
  const monitor = log?.follow(shown) ?? shown;
  let requests = 0;
  let stopped = false;
  let explainedMs = -Infinity;

  const stop = () => {
    if (stopped) return;
    stopped = true;
    monitor.stop();
    log?.close();
  };
  const explainPause = ({ pauseMs, error }: Attempt) => {
    const nowMs = performance.now();
    if (pauseMs === 0 || nowMs - explainedMs < EXPLAIN_MS) return;
    explainedMs = nowMs;
    monitor.warn(`${explain(error)}; pausing for ${formatDuration(pauseMs)}`);
  };
  const print = <Document extends object>(
    database: string,
    toAnswer: (spent: Spent) => Document,
    text: (spent: Spent) => string,
  ): Document => {
    stop();
    const spent = { database, requests, ms: performance.now() - startMs };
    const answer = toAnswer(spent);
    if (json) stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
    else if (!quiet) stdout.write(`${text(spent)}\n`);
    return answer;
  };
  return {
    reporter: monitor,
    start: () => monitor.start(),
    attempt(attempt) {
      requests += 1;
      monitor.end(attempt.pauseMs);
      log?.attempt(attempt);
      explainPause(attempt);
      if (verbose && !quiet) stderr.write(`${printable(requestLine(attempt))}\n`);
    },
    finish: (result, database) =>
      print(
        database,
        (spent) => toDocument(result, spent),
        (spent) => summarize(result, spent),
      ),
    estimate(estimate, database) {
      print(
        database,
        (spent) => toEstimateDocument(estimate, spent),
        (spent) => describeEstimate(estimate, spent),
      );
    },
    stop,
  };
}

/** Request lines would tear bars apart, so `--verbose` gets plain lines on a terminal too. */
async function chooseMonitor(
  options: Pick<ReportOptions, "quiet" | "bars" | "stderr" | "screen">,
): Promise<Monitor> {
  const { quiet, bars, stderr, screen } = options;
  if (quiet) return createSilence();
  return bars ? (await import("./bars.ts")).createBars(screen, stderr) : createLines(stderr);
}

function requestLine({ method, path, ms, error }: Attempt): string {
  const short = path.length > 120 ? `${path.slice(0, 117)}...` : path;
  const outcome = error === undefined ? "" : ` — ${explain(error)}`;
  return `${method} ${short} ${Math.round(ms)} ms${outcome}`;
}
