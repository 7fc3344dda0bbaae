import { setImmediate as nextTurn } from "node:timers/promises";
import { databaseError, throwIfStopped, usageError } from "../errors.ts";
import type { ExportReader } from "../store/read/export.ts";
import type { LeftOut } from "../store/sound.ts";
import { suggest } from "../suggest.ts";
import type { Month } from "../types.ts";
import { encode, hasRows } from "./encode.ts";
import type { Format, What } from "./format.ts";
import { findLacks } from "./lacks.ts";
import type { Lack } from "./lacks.ts";
import type { Choice, Ledger } from "./ledger.ts";
import { ClosedStreamError } from "./outlet.ts";
import type { Outlet } from "./outlet.ts";
import { findSlices, planParts } from "./plan.ts";
import type { Found, Part, PlanOptions, Selection } from "./plan.ts";
import { createKeyOf } from "./keys.ts";

/** Rows between two words on progress. */
const STEP = 5000;

export type ExportReporter = {
  /** What is wanted and not complete in the database. */
  lacks(lacks: readonly Lack[]): void;
  /** Records written, of all that are wanted. */
  progress(done: number, total: number): void;
  /** Why all is written, though only what changed was asked for. */
  writesAll(because: NonNullable<Choice["because"]>): void;
};

export type ExportTools = {
  reader: ExportReader;
  outlet: Outlet;
  /** Of the folder that the outlet writes to, where there is one. */
  ledger?: Ledger;
  reporter: ExportReporter;
  signal: AbortSignal;
};

/** What was written of one kind of record. */
export type WrittenFiles = { what: What; files: number; records: number; bytes: number };

export type ExportResult = {
  written: WrittenFiles[];
  /** The oldest and the newest month of which there is something. */
  months: { first: Month; last: Month } | undefined;
  /** Paths of the files that were written, below the folder. */
  paths: string[];
  /** Paths of files that are as they were, for nothing of theirs changed. */
  kept: string[];
  /** Paths of files that an earlier export wrote, and that were removed. */
  removed: string[];
  /** Rows that a crawl cannot have written, and that no file has. */
  leftOut: LeftOut;
};

/**
 * Writes what is wanted of the database, one file after the other. An unknown force or category,
 * and a selection of nothing, are wrong usage; a reader that closes the pipe is not an error.
 */
export async function exportRecords(
  tools: ExportTools,
  selection: Selection,
  options: PlanOptions,
): Promise<ExportResult> {
  const { reader, reporter } = tools;
  checkNames("force", selection.forces, reader.listForces());
  checkNames("category", selection.categories, reader.listCategories());
  const found = findSlices(reader, selection);
  const parts = planParts(reader, selection, { ...options, found });
  checkAnything(reader, selection, found, parts);
  reporter.lacks(findLacks(selection, found, reader.readWanted(selection.forces)));
  const result: ExportResult = {
    written: [],
    months: spanOf(found),
    paths: [],
    kept: [],
    removed: [],
    leftOut: reader.readLeftOut(),
  };
  try {
    const chosen = await choose(tools, parts, result);
    await writeParts(tools, selection, { parts: chosen, format: options.format, result });
    result.leftOut = reader.readLeftOut();
    checkFound(selection, result);
    result.removed = (await tools.ledger?.finish(result.leftOut.rows === 0)) ?? [];
  } catch (error) {
    if (!(error instanceof ClosedStreamError)) throw error;
    result.leftOut = reader.readLeftOut();
  } finally {
    await tools.ledger?.close();
  }
  return result;
}

/** The parts that have to be written: all of them, unless the folder has some as they are. */
async function choose(
  { reader, ledger, reporter }: ExportTools,
  parts: readonly Part[],
  result: ExportResult,
): Promise<readonly Part[]> {
  if (ledger === undefined) return parts;
  const keyOf = createKeyOf(reader);
  const planned = parts.map((part) => ({ path: part.path, key: keyOf(part) }));
  const { paths, because } = await ledger.choose(planned);
  if (because !== undefined) reporter.writesAll(because);
  result.kept = parts.flatMap(({ path }) => (paths.has(path) || ledger.isEmpty(path) ? [] : path));
  return parts.filter(({ path }) => paths.has(path));
}

function checkNames(
  what: "force" | "category",
  names: readonly string[] | undefined,
  known: readonly { id: string }[],
): void {
  const ids = known.map(({ id }) => id);
  const unknown = names?.find((name) => !ids.includes(name));
  if (unknown === undefined) return;
  const hint = ids.length === 0 ? "fill it with: ukpolice crawl" : suggest(unknown, ids);
  throw usageError(`the database knows no ${what} '${unknown}'`, hint);
}

/** Fails when nothing is there; neighbourhoods alone are nothing to who wants records, too. */
function checkAnything(
  reader: ExportReader,
  { whats }: Selection,
  found: readonly Found[],
  parts: readonly Part[],
): void {
  if (found.length === 0 ? parts.length > 0 : found.some(({ slices }) => slices.length > 0)) return;
  const kinds: readonly What[] = found.length === 0 ? whats : found.map(({ kind }) => kind);
  const months = found.flatMap(({ kind }) => reader.listMonths(kind)).sort();
  const isBare = found.length === 0 ? reader.countNeighbourhoods() === 0 : months.length === 0;
  if (isBare) {
    const hint = "ukpolice crawl brings them";
    throw databaseError(`the database holds no ${kinds.join(" and no ")} yet`, { hint });
  }
  const span = `the database holds ${months[0]} to ${months.at(-1)}`;
  throw usageError(
    `the selection is empty: there are no such ${kinds.join(", and no such ")}`,
    months.length === 0 ? "name another force" : span,
  );
}

/** Where records lie is known only when they are read; what is as it was has some. */
function checkFound({ within }: Selection, { paths, kept }: ExportResult): void {
  if (within === undefined || paths.length + kept.length > 0) return;
  throw usageError(
    "the selection is empty: no record that is wanted lies within",
    "look whether latitude and longitude are in the right order",
  );
}

function spanOf(found: readonly Found[]): ExportResult["months"] {
  const months = found.flatMap(({ slices }) => slices.map(({ month }) => month)).sort();
  const [first] = months;
  const last = months.at(-1);
  return first === undefined || last === undefined ? undefined : { first, last };
}

type Writing = { parts: readonly Part[]; format: Format; result: ExportResult };

async function writeParts(
  { reader, outlet, ledger, reporter, signal }: ExportTools,
  selection: Selection,
  { parts, format, result }: Writing,
): Promise<void> {
  const total = parts.reduce((sum, { records }) => sum + records, 0);
  let done = 0;
  for (const part of parts) {
    if (selection.within !== undefined) await nextTurn();
    throwIfStopped(signal);
    if (!hasRows(reader, selection, part)) {
      ledger?.skip(part.path);
      done += part.records;
      continue;
    }
    let records = 0;
    const onRow = (isWritten: boolean) => {
      done += 1;
      if (isWritten) records += 1;
      if (done % STEP === 0) reporter.progress(done, total);
    };
    const chunks = encode(reader, selection, { part, format, onRow });
    const bytes = await outlet.write(part.path, chunks, signal);
    reporter.progress(done, total);
    const tally = tallyOf(result, part.what);
    tally.files += 1;
    tally.records += records;
    tally.bytes += bytes;
    result.paths.push(part.path);
  }
}

function tallyOf({ written }: ExportResult, what: What): WrittenFiles {
  const found = written.find((tally) => tally.what === what);
  if (found !== undefined) return found;
  const tally = { what, files: 0, records: 0, bytes: 0 };
  written.push(tally);
  return tally;
}
