import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { ArchiveCrime, ArchiveOutcome, ArchivePlace, ArchiveStop } from "../../src/types.ts";

/** The text of a recorded file of the archive. */
export function readPublished(name: string): string {
  const bytes = readFileSync(new URL(`../fixtures/${name}`, import.meta.url));
  return (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
}

/** The cells of its rows; the recorded ones have quotes around whole fields alone. */
function readCells(text: string): string[][] {
  const [, ...lines] = text.trimEnd().split("\n");
  return lines.map((line) =>
    [...line.matchAll(/("([^"]*)"|([^,"]*))(,|$)/g)]
      .slice(0, line.endsWith(",") ? undefined : -1)
      .map(([, , quoted, plain]) => quoted ?? plain ?? ""),
  );
}

const orNull = (text = "") => (text === "" ? null : text);
const toDegrees = (text = "") => (text === "" ? null : Number(text));
const toFlag = (text = "") => (text === "" ? null : text === "True");

function toPlace(cells: readonly string[], none: string): ArchivePlace {
  const [, , , , longitude, latitude, location = "", code = "", name = ""] = cells;
  const isNowhere = location === none && latitude === "";
  return {
    latitude: toDegrees(latitude),
    longitude: toDegrees(longitude),
    location: isNowhere ? null : location,
    lsoa: code === "" ? null : { code, name },
    area: null,
  };
}

/** Numbers lines that are equal. */
function createNth(): (cells: readonly string[]) => number {
  const seen = new Map<string, number>();
  return (cells) => {
    const nth = (seen.get(cells.join()) ?? 0) + 1;
    seen.set(cells.join(), nth);
    return nth;
  };
}

export function toCrimes(text: string): ArchiveCrime[] {
  return readCells(text).map((cells, at) => ({
    ...toPlace(cells, "No Location"),
    row: at + 1,
    persistentId: orNull(cells[0]),
    crimeType: cells[9] ?? "",
    outcome: orNull(cells[10]),
    context: orNull(cells[11]),
  }));
}

export function toOutcomes(text: string): ArchiveOutcome[] {
  const countNth = createNth();
  return readCells(text).map((cells, at) => ({
    ...toPlace(cells, "No location"),
    row: at + 1,
    nth: countNth(cells),
    persistentId: orNull(cells[0]),
    outcomeType: cells[9] ?? "",
  }));
}

export function toStops(text: string): ArchiveStop[] {
  const countNth = createNth();
  return readCells(text).map((cells, at) => ({
    row: at + 1,
    nth: countNth(cells),
    area: null,
    type: cells[0] ?? "",
    datetime: cells[1] ?? "",
    operation: toFlag(cells[2]),
    operationName: orNull(cells[3]),
    latitude: toDegrees(cells[4]),
    longitude: toDegrees(cells[5]),
    gender: orNull(cells[6]),
    ageRange: orNull(cells[7]),
    selfDefinedEthnicity: orNull(cells[8]),
    officerDefinedEthnicity: orNull(cells[9]),
    legislation: orNull(cells[10]),
    objectOfSearch: orNull(cells[11]),
    outcome: orNull(cells[12]),
    outcomeLinkedToObjectOfSearch: toFlag(cells[13]),
    removalOfMoreThanOuterClothing: toFlag(cells[14]),
  }));
}
