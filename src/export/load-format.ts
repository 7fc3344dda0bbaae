import type { Format, FormatName, FormatOptions } from "./format.ts";

/** Loads a format, and only that one: the writer of Parquet is large. */
export async function loadFormat(name: FormatName, options: FormatOptions): Promise<Format> {
  if (name === "csv") return (await import("./csv.ts")).csv;
  if (name === "geojson") return (await import("./geojson.ts")).createGeoJson(options);
  return (await import("./parquet.ts")).createParquet(options);
}
