import { printable } from "../text.ts";

export type Heading = { name: string; isNumber: boolean };

/** What a cell may be wide, in characters; of what is longer the beginning is shown. */
const WIDEST = 48;

/** A table of aligned columns for a terminal: numbers to the right, nothing that could steer it. */
export function toColumns(
  headings: readonly Heading[],
  rows: readonly (readonly string[])[],
): string {
  const cells = [headings.map(({ name }) => name), ...rows].map((row) => row.map(toCell));
  const widths = headings.map((_, at) => Math.max(...cells.map((row) => lengthOf(row[at] ?? ""))));
  return cells
    .map((row) =>
      headings
        .map(({ isNumber }, at) => pad(row[at] ?? "", widths[at] ?? 0, isNumber))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function toCell(text: string): string {
  const letters = [...printable(text)];
  return letters.length > WIDEST ? `${letters.slice(0, WIDEST - 1).join("")}…` : letters.join("");
}

function lengthOf(text: string): number {
  return [...text].length;
}

function pad(text: string, width: number, isNumber: boolean): string {
  const blanks = " ".repeat(width - lengthOf(text));
  return isNumber ? blanks + text : text + blanks;
}
