import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createReader } from "../../src/archive/reader.ts";
import type { ArchiveReader } from "../../src/archive/reader.ts";
import {
  KENT_ROW,
  findOne,
  readAll,
  readFault,
  stops,
  street,
  writeLoose,
} from "../support/archive.ts";
import { createFolder } from "../support/temp.ts";
import { patchEntry, writeZip } from "../support/zips.ts";

let reader: ArchiveReader;
beforeAll(
  () => void (reader = createReader({ boundaries: [], signal: new AbortController().signal })),
);
afterAll(() => reader.close());

const faultOf = async (data: string | Buffer, name?: string) =>
  readFault(reader, await findOne(writeLoose(data, name)));

/** A row of Kent with another value in one column. */
const kent = (column: number, value: string) => KENT_ROW.split(",").with(column, value).join(",");

const STOP =
  "Person search,2024-01-31T23:55:00+00:00,False,,51.2,0.5,Male,18-24,,White,,Controlled drugs,,,";
const stop = (column: number, value: string) => STOP.split(",").with(column, value).join(",");

describe("a row that does not fit", () => {
  test.each([
    ["another month", kent(1, "2024-02"), "its month is '2024-02', not 2024-01"],
    ["one coordinate", kent(4, ""), "it has one coordinate of two"],
    ["no number", kent(5, "5e1"), "the Latitude '5e1' is no number of degrees"],
    ["not on earth", kent(4, "181.0"), "the Longitude '181.0' is no number of degrees"],
    [
      "another force",
      kent(3, "Essex"),
      "it falls within 'Essex', but is reported by 'Kent Police'",
    ],
    ["no force", kent(2, ""), "it is reported by '', others by 'Kent Police'"],
    ["a name without code", kent(7, ""), "the LSOA code '' is none"],
    ["a code without name", kent(8, ""), "the LSOA name is blank"],
    ["no type", kent(9, " "), "the Crime type is blank"],
    ["an odd id", kent(0, "\u001b[2J"), "the Crime ID '\uFFFD[2J' is none"],
    ["too few cells", KENT_ROW.slice(0, -1), "it has 11 columns, not 12"],
    ["too many cells", `${KENT_ROW},`, "it has 13 columns, not 12"],
    ["nothing", "", "it is empty"],
    ["a stray quote", kent(6, 'On "or" near'), "a quote stands where none can be"],
    ["a line end in quotes", kent(6, '"On\nor near"'), "a quote stands where none can be"],
  ])("fails its file, with its line: %s", async (_, row, fault) => {
    const text = street(KENT_ROW, row, KENT_ROW);
    expect(await faultOf(text)).toBe(`has a row that does not fit, line 3: ${fault}`);
  });

  test.each([
    [
      "another month",
      stop(1, "2024-02-02T00:00:00+00:00"),
      /^its date is '2024-02-02T.*, not in 2024-01$/,
    ],
    ["no date", stop(1, "31/01/2024"), /^the Date '31\/01\/2024' is none$/],
    [
      "an odd flag",
      stop(2, "Yes"),
      /^'Part of a policing operation' is 'Yes', not True, False or blank$/,
    ],
    ["no type", stop(0, ""), /^the Type is blank$/],
  ])("of stops, too: %s", async (_, row, fault) => {
    const message = await faultOf(stops(STOP, row), "2024-01-kent-stop-and-search.csv");
    const [, line, own = ""] = /^has a row that does not fit, line (\d): (.*)$/.exec(message) ?? [];
    expect(line).toBe("3");
    expect(own).toMatch(fault);
  });

  test("is told from stops of the night before and after, which are cut by local time", async () => {
    const text = stops(stop(1, "2024-01-01T00:00:00+00:00"), stop(1, "2023-12-31T23:30:00+00:00"));
    const file = await findOne(writeLoose(text, "2024-01-kent-stop-and-search.csv"));
    expect((await readAll(reader, file)).rows.length).toBe(2);
  });

  test("is found by its line, however far it is", async () => {
    const rows = Array.from({ length: 20_000 }, () => KENT_ROW);
    const text = street(...rows, kent(1, "x"), ...rows);
    expect(await faultOf(text)).toMatch(/line 20002: its month is 'x', not 2024-01$/);
    expect(await faultOf(text.replace("2024-01,Kent Police", '2024-01,"Kent" Police'))).toMatch(
      /line 2: a quote stands where none can be$/,
    );
  });
});

