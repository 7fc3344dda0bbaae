import type { FileHandle } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { crc32, createGunzip, createInflateRaw } from "node:zlib";
import type { Gunzip, InflateRaw } from "node:zlib";
import { formatBytes } from "../text.ts";
import { Unreadable } from "./found-file.ts";
import type { FoundFile, Member } from "./found-file.ts";
import { findData, openRegular, openZip } from "./zip.ts";

/** How much is read at once, packed and unpacked. */
const READ_BYTES = 64 * 2 ** 10;
const CHUNK_BYTES = 256 * 2 ** 10;
/** The largest files of the archive have some 30 MB. */
const MOST_BYTES = 256 * 2 ** 20;
const GZIP = [0x1f, 0x8b];
const ZIP = [0x50, 0x4b, 0x03, 0x04];

type Chunks = AsyncIterable<Buffer>;

/** Is told how many packed bytes were read. */
export type OnRead = (bytes: number) => void;

/**
 * Reads the bytes of a file's CSV, from a zip or a folder, unpacked where they are packed, a chunk at
 * a time. Whatever is damaged, cut off, or larger than its zip says or than a file can be, is thrown
 * as an Unreadable: what came before it may be part of it.
 */
export async function* unpack({ from }: Pick<FoundFile, "from">, onRead: OnRead): Chunks {
  const { path, member } = from;
  if (member === null) {
    const handle = await openRegular(path);
    try {
      yield* bound(unzipText(readRange(handle, { start: 0, end: Infinity }, onRead)));
    } finally {
      await handle.close();
    }
    return;
  }
  const { zip, handle } = await openZip(path);
  try {
    const start = await findData(zip, member);
    const packed = readRange(handle, { start, end: start + member.packedBytes }, onRead);
    const bytes = member.isDeflated
      ? inflate(packed, createInflateRaw({ chunkSize: CHUNK_BYTES }))
      : packed;
    yield* bound(unzipText(checkMember(bytes, member)));
  } finally {
    await handle.close();
  }
}

async function* readRange(
  handle: FileHandle,
  { start, end }: { start: number; end: number },
  onRead: OnRead,
): AsyncGenerator<Buffer> {
  for (let at = start; at < end;) {
    const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, end - at));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    onRead(bytesRead);
    yield buffer.subarray(0, bytesRead);
  }
}

async function* inflate(packed: Chunks, inflater: InflateRaw | Gunzip): AsyncGenerator<Buffer> {
  const fed = pipeline(packed, inflater);
  fed.catch(() => {}); // what fails there fails the loop, too
  try {
    yield* inflater;
  } catch (error) {
    throw explainZlib(error);
  }
}

function explainZlib(error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (typeof code !== "string" || !code.startsWith("Z_")) return error;
  if (code === "Z_BUF_ERROR") return new Unreadable("is cut off", { cause: error });
  return new Unreadable("is damaged: it cannot be unpacked", { cause: error });
}

/** Compares what comes with what the zip's directory says of it. */
async function* checkMember(chunks: Chunks, { bytes, crc }: Member): AsyncGenerator<Buffer> {
  let count = 0;
  let sum = 0;
  for await (const chunk of chunks) {
    count += chunk.length;
    if (count > bytes) throw new Unreadable(`holds more than the ${bytes} bytes that its zip says`);
    sum = crc32(chunk, sum);
    yield chunk;
  }
  if (count < bytes) throw new Unreadable(`is cut off: ${count} of ${bytes} bytes are there`);
  if (sum !== crc) throw new Unreadable("is damaged: its checksum (CRC) is wrong");
}

/** Unpacks what is gzipped, whatever its name says. */
async function* unzipText(chunks: Chunks): AsyncGenerator<Buffer> {
  const source = chunks[Symbol.asyncIterator]();
  try {
    const first = await source.next();
    if (first.done === true) return;
    if (startsWith(first.value, ZIP)) throw new Unreadable("is a zip, though its name says CSV");
    const all = chain(first.value, source);
    if (!startsWith(first.value, GZIP)) yield* all;
    else yield* inflate(all, createGunzip({ chunkSize: CHUNK_BYTES }));
  } finally {
    await source.return?.();
  }
}

async function* chain(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* { [Symbol.asyncIterator]: () => rest };
}

function startsWith(chunk: Buffer, start: readonly number[]): boolean {
  return chunk.subarray(0, start.length).equals(Buffer.from(start));
}

async function* bound(chunks: Chunks): AsyncGenerator<Buffer> {
  let count = 0;
  for await (const chunk of chunks) {
    count += chunk.length;
    if (count > MOST_BYTES) {
      throw new Unreadable(`is larger than ${formatBytes(MOST_BYTES)}: no file of the archive is`);
    }
    yield chunk;
  }
}
