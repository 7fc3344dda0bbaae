import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { printable } from "../text.ts";
import { parseFileName } from "./file-name.ts";
import { describeSystemError, NO_FILE } from "./found-file.ts";
import type { BadInput } from "./found-file.ts";

export type Walked = { files: { path: string; bytes: number }[]; bad: BadInput[] };

/**
 * Finds the regular files of a folder, however nested, in the order of their names. Links are
 * followed, and each folder and file is visited once; pipes, sockets and devices are left out, and
 * named where they have the name of a file of the archive.
 */
export async function walkFolder(folder: string): Promise<Walked> {
  const walked: Walked = { files: [], bad: [] };
  const seen = new Set<string>();
  const rest = [folder];
  for (let path = rest.pop(); path !== undefined; path = rest.pop()) {
    try {
      rest.push(...(await visit(path, { seen, walked })).toReversed());
    } catch (error) {
      const reason = describeSystemError(error);
      if (reason === undefined) throw error;
      walked.bad.push({ name: printable(path), reason });
    }
  }
  return walked;
}

type Walk = { seen: Set<string>; walked: Walked };

/** Returns what there is to visit within. */
async function visit(path: string, { seen, walked }: Walk): Promise<string[]> {
  const found = await stat(path);
  if (!found.isFile() && !found.isDirectory()) {
    if (parseFileName(path) !== undefined)
      walked.bad.push({ name: printable(path), reason: NO_FILE });
    return [];
  }
  const real = await realpath(path);
  if (seen.has(real)) return [];
  seen.add(real);
  if (found.isFile()) {
    walked.files.push({ path, bytes: found.size });
    return [];
  }
  return (await readdir(path)).toSorted().map((name) => join(path, name));
}
