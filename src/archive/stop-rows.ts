import { Misfit, show, toFlag, toName, toPoint, toText } from "./cells.ts";
import { createCounter } from "./placed-rows.ts";
import type { AddRow, RowsReader, Sheet } from "./placed-rows.ts";

const DATE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:Z|[+-]\d{2}:\d{2})$/;
const DAY_MS = 86_400_000;

/** Stops and searches; their rows name no force. Some are equal to the letter, and numbered. */
export function readStops({ month, packer, spot }: Sheet): RowsReader {
  const count = createCounter();
  const checkDate = createDateCheck(month);
  const add: AddRow = (cells) => {
    const [type = "", date = "", operation = "", operationName = "", latitude = ""] = cells;
    const [, , , , , longitude = "", gender = "", age = "", ethnicity = "", officer = ""] = cells;
    const [, , , , , , , , , , legislation = "", object = "", outcome = "", linked = ""] = cells;
    const removal = cells[14] ?? "";
    checkDate(date);
    const place = packer.place(`${longitude}\n${latitude}`, () => {
      const point = toPoint(latitude, longitude);
      const none = { latitude: null, longitude: null, area: null };
      const area = point && spot(point.latitude, point.longitude);
      return { ...none, ...point, area, location: null, lsoa: null };
    });
    const words = [
      toName("Type", type),
      toFlag("Part of a policing operation", operation),
      toText(operationName),
      toText(gender),
      toText(age),
      toText(ethnicity),
      toText(officer),
      toText(legislation),
      toText(object),
      toText(outcome),
      toFlag("Outcome linked to object of search", linked),
      toFlag("Removal of more than just outer clothing", removal),
    ];
    const nth = count(cells.join("\n"));
    packer.add({ text: date, nth, place, words: words.map((word) => packer.word(word)) });
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
