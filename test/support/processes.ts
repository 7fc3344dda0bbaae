import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";

/** The processes that a process started, and those that they started. Linux alone tells. */
export function listDescendants(pid: number): number[] {
  const parents = listNumbers("/proc").map((one): [number, number] => [one, parentOf(one)]);
  const below = (of: number): number[] =>
    parents.flatMap(([one, parent]) => (parent === of ? [one, ...below(one)] : []));
  return below(pid);
}

/** Bytes of the temporary files that SQLite holds open in a process; it removes their names at once. */
export function sizeOfTemporaryFiles(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  return listNumbers(folder).reduce((sum, fd) => sum + sizeOfTemporary(`${folder}/${fd}`), 0);
}

function sizeOfTemporary(link: string): number {
  return attempt(() => (readlinkSync(link).includes("etilqs_") ? statSync(link).size : 0), 0);
}

function parentOf(pid: number): number {
  const status = attempt(() => readFileSync(`/proc/${pid}/status`, "utf8"), "");
  return Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1] ?? 0);
}

function listNumbers(folder: string): number[] {
  return attempt(() => readdirSync(folder), [])
    .map(Number)
    .filter(Number.isInteger);
}

/** A process may end while it is looked at. */
function attempt<T>(look: () => T, gone: T): T {
  try {
    return look();
  } catch {
    return gone;
  }
}
