import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listArchiveFiles } from "../../src/archive/list.ts";
import { createReader } from "../../src/archive/reader.ts";
import type { ArchiveReader } from "../../src/archive/reader.ts";
import type { ArchiveRows, Kind } from "../../src/types.ts";
import {
  ARCHIVE,
  KENT_ROW,
  findOne,
  readAll,
  readArchive,
  street,
  writeLoose,
} from "../support/archive.ts";
import type { Rows } from "../support/archive.ts";
import { createFolder } from "../support/temp.ts";
import { writeZip } from "../support/zips.ts";

const never = new AbortController().signal;
let reader: ArchiveReader;
beforeAll(() => void (reader = createReader({ boundaries: [], signal: never })));
afterAll(() => reader.close());

const degrees = (value: number | null) => value?.toFixed(6) ?? "";
const flag = (value: boolean | null) => (value === null ? "" : value ? "True" : "False");

/** The line that a row was read from. */
function toLine(row: ArchiveRows[Kind], month: string, force: string | null): string {
  const point = [degrees(row.longitude), degrees(row.latitude)];
  if ("datetime" in row) return toStopLine(row);
  const none = "crimeType" in row ? "No Location" : "No location";
  const name = row.lsoa?.name.includes(",") ? `"${row.lsoa.name}"` : row.lsoa?.name;
  const lsoa = [row.lsoa?.code, name];
  const placed = [row.persistentId, month, force, force, ...point, row.location ?? none, ...lsoa];
  const own = "crimeType" in row ? [row.crimeType, row.outcome, row.context] : [row.outcomeType];
  return [...placed, ...own].join(",");
}

function toStopLine(row: ArchiveRows["stops"]): string {
  const what = [row.type, row.datetime, flag(row.operation), row.operationName];
  const who = [row.gender, row.ageRange, row.selfDefinedEthnicity, row.officerDefinedEthnicity];
  const why = [row.legislation, row.objectOfSearch, row.outcome];
  const then = [row.outcomeLinkedToObjectOfSearch, row.removalOfMoreThanOuterClothing].map(flag);
  return [...what, degrees(row.latitude), degrees(row.longitude), ...who, ...why, ...then].join();
}

const readText = async (data: string | Buffer, name?: string) =>
  (await readAll(reader, await findOne(writeLoose(data, name)))).rows;

describe("a real file", () => {
  test.each([
    "2016-01/2016-01-city-of-london-outcomes.csv.gz",
    "2016-01/2016-01-city-of-london-stop-and-search.csv",
    "2016-01/2016-01-city-of-london-street.csv.gz",
    "2024-01/2024-01-dyfed-powys-street.csv.gz",
    "2025-01/2025-01-btp-street.csv.gz",
    "excerpts/2010-12-nottinghamshire-street.excerpt.csv",
    "excerpts/2024-01-cumbria-stop-and-search.excerpt.csv",
    "excerpts/2024-06-city-of-london-outcomes.excerpt.csv",
    "excerpts/2024-06-northern-ireland-street.excerpt.csv",
  ])("keeps every field of every row, in their order: %s", async (path) => {
    const file = await findOne(join(ARCHIVE, path));
    const { rows, force } = await readAll(reader, file);
    const lines = readArchive(path).trimEnd().split(/\r?\n/).slice(1);
    expect(rows.map((row) => toLine(row, file.month, force))).toEqual(lines);
    expect(rows.map(({ row }) => row)).toEqual(lines.map((_, at) => at + 1));
  });

  test("has the same rows with LF and CRLF", async () => {
    const name = "2016-01-city-of-london-stop-and-search";
    const plain = await readAll(reader, await findOne(join(ARCHIVE, `2016-01/${name}.csv`)));
    const crlf = await readAll(reader, await findOne(join(ARCHIVE, `variants/${name}.crlf.csv`)));
    expect(crlf).toEqual(plain);
    expect(plain.rows.length).toBe(150);
  });

  test("numbers the outcomes that are equal to the letter", async () => {
    const path = "2016-01/2016-01-city-of-london-outcomes.csv.gz";
    const { rows } = await readAll(reader, await findOne(join(ARCHIVE, path)));
    const seen = new Map<string, number>();
    const nths = readArchive(path)
      .trimEnd()
      .split("\n")
      .slice(1)
      .map((line) => {
        seen.set(line, (seen.get(line) ?? 0) + 1);
        return seen.get(line);
      });
    expect(rows.map((row) => "nth" in row && row.nth)).toEqual(nths);
    expect(Math.max(...seen.values())).toBeGreaterThan(1);
  });

  test("is read the same from a zip, packed or not, and with ZIP64", async () => {
    const path = "2024-01/2024-01-city-of-london-street.csv.gz";
    const plain = await readAll(reader, await findOne(join(ARCHIVE, path)));
    const name = "2024-01/2024-01-city-of-london-street.csv";
    const data = readArchive(path);
    const gzipped = { name: `${name}.gz`, data: readFileSync(join(ARCHIVE, path)) };
    for (const [members, isZip64] of [
      [[{ name, data }], false],
      [[{ name, data, isStored: true }], false],
      [[{ name, data }], true],
      [[gzipped], false],
    ] as const) {
      const zip = await writeZip(join(createFolder(), "a.zip"), members, { isZip64 });
      expect(await readAll(reader, await findOne(zip))).toEqual(plain);
    }
    expect(plain.force).toBe("City of London Police");
  });

  test("is located in the boundaries that are known", async () => {
    const box = (south: number, west: number, north: number, east: number) => [
      { latitude: south, longitude: west },
      { latitude: south, longitude: east },
      { latitude: north, longitude: east },
      { latitude: north, longitude: west },
    ];
    const area = { forceId: "city-of-london", neighbourhoodId: "x" };
    const signal = never;
    const boundaries = [{ ...area, ring: box(51.51, -0.1, 51.53, -0.05) }];
    const locating = createReader({ boundaries, signal });
    const path = join(ARCHIVE, "2025-01/2025-01-city-of-london-street.csv.gz");
    const { rows } = await readAll(locating, await findOne(path));
    await locating.close();
    const isWithin = ({ latitude: y, longitude: x }: Rows[number]) =>
      y !== null && x !== null && y > 51.51 && y < 51.53 && x > -0.1 && x < -0.05;
    expect(rows.map((row) => row.area)).toEqual(rows.map((row) => (isWithin(row) ? area : null)));
    expect(rows.filter(isWithin).length).toBeGreaterThan(100);
    expect(rows.filter(isWithin).length).toBeLessThan(rows.length);
  });

  test("tells how many packed bytes were read", async () => {
    const file = await findOne(join(ARCHIVE, "2025-01/2025-01-btp-street.csv.gz"));
    const bytes: number[] = [];
    for await (const read of reader.read(file)) bytes.push(read.bytes);
    expect(bytes).toEqual(bytes.toSorted((a, b) => a - b));
    expect(bytes.at(-1)).toBe(file.packedBytes);
  });
});

