/** The thread that reads the archive's files, ahead of whoever inserts their rows: see reader.ts. */
import { parentPort, workerData } from "node:worker_threads";
import { createLocator } from "../geo/locate.ts";
import type { Area, Point } from "../types.ts";
import { describeSystemError, Unreadable } from "./found-file.ts";
import type { FoundFile } from "./found-file.ts";
import { readRows } from "./rows.ts";
import type { Read } from "./rows.ts";
import { createSpot } from "./spot.ts";

/** A boundary, its degrees in turn: latitude, longitude. */
export type SentBoundary = Area & { degrees: Float64Array<ArrayBuffer> };
export type ThreadData = { boundaries: readonly SentBoundary[]; ahead: number };

/** `taken` gives back the room of one batch. */
export type Order =
  | { do: "read"; id: number; file: FoundFile }
  | { do: "drop"; id: number }
  | { do: "taken" };

/** `failed` is a bug; a file that cannot be read is `bad`. */
export type Report =
  | ({ is: "batch"; id: number } & Read)
  | { is: "end"; id: number }
  | { is: "bad"; id: number; reason: string }
  | { is: "failed"; id: number; error: unknown };

const { boundaries, ahead }: ThreadData = workerData;
const spot = createSpot(createLocator(boundaries.map(toBoundary)));
const dropped = new Set<number>();
let room = ahead;
let wake = (): void => {};
let last = Promise.resolve();

parentPort?.on("message", (order: Order) => {
  if (order.do === "taken") room += 1;
  if (order.do === "drop") dropped.add(order.id);
  if (order.do !== "read") return wake();
  last = last.then(() => read(order.id, order.file));
});

async function read(id: number, file: FoundFile): Promise<void> {
  try {
    for await (const found of readRows(file, spot)) {
      while (room === 0 && !dropped.has(id)) {
        await new Promise<void>((resolve) => (wake = resolve));
      }
      if (dropped.delete(id)) return;
      room -= 1;
      tell({ is: "batch", id, ...found });
    }
    tell({ is: "end", id });
  } catch (error) {
    const reason = error instanceof Unreadable ? error.message : describeSystemError(error);
    if (reason === undefined) tell({ is: "failed", id, error });
    else tell({ is: "bad", id, reason });
  }
}

function tell(report: Report): void {
  parentPort?.postMessage(report);
}

function toBoundary({ forceId, neighbourhoodId, degrees }: SentBoundary) {
  const ring: Point[] = [];
  for (let at = 0; at < degrees.length; at += 2) {
    ring.push({ latitude: degrees[at] ?? 0, longitude: degrees[at + 1] ?? 0 });
  }
  return { forceId, neighbourhoodId, ring };
}
