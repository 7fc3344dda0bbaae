import { basename } from "node:path";
import { isMonth } from "../months.ts";
import type { ArchiveFile, Kind } from "../types.ts";

/** What the name of a file of the archive says. */
export type Named = Omit<ArchiveFile, "release">;

/** How the archive calls each kind in the names of its files. */
const WORDS = {
  crimes: "street",
  outcomes: "outcomes",
  stops: "stop-and-search",
} satisfies Record<Kind, string>;
const KIND_OF: ReadonlyMap<string, Kind> = new Map([
  [WORDS.crimes, "crimes"],
  [WORDS.outcomes, "outcomes"],
  [WORDS.stops, "stops"],
]);

/** What people add before `.csv`, as in `.later-archive`, is theirs. */
const PATTERN =
  /^(\d{4}-\d{2})-([a-z0-9]{1,40}(?:-[a-z0-9]{1,40}){0,9})-(street|outcomes|stop-and-search)(?:\.[\w-]{1,60}){0,9}\.csv(?:\.gz)?$/i;
/** The oldest month that was ever published. */
const OLDEST = "2010-12";

/** Reads month, force and kind from the name of a file, in any folder; undefined where it has none. */
export function parseFileName(path: string): Named | undefined {
  const [, month = "", forceId = "", word = ""] = PATTERN.exec(basename(path)) ?? [];
  const kind = KIND_OF.get(word.toLowerCase());
  if (kind === undefined || !isMonth(month) || month < OLDEST) return undefined;
  return { month, kind, forceId: forceId.toLowerCase() };
}

/** Whether a file is none of the archive, but looks as if it were meant: what else is there is left alone quietly. */
export function looksMeant(path: string): boolean {
  if (path.split("/").some((part) => part.startsWith(".") || part === "__MACOSX")) return false;
  return /\.(csv|gz|zip)$/i.test(path);
}

/** Whether a file's name is that of a zip. */
export function isZipName(path: string): boolean {
  return /\.zip$/i.test(path);
}

/** The month that a zip of the archive is named after; undefined for another name. */
export function releaseOfZip(path: string): string | undefined {
  const month = basename(path).replace(/\.zip$/i, "");
  return isMonth(month) ? month : undefined;
}
