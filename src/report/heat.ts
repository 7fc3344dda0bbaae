import type { Month } from "../types.ts";

/** What a cell shows: a count, or why there is none. */
export type HeatCell = number | "missing" | "unpublished" | "gap";

export type HeatRow = { name: string; cells: readonly HeatCell[]; tail: string };

export type HeatStyle = {
  width: number;
  unicode: boolean;
  /** Colours a mark by what it means; off a terminal it gives the mark back. */
  paint: (mark: string, cell: HeatCell) => string;
};

type Marks = Record<"missing" | "unpublished" | "gap" | "zero", string> & { shades: string };

const UNICODE: Marks = { missing: "·", unpublished: "/", gap: "x", zero: "0", shades: "░▒▓█" };
const ASCII: Marks = { missing: ".", unpublished: "/", gap: "x", zero: "0", shades: "-+*#" };

const NAME = 20;
/** Cells with their count in figures take this much room. */
const WIDE = 10;

export type Heat = { lines: string[]; hidden: number };

/**
 * A table of rows by months: a mark for each cell, shaded by the row's own peak, or, where there
 * is room, the count beside its mark. Months that do not fit are hidden, the oldest first.
 */
export function drawHeat(
  months: readonly Month[],
  rows: readonly HeatRow[],
  style: HeatStyle & { tailHead: string },
): Heat {
  const tail = Math.max(style.tailHead.length, ...rows.map((row) => row.tail.length));
  const room = style.width - 2 - NAME - 1 - 1 - tail;
  const wide = months.length * WIDE <= room;
  const fit = Math.max(1, Math.min(months.length, wide ? months.length : room));
  const hidden = months.length - fit;
  const shown = months.slice(hidden);
  const line = (name: string, cells: string, end: string) =>
    `  ${fitName(name, style.unicode)} ${cells} ${end.padStart(tail)}`.trimEnd();
  const heads = wide ? [shown.map((month) => month.padStart(WIDE)).join("")] : monthHeads(shown);
  const lines = heads.map((head, index) =>
    line("", head, index === heads.length - 1 ? style.tailHead : ""),
  );
  for (const row of rows) {
    const cells = row.cells.slice(hidden);
    const peak = Math.max(1, ...row.cells.filter((cell) => typeof cell === "number"));
    const drawn = cells.map((cell) => drawCell(cell, peak, { wide, ...style }));
    lines.push(line(row.name, drawn.join(""), row.tail));
  }
  return { lines, hidden };
}

/** What the marks mean. */
export function heatLegend(unicode: boolean, isListed = false): string {
  const { missing, unpublished, gap, zero, shades } = unicode ? UNICODE : ASCII;
  const none = isListed ? `   ${unpublished} not published for the month` : "";
  return (
    `${shades} up to the force's own peak   ${zero} none there   ${missing} not crawled\n` +
    `  ${gap} force publishes none${none}`
  );
}

/** Years over their first months, where there is room for four figures, and initials of months. */
function monthHeads(months: readonly Month[]): string[] {
  const firsts = months.flatMap((month, index) => (month.endsWith("-01") ? index : []));
  if ((firsts[0] ?? months.length) > 4) firsts.unshift(0);
  let years = "";
  for (const index of firsts) {
    if (index + 4 <= months.length) years = years.padEnd(index) + months[index]?.slice(0, 4);
  }
  const initials = months.map((month) => "JFMAMJJASOND"[Number(month.slice(5)) - 1] ?? " ");
  return [years.padEnd(months.length), initials.join("")];
}

function drawCell(
  cell: HeatCell,
  peak: number,
  { wide, unicode, paint }: HeatStyle & { wide: boolean },
): string {
  const mark = paint(markOf(cell, peak, unicode ? UNICODE : ASCII), cell);
  if (!wide) return mark;
  const figures = typeof cell === "number" && cell > 0 ? cell.toLocaleString("en-GB") : "";
  return figures === "" ? " ".repeat(WIDE - 1) + mark : `${figures.padStart(WIDE - 2)} ${mark}`;
}

function markOf(cell: HeatCell, peak: number, marks: Marks): string {
  if (typeof cell !== "number") return marks[cell];
  if (cell === 0) return marks.zero;
  const shades = [...marks.shades];
  return shades[Math.min(shades.length - 1, Math.floor((cell / peak) * shades.length))] ?? "";
}

function fitName(name: string, unicode: boolean): string {
  if (name.length <= NAME) return name.padEnd(NAME);
  return name.slice(0, NAME - 1) + (unicode ? "…" : "~");
}
