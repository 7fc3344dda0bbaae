import { inferSchema, initParser } from "udsv";
import { plural } from "../text.ts";
import { Unreadable } from "./found-file.ts";
import type { Block } from "./lines.ts";

const OPTIONS = { col: ",", row: "\n" };
/** A cell of a well-formed line: without quotes, or all of it in quotes, where two are one. */
const CELL = '(?:[^",\\n]*|"(?:[^"\\n]|"")*")';
const WELL_FORMED = new RegExp(`^${CELL}(?:,${CELL})*$`);

/** Turns a block of lines into rows of cells, a row a line. */
export type ParseBlock = (block: Block) => string[][];

/** The cells of one line, such as the header. */
export function parseLine(text: string): string[] {
  const options = { ...OPTIONS, encl: '"' };
  return inferSchema(`${text}\n`, options).cols.map(({ name }) => name);
}

/**
 * Makes a parser for lines of so many columns. The library takes lines with too few or too many cells
 * and stray quotes as they come; here they fail, with the line's number. Cells with line ends in them,
 * which no file of the archive has, fail as well: so a row is a line.
 */
export function createCsvParser(columns: number): ParseBlock {
  const header = `${Array.from({ length: columns }, () => "x").join(",")}\n`;
  const create = (encl: string) => initParser(inferSchema(header, { ...OPTIONS, encl }));
  const parsers = { plain: create(""), quoted: create('"') };
  const line = new RegExp(`${CELL}(?:,${CELL}){${columns - 1}}\\n`, "y");
  return (block) => {
    const isQuoted = block.text.includes('"');
    if (isQuoted || isLastShort(block.text, columns)) checkLines(block, columns, line);
    const rows = parsers[isQuoted ? "quoted" : "plain"].stringArrs<string[]>(header + block.text);
    if (rows.length !== block.count || (!isQuoted && rows.some(hasMore))) {
      checkLines(block, columns, line);
      throw new Unreadable(`has lines that cannot be told apart, from line ${block.line} on`);
    }
    return rows;
  };
}

/** The library looks without end for the cells that a last line lacks; others it takes from the next. */
function isLastShort(text: string, columns: number): boolean {
  const last = text.lastIndexOf("\n", text.length - 2) + 1;
  let at = last - 1;
  for (let cell = 1; cell < columns; cell += 1) {
    at = text.indexOf(",", at + 1);
    if (at < 0) return true;
  }
  return false;
}

/** Too many cells are left together in the last. */
function hasMore(row: readonly string[]): boolean {
  return row.at(-1)?.includes(",") ?? false;
}

/** Throws where a line is not well-formed. */
function checkLines({ text, line: first, count }: Block, columns: number, line: RegExp): void {
  line.lastIndex = 0;
  for (let at = 0, index = 0; index < count; index += 1, at = line.lastIndex) {
    if (line.test(text)) continue;
    const bad = text.slice(at, text.indexOf("\n", at));
    throw new Unreadable(
      `has a row that does not fit, line ${first + index}: ${describe(bad, columns)}`,
    );
  }
}

function describe(bad: string, columns: number): string {
  if (bad === "") return "it is empty";
  if (!WELL_FORMED.test(bad)) return "a quote stands where none can be";
  return `it has ${plural(parseLine(bad).length, "column")}, not ${columns}`;
}
