import type { Cover } from "../completeness.ts";
import { formatCount, plural } from "../text.ts";
import type { FoundFile } from "./found-file.ts";

/** A file with so small a share of what an older release had is published in part. */
const SHARE = 0.1;
/** Of fewer rows, or bytes of CSV, a share tells nothing. */
const ENOUGH = { rows: 100, bytes: 20_000 };

type Before = {
  /** What was there before. */
  cover: Cover;
  /** The other files that were given of the force's month, the newest first. */
  older: readonly FoundFile[];
};

/**
 * Why a file is not believed: it has next to nothing, where an older release of the same month that
 * is here, or was given, has much. Undefined: it is.
 */
export function findDoubt(
  file: FoundFile,
  rows: number,
  { cover, older }: Before,
): string | undefined {
  const cell = cover.find(file);
  const there = cell?.source === "archive" ? cell.records : 0;
  const few = `has ${rows === 0 ? "no row" : `only ${plural(rows, "row")}`}`;
  const advice = "it is not believed; --replace takes it all the same";
  if (there >= ENOUGH.rows && rows < there * SHARE)
    return `${few}, where ${formatCount(there)} are here of an older release: ${advice}`;
  const [next] = older;
  const large = next?.bytes ?? 0;
  if (file.bytes === null || large < ENOUGH.bytes || file.bytes >= large * SHARE) return undefined;
  return `${few}, where the file before it, ${next?.name}, is ten times as large: ${advice}`;
}
