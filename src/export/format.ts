import type {
  ExportedCrime,
  ExportedNeighbourhood,
  ExportedOutcome,
} from "../store/read/export.ts";
import type { Slice } from "../store/read/export.ts";

export const FORMATS = ["csv", "geojson", "parquet"] as const;
export type FormatName = (typeof FORMATS)[number];

export const WHATS = ["crimes", "outcomes", "neighbourhoods"] as const;
export type What = (typeof WHATS)[number];

/** A piece of a file, in order; text is written as UTF-8. */
export type Chunk = string | Uint8Array;

/** How rows become files: pure, so that whoever takes the chunks sets the pace. */
export type Format = {
  /** Where the records of a slice go, below the folder; slices may share a file. No slice: areas. */
  pathOf(what: What, slice: Slice | undefined): string;
  crimes(rows: Iterable<ExportedCrime>): Iterable<Chunk>;
  outcomes(rows: Iterable<ExportedOutcome>): Iterable<Chunk>;
  neighbourhoods(rows: Iterable<ExportedNeighbourhood>): Iterable<Chunk>;
};

export type FormatOptions = {
  /** Newline-delimited features instead of a collection. */
  ndjson: boolean;
  /** All records go into one file, so that no path tells their month and force. */
  alone: boolean;
};

/** Loads a format, and only that one: the writer of Parquet is large. */
export async function loadFormat(name: FormatName, options: FormatOptions): Promise<Format> {
  if (name === "csv") return (await import("./csv.ts")).csv;
  if (name === "geojson") return (await import("./geojson.ts")).createGeoJson(options);
  return (await import("./parquet.ts")).createParquet(options);
}
