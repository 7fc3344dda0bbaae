import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import type { FoundFile } from "../../src/archive/found-file.ts";
import { listArchiveFiles } from "../../src/archive/list.ts";
import type { ArchiveReader } from "../../src/archive/reader.ts";
import type { ArchiveRows, Kind } from "../../src/types.ts";
import { createFolder } from "./temp.ts";

/** Real files of the archive. */
export const ARCHIVE = fileURLToPath(new URL("../fixtures/archive", import.meta.url));

/** A real file's text, unpacked. */
export function readArchive(path: string): string {
  const bytes = readFileSync(`${ARCHIVE}/${path}`);
  return (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
}

const STREET =
  "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,Last outcome category,Context";
const STOPS =
  "Type,Date,Part of a policing operation,Policing operation,Latitude,Longitude,Gender,Age range,Self-defined ethnicity,Officer-defined ethnicity,Legislation,Object of search,Outcome,Outcome linked to object of search,Removal of more than just outer clothing";

/** A row of crimes that fits 2024-01 of Kent. */
export const KENT_ROW =
  ",2024-01,Kent Police,Kent Police,0.521001,51.270002,On or near High Street,E01024504,Maidstone 001A,Burglary,,";

/** A file of crimes with these rows. */
export function street(...rows: string[]): string {
  return [STREET, ...rows, ""].join("\n");
}

/** A file of stops with these rows. */
export function stops(...rows: string[]): string {
  return [STOPS, ...rows, ""].join("\n");
}

export type Rows = ArchiveRows[Kind][];

/** All rows of a file, and the force that they name. */
export async function readAll(
  reader: ArchiveReader,
  file: FoundFile,
): Promise<{ rows: Rows; force: string | null }> {
  const rows: Rows = [];
  let force: string | null = null;
  for await (const read of reader.read(file)) {
    rows.push(...read.rows);
    force = read.reportedBy;
  }
  return { rows, force };
}

/** The one file that there is, or the first. */
export async function findOne(path: string): Promise<FoundFile> {
  const { files, bad } = await listArchiveFiles([path]);
  const [file] = files;
  if (file === undefined) throw new Error(`nothing found: ${JSON.stringify(bad)}`);
  return file;
}

/** Writes a loose file of the archive into a folder of its own. */
export function writeLoose(data: string | Buffer, name = "2024-01-kent-street.csv"): string {
  const path = join(createFolder(), name);
  writeFileSync(path, data);
  return path;
}

/** What is wrong with a file, without its name. */
export async function readFault(reader: ArchiveReader, file: FoundFile): Promise<string> {
  const fault = await readAll(reader, file).catch((error: unknown) => error);
  if (!(fault instanceof Error)) throw new Error("it was read");
  return fault.message.replace(`${file.name} `, "");
}
