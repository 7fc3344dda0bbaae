import type { Cover } from "../completeness.ts";
import { throwIfStopped } from "../errors.ts";
import { TRANSPORT_POLICE } from "../police-api.ts";
import type { Compared } from "../store/read/compared.ts";
import {
  readCandidates,
  toComparedCrime,
  toComparedOutcome,
  toComparedStop,
} from "./candidates.ts";
import type { Candidates, ComparedRow } from "./candidates.ts";
import { groupMonths } from "./choose.ts";
import type { Job } from "./choose.ts";
import { BadFileError } from "./found-file.ts";
import type { FoundFile } from "./found-file.ts";
import { Match } from "./match.ts";
import type { CellComparison } from "./match.ts";
import type { ArchiveRows, Kind } from "../types.ts";
import type { ArchiveReader } from "./reader.ts";
import type { ImportReporter } from "./reporter.ts";
import { Tally } from "./tally.ts";
import type { Failure } from "./tally.ts";

export type CompareTools = {
  compared: Compared;
  reader: ArchiveReader;
  reporter: ImportReporter;
  signal: AbortSignal;
};

export type Comparison = {
  /** Oldest month first. */
  cells: CellComparison[];
  /** Files of months and forces that the API brought nothing of. */
  notCompared: number;
  failed: Failure[];
};

/**
 * Compares files with what the API brought of the same months and forces; nothing is written. It
 * holds what identifies the records of one month at a time.
 */
export async function compareFiles(
  tools: CompareTools,
  files: readonly FoundFile[],
  cover: Cover,
): Promise<Comparison> {
  const fitting = files.filter((file) => isComparable(file, cover));
  const cells: CellComparison[] = [];
  const tally = new Tally(fitting.map(toJob), tools.reporter);
  for (const group of groupMonths(fitting)) {
    throwIfStopped(tools.signal);
    cells.push(...(await compareMonth(tools, group, tally)));
  }
  return { cells, notCompared: files.length - fitting.length, failed: tally.failed };
}

/** The transport police has no area of its own: its crimes are in everybody's. */
function isComparable({ month, kind, forceId }: FoundFile, cover: Cover): boolean {
  const isApi = cover.find({ month, kind, forceId })?.source === "api";
  if (isApi || kind === "stops" || forceId !== TRANSPORT_POLICE.id) return isApi;
  return cover.listCells(month, kind).some(({ source }) => source === "api");
}

/** Files of one month and kind: what none of them takes is only the API's. */
async function compareMonth(
  tools: CompareTools,
  files: readonly FoundFile[],
  tally: Tally,
): Promise<CellComparison[]> {
  const { compared, reporter } = tools;
  const taken = new Set<number>();
  const matches: Match[] = [];
  let ofMonth: Candidates | undefined;
  for (const file of files) {
    const { month, kind, forceId, release } = file;
    if (kind === "stops") ofMonth = readCandidates[kind](compared, { month, forceId });
    ofMonth ??= readCandidates[kind](compared, { month, forceId });
    const job = toJob(file);
    tally.begin(job);
    const match = new Match({ month, kind, forceId, release }, ofMonth, taken);
    try {
      await matchRows({ ...tools, tally }, file, match);
      matches.push(match);
      tally.finish(job, []);
    } catch (error) {
      if (!(error instanceof BadFileError)) throw error;
      tally.fail(job, { name: error.file, reason: error.reason });
      reporter.warn(`left out: ${error.message}`);
    }
  }
  return matches.map((match) => match.count());
}

function toJob(file: FoundFile): Job<FoundFile> {
  return { month: file.month, kind: file.kind, replaces: false, files: [file], older: [] };
}

async function matchRows<K extends Kind>(
  { reader, signal, tally }: CompareTools & { tally: Tally },
  file: FoundFile & { kind: K },
  match: Match,
): Promise<void> {
  const toCompared: (row: ArchiveRows[K]) => ComparedRow = TO_COMPARED[file.kind];
  for await (const { rows, bytes } of reader.read(file)) {
    throwIfStopped(signal);
    for (const row of rows) match.add(toCompared(row));
    tally.read(rows.length, bytes);
  }
  match.end();
}

const TO_COMPARED: { [K in Kind]: (row: ArchiveRows[K]) => ComparedRow } = {
  crimes: toComparedCrime,
  outcomes: toComparedOutcome,
  stops: toComparedStop,
};
