import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "@badrap/valita";

/** What an export notes of itself in its folder; readers of data leave out what begins with a dot. */
export const MANIFEST = ".ukpolice-export.json";

/** A file of ours that is there: of what it was made, and its size; null: it may be anything. */
export type Entry = { key: string | null; bytes: number };

/** The files of an export that are in its folder, by their path, and by which options they are made. */
export type Manifest = { options: string; files: Record<string, Entry> };

/** The paths that exports choose, and no others: what is named here may be removed. */
const PATH = /^(?:[\w=%-][\w=%.-]*\/)*[\w%-]+\.(?:csv|geojson|geojsonl|parquet)$/;

const FORM = v.object({
  options: v.string(),
  files: v
    .record(v.object({ key: v.union(v.string(), v.null()), bytes: v.number() }))
    .assert((files) => Object.keys(files).every((path) => PATH.test(path))),
});

/** Reads what the last export noted in a folder; undefined where there is nothing to go by. */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  const text = await readFile(join(folder, MANIFEST), "utf8").catch(() => undefined);
  return text === undefined ? undefined : parse(text);
}

function parse(text: string): Manifest | undefined {
  try {
    const found = FORM.try(JSON.parse(text));
    return found.ok ? found.value : undefined;
  } catch {
    return undefined; // Cut off, or of someone else: all is written anew.
  }
}

/** The text of a manifest. */
export function writeManifest(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 1)}\n`;
}