describe("a file that was written by others", () => {
  test("may hold quotes, and columns in another order", async () => {
    const [row] = await readText(
      street(KENT_ROW.replace("Maidstone 001A", '"Bristol, ""City"" of 001A"')),
    );
    expect(row).toMatchObject({ lsoa: { code: "E01024504", name: 'Bristol, "City" of 001A' } });
    const swap = (line: string) => line.split(",").toReversed().join(",");
    const swapped = street(KENT_ROW).trimEnd().split("\n").map(swap).join("\n");
    expect(await readText(`${swapped}\n`)).toEqual(await readText(street(KENT_ROW)));
    const quoted = street(KENT_ROW).replaceAll(/[^,\n]+/g, '"$&"');
    expect(await readText(`\uFEFF${quoted}`)).toEqual(await readText(street(KENT_ROW)));
  });

  test("without rows is a batch of none", async () => {
    const batches = [];
    for await (const read of reader.read(await findOne(writeLoose(street())))) batches.push(read);
    expect(batches).toEqual([{ rows: [], bytes: street().length, reportedBy: null }]);
  });

  test("may be gzipped, whatever its name says", async () => {
    const data = gzipSync(street(KENT_ROW));
    expect((await readText(data)).length).toBe(1);
    expect((await readText(street(KENT_ROW), "2024-01-kent-street.csv.gz")).length).toBe(1);
  });

  test("keeps a blank place, and none, apart", async () => {
    const at = (place: string) => KENT_ROW.replace(/0\.5.*001A/, place);
    const rows = await readText(
      street(at(",,No Location,,"), at("0.5,51.2,,,"), at("0.5,51.2,On or near ,,"), at(",,,,")),
    );
    expect(rows.map((row) => "location" in row && row.location)).toEqual([
      null,
      "",
      "On or near ",
      "",
    ]);
  });
});

describe("a reader", () => {
  const large = () =>
    findOne(writeLoose(street(...Array.from({ length: 60_000 }, () => KENT_ROW))));

  test("goes on after a file that was bad, given up, or not the one that was said to be next", async () => {
    const [one, two] = [await large(), await large()];
    const small = await findOne(join(ARCHIVE, "2016-01/2016-01-city-of-london-street.csv.gz"));
    await expect(readText("")).rejects.toMatchObject({
      reason: "is empty: it has not even a header",
      exitCode: 5,
    });
    for await (const { rows } of reader.read(one, two)) {
      expect(rows.length).toBeGreaterThan(0);
      break;
    }
    expect((await readAll(reader, small)).rows.length).toBe(446);
    expect((await readAll(reader, two)).rows.length).toBe(60_000);
    expect((await readAll(reader, one)).rows.length).toBe(60_000);
  });

  test("reads the next file ahead, and gives the same", async () => {
    const { files } = await listArchiveFiles([ARCHIVE]);
    const counts: number[] = [];
    const lines = files.map(
      ({ from }) => readArchive(relative(ARCHIVE, from.path)).split("\n").length,
    );
    for (const [at, file] of files.entries()) {
      let count = 0;
      for await (const { rows } of reader.read(file, files[at + 1])) count += rows.length;
      counts.push(count);
    }
    expect(counts).toEqual(lines.map((count) => count - 2));
  });

  test("stops at a signal, in the midst of a file", async () => {
    const stopping = new AbortController();
    const stopped = createReader({ boundaries: [], signal: stopping.signal });
    const reading = async () => {
      for await (const { rows } of stopped.read(await large())) {
        expect(rows.length).toBeGreaterThan(0);
        stopping.abort("SIGINT");
      }
    };
    await expect(reading()).rejects.toMatchObject({ exitCode: 130 });
    await stopped.close();
  });
});
