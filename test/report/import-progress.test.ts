import { expect, test } from "vitest";
import type { ImportProgress } from "../../src/archive/reporter.ts";
import {
  createImportLines,
  describeProgress,
  drawImport,
  ImportMeter,
} from "../../src/report/import-progress.ts";

const PROGRESS: ImportProgress = {
  month: "2024-01",
  nth: 3,
  months: 36,
  bytes: 250_000_000,
  totalBytes: 1_000_000_000,
  rows: 2_500_000,
  failed: 0,
};

/** So far after some time of an even pace. */
function meterAfter(ms: number, parts = 10): ImportMeter {
  const meter = new ImportMeter();
  for (let part = 0; part <= parts; part += 1) {
    const share = part / parts;
    const { bytes, rows } = PROGRESS;
    meter.note({ ...PROGRESS, bytes: bytes * share, rows: rows * share }, ms * share);
  }
  return meter;
}

test("the pace is rows of late, and the time left goes by bytes", () => {
  const view = meterAfter(10_000).view(10_000);
  expect(view?.rate).toBeCloseTo(250_000, -3);
  expect(view?.leftMs).toBeGreaterThan(28_000);
  expect(view?.leftMs).toBeLessThan(32_000);
  expect(new ImportMeter().view()).toBeUndefined();
});

test("a line fits into any terminal, what matters most to the last", () => {
  const view = { progress: { ...PROGRESS, failed: 2 }, rate: 251_234, leftMs: 30_000 };
  expect(drawImport(view, 140)).toMatch(
    /^month 3 of 36: 2024-01 {2}█+░+ {2}25% {2}250 MB of 1\.0 GB {2}2,500,000 rows {2}2 failed {2}251,234 rows\/s {2}30 s left$/,
  );
  for (let columns = 10; columns <= 140; columns += 1) {
    expect(drawImport(view, columns).length).toBeLessThanOrEqual(columns);
  }
  expect(drawImport(view, 40)).toMatch(/^3\/36.*█+░+.*30 s/);
});

test("a plain line tells the same", () => {
  expect(describeProgress({ progress: PROGRESS, rate: 250_000, leftMs: undefined })).toBe(
    "month 3 of 36, 2024-01: 250 MB of 1.0 GB, 2,500,000 rows, 250,000 rows/s",
  );
});

test("off a terminal notes are lines of printable text", () => {
  const written: string[] = [];
  const lines = createImportLines({ write: (text) => void written.push(text) });
  lines.progress(PROGRESS);
  lines.warn("left out: \u001B[31mred.zip");
  lines.stop();
  expect(written).toEqual(["warning: left out: \uFFFD[31mred.zip\n"]);
});
