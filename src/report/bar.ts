import cliProgress from "cli-progress";
import type { MonthsProgress, Progress } from "../crawl/reporter.ts";
import { describeWait } from "./lines.ts";
import type { View, Wait } from "./meter.ts";
import { formatCount, formatDuration, plural } from "../text.ts";

/** Cells of the bar. */
const LEAST_CELLS = 5;
const MOST_CELLS = 30;
const GAP = "  ";

/** Something that stands beside the bar, in ever shorter forms; the last may be nothing. */
type Piece = { name: string; forms: readonly string[] };

/** Which piece is shortened next where there is no room. */
const SHORTEN: readonly Piece["name"][] = [
  "questions",
  "pace",
  "what",
  "share",
  "records",
  "questions",
  "pace",
  "failed",
  "left",
  "what",
  "left",
];

/** One line that fits into so many columns: what is at hand, a bar, and figures. */
export function drawBar(
  view: View,
  columns: number,
  colour: (text: string) => string = String,
): string {
  const { progress } = view;
  if (progress === undefined) return describeWait(view.wait).slice(0, columns);
  const [what = "", ...figures] = fit(listPieces(progress, view), columns);
  const plain = [what, ...figures].join(GAP);
  const cells = Math.min(MOST_CELLS, columns - plain.length - GAP.length);
  if (cells < LEAST_CELLS) return plain.slice(0, columns);
  return [colour(what), drawCells(progress, cells), ...figures].join(GAP);
}

/** The last cell is full when all is done, and not before. */
function drawCells({ done, total }: Progress, cells: number): string {
  const full = total === 0 ? 0 : Math.floor((done / total) * cells);
  return cliProgress.Format.BarFormat(full / cells, {
    barsize: cells,
    barCompleteString: "█".repeat(cells),
    barIncompleteString: "░".repeat(cells),
    barGlue: "",
  });
}

/** The longest forms that leave room for a bar. */
function fit(pieces: readonly Piece[], columns: number): string[] {
  let fitting = [...pieces];
  const first = () => fitting.flatMap(({ forms: [form = ""] }) => (form === "" ? [] : form));
  for (const name of SHORTEN) {
    if (first().join(GAP).length + GAP.length + LEAST_CELLS <= columns) break;
    fitting = fitting.map((piece) => (piece.name === name ? shorten(piece) : piece));
  }
  return first();
}

function shorten({ name, forms }: Piece): Piece {
  return { name, forms: forms.length > 1 ? forms.slice(1) : forms };
}

function listPieces(progress: Progress, { rate, leftMs, wait }: View): Piece[] {
  const { done, total } = progress;
  const share = total === 0 ? 0 : Math.floor((done / total) * 100);
  const counts = `${formatCount(done)}/${formatCount(total)}`;
  const pace = `${rate.toFixed(1)}/s`;
  const isOfMonths = progress.part === "months";
  return [
    { name: "what", forms: isOfMonths ? nameMonth(progress) : [progress.part] },
    { name: "share", forms: [`${share}%`, ""] },
    { name: "questions", forms: isOfMonths ? [`${counts} questions`, counts, ""] : [counts, ""] },
    ...(isOfMonths ? listFound(progress) : []),
    // While it waits, it is of more use to know what for.
    ...(wait === undefined
      ? [{ name: "pace", forms: [`${rate.toFixed(1)} requests/s`, pace, ""] }]
      : []),
    { name: "left", forms: wait === undefined ? listTimes(leftMs) : listWaits(wait) },
  ];
}

function nameMonth({ month, nth, months }: MonthsProgress): string[] {
  return [`month ${nth} of ${months}: ${month}`, `${nth}/${months} ${month}`, `${nth}/${months}`];
}

function listFound({ records, failed }: MonthsProgress): Piece[] {
  return [
    { name: "records", forms: [plural(records, "record"), ""] },
    { name: "failed", forms: [failed === 0 ? "" : `${formatCount(failed)} failed`, ""] },
  ];
}

function listTimes(leftMs: number | undefined): string[] {
  if (leftMs === undefined) return [""];
  const time = formatDuration(leftMs);
  return [`${time} left`, time, ""];
}

function listWaits(wait: Wait): string[] {
  const text = describeWait(wait);
  return [text, text.replace(/ for .*/, ""), ""];
}
