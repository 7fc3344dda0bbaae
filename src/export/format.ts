import type { ExportedNeighbourhood } from "../store/read/export.ts";
import type { Slice } from "../store/read/slices.ts";
import type { Exported } from "../store/read/exported.ts";
import { KINDS } from "../types.ts";

export const FORMATS = ["csv", "geojson", "parquet"] as const;
export type FormatName = (typeof FORMATS)[number];

/** What can be exported: the records of each kind, and neighbourhoods. */
export type Exportable = Exported & { neighbourhoods: ExportedNeighbourhood };
export type What = keyof Exportable;
export const WHATS: readonly What[] = [...KINDS, "neighbourhoods"];

/** A piece of a file, in order; text is written as UTF-8. */
export type Chunk = string | Uint8Array;

/** How rows become files: pure, so that whoever takes the chunks sets the pace. */
export type Format = {
  /** Where the records of a slice go, below the folder; slices may share a file. No slice: areas. */
  pathOf(what: What, slice: Slice | undefined): string;
  encode<W extends What>(what: W, rows: Iterable<Exportable[W]>): Iterable<Chunk>;
};

export type FormatOptions = {
  /** Newline-delimited features instead of a collection. */
  ndjson: boolean;
  /** All records go into one file, so that no path tells their month and force. */
  alone: boolean;
};
