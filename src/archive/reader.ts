import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { throwIfStopped } from "../errors.ts";
import type { Boundary } from "../geo/locate.ts";
import type { ArchiveRows, Kind } from "../types.ts";
import { createUnpacker } from "./batch.ts";
import { BadFileError } from "./found-file.ts";
import type { FoundFile } from "./found-file.ts";
import type { Order, Report, SentBoundary, ThreadData } from "./reader-thread.ts";

/** The thread stands beside this file, built or not. */
const THREAD = new URL(`reader-thread${extname(import.meta.url)}`, import.meta.url);
/** How many batches, of some 1,200 rows, are read ahead. */
const AHEAD = 8;
/** Of the thread, for a file that no force ever published. */
const MOST_MEGABYTES = 384;

/** Rows in their order; the packed bytes of the file that were read so far; the force they name. */
export type RowsRead<K extends Kind> = {
  rows: ArchiveRows[K][];
  bytes: number;
  reportedBy: string | null;
};

export type ArchiveReader = ReturnType<typeof createReader>;

type Options = { boundaries: readonly Boundary[]; signal: AbortSignal };
/** What came of a file and was not taken yet. */
type Reading = { id: number; file: FoundFile; reports: Report[]; wake: () => void };

/**
 * Reads files of the archive in a thread of its own, ahead of whoever takes their rows: the rest of
 * the file, and then the beginning of the `next` one.
 */
export function createReader({ boundaries, signal }: Options) {
  const readings = new Map<number, Reading>();
  let asked = 0;
  let crash: unknown;
  const worker = startThread(boundaries);
  const order = (message: Order) => worker.postMessage(message);
  const wakeAll = () => {
    for (const { wake } of readings.values()) wake();
  };
  worker.on("message", (report: Report) => {
    const reading = readings.get(report.id);
    reading?.reports.push(report);
    reading?.wake();
    if (reading === undefined && report.is === "batch") order({ do: "taken" });
  });
  worker.on("error", (error: unknown) => {
    crash = error;
    wakeAll();
  });
  signal.addEventListener("abort", wakeAll, { once: true });

  const begin = (file: FoundFile): Reading => {
    const begun = [...readings.values()].find((reading) => reading.file === file);
    if (begun !== undefined) return begun;
    asked += 1;
    const reading = { id: asked, file, reports: [], wake: () => {} };
    readings.set(asked, reading);
    order({ do: "read", id: asked, file });
    return reading;
  };
  const drop = (reading: Reading) => {
    if (!readings.delete(reading.id)) return;
    order({ do: "drop", id: reading.id });
    for (const { is } of reading.reports) if (is === "batch") order({ do: "taken" });
  };
  const take = async (reading: Reading): Promise<Report> => {
    for (;;) {
      throwIfStopped(signal);
      if (crash !== undefined) throw crash;
      const report = reading.reports.shift();
      if (report !== undefined) return report;
      await new Promise<void>((resolve) => (reading.wake = resolve));
    }
  };

  return {
    /**
     * Reads the rows of a file, a batch at a time; one without rows is a batch of none. Throws a
     * BadFileError where it cannot be read or a row of it does not fit; then others still can be.
     */
    async *read<K extends Kind>(
      file: FoundFile & { kind: K },
      next?: FoundFile,
    ): AsyncGenerator<RowsRead<K>> {
      for (const reading of readings.values()) if (reading.file !== file) drop(reading);
      const reading = begin(file);
      if (next !== undefined) begin(next);
      const toRows = createUnpacker<K>(file.kind);
      try {
        for (;;) {
          const report = await take(reading);
          if (report.is !== "batch") readings.delete(reading.id); // it is read, and needs no drop
          if (report.is === "end") return;
          if (report.is === "bad") throw new BadFileError(file.name, report.reason);
          if (report.is === "failed") throw report.error;
          order({ do: "taken" });
          const { batch, bytes, reportedBy } = report;
          yield { rows: toRows(batch), bytes, reportedBy };
        }
      } finally {
        drop(reading);
      }
    },
    /** Ends the thread, whatever it is in the midst of. */
    async close(): Promise<void> {
      signal.removeEventListener("abort", wakeAll);
      await worker.terminate();
    },
  };
}

function startThread(boundaries: readonly Boundary[]): Worker {
  const sent = boundaries.map(({ forceId, neighbourhoodId, ring }): SentBoundary => {
    const degrees = Float64Array.from(
      ring.flatMap(({ latitude, longitude }) => [latitude, longitude]),
    );
    return { forceId, neighbourhoodId, degrees };
  });
  const workerData: ThreadData = { boundaries: sent, ahead: AHEAD };
  return new Worker(THREAD, {
    workerData,
    transferList: sent.map(({ degrees }) => degrees.buffer),
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEGABYTES },
  });
}
