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
export type Piece = { name: string; forms: readonly string[] };

/** A bar and what stands beside it: the first piece on its left, the others on its right. */
export type Drawing = {
  pieces: readonly Piece[];
  /** Which piece is shortened next where there is no room. */
  shorten: readonly Piece["name"][];
  done: number;
  total: number;
};

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
  const { done, total } = progress;
  const pieces = listPieces(progress, view);
  return drawPieces({ pieces, shorten: SHORTEN, done, total }, columns, colour);
}

/** A bar among pieces that are shortened until all of them fit into so many columns. */
export function drawPieces(
  { pieces, shorten, done, total }: Drawing,
  columns: number,
  colour: (text: string) => string,
): string {
  const [what = "", ...figures] = fit(pieces, shorten, columns);
  const plain = [what, ...figures].join(GAP);
  const cells = Math.min(MOST_CELLS, columns - plain.length - GAP.length);
  if (cells < LEAST_CELLS) return plain.slice(0, columns);
  return [colour(what), drawCells(done, total, cells), ...figures].join(GAP);
}

/** The last cell is full when all is done, and not before. */
function drawCells(done: number, total: number, cells: number): string {
  const full = total === 0 ? 0 : Math.floor((done / total) * cells);
  return cliProgress.Format.BarFormat(full / cells, {
    barsize: cells,
    barCompleteString: "█".repeat(cells),
    barIncompleteString: "░".repeat(cells),
    barGlue: "",
  });
}

/** The longest forms that leave room for a bar. */
function fit(pieces: readonly Piece[], order: Drawing["shorten"], columns: number): string[] {
  let fitting = [...pieces];
  const first = () => fitting.flatMap(({ forms: [form = ""] }) => (form === "" ? [] : form));
  for (const name of order) {
    if (first().join(GAP).length + GAP.length + LEAST_CELLS <= columns) break;
    fitting = fitting.map((piece) => (piece.name === name ? shortenPiece(piece) : piece));
  }
  return first();
}

function shortenPiece({ name, forms }: Piece): Piece {
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

/** How long it still takes, in ever shorter forms. */
export function listTimes(leftMs: number | undefined): string[] {
  if (leftMs === undefined) return [""];
  const time = formatDuration(leftMs);
  return [`${time} left`, time, ""];
}

function listWaits(wait: Wait): string[] {
  const text = describeWait(wait);
  return [text, text.replace(/ for .*/, ""), ""];
}
