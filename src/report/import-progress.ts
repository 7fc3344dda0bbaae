import { styleText } from "node:util";
import type { ImportProgress, ImportReporter } from "../archive/reporter.ts";
import { formatBytes, formatCount, formatDuration, plural, printable } from "../text.ts";
import { drawPieces, listTimes } from "./bar.ts";
import type { Piece } from "./bar.ts";
import type { Output } from "./lines.ts";
import { Pace } from "./pace.ts";
import type { Screen } from "./screen.ts";

/** The bar is drawn anew so often, and a line off a terminal is said so often. */
const BAR_MS = 250;
const LINE_MS = 5000;
/** Rows a second are those of so much time, at most. */
const RATE_MS = 20_000;

const SHORTEN: readonly Piece["name"][] = [
  "bytes",
  "rate",
  "what",
  "share",
  "rows",
  "bytes",
  "rate",
  "failed",
  "left",
  "what",
  "left",
];

/** How far an import is, as it is shown. */
export type ImportView = {
  progress: ImportProgress;
  /** Rows a second of late. */
  rate: number;
  /** Milliseconds until all is done; undefined while unknown. */
  leftMs: number | undefined;
};

/** What shows how far an import is. */
export type ImportMonitor = Omit<ImportReporter, "imported"> & {
  /** Leaves the terminal as it was. */
  stop(): void;
};

/** What is measured of an import: rows a second, and the time left by its bytes. */
export class ImportMeter {
  readonly #pace = new Pace();
  #marks: { atMs: number; rows: number }[] = [];
  #progress: ImportProgress | undefined;

  note(progress: ImportProgress, nowMs = performance.now()): void {
    this.#progress = progress;
    this.#pace.note({ settled: progress.bytes, total: progress.totalBytes }, nowMs);
    const lastMs = this.#marks.at(-1)?.atMs ?? -Infinity;
    if (nowMs - lastMs >= BAR_MS) this.#marks.push({ atMs: nowMs, rows: progress.rows });
  }

  /** Undefined: it has not begun. */
  view(nowMs = performance.now()): ImportView | undefined {
    if (this.#progress === undefined) return undefined;
    const progress = this.#progress;
    return { progress, rate: this.#rate(progress, nowMs), leftMs: this.#pace.timeLeft(nowMs) };
  }

  #rate({ rows }: ImportProgress, nowMs: number): number {
    this.#marks = this.#marks.filter(({ atMs }) => atMs > nowMs - RATE_MS);
    const [first] = this.#marks;
    if (first === undefined || nowMs - first.atMs < BAR_MS) return 0;
    return ((rows - first.rows) * 1000) / (nowMs - first.atMs);
  }
}

/** On a terminal: a bar below the lines that are said meanwhile, as a crawl has it. */
export function createImportBar(screen: Screen, stream: NodeJS.WriteStream): ImportMonitor {
  const meter = new ImportMeter();
  const colour = (style: "cyan" | "yellow", text: string) => styleText(style, text, { stream });
  let drawnMs = -Infinity;
  const draw = () => {
    const view = meter.view();
    if (view === undefined) return;
    drawnMs = performance.now();
    screen.show(drawImport(view, screen.columns(), (text) => colour("cyan", text)));
  };
  const timer = setInterval(draw, BAR_MS).unref();
  stream.on("resize", draw);
  return {
    progress(progress) {
      meter.note(progress);
      // Between two rows of a busy import no timer may come.
      if (performance.now() - drawnMs >= BAR_MS) draw();
    },
    note: (text) => screen.print(printable(text)),
    warn: (text) => screen.print(colour("yellow", `warning: ${printable(text)}`)),
    stop() {
      clearInterval(timer);
      stream.off("resize", draw);
      screen.clear();
    },
  };
}

/** Off a terminal: notes as they come, and a plain line of progress now and then. */
export function createImportLines(output: Output): ImportMonitor {
  const meter = new ImportMeter();
  const line = (text: string) => output.write(`${printable(text)}\n`);
  let saidMs = performance.now();
  return {
    progress(progress) {
      meter.note(progress);
      if (performance.now() - saidMs < LINE_MS) return;
      saidMs = performance.now();
      const view = meter.view();
      if (view !== undefined) line(describeProgress(view));
    },
    note: line,
    warn: (text) => line(`warning: ${text}`),
    stop() {},
  };
}

/** Says nothing at all; errors are printed by others. */
export function createImportSilence(): ImportMonitor {
  const nothing = () => {};
  return { progress: nothing, note: nothing, warn: nothing, stop: nothing };
}

/** One line that fits into so many columns: the month at hand, a bar, and figures. */
export function drawImport(
  { progress, rate, leftMs }: ImportView,
  columns: number,
  colour: (text: string) => string = String,
): string {
  const { month, nth, months, bytes, totalBytes, rows, failed } = progress;
  const share = totalBytes === 0 ? 0 : Math.floor((bytes / totalBytes) * 100);
  const pace = `${formatCount(Math.round(rate))} rows/s`;
  const pieces: Piece[] = [
    {
      name: "what",
      forms: [
        `month ${nth} of ${months}: ${month}`,
        `${nth}/${months} ${month}`,
        `${nth}/${months}`,
      ],
    },
    { name: "share", forms: [`${share}%`, ""] },
    {
      name: "bytes",
      forms: [`${formatBytes(bytes)} of ${formatBytes(totalBytes)}`, ""],
    },
    { name: "rows", forms: [plural(rows, "row"), ""] },
    { name: "failed", forms: [failed === 0 ? "" : `${formatCount(failed)} failed`, ""] },
    { name: "rate", forms: rate === 0 ? [""] : [pace, pace.replace(" rows", ""), ""] },
    { name: "left", forms: listTimes(leftMs) },
  ];
  return drawPieces({ pieces, shorten: SHORTEN, done: bytes, total: totalBytes }, columns, colour);
}

/** One line that says how far an import is. */
export function describeProgress({ progress, rate, leftMs }: ImportView): string {
  const { month, nth, months, bytes, totalBytes, rows, failed } = progress;
  return [
    `month ${nth} of ${months}, ${month}: ${formatBytes(bytes)} of ${formatBytes(totalBytes)}`,
    plural(rows, "row"),
    ...(failed === 0 ? [] : [`${formatCount(failed)} failed`]),
    `${formatCount(Math.round(rate))} rows/s`,
    ...(leftMs === undefined ? [] : [`${formatDuration(leftMs)} left`]),
  ].join(", ");
}
