import type { Progress, Reporter } from "../crawl/reporter.ts";
import { Meter } from "./meter.ts";
import { formatCount, formatDuration, plural, printable } from "../text.ts";

/** Progress lines come no closer than this. */
const QUIET_MS = 5000;

/** Where text goes: standard error, or a test's memory. */
export type Output = { write(text: string): unknown };

/** What a reporter is told besides the walk's own events. */
export type Monitor = Reporter & {
  /** A request ended, well or not. */
  request(): void;
  /** Leaves the terminal as it was. */
  stop(): void;
};

/** Off a terminal: notes as they come, and a plain line of progress now and then. */
export function createLines(output: Output): Monitor {
  const meter = new Meter();
  let lastMs = performance.now();
  const line = (text: string) => output.write(`${printable(text)}\n`);
  return {
    progress(progress) {
      const left = meter.timeLeft(progress);
      if (performance.now() - lastMs < QUIET_MS) return;
      lastMs = performance.now();
      line(describe(progress, meter.rate(), left));
    },
    note: line,
    warn: (text) => line(`warning: ${text}`),
    request: () => meter.countRequest(),
    stop() {},
  };
}

/** One line that says how far a part is. */
export function describe(progress: Progress, rate: number, leftMs: number | undefined): string {
  const { done, total } = progress;
  const far = `${formatCount(done)} of ${formatCount(total)}`;
  const pace = `${rate.toFixed(1)} requests/s`;
  const left = leftMs === undefined ? "" : `, ${formatDuration(leftMs)} left`;
  if (progress.part !== "month") return `${progress.part}: ${far}, ${pace}${left}`;
  const failed = progress.failed === 0 ? "" : `, ${plural(progress.failed, "question")} failed`;
  const records = plural(progress.records, "record");
  return `${progress.month}: ${far} questions, ${records}, ${pace}${left}${failed}`;
}

/** Says nothing at all; errors are printed by others. */
export function createSilence(): Monitor {
  const nothing = () => {};
  return { progress: nothing, note: nothing, warn: nothing, request: nothing, stop: nothing };
}
