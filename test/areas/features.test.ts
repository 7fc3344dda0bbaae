import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readPieces, Splitter } from "../../src/areas/features.ts";
import { createFolder } from "../support/temp.ts";

const FEATURES = [
  { type: "Feature", properties: { name: 'a "b" \\ ]}{[ "features": [' }, geometry: null },
  { type: "Feature", properties: { features: [1, [2]] }, geometry: { type: "Polygon" } },
  { type: "Feature", properties: { name: "Ynys Môn 🏴" }, geometry: null },
];
const COLLECTION = JSON.stringify(
  { name: "features", type: "FeatureCollection", features: FEATURES, crs: { of: ["features"] } },
  null,
  1,
);

/** Splits a text whose bytes come in chunks that end at these places. */
function split(text: string, cuts: readonly number[] = []): string[] {
  const bytes = Buffer.from(text);
  const splitter = new Splitter("areas.geojson");
  const ends = [...new Set(cuts.map((cut) => cut % bytes.length))].sort((a, b) => a - b);
  const pieces = [0, ...ends].flatMap((from, at) => [
    ...splitter.push(bytes.subarray(from, ends[at] ?? bytes.length)),
  ]);
  splitter.end();
  return pieces.map(({ as, text: piece }) => `${as} ${JSON.stringify(JSON.parse(piece))}`);
}

async function read(bytes: string | Buffer): Promise<number> {
  const file = join(createFolder(), "areas.geojson");
  writeFileSync(file, bytes);
  let pieces = 0;
  for await (const piece of readPieces(file, new AbortController().signal)) {
    pieces += piece.text.length > 0 ? 1 : 0;
  }
  return pieces;
}

describe("splitting a file into features", () => {
  test("finds each, whatever stands in its texts and around it", () => {
    expect(split(COLLECTION)).toEqual([
      ...FEATURES.map((feature) => `feature ${JSON.stringify(feature)}`),
      'object {"name":"features","type":"FeatureCollection","features":[],"crs":{"of":["features"]}}',
    ]);
  });

  test("finds the same however the file comes in chunks", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 40 }), (cuts) => {
        expect(split(COLLECTION, cuts)).toEqual(split(COLLECTION));
      }),
    );
  });

  test("takes a feature a line, too", () => {
    const lines = FEATURES.map((feature) => JSON.stringify(feature)).join("\n");
    expect(split(`${lines}\n`)).toEqual(FEATURES.map((one) => `object ${JSON.stringify(one)}`));
  });

  test.each([
    ['{"features":[1]}', "its features are no objects"],
    ['{"features":["a"]}', "its features are no objects"],
    ['{"features":[[]]}', "its features are no objects"],
    ["[[]]", "is no GeoJSON"],
    ['{"features":[{"a":', "it is cut off"],
    [`{"features":[${'{"a":'.repeat(100)}`, "nested too deep"],
    ["<kml></kml>", "is XML"],
    ["PK\u0003\u0004", "is a zip"],
    ["code,people\n", "is no GeoJSON"],
  ])("refuses %s", async (text, why) => {
    await expect(read(text)).rejects.toThrow(why);
  });

  test("refuses what is compressed, and what is not UTF-8", async () => {
    await expect(read(Buffer.from([0x1f, 0x8b, 8]))).rejects.toThrow("is compressed");
    await expect(read(Buffer.from('{"features":[{"a":"M\u00f4n"}]}', "latin1"))).rejects.toThrow(
      "it is not UTF-8",
    );
  });

  test("refuses one feature of more than 64 MB without keeping all of it", async () => {
    const long = `{"features":[{"a":"${"x".repeat(65 * 2 ** 20)}"}]}`;
    await expect(read(long)).rejects.toThrow("larger than 64 MB");
  });

  test("reads a file with a byte order mark", async () => {
    expect(await read(`\uFEFF${COLLECTION}`)).toBe(4);
  });

  test("says what a path is that is no file", async () => {
    const folder = createFolder();
    const pieces = readPieces(folder, new AbortController().signal);
    await expect(pieces.next()).rejects.toThrow("it is a folder");
    const none = readPieces(join(folder, "none"), new AbortController().signal);
    await expect(none.next()).rejects.toThrow("there is no such file");
  });
});
