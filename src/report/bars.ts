import { styleText } from "node:util";
import { MultiBar } from "cli-progress";
import type { SingleBar } from "cli-progress";
import type { Progress } from "../crawl/reporter.ts";
import type { Monitor } from "./lines.ts";
import { Meter } from "./meter.ts";
import { formatCount, formatDuration, printable } from "../text.ts";

const FORMAT = "{label} {bar} {value}/{total} {tail}";

/** On a terminal: one bar for forces, one for neighbourhoods, one for the month at hand. */
export function createBars(stream: NodeJS.WriteStream): Monitor {
  const meter = new Meter();
  const colour = (style: "cyan" | "yellow", text: string) => styleText(style, text, { stream });
  const bars = new MultiBar({
    format: FORMAT,
    stream,
    hideCursor: true,
    clearOnComplete: false,
    barsize: Math.max(10, Math.min(30, (stream.columns ?? 80) - 60)),
    barCompleteChar: "█",
    barIncompleteChar: "░",
    formatValue: (value) => formatCount(value),
    autopadding: false,
    gracefulExit: false,
    emptyOnZero: true,
  });
  const shown = new Map<Progress["part"], SingleBar>();

  const show = (progress: Progress) => {
    const { part, done, total } = progress;
    const label = (part === "month" ? progress.month : part).padEnd(14);
    const leftMs = meter.timeLeft(progress);
    const payload = { label: colour("cyan", label), tail: tail(progress, meter.rate(), leftMs) };
    let bar = shown.get(part);
    if (bar === undefined) shown.set(part, (bar = bars.create(total, done, payload)));
    bar.setTotal(total);
    bar.update(done, payload);
  };
  const log = (text: string) => {
    if (shown.size === 0) stream.write(`${text}\n`);
    else bars.log(`${text}\n`);
  };

  return {
    progress: show,
    note: (text) => log(printable(text)),
    warn: (text) => log(colour("yellow", `warning: ${printable(text)}`)),
    request: () => meter.countRequest(),
    stop() {
      bars.update();
      bars.stop();
    },
  };
}

function tail(progress: Progress, rate: number, leftMs: number | undefined): string {
  if (progress.part !== "month") return "";
  const left = leftMs === undefined ? "" : ` · ${formatDuration(leftMs)} left`;
  const failed = progress.failed === 0 ? "" : ` · ${progress.failed} failed`;
  return `${formatCount(progress.records)} records · ${rate.toFixed(1)}/s${left}${failed}`;
}
