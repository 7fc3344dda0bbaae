import type { ArchivePlace, Month } from "../types.ts";
import { Misfit, show, toId, toName, toPoint, toText } from "./cells.ts";
import type { Packer } from "./packer.ts";
import type { Spot } from "./spot.ts";

const LSOA_CODE = /^[A-Z]\d{8}$/;

/** What rows are read into, and with; `noPlace` is how the kind says that there is none. */
export type Sheet = { month: Month; packer: Packer; spot: Spot };

/** Takes a row's cells, in the order of the kind's columns. Throws a Misfit. */
export type AddRow = (cells: readonly string[]) => void;

/** Makes what takes the rows of a file, and tells the name of the force that stands in them. */
export type RowsReader = { add: AddRow; reportedBy: () => string | null };

/** Crimes: the same columns as outcomes to begin with, then their own. */
export function readCrimes(sheet: Sheet): RowsReader {
  const placed = readPlaced(sheet, "No Location");
  const { packer } = sheet;
  const add: AddRow = (cells) => {
    const { id, place } = placed.read(cells);
    packer.add({ text: id, nth: 1, place });
    packer.addWord(toName("Crime type", cells[9] ?? ""));
    packer.addWord(toText(cells[10] ?? ""));
    packer.addWord(toText(cells[11] ?? ""));
  };
  return { add, reportedBy: placed.reportedBy };
}

/** Outcomes, of which some are equal to the letter, and numbered. */
export function readOutcomes(sheet: Sheet): RowsReader {
  const placed = readPlaced(sheet, "No location");
  const { packer } = sheet;
  const count = createCounter();
  const add: AddRow = (cells) => {
    const { id, place } = placed.read(cells);
    const outcomeType = toName("Outcome type", cells[9] ?? "");
    packer.add({ text: id, nth: count(cells.join("\n")), place });
    packer.addWord(outcomeType);
  };
  return { add, reportedBy: placed.reportedBy };
}

/** Numbers what is equal, from 1. */
export function createCounter(): (key: string) => number {
  const counts = new Map<string, number>();
  return (key) => {
    const nth = (counts.get(key) ?? 0) + 1;
    counts.set(key, nth);
    return nth;
  };
}

function readPlaced({ month, packer, spot }: Sheet, noPlace: string) {
  let force: string | null = null;
  const checkForce = (reportedBy: string, fallsWithin: string) => {
    force ??= toName("Reported by", reportedBy);
    if (reportedBy !== force) {
      throw new Misfit(`it is reported by ${show(reportedBy)}, others by ${show(force)}`);
    }
    if (fallsWithin === reportedBy) return;
    throw new Misfit(
      `it falls within ${show(fallsWithin)}, but is reported by ${show(reportedBy)}`,
    );
  };
  const makePlace = (cells: readonly string[]): ArchivePlace => {
    const location = cells[6] ?? "";
    const point = toPoint(cells[5] ?? "", cells[4] ?? "");
    return {
      latitude: point?.latitude ?? null,
      longitude: point?.longitude ?? null,
      location: point === null && location === noPlace ? null : location,
      lsoa: toLsoa(cells[7] ?? "", cells[8] ?? ""),
      area: point === null ? null : spot(point.latitude, point.longitude),
    };
  };
  const read = (cells: readonly string[]) => {
    const own = cells[1] ?? "";
    if (own !== month) throw new Misfit(`its month is ${show(own)}, not ${month}`);
    checkForce(cells[2] ?? "", cells[3] ?? "");
    const placeCells = {
      point: `${cells[4]}\n${cells[5]}`,
      location: cells[6] ?? "",
      code: cells[7] ?? "",
      name: cells[8] ?? "",
    };
    const place = packer.findPlace(placeCells) ?? packer.addPlace(placeCells, makePlace(cells));
    return { id: toId(cells[0] ?? ""), place };
  };
  return { read, reportedBy: () => force };
}

function toLsoa(code: string, name: string): ArchivePlace["lsoa"] {
  if (code === "" && name === "") return null;
  if (!LSOA_CODE.test(code)) throw new Misfit(`the LSOA code ${show(code)} is none`);
  return { code, name: toName("LSOA name", name) };
}
