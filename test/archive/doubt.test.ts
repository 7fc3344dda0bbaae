import { expect, test } from "vitest";
import { findDoubt } from "../../src/archive/doubt.ts";
import type { FoundFile } from "../../src/archive/found-file.ts";
import { createCover } from "../../src/completeness.ts";
import type { Source } from "../../src/types.ts";

const CELL = { month: "2024-01", kind: "crimes", forceId: "kent" } as const;

function fileOf(bytes: number | null, name = "new"): FoundFile {
  return {
    ...CELL,
    release: "2024-06",
    name,
    packedBytes: 9,
    bytes,
    from: { path: name, member: null },
  };
}

function coverOf(records: number, source: Source = "archive") {
  return createCover([{ ...CELL, source, release: "2024-03-01", records }]);
}

test.each([
  ["next to nothing, where much is here", 3, coverOf(3500), true],
  ["nothing at all", 0, coverOf(3500), true],
  ["a third, as a partial file has", 1200, coverOf(3500), false],
  ["few, where few are here", 3, coverOf(60), false],
  ["few, where the API's month gives way", 3, coverOf(3500, "api"), false],
  ["few, where none are here", 3, createCover([]), false],
])("a file with %s is doubted when it should be", (_, rows, cover, isDoubted) => {
  expect(findDoubt(fileOf(500), rows, { cover, older: [] }) !== undefined).toBe(isDoubted);
});

test("a file that is a tenth of the one before it is doubted before anything is here", () => {
  const cover = createCover([]);
  const older = [fileOf(700_000, "old.csv")];
  expect(findDoubt(fileOf(200), 0, { cover, older })).toMatch(/^has no row, .*old\.csv.*--replace/);
  expect(findDoubt(fileOf(300_000), 1300, { cover, older })).toBeUndefined();
  expect(findDoubt(fileOf(null), 3, { cover, older })).toBeUndefined();
});
