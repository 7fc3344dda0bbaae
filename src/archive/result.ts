import type { Cover } from "../completeness.ts";
import { listShortfalls } from "../shortfalls.ts";
import type { Shortfall } from "../shortfalls.ts";
import { byKind } from "../types.ts";
import type { Kind, Month } from "../types.ts";
import type { Choice, Why } from "./choose.ts";
import type { FoundFile } from "./found-file.ts";
import type { Failure, Tally } from "./tally.ts";

/** Files of a kind. */
export type KindFiles = {
  files: number;
  /** Oldest first. */
  months: Month[];
  forces: string[];
  /** Oldest first. */
  releases: Month[];
};

export type MonthOfKind = { month: Month; kind: Kind };

/** Why files were left alone, and how many. */
export type SkippedFiles = Record<Why, number> & {
  /** Those that the options leave out. */
  unwanted: number;
  /** The months of the API's that were left alone. */
  months: MonthOfKind[];
};

export type ImportResult = {
  imported: Record<Kind, KindFiles & { rows: number }>;
  /** Files that took the place of an older release, and months that were the API's. */
  replaced: { files: number; months: MonthOfKind[] };
  skipped: SkippedFiles;
  /** What could not be read or done. */
  failed: Failure[];
  /** Of what was imported now: what is there and far too little. */
  shortfalls: Shortfall[];
  /** Records of the API of which the LSOA was found now. */
  located: number;
  /** The newest month up to which last_update.json says that all is there; null: there is none. */
  lastUpdate: Month | null;
};

type Ended = { tally: Tally; choice: Choice<FoundFile>; cover: Cover; located: number };

/** What an import did, but for last_update.json, which it does not know of. */
export function describeImport({
  tally,
  choice,
  cover,
  located,
}: Ended): Omit<ImportResult, "lastUpdate"> {
  return {
    imported: byKind((kind) => ({
      ...describeFiles(tally.imported, kind),
      rows: tally.rows[kind],
    })),
    replaced: { files: tally.replacedFiles, months: tally.replacedMonths.map(toMonth) },
    skipped: describeSkipped(dropTried(choice, tally)),
    failed: [...tally.failed, ...listRefused(choice)],
    shortfalls: listShortfallsOf(tally.imported, cover),
    located,
  };
}

/** Files of a kind, told by what they hold. */
export function describeFiles(files: readonly FoundFile[], kind: Kind): KindFiles {
  const own = files.filter((file) => file.kind === kind);
  return {
    files: own.length,
    months: sortOnce(own.map(({ month }) => month)),
    forces: sortOnce(own.map(({ forceId }) => forceId)),
    releases: sortOnce(own.map(({ release }) => release)),
  };
}

/** Where the newest was bad, older files were tried: they are not skipped. */
function dropTried(choice: Choice<FoundFile>, { imported, failed }: Tally): Choice<FoundFile> {
  const tried = new Set([...imported, ...failed].map(({ name }) => name));
  return { ...choice, skipped: choice.skipped.filter(({ file }) => !tried.has(file.name)) };
}

/** How many files are left alone, and why. */
export function describeSkipped({ skipped, unwanted }: Choice<FoundFile>): SkippedFiles {
  const count = (why: Why) => skipped.filter((one) => one.why === why).length;
  const left = skipped.filter(({ why }) => why === "api").map(({ file }) => file);
  const months = new Map(left.map((file) => [`${file.month} ${file.kind}`, toMonth(file)]));
  return {
    older: count("older"),
    twice: count("twice"),
    done: count("done"),
    api: count("api"),
    unwanted,
    months: [...months.values()],
  };
}

/** Months of the API's that cannot be replaced, as what failed. */
export function listRefused({ refused }: Choice<FoundFile>): Failure[] {
  return refused.map(({ month, kind, reason }) => ({ name: `${kind} of ${month}`, reason }));
}

function listShortfallsOf(imported: readonly FoundFile[], cover: Cover): Shortfall[] {
  const keyOf = ({ month, kind, forceId }: MonthOfKind & { forceId: string }) =>
    `${month} ${kind} ${forceId}`;
  const keys = new Set(imported.map(keyOf));
  return listShortfalls(cover.listAll()).filter((shortfall) => keys.has(keyOf(shortfall)));
}

function toMonth({ month, kind }: MonthOfKind): MonthOfKind {
  return { month, kind };
}

function sortOnce(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
