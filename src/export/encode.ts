import type { ExportReader } from "../store/read/export.ts";
import type { ExportedPlace } from "../store/read/exported.ts";
import type { Chunk, Format } from "./format.ts";
import type { Part, Selection } from "./plan.ts";

type Encoding = { part: Part; format: Format; onRow: (isWritten: boolean) => void };

/** The chunks of a file. Nothing is read before the first of them is asked for. */
export function encode(
  reader: ExportReader,
  selection: Selection,
  { part, format, onRow }: Encoding,
): Iterable<Chunk> {
  const { what } = part;
  if (what === "neighbourhoods") {
    const rows = reader.iterateNeighbourhoods(selection.forces);
    return format.encode(
      what,
      filter(rows, () => true, onRow),
    );
  }
  const rows = inTurn(part.slices, (slice) =>
    reader.iterateRecords(what, slice, selection.categories),
  );
  return format.encode(what, filter(rows, createIsWanted(selection), onRow));
}

/** Whether a file would have a record at all, which only records themselves tell of a place. */
export function hasRows(reader: ExportReader, selection: Selection, part: Part): boolean {
  const { within, categories } = selection;
  const { what, slices } = part;
  if (within === undefined || what === "neighbourhoods") return true;
  const isWanted = createIsWanted(selection);
  for (const slice of slices) {
    for (const row of reader.iterateRecords(what, slice, categories)) {
      if (isWanted(row)) return true;
    }
  }
  return false;
}

function createIsWanted({ within }: Selection) {
  return ({ latitude, longitude }: Pick<ExportedPlace, "latitude" | "longitude">): boolean => {
    if (within === undefined) return true;
    return latitude !== null && longitude !== null && within({ latitude, longitude });
  };
}

function* inTurn<Piece, Row>(
  pieces: readonly Piece[],
  rowsOf: (piece: Piece) => Iterable<Row>,
): Generator<Row> {
  for (const piece of pieces) yield* rowsOf(piece);
}

function* filter<Row>(
  rows: Iterable<Row>,
  isWanted: (row: Row) => boolean,
  onRow: (isWritten: boolean) => void,
): Generator<Row> {
  for (const row of rows) {
    const isWritten = isWanted(row);
    if (isWritten) yield row;
    onRow(isWritten);
  }
}
