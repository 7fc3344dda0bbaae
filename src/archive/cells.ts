import { printable } from "../text.ts";
import { Unreadable } from "./found-file.ts";

const DEGREES = /^-?\d{1,3}(?:\.\d{1,15})?$/;
const ID = /^[\w-]{1,128}$/;
/** No name in the archive has a tenth of this. */
const MOST_NAME = 1000;

/** What is wrong with a row, as a sentence. */
export class Misfit extends Error {}

/** A misfit, as the fault of its file. */
export function nameMisfit(error: unknown, line: number): unknown {
  if (!(error instanceof Misfit)) return error;
  return new Unreadable(`has a row that does not fit, line ${line}: ${error.message}`);
}

/** A value as it can be printed, whatever it holds. */
export function show(value: string): string {
  const start = value.slice(0, 60);
  return `'${printable(start)}${start === value ? "" : "…"}'`;
}

/** A pair of coordinates; null where both cells are empty. */
export function toPoint(latitude: string, longitude: string) {
  if (latitude === "" && longitude === "") return null;
  if (latitude === "" || longitude === "") throw new Misfit("it has one coordinate of two");
  return {
    latitude: toDegrees("Latitude", latitude, 90),
    longitude: toDegrees("Longitude", longitude, 180),
  };
}

function toDegrees(column: string, text: string, most: number): number {
  const value = Number(text);
  if (DEGREES.test(text) && Math.abs(value) <= most) return value;
  throw new Misfit(`the ${column} ${show(text)} is no number of degrees`);
}

/** An id of a crime; null for none. */
export function toId(text: string): string | null {
  if (text === "") return null;
  if (ID.test(text)) return text;
  throw new Misfit(`the Crime ID ${show(text)} is none`);
}

/** A name that has to be there. */
export function toName(column: string, text: string): string {
  if (text.trim() !== "" && text.length <= MOST_NAME) return text;
  throw new Misfit(text.trim() === "" ? `the ${column} is blank` : `the ${column} is too long`);
}

/** A text that may be blank, which is none. */
export function toText(text: string): string | null {
  return text === "" ? null : text;
}

/** A flag, kept as it stands; null for a blank one. */
export function toFlag(column: string, text: string): string | null {
  if (text === "True" || text === "False") return text;
  if (text === "") return null;
  throw new Misfit(`'${column}' is ${show(text)}, not True, False or blank`);
}
