import { join } from "node:path";
import type { ExportReporter, ExportResult } from "../export/export.ts";
import type { FormatName } from "../export/format.ts";
import { NOWHERE } from "../completeness.ts";
import type { Lack } from "../export/lacks.ts";
import type { Output } from "./lines.ts";
import type { Screen } from "./screen.ts";
import { list, span } from "./summary.ts";
import { formatBytes, formatCount, formatDuration, plural, printable } from "../text.ts";

/** Progress comes no closer than this on a terminal, and than that off one. */
const TERMINAL_MS = 100;
const QUIET_MS = 5000;

export type ExportReportOptions = {
  quiet: boolean;
  /** Whether stderr is a terminal on which a line can be drawn over. */
  bars: boolean;
  stdout: Output;
  screen: Screen;
};

export type ExportReport = ExportReporter & {
  note(text: string): void;
  /** Prints what was written below a folder. */
  finish(result: ExportResult, folder: string, format: FormatName): void;
  /** Leaves the terminal as it was; safe to call twice. */
  stop(): void;
};

/** What an export says on stderr: one line that changes on a terminal, else one now and then. */
export function createExportReport(options: ExportReportOptions): ExportReport {
  const { quiet, bars, stdout, screen } = options;
  const startMs = performance.now();
  let lastMs = bars ? -Infinity : startMs;
  const say = (text: string) => {
    if (!quiet) screen.print(printable(text));
  };
  return {
    note: say,
    lacks: (lacks) => describeLacks(lacks).forEach(say),
    writesAll: (because) => say(`all is written: ${WHY_ALL[because]}`),
    progress(done, total) {
      const nowMs = performance.now();
      if (quiet || nowMs - lastMs < (bars ? TERMINAL_MS : QUIET_MS)) return;
      lastMs = nowMs;
      const text = describeProgress(done, total, nowMs - startMs);
      if (bars) screen.show(text.slice(0, screen.columns()));
      else say(text);
    },
    finish(result, folder, format) {
      screen.clear();
      const ms = performance.now() - startMs;
      if (!quiet) stdout.write(`${summarize(result, { folder, format, ms })}\n`);
    },
    stop: screen.clear,
  };
}

const WHY_ALL = {
  unknown: "nothing is known of an earlier export into the folder",
  "other options": "the last export into the folder had other options, or was of another version",
};

function describeProgress(done: number, total: number, ms: number): string {
  const leftMs = done === 0 ? 0 : (ms / done) * (total - done);
  const share = total === 0 ? 100 : Math.floor((done / total) * 100);
  const left = `${formatDuration(leftMs)} left`;
  return `${share}%: ${formatCount(done)} of ${plural(total, "record")}, ${left}`;
}

function describeLacks(lacks: readonly Lack[]): string[] {
  if (lacks.length === 0) return [];
  const warnings = lacks.map(({ kind, from, to, state, forces }) => {
    const what = `${kind} of ${span([from, to])}`;
    const where = forces === undefined ? "" : ` for ${list(forces.map(nameForce))}`;
    const lack = state === "missing" ? "are not in the database" : "are not complete";
    return `warning: ${what} ${lack}${where}`;
  });
  return [
    ...warnings,
    "what is missing comes with the next crawl: ukpolice status names the command",
  ];
}

function nameForce(forceId: string): string {
  return forceId === NOWHERE ? "what lies in no force's area" : forceId;
}

type Ending = { folder: string; format: FormatName; ms: number };

/** The end of an export, for people. */
function summarize(result: ExportResult, { folder, format, ms }: Ending) {
  const { written, months, paths, kept, removed } = result;
  const of = months === undefined ? "" : ` ${span([months.first, months.last])}`;
  const isNews = paths.length + removed.length > 0;
  const lines = [
    isNews
      ? `${folder}: exported${of} in ${formatDuration(ms)}`
      : `${folder}: nothing${of === "" ? "" : ` of${of}`} changed since the last export`,
    ...written.map(({ what, files, records, bytes }) => {
      const size = `${plural(files, "file")}, ${formatBytes(bytes)}`;
      return `  ${what.padEnd(14)} ${formatCount(records)} in ${size}`;
    }),
    ...(kept.length > 0 ? [`  unchanged      ${plural(kept.length, "file")}`] : []),
    ...(removed.length > 0 ? [`  removed        ${list(removed)}`] : []),
    `look into it: ${nextStep(format, folder, [...paths, ...kept])}`,
  ];
  return lines.map(printable).join("\n");
}

/** What to try next, with a name that is there. */
function nextStep(format: FormatName, folder: string, [path = ""]: readonly string[]): string {
  const first = join(folder, path);
  if (format === "csv") return `head -3 '${first}'`;
  if (format === "geojson") return `drop ${first} on a map of QGIS or geojson.io`;
  const files = join(folder, path.split("/")[0] ?? "", "**", "*.parquet");
  return `duckdb -c "select count(*) from '${files}'"`;
}
