import { digestOf } from "../store/read/states.ts";
import type { ExportReader } from "../store/read/export.ts";
import type { Part } from "./plan.ts";

/** Tells of what a file is made: while its key is the same, so are its records. */
export function createKeyOf(reader: ExportReader): (part: Part) => string {
  return ({ what, slices, forces }) => {
    if (what === "neighbourhoods") return digestAreas(reader, forces);
    const months = [...new Set(slices.map(({ month }) => month))];
    const states = months.map((month) => reader.readState(what, month));
    return digestOf([states, slices.map(({ forceId, records }) => [forceId, records])]);
  };
}

/** Boundaries are some kilobytes each: one after the other. */
function digestAreas(reader: ExportReader, forces: readonly string[] | undefined): string {
  let digest = "";
  for (const area of reader.iterateNeighbourhoods(forces)) digest = digestOf([digest, area]);
  return digest;
}
