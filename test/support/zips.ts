import { createWriteStream, readFileSync, writeFileSync } from "node:fs";
import { finished } from "node:stream/promises";
import { ZipFile } from "yazl";

export type ZipMember = { name: string; data: Buffer | string; isStored?: boolean };

/** Writes a zip as any tool would; with ZIP64 where it is asked for. */
export async function writeZip(
  file: string,
  members: readonly ZipMember[],
  { isZip64 = false } = {},
): Promise<string> {
  const zip = new ZipFile();
  for (const { name, data, isStored = false } of members) {
    const options = { compress: !isStored, forceZip64Format: isZip64 };
    zip.addBuffer(Buffer.from(data), name, options);
  }
  zip.end({ forceZip64Format: isZip64, comment: "" });
  await finished(zip.outputStream.pipe(createWriteStream(file)));
  return file;
}

const DIRECTORY_ENTRY = Buffer.from([0x50, 0x4b, 0x01, 0x02]);

/** Changes what the directory of a zip says of a member, at an offset within its entry. */
export function patchEntry(file: string, nth: number, change: (entry: Buffer) => void): void {
  const bytes = readFileSync(file);
  let at = -1;
  for (let index = 0; index <= nth; index += 1) at = bytes.indexOf(DIRECTORY_ENTRY, at + 1);
  if (at < 0) throw new Error(`${file} has no entry ${nth}`);
  change(bytes.subarray(at));
  writeFileSync(file, bytes);
}

/** Replaces a text wherever it stands in a file, by one as long. */
export function patchText(file: string, from: string, to: string): void {
  const text = readFileSync(file, "latin1");
  if (from.length !== to.length || !text.includes(from)) throw new Error(`no ${from} to replace`);
  writeFileSync(file, text.replaceAll(from, to), "latin1");
}
