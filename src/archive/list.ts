import { stat } from "node:fs/promises";
import { basename, relative } from "node:path";
import { usageError } from "../errors.ts";
import { plural, printable } from "../text.ts";
import type { Month } from "../types.ts";
import { isZipName, looksMeant, parseFileName, releaseOfZip } from "./file-name.ts";
import type { Named } from "./file-name.ts";
import { walkFolder } from "./folder.ts";
import { describeSystemError, NO_FILE, Unreadable } from "./found-file.ts";
import type { BadInput, FoundFile } from "./found-file.ts";
import { listMembers } from "./zip.ts";
import type { Listed } from "./zip.ts";

/** What there is: of the archive; bad; and CSV files and zips of folders that are none of it. */
export type Found = { files: FoundFile[]; bad: BadInput[]; strays: string[] };
type Sorted = Omit<Found, "strays">;
type Unreleased = Omit<FoundFile, "release">;
type Options = { release?: Month | undefined };

/** More strange names than these in one zip or folder are counted. */
const MOST_STRANGE = 10;
const STRANGE = "is not of the archive: its name has no month, force and kind";

/**
 * Finds the files of the archive in zips, in folders however nested, and among loose CSV files, with
 * what is bad by name. What is there without being meant, as a README, is left out. A path that does
 * not exist is wrong usage.
 */
export async function listArchiveFiles(
  paths: readonly string[],
  options: Options = {},
): Promise<Found> {
  for (const path of paths) await checkExists(path);
  const found: Found = { files: [], bad: [], strays: [] };
  for (const path of paths) {
    const { files, bad, strays } = await listPath(path);
    found.strays.push(...strays);
    found.files.push(
      ...files.map((file) => ({ ...file, release: options.release ?? file.release })),
    );
    found.bad.push(...shorten(bad));
  }
  return found;
}

async function checkExists(path: string): Promise<void> {
  if (path === "")
    throw usageError("standard input is not read", "name zips, folders or CSV files");
  try {
    await stat(path);
  } catch (error) {
    const reason = describeSystemError(error);
    if (reason === undefined) throw error;
    throw usageError(
      `${path} ${reason}`,
      "name zips of the archive, folders or CSV files that are there",
    );
  }
}

async function listPath(path: string): Promise<Found> {
  const isFolder = (await stat(path)).isDirectory();
  const walked = await walkFolder(path);
  const found: Found = { files: [], bad: walked.bad, strays: [] };
  if (!isFolder && walked.files.length === 0 && walked.bad.length === 0) {
    found.bad.push({ name: printable(path), reason: NO_FILE });
    return found;
  }
  const loose: Unreleased[] = [];
  for (const { path: file, bytes } of walked.files) {
    const named = parseFileName(file);
    const within = isFolder ? relative(path, file) : basename(file);
    if (named !== undefined) loose.push(describeLoose(file, named, bytes));
    else if (isFolder && !looksMeant(within)) continue;
    else if (isZipName(file) || !looksMeant(within)) merge(found, await listZip(file));
    else if (isFolder) found.strays.push(printable(within));
    else found.bad.push({ name: printable(file), reason: STRANGE });
  }
  merge(found, { files: release(loose, newestOf(loose)), bad: [] });
  return found;
}

/** Names what is strange up to a number, and counts the rest. */
function shorten(bad: readonly BadInput[]): BadInput[] {
  const strange = bad.filter(({ reason }) => reason === STRANGE);
  if (strange.length <= MOST_STRANGE) return [...bad];
  const more = new Set(strange.slice(MOST_STRANGE));
  const name = strange[MOST_STRANGE]?.name ?? "";
  const others = plural(more.size - 1, "other file");
  const kept = bad.filter((one) => !more.has(one));
  return [...kept, { name, reason: `${STRANGE}; nor are ${others}` }];
}

function merge(found: Found, { files, bad }: Sorted): void {
  for (const file of files) found.files.push(file);
  for (const one of bad) found.bad.push(one);
}

function describeLoose(path: string, named: Named, packedBytes: number): Unreleased {
  return {
    ...named,
    name: printable(path),
    packedBytes,
    bytes: /\.gz$/i.test(path) ? null : packedBytes,
    from: { path, member: null },
  };
}

async function listZip(path: string): Promise<Sorted> {
  try {
    const found = sortMembers(path, await listMembers(path));
    return { ...found, files: release(found.files, releaseOfZip(path) ?? newestOf(found.files)) };
  } catch (error) {
    const reason = error instanceof Unreadable ? error.message : describeSystemError(error);
    if (reason === undefined) throw error;
    return { files: [], bad: [{ name: printable(path), reason }] };
  }
}

function sortMembers(path: string, listed: readonly Listed[]) {
  const files: Unreleased[] = [];
  const bad: BadInput[] = [];
  const twice = findTwice(listed);
  for (const { name, member, fault } of listed) {
    const label = `${printable(path)}: ${printable(name)}`;
    const named = parseFileName(name);
    if (named === undefined && !looksMeant(name)) continue;
    const reason = fault ?? describeMember(name, named, twice);
    if (reason !== null || named === undefined)
      bad.push({ name: label, reason: reason ?? STRANGE });
    else {
      const { packedBytes, bytes } = member;
      files.push({ ...named, name: label, packedBytes, bytes, from: { path, member } });
    }
  }
  return { files, bad };
}

function describeMember(name: string, named: Named | undefined, twice: ReadonlySet<string>) {
  if (isZipName(name)) return "is a zip in a zip: unpack it, and name the one within";
  if (named === undefined) return STRANGE;
  return twice.has(cellOf(named))
    ? "is there twice in its zip, and none says which is right"
    : null;
}

function findTwice(listed: readonly Listed[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { name } of listed) {
    const named = parseFileName(name);
    if (named === undefined) continue;
    const cell = cellOf(named);
    if (seen.has(cell)) twice.add(cell);
    seen.add(cell);
  }
  return twice;
}

function cellOf({ month, forceId, kind }: Named): string {
  return `${month} ${forceId} ${kind}`;
}

function newestOf(files: readonly Unreleased[]): Month {
  return files.reduce((newest, { month }) => (month > newest ? month : newest), "");
}

function release(files: readonly Unreleased[], month: Month): FoundFile[] {
  return files.map((file) => ({ ...file, release: month }));
}
