import { stat } from "node:fs/promises";
import { join } from "node:path";
import { MANIFEST, readManifest, writeManifest } from "./manifest.ts";
import type { Entry } from "./manifest.ts";
import type { FolderOutlet, Outlet } from "./outlet.ts";

/** A file that is to be in the folder, and of what it is made. */
export type Planned = { path: string; key: string };

/** What is to be done with a folder: the paths to write, and what keeps the others as they are. */
export type Choice = {
  paths: ReadonlySet<string>;
  /** Why all is written; undefined: only what changed is. */
  because: "unknown" | "other options" | undefined;
};

/** The size of a file that is not there, for it would be without records. */
const EMPTY = -1;

/** Keeps account of the files of a folder, so that the next export knows what is there. */
export type Ledger = Outlet & {
  /** Told of all files that are to be there, before the first is written. */
  choose(planned: readonly Planned[]): Promise<Choice>;
  /** A file would be without records, and so is not to be there. */
  skip(path: string): void;
  /** Whether that is known of a file from the last export. */
  isEmpty(path: string): boolean;
  /** All is written: returns the paths that were removed. Rows left out make nothing known. */
  finish(isWhole: boolean): Promise<string[]>;
  /** Removes what has no name yet; safe to call at any end. */
  close(): Promise<void>;
};

export type LedgerOptions = {
  folder: string;
  /** A digest of what else decides on the bytes of a file. */
  options: string;
  /** Write what changed alone, all together, and remove what is gone. */
  changed: boolean;
};

/**
 * Writes files and the manifest that tells of them. The manifest forgets a file before it is
 * touched, and tells of it when it is in place: wherever an export is killed, no file is taken for
 * what it is not, and what is to go is still known.
 */
export function createLedger(
  outlet: FolderOutlet,
  { folder, options, changed }: LedgerOptions,
): Ledger {
  const before = new Map<string, Entry>();
  const after = new Map<string, Entry>();
  const chosen = new Map<string, string>();
  const signal = new AbortController().signal; // A manifest is written to its end.
  const note = (files: Map<string, Entry>) => {
    const text = writeManifest({ options, files: Object.fromEntries(files) });
    return outlet.write(MANIFEST, [text], signal);
  };
  const isEmpty = (files: Map<string, Entry>, path: string) => files.get(path)?.bytes === EMPTY;
  const listGone = () =>
    [...before.keys()].filter(
      (path) => !isEmpty(before, path) && (!after.has(path) || isEmpty(after, path)),
    );
  return {
    async choose(planned) {
      const found = await readManifest(folder);
      for (const [path, entry] of Object.entries(found?.files ?? {})) before.set(path, entry);
      const isSame = changed && found?.options === options;
      for (const { path, key } of planned) {
        const entry = isSame ? before.get(path) : undefined;
        const isKept = entry?.key === key && (await isThere(join(folder, path), entry.bytes));
        after.set(path, isKept ? entry : { key: null, bytes: 0 });
        if (!isKept) chosen.set(path, key);
      }
      const paths = new Set(chosen.keys());
      if (!changed) {
        if (found !== undefined) await forget();
        return { paths, because: undefined };
      }
      if (found === undefined) return { paths, because: "unknown" };
      return { paths, because: isSame ? undefined : "other options" };
    },
    async write(path, chunks, stop) {
      const bytes = await (changed ? outlet.stage : outlet.write)(path, chunks, stop);
      after.set(path, { key: chosen.get(path) ?? null, bytes });
      return bytes;
    },
    skip: (path) => void after.set(path, { key: chosen.get(path) ?? null, bytes: EMPTY }),
    isEmpty: (path) => isEmpty(after, path),
    async finish(isWhole) {
      const gone = changed ? listGone() : [];
      if (changed && chosen.size + gone.length > 0) {
        await forget();
        await outlet.settle();
        for (const path of gone) await outlet.remove(path);
      }
      if (!isWhole) for (const path of chosen.keys()) forgetKey(path);
      await note(after);
      return gone;
    },
    close: outlet.discard,
  };

  /** What is touched from here on may be anything until the end. */
  async function forget(): Promise<void> {
    const unsure = new Map<string, Entry>();
    for (const [path, entry] of before) {
      unsure.set(path, after.has(path) ? entry : { ...entry, key: null });
    }
    for (const path of chosen.keys()) unsure.set(path, { key: null, bytes: 0 });
    await note(unsure);
  }

  function forgetKey(path: string): void {
    after.set(path, { key: null, bytes: 0 });
  }
}

async function isThere(path: string, bytes: number): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (bytes === EMPTY) return found === undefined;
  return found?.isFile() === true && found.size === bytes;
}
