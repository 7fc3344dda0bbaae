import { isAscii, isUtf8 } from "node:buffer";
import { Unreadable } from "./found-file.ts";

/** The longest row of the archive has some 500 bytes. */
const MOST_LINE_BYTES = 16 * 2 ** 10;
const NEWLINE = 10;
/** A line feed, and a blank line with a carriage return. */
const BLANK_END_BYTES = 3;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** Whole lines, each ended by a line feed alone; `line` is the number of the first, from 1. */
export type Block = { text: string; line: number; count: number };

/**
 * Cuts bytes into blocks of whole lines of text. Throws an Unreadable, with the line's number, where a
 * line has no end, is no UTF-8, or holds NUL bytes, and where the last one was cut off. One blank
 * line at the end is no line; where the end is sure, the last line may lack its line feed.
 */
export async function* readLines(
  chunks: AsyncIterable<Buffer>,
  isEndSure = false,
): AsyncGenerator<Block> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  let line = 1;
  for await (const chunk of mendEnd(chunks, isEndSure)) {
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    const tail = chunk.subarray(end);
    if (end === 0) {
      rest.push(tail);
      restBytes += tail.length;
    } else {
      const block = toBlock(Buffer.concat([...rest, chunk.subarray(0, end)]), line);
      line += block.count;
      rest = [tail];
      restBytes = tail.length;
      yield block;
    }
    if (restBytes > MOST_LINE_BYTES) throw tooLong(line);
  }
  if (restBytes === 0) return;
  // A row that was cut in its last column could be taken for a whole one.
  throw new Unreadable(`is cut off: its last line (${line}) has no end`);
}

/** Passes bytes on, but for the last few, which tell how the file ends. */
async function* mendEnd(chunks: AsyncIterable<Buffer>, isEndSure: boolean): AsyncGenerator<Buffer> {
  let tail: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = tail.length === 0 ? chunk : Buffer.concat([tail, chunk]);
    const kept = Math.max(0, bytes.length - BLANK_END_BYTES);
    tail = bytes.subarray(kept);
    if (kept > 0) yield bytes.subarray(0, kept);
  }
  const end = tail.toString("latin1");
  const blank = /\n(\r?\n)$/.exec(end)?.[1]?.length ?? 0;
  if (end !== "") yield tail.subarray(0, tail.length - blank);
  if (isEndSure && end !== "" && !end.endsWith("\n")) yield Buffer.from("\n");
}

function toBlock(bytes: Buffer, line: number): Block {
  const own =
    line === 1 && bytes.subarray(0, BOM.length).equals(BOM) ? bytes.subarray(BOM.length) : bytes;
  const count = countLines(own, line);
  const nul = own.indexOf(0);
  if (nul >= 0) throw new Unreadable(`has a NUL byte in line ${line + linesBefore(own, nul)}`);
  const ascii = isAscii(own);
  if (!ascii && !isUtf8(own)) {
    const at = line + findNotUtf8(own);
    throw new Unreadable(
      `is not UTF-8, see line ${at}: it may be Latin-1; convert it, or take it anew`,
    );
  }
  const text = own.toString(ascii ? "latin1" : "utf8");
  return { text: text.includes("\r") ? text.replaceAll("\r\n", "\n") : text, line, count };
}

function countLines(bytes: Buffer, line: number): number {
  let count = 0;
  for (let at = 0; at < bytes.length; count += 1) {
    const end = bytes.indexOf(NEWLINE, at);
    if (end - at > MOST_LINE_BYTES) throw tooLong(line + count);
    at = end + 1;
  }
  return count;
}

function tooLong(line: number): Unreadable {
  return new Unreadable(`has a line (${line}) of more than ${MOST_LINE_BYTES} bytes`);
}

function linesBefore(bytes: Buffer, at: number): number {
  let count = 0;
  for (let next = bytes.indexOf(NEWLINE); next >= 0 && next < at; count += 1) {
    next = bytes.indexOf(NEWLINE, next + 1);
  }
  return count;
}

function findNotUtf8(bytes: Buffer): number {
  let count = 0;
  for (let at = 0; at < bytes.length; count += 1) {
    const end = bytes.indexOf(NEWLINE, at) + 1;
    if (!isUtf8(bytes.subarray(at, end))) break;
    at = end;
  }
  return count;
}
