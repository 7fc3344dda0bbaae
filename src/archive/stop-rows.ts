import type { ArchivePlace } from "../types.ts";
import { Misfit, show, toFlag, toName, toPoint, toText } from "./cells.ts";
import { createCounter } from "./placed-rows.ts";
import type { AddRow, RowsReader, Sheet } from "./placed-rows.ts";

const DATE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:Z|[+-]\d{2}:\d{2})$/;
const DAY_MS = 86_400_000;

/** Stops and searches; their rows name no force. Some are equal to the letter, and numbered. */
export function readStops({ month, packer, spot }: Sheet): RowsReader {
  const count = createCounter();
  const checkDate = createDateCheck(month);
  const makePlace = (latitude: string, longitude: string): ArchivePlace => {
    const point = toPoint(latitude, longitude);
    const area = point && spot(point.latitude, point.longitude);
    return { latitude: null, longitude: null, ...point, area, location: null, lsoa: null };
  };
  const add: AddRow = (cells) => {
    const [type = "", date = "", operation = "", , latitude = "", longitude = ""] = cells;
    checkDate(date);
    const placeCells = { point: `${longitude}\n${latitude}`, location: "", code: "", name: "" };
    const place =
      packer.findPlace(placeCells) ?? packer.addPlace(placeCells, makePlace(latitude, longitude));
    packer.add({ text: date, nth: count(cells.join("\n")), place });
    packer.addWord(toName("Type", type));
    packer.addWord(toFlag("Part of a policing operation", operation));
    packer.addWord(toText(cells[3] ?? ""));
    for (let at = 6; at < 13; at += 1) packer.addWord(toText(cells[at] ?? ""));
    packer.addWord(toFlag("Outcome linked to object of search", cells[13] ?? ""));
    packer.addWord(toFlag("Removal of more than just outer clothing", cells[14] ?? ""));
  };
  return { add, reportedBy: () => null };
}

/** Months are cut by local time, and the dates are in UTC: a day before or after is the month's, too. */
function createDateCheck(month: string): (date: string) => void {
  const [year = 0, number = 0] = month.split("-").map(Number);
  const first = Date.UTC(year, number - 1) - DAY_MS;
  const end = Date.UTC(year, number) + DAY_MS;
  return (date) => {
    const ms = DATE.test(date) ? Date.parse(date) : Number.NaN;
    if (Number.isNaN(ms)) throw new Misfit(`the Date ${show(date)} is none`);
    if (ms < first || ms >= end) throw new Misfit(`its date is ${show(date)}, not in ${month}`);
  };
}
