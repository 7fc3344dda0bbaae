import type { Kind } from "../types.ts";
import type { Batch } from "./batch.ts";
import { nameMisfit } from "./cells.ts";
import { placeColumns } from "./columns.ts";
import { createCsvParser, parseLine } from "./csv.ts";
import { Unreadable } from "./found-file.ts";
import type { FoundFile } from "./found-file.ts";
import { readLines } from "./lines.ts";
import type { Block } from "./lines.ts";
import { Packer } from "./packer.ts";
import { readCrimes, readOutcomes } from "./placed-rows.ts";
import type { RowsReader, Sheet } from "./placed-rows.ts";
import type { Spot } from "./spot.ts";
import { readStops } from "./stop-rows.ts";
import { unpack } from "./unpack.ts";

/** Row numbers of crimes have so many bits in their ids; the largest month of a force has 130,000. */
const MOST_ROWS = 2 ** 21 - 1;

const READERS = {
  crimes: readCrimes,
  outcomes: readOutcomes,
  stops: readStops,
} satisfies Record<Kind, (sheet: Sheet) => RowsReader>;

/** Rows, how many packed bytes were read until then, and the force that the rows name. */
export type Read = { batch: Batch; bytes: number; reportedBy: string | null };

/**
 * Reads a file of the archive, each row checked, numbered and located, a batch at a time; one without
 * rows is a batch of none. Throws an Unreadable: then nothing that came before it counts.
 */
export async function* readRows(file: FoundFile, spot: Spot): AsyncGenerator<Read> {
  const { kind, month } = file;
  const packer = new Packer();
  const reader = READERS[kind]({ month, packer, spot });
  let bytes = 0;
  const blocks = readLines(
    unpack(file, (more) => (bytes += more)),
    isEndSure(file),
  );
  let parse: ((block: Block) => string[][]) | undefined;
  for await (const whole of blocks) {
    let block = whole;
    if (parse === undefined) ({ parse, block } = readHeader(whole, kind));
    if (packer.rows + block.count > MOST_ROWS) {
      throw new Unreadable(`has more than ${MOST_ROWS} rows: no file of the archive has`);
    }
    addRows(reader, parse(block), block.line);
    yield { batch: packer.take(), bytes, reportedBy: reader.reportedBy() };
  }
  if (parse === undefined) throw new Unreadable("is empty: it has not even a header");
}

/**
 * A checksum vouches for the end of what was packed. A row of a plain file that was cut has too few
 * columns, but for outcomes: they end with a text, of which a part would pass.
 */
function isEndSure({ kind, bytes, from }: FoundFile): boolean {
  return from.member !== null || bytes === null || kind !== "outcomes";
}

/** Reads the names of the columns, and puts the cells of each row in the order of the kind's own. */
function readHeader({ text, line, count }: Block, kind: Kind) {
  const end = text.indexOf("\n");
  const header = text.slice(0, end);
  if (header.trim() === "") throw new Unreadable("has no header: its first line is blank");
  const places = placeColumns(parseLine(header), kind);
  const parseCells = createCsvParser(places.length);
  const isInOrder = places.every((place, at) => place === at);
  const parse = (block: Block) => {
    const rows = parseCells(block);
    return isInOrder ? rows : rows.map((row) => places.map((place) => row[place] ?? ""));
  };
  return { parse, block: { text: text.slice(end + 1), line: line + 1, count: count - 1 } };
}

function addRows(reader: RowsReader, rows: readonly (readonly string[])[], first: number): void {
  let line = first;
  try {
    for (const row of rows) {
      reader.add(row);
      line += 1;
    }
  } catch (error) {
    throw nameMisfit(error, line);
  }
}
