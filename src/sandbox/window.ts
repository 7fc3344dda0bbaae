import { usageError } from "../errors.ts";
import { isMonth } from "../months.ts";
import type { Month } from "../types.ts";

/** A month that is listed while areas have nothing of it yet, for so many seconds from the start. */
export type EmptyMonth = { month: Month; seconds: number };

export type WindowOptions = {
  /** After so many seconds the oldest month leaves. */
  windowMoves?: number | undefined;
  /** A month that the world has not is listed, too. */
  empty?: readonly EmptyMonth[] | undefined;
};

/** Reads `2018-06:30,2018-05`; without seconds it is for good. Anything else is wrong usage. */
export function parseEmpty(text: string): EmptyMonth[] {
  return text
    .split(",")
    .filter((piece) => piece !== "")
    .map((piece) => {
      const [month = "", seconds, ...rest] = piece.split(":");
      const isTime = seconds === undefined || /^\d+(\.\d+)?$/.test(seconds);
      if (isMonth(month) && isTime && rest.length === 0) {
        return { month, seconds: seconds === undefined ? Infinity : Number(seconds) };
      }
      throw usageError(
        `--empty ${piece} is not MONTH or MONTH:SECONDS, as in 2018-05:30; without seconds it is for good`,
      );
    });
}

/** The months that are listed at a moment, in seconds from the start; oldest first. */
export function monthsAt(
  months: readonly Month[],
  { windowMoves = Infinity, empty = [] }: WindowOptions,
  seconds: number,
): readonly Month[] {
  const listed = [...new Set([...months, ...empty.map(({ month }) => month)])].toSorted();
  return seconds < windowMoves ? listed : listed.slice(1);
}
