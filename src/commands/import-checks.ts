import type { FoundFile } from "../archive/found-file.ts";
import { usageError } from "../errors.ts";
import { suggest } from "../suggest.ts";
import type { ImportArgs } from "./import-options.ts";

/** Throws (exit 2) where the options name a force of which there is no file, or leave no file at all. */
export function checkWanted(files: readonly FoundFile[], args: ImportArgs): void {
  const { since = "", until = "9999", force = [], what } = args;
  const forces = [...new Set(files.map(({ forceId }) => forceId))].sort();
  const unknown = force.find((id) => !forces.includes(id));
  if (unknown !== undefined)
    throw usageError(`--force ${unknown}: no file is of that force`, suggest(unknown, forces));
  const isWanted = ({ month, kind, forceId }: FoundFile) =>
    month >= since &&
    month <= until &&
    (what?.includes(kind) ?? true) &&
    (force.length === 0 || force.includes(forceId));
  if (files.length === 0 || files.some(isWanted)) return;
  const months = files.map(({ month }) => month).sort();
  throw usageError(
    "the options leave out every file",
    `the files are of ${months[0]} to ${months.at(-1)}; widen --since, --until, --what or --force`,
  );
}
