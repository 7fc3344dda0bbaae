import type { Options } from "yargs";
import { usageError } from "../errors.ts";
import { isMonth } from "../months.ts";
import { KINDS } from "../types.ts";
import type { Kind, Point } from "../types.ts";

/** Checks a number of the command line, since the parser passes `abc` on as NaN. */
export function range(name: string, low: number, high: number, { whole = true } = {}) {
  return (value: number): number => {
    const inside = value >= low && value <= high;
    if (inside && (!whole || Number.isInteger(value))) return value;
    const kind = whole ? "a whole number" : "a number";
    throw usageError(`--${name} has to be ${kind} from ${low} to ${high}`);
  };
}

/** Checks a month of the command line. */
export function month(name: string) {
  return (value: string): string => {
    if (isMonth(value)) return value;
    throw usageError(`--${name} ${value} is not a month; write it as YYYY-MM, for example 2018-05`);
  };
}

/** Checks the address of the API. */
export function address(value: string): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw usageError(
      `--api-url ${value} is not an address; write it as https://data.police.uk/api`,
    );
  }
  const { username, password, search, hash } = url;
  if (username + password + search + hash === "") return url;
  throw usageError(
    "--api-url holds a user, a query or a fragment, which would not be sent",
    "write it as https://data.police.uk/api",
  );
}

/** Checks a point of the command line, `LAT,LNG`. */
export function point(name: string) {
  return (value: string): Point => {
    const match = /^(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)$/.exec(once(name)(value));
    const found = { latitude: Number(match?.[1]), longitude: Number(match?.[2]) };
    if (Math.abs(found.latitude) <= 90 && Math.abs(found.longitude) <= 180) return found;
    throw usageError(
      `--${name} ${value} is not a point; write it as LAT,LNG`,
      "as in 51.5142,-0.0931",
    );
  };
}

/** Refuses an option that was given twice where one value is meant. */
export function once(name: string) {
  return (value: string | string[]): string => {
    if (Array.isArray(value)) throw usageError(`--${name} was given more than once`);
    return value;
  };
}

/**
 * Refuses what SQLite takes for something else than a file: data in memory, and addresses; and names
 * with blanks at an end, which its binding cuts off: two names were one file.
 */
export function databaseFile(value: string | string[]): string {
  const file = once("db")(value);
  if (file !== "" && file === file.trim() && !/^(:memory:|file:)/i.test(file)) return file;
  throw usageError(`--db '${file}' is not a file; name one, as in --db ukpolice.db`);
}

/** Ids that may be given one by one or separated by commas, and at least one. */
export function listOf(name: string) {
  return (values: string[]): string[] => {
    const ids = values
      .flatMap((value) => value.split(","))
      .map((id) => id.trim())
      .filter((id) => id !== "");
    if (ids.length > 0) return ids;
    throw usageError(`--${name} names nothing; name at least one, or leave it out for all`);
  };
}

/** Kinds of records, given one by one or separated by commas. */
export function kindsOf(name: string) {
  return (values: string[]): Kind[] => {
    const found = listOf(name)(values);
    const wrong = found.find((value) => !isKind(value));
    if (wrong !== undefined) {
      const all = KINDS.join(",");
      throw usageError(
        `--${name} ${wrong} is no kind of record; write it as --${name} ${all}, or some of these`,
      );
    }
    return KINDS.filter((kind) => found.includes(kind));
  };
}

function isKind(value: string): value is Kind {
  return KINDS.some((kind) => kind === value);
}

/** How many of the newest months are meant: an option that stands alone, or says `all`, means every one. */
export function newestOf(name: string) {
  return (value: string | string[] | undefined): number | undefined => {
    if (value === undefined) return undefined;
    const text = once(name)(value);
    if (text === "" || text === "all") return Infinity;
    const count = Number(text);
    if (Number.isInteger(count) && count > 0) return count;
    throw usageError(`--${name} ${text} is not how many months; write --${name}, or --${name} 3`);
  };
}

/** Refuses an option with a value of blanks alone, which the parser takes for 0, or leaves out. */
export function refuseBlank(args: readonly string[], options: Record<string, Options>): void {
  const isMeant = (word: string) => {
    const name = word.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    return Object.entries(options).some(
      ([own, { alias, requiresArg }]) => requiresArg === true && (own === name || alias === name),
    );
  };
  const end = args.indexOf("--");
  for (const [index, word] of (end < 0 ? args : args.slice(0, end)).entries()) {
    const [, name = "", given = args[index + 1]] = /^--?([\w-]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (given?.trim() !== "" || !isMeant(name)) continue;
    throw usageError(`--${name} is given nothing`, "give it a value");
  }
}