describe("what is no file of the archive", () => {
  test.each<[string, string | Buffer, string]>([
    ["nothing", "", "is empty: it has not even a header"],
    ["a blank line", "\n", "has no header: its first line is blank"],
    [
      "another table",
      "a,b\n1,2\n",
      "has no header of crimes: it lacks 'Crime ID', 'Month', 'Reported by' and 9 more, and 'a', 'b' is none of its columns",
    ],
    [
      "a column less",
      street().replace(",Context", ""),
      "has no header of crimes: it lacks 'Context'",
    ],
    [
      "a column twice",
      street().replace("\n", ",Month\n"),
      "has no header of crimes: 'Month' is none of its columns",
    ],
    [
      "an old layout",
      "Month,Reported by,Falls within,Easting,Northing,Location,Crime type,Context\n",
      "is of the layout from before mid 2013, with Easting and Northing: take its month from a later zip, as 2013-12.zip",
    ],
    [
      "a last row that was cut",
      street(KENT_ROW).slice(0, -20),
      expect.stringMatching(/line 2: it has/),
    ],
    ["a NUL byte", street(KENT_ROW, kent(6, "\0")), "has a NUL byte in line 3"],
    [
      "Latin-1",
      Buffer.from(street(KENT_ROW, kent(6, "Caf\u00e9")), "latin1"),
      "is not UTF-8, see line 3: it may be Latin-1; convert it, or take it anew",
    ],
    [
      "a line without end",
      street(kent(6, "x".repeat(20_000))),
      "has a line (2) of more than 16384 bytes",
    ],
    ["no line end at all", "x".repeat(1_000_000), "has a line (1) of more than 16384 bytes"],
    ["half a gzip", gzipSync(street(KENT_ROW)).subarray(0, 100), "is cut off"],
    [
      "a damaged gzip",
      gzipSync(street(KENT_ROW)).fill(255, 30, 60),
      "is damaged: it cannot be unpacked",
    ],
    ["a zip", Buffer.from("PK\u0003\u0004 and so on"), "is a zip, though its name says CSV"],
  ])("is told: %s", async (_, data, reason) => {
    expect(await faultOf(data)).toEqual(reason);
  });

  test("is told, too, when it unpacks to more than any has", async () => {
    const bomb = gzipSync(Buffer.concat([Buffer.from(street()), Buffer.alloc(80 * 2 ** 20, "\n")]));
    expect(await faultOf(bomb)).toMatch(/^has a row that does not fit, line 2: it is empty$/);
    const long = Buffer.from(`${kent(6, "x".repeat(900))}\n`.repeat(1000));
    const large = [Buffer.from(street()), ...Array.from({ length: 80 }, () => long)];
    expect(await faultOf(gzipSync(Buffer.concat(large), { level: 1 }))).toBe(
      "is larger than 67 MB: no file of the archive is",
    );
  });

  test("is told, too, when it has more rows than any has", async () => {
    const short = Buffer.from(",2024-01,K,K,,,,,,B,,\n".repeat(10_000));
    const many = [Buffer.from(street()), ...Array.from({ length: 210 }, () => short)];
    expect(await faultOf(gzipSync(Buffer.concat(many), { level: 1 }))).toBe(
      "has more than 2097151 rows: no file of the archive has",
    );
  });
});

describe("a damaged member of a zip", () => {
  const data = street(...Array.from({ length: 50 }, () => KENT_ROW));
  const writeOne = () =>
    writeZip(join(createFolder(), "a.zip"), [{ name: "2024-01-kent-street.csv", data }]);
  const patched = async (change: (entry: Buffer) => void) => {
    const zip = await writeOne();
    patchEntry(zip, 0, change);
    return readFault(reader, await findOne(zip));
  };

  test.each<[string, (entry: Buffer) => void, string]>([
    [
      "its checksum",
      (entry) => entry.writeUInt32LE(1, 16),
      "is damaged: its checksum (CRC) is wrong",
    ],
    [
      "more comes than it says",
      (entry) => entry.writeUInt32LE(200, 24),
      "holds more than the 200 bytes that its zip says",
    ],
    [
      "less comes than it says",
      (entry) => entry.writeUInt32LE(99_999, 24),
      `is cut off: ${data.length} of 99999 bytes are there`,
    ],
    ["its packed bytes end early", (entry) => entry.writeUInt32LE(50, 20), "is cut off"],
    [
      "it begins elsewhere",
      (entry) => entry.writeUInt32LE(7, 42),
      "is damaged: invalid local file header signature: 0x",
    ],
  ])("is told: %s", async (_, change, reason) => {
    expect(await patched(change)).toContain(reason);
  });

  test("is told when the zip was cut off since, or is gone", async () => {
    const zip = await writeOne();
    const file = await findOne(zip);
    writeFileSync(zip, readFileSync(zip).subarray(0, 100));
    expect(await readFault(reader, file)).toBe(
      "is cut off or damaged: its directory cannot be read",
    );
    const gone = { ...file, from: { ...file.from, path: `${zip}.not` } };
    expect(await readFault(reader, gone)).toBe("is not there");
  });
});
