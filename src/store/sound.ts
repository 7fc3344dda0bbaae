import { isMonth } from "../months.ts";
import type { Point } from "../types.ts";

// A database may come from anywhere: its rows are looked at as a stranger's before they are used.

/** As the replies' own ids. */
const LONGEST_ID = 300;
const LONGEST_TEXT = 10_000;
const LONGEST_BOUNDARY = 12 * 2 ** 20;
const LONGEST_NAME = 120;
/** Rows that are told apart by name; of more there is only a number. */
const NAMED = 1000;

type Test = (value: unknown) => boolean;

/** What each column of a row has to hold. */
export type Shape<Row> = { readonly [Name in keyof Row]-?: Test };

export const isText: Test = (value) => typeof value === "string" && value.length <= LONGEST_TEXT;

export const isId: Test = (value) => typeof value === "string" && value.length <= LONGEST_ID;

export const isWhole: Test = Number.isSafeInteger;

export const isCount: Test = (value) => typeof value === "number" && isWhole(value) && value >= 0;

/** A month of police data: not so early or late that a list of all between would have no end. */
export const isSoundMonth: Test = (value) =>
  typeof value === "string" && isMonth(value) && value > "1990" && value < "2100";

/** ISO 8601, or what else a date can be read of. */
export const isTime: Test = (value) =>
  typeof value === "string" && value.length <= LONGEST_ID && !Number.isNaN(Date.parse(value));

export const isLatitude: Test = (value) => isWithin(value, 90);
export const isLongitude: Test = (value) => isWithin(value, 180);

export const isBoundary: Test = (value) =>
  typeof value === "string" && readRing(value) !== undefined;

/** The same, or null. */
export function orNull(test: Test): Test {
  return (value) => value === null || test(value);
}

function isWithin(value: unknown, limit: number): value is number {
  return typeof value === "number" && Math.abs(value) <= limit; // what is not a number is not
}

/** Finds the first column of a row that does not hold what it has to; undefined where all do. */
export function createFindOdd<Row extends object>(
  shape: Shape<Row>,
): (row: Row) => string | undefined {
  const tests = Object.entries<Test>(shape);
  return (row) => {
    const values: Partial<Record<string, unknown>> = { ...row };
    return tests.find(([name, test]) => !test(values[name]))?.[0];
  };
}

/** The outer ring of a stored boundary, GeoJSON; undefined for what is none. */
export function readRing(text: string): Point[] | undefined {
  const [line] = findLines(text) ?? [];
  if (!Array.isArray(line) || line.length === 0) return undefined;
  const ring: Point[] = [];
  for (const position of line) {
    if (!Array.isArray(position)) return undefined;
    const [longitude, latitude]: unknown[] = position;
    if (!isWithin(longitude, 180) || !isWithin(latitude, 90)) return undefined;
    ring.push({ latitude, longitude });
  }
  return ring;
}

function findLines(text: string): unknown[] | undefined {
  if (text.length > LONGEST_BOUNDARY) return undefined;
  try {
    const found: unknown = JSON.parse(text);
    const isPolygon = typeof found === "object" && found !== null && "coordinates" in found;
    return isPolygon && Array.isArray(found.coordinates) ? found.coordinates : undefined;
  } catch {
    return undefined;
  }
}

/** A name is made of what does not fit: it may be long in its midst. */
function shorten(name: string): string {
  return name.length <= LONGEST_NAME ? name : `${name.slice(0, 80)}…${name.slice(-40)}`;
}

/** Rows that were left out, and the first of them by name. */
export type LeftOut = { rows: number; names: string[] };

/** Remembers which rows were left out, each once however often it is met. */
export function createLeftOut() {
  const named = new Map<string, number>();
  let more = 0;
  return {
    note(whole: string, rows = 1): void {
      const name = shorten(whole);
      if (named.has(name) || named.size < NAMED) named.set(name, rows);
      else more += rows;
    },
    read: (): LeftOut => ({
      rows: [...named.values()].reduce((sum, rows) => sum + rows, more),
      names: [...named.keys()],
    }),
  };
}

export type NoteLeftOut = ReturnType<typeof createLeftOut>["note"];
