import type { MonthsProgress, Reporter } from "../crawl/reporter.ts";
import { Meter } from "./meter.ts";
import type { View, Wait } from "./meter.ts";
import { formatCount, formatDuration, plural, printable } from "../text.ts";

/** A line of progress comes so often. */
const PERIOD_MS = 5000;

/** Where text goes: standard error, or a test's memory. */
export type Output = { write(text: string): unknown };

/** What a reporter is told besides the walk's own events. */
export type Monitor = Reporter & {
  /** A request goes out. */
  start(): void;
  /** A request ended, well or not; after it, all wait for `pauseMs`. */
  end(pauseMs: number): void;
  /** Leaves the terminal as it was. */
  stop(): void;
};

/** Off a terminal: notes as they come, and a plain line of progress now and then. */
export function createLines(output: Output): Monitor {
  const meter = new Meter();
  const line = (text: string) => output.write(`${printable(text)}\n`);
  const tell = () => {
    const text = describe(meter.view());
    if (text !== "") line(text);
  };
  const timer = setInterval(tell, PERIOD_MS).unref();
  return {
    progress: (progress) => meter.note(progress),
    note: line,
    warn: (text) => line(`warning: ${text}`),
    waits: (why) => meter.wait(why),
    start: () => meter.start(),
    end: (pauseMs) => meter.end(pauseMs),
    stop: () => clearInterval(timer),
  };
}

/** One line that says how far a run is, and what it waits for. */
export function describe({ progress, rate, leftMs, wait }: View): string {
  if (progress === undefined) return describeWait(wait);
  const left = leftMs === undefined ? [] : [`${formatDuration(leftMs)} left`];
  const pace =
    wait === undefined ? [`${rate.toFixed(1)} requests/s`, ...left] : [describeWait(wait)];
  if (progress.part === "months") return [...describeMonths(progress), ...pace].join(", ");
  const far = `${formatCount(progress.done)} of ${formatCount(progress.total)}`;
  return [`${progress.part}: ${far}`, ...pace].join(", ");
}

function describeMonths(progress: MonthsProgress): string[] {
  const { month, nth, months, done, total, isEstimate, records, failed } = progress;
  const all = `${isEstimate ? "about " : ""}${formatCount(total)}`;
  return [
    `month ${nth} of ${months}, ${month}: ${formatCount(done)} of ${all} questions`,
    plural(records, "record"),
    ...(failed === 0 ? [] : [`${formatCount(failed)} failed`]),
  ];
}

/** What a run waits for; nothing where it does not. */
export function describeWait(wait: Wait | undefined): string {
  if (wait === undefined) return "";
  if (wait.for === "down") return "waiting: the API is down";
  if (wait.for === "unresolved") return "waiting: the API's name is not found";
  if (wait.for === "paused") return "paused";
  const time = formatDuration(Math.floor(wait.ms / 1000) * 1000).replace(/\.0 s$/, " s");
  const replies = wait.replies === 1 ? "1 reply" : plural(wait.replies, "reply", "replies");
  return `waiting ${time} ${wait.replies === 0 ? "to ask again" : `for ${replies}`}`;
}

/** Says nothing at all; errors are printed by others. */
export function createSilence(): Monitor {
  const nothing = () => {};
  return {
    progress: nothing,
    note: nothing,
    warn: nothing,
    waits: nothing,
    start: nothing,
    end: nothing,
    stop: nothing,
  };
}
