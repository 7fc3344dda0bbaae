import { constants } from "node:fs";
import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import * as yauzl from "yauzl";
import { printable } from "../text.ts";
import { Unreadable } from "./found-file.ts";
import type { Member } from "./found-file.ts";

/** The largest zip of the archive has some 10,000 members. */
const MOST_MEMBERS = 100_000;
const STORED = 0;
const DEFLATED = 8;
/** What a file begins with that a zip's own reader expects at its start. */
const ZIP_START = [0x50, 0x4b, 0x03, 0x04];

/** A member by its name, and why it cannot be read, if so. */
export type Listed = { name: string; member: Member; fault: string | null };

/**
 * Lists the members of a zip from its central directory, folders left out. Throws an Unreadable where
 * the directory itself cannot be read; what is wrong with one member is told with it.
 */
export async function listMembers(path: string): Promise<Listed[]> {
  const { zip, handle } = await openZip(path);
  try {
    if (zip.entryCount > MOST_MEMBERS) {
      throw new Unreadable(
        `says that it holds ${zip.entryCount} files: no zip of the archive does`,
      );
    }
    const listed: Listed[] = [];
    for await (const entry of eachEntry(zip)) {
      const name = nameOf(entry);
      if (!name.endsWith("/")) listed.push(describeEntry(entry, name));
    }
    return nameOverlaps(listed);
  } finally {
    await handle.close();
  }
}

async function* eachEntry(zip: yauzl.ZipFile): AsyncGenerator<yauzl.Entry> {
  try {
    yield* zip.eachEntry();
  } catch (error) {
    throw damaged(error);
  }
}

/** Opens a zip; what it is opened with has to be closed. A pipe is refused, and not waited for. */
export async function openZip(path: string): Promise<{ zip: yauzl.ZipFile; handle: FileHandle }> {
  const handle = await openRegular(path);
  try {
    // Names are decoded here: the library would give the whole zip up for a name that climbs out.
    const options = { autoClose: false, lazyEntries: true, decodeStrings: false };
    return { zip: await yauzl.fromFdPromise(handle.fd, options), handle };
  } catch (error) {
    const isCut = await startsAsZip(handle);
    await handle.close();
    if (isCut) throw new Unreadable("is cut off or damaged: its directory cannot be read");
    throw new Unreadable("is not a zip", { cause: error });
  }
}

/** Opens a file without waiting for whoever might write to a pipe; throws where it is no regular file. */
export async function openRegular(path: string): Promise<FileHandle> {
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw new Unreadable("is not a regular file");
}

async function startsAsZip(handle: FileHandle): Promise<boolean> {
  const start = Buffer.alloc(ZIP_START.length);
  await handle.read(start, 0, start.length, 0);
  return start.equals(Buffer.from(ZIP_START));
}

/** Where the packed bytes of a member begin: its own header stands before them. */
export async function findData(zip: yauzl.ZipFile, member: Member): Promise<number> {
  const entry = Object.assign(new yauzl.Entry(), {
    relativeOffsetOfLocalHeader: member.offset,
    compressedSize: member.packedBytes,
  });
  try {
    const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
    return fileDataStart;
  } catch (error) {
    throw damaged(error);
  }
}

function damaged(error: unknown): Unreadable {
  const message = error instanceof Error ? printable(error.message) : String(error);
  return new Unreadable(`is damaged: ${message}`, { cause: error });
}

function nameOf(entry: yauzl.Entry): string {
  const { generalPurposeBitFlag, fileNameRaw, extraFields } = entry;
  return yauzl.getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false);
}

function describeEntry(entry: yauzl.Entry, name: string): Listed {
  const member: Member = {
    offset: entry.relativeOffsetOfLocalHeader,
    packedBytes: entry.compressedSize,
    bytes: entry.uncompressedSize,
    crc: entry.crc32,
    isDeflated: entry.compressionMethod === DEFLATED,
  };
  return { name, member, fault: findFault(entry, name) };
}

function findFault(entry: yauzl.Entry, name: string): string | null {
  const { compressionMethod: method } = entry;
  if (yauzl.validateFileName(name) !== null) return "has a name that climbs out of its folder";
  if (entry.isEncrypted()) return "is encrypted";
  if (method === STORED || method === DEFLATED) return null;
  return `is packed by method ${method}, which cannot be read: zips of the archive use deflate`;
}

/** Members that share bytes are how a small zip holds more than any disk. */
function nameOverlaps(listed: readonly Listed[]): Listed[] {
  let end = 0;
  const overlapping = new Set<Listed>();
  for (const one of listed.toSorted((a, b) => a.member.offset - b.member.offset)) {
    const { offset, packedBytes } = one.member;
    if (offset < end) overlapping.add(one);
    end = Math.max(end, offset + packedBytes);
  }
  return listed.map((one) =>
    overlapping.has(one)
      ? { ...one, fault: one.fault ?? "shares its bytes with another file" }
      : one,
  );
}
