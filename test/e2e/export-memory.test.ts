import { describe, expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { databaseOfMany } from "../support/many.ts";
import { createFolder } from "../support/temp.ts";

describe("the memory of an export", () => {
  const report =
    'process.on("exit", () => process._rawDebug("peak " + process.resourceUsage().maxRSS))';
  const NODE_OPTIONS = `--max-old-space-size=96 --max-semi-space-size=8 --import=data:text/javascript,${encodeURIComponent(report)}`;

  /** The largest resident size, in MB, with a heap that could not hold the rows. */
  async function measurePeak(format: string, file: string): Promise<number> {
    const args = ["export", "--format", format, "--out", "out", "--quiet", "--db", file];
    const { code, err } = await runCli(args, { cwd: createFolder(), env: { NODE_OPTIONS } });
    expect({ code, err }).toEqual({ code: 0, err: expect.stringMatching(/^peak \d+\n$/) });
    return Number(err.split(" ")[1]) / 1024;
  }

  test("does not grow with what is exported", async () => {
    const few = databaseOfMany(60_000);
    const many = databaseOfMany(500_000);
    for (const format of ["csv", "geojson", "parquet"]) {
      const base = await measurePeak(format, few);
      expect(await measurePeak(format, many)).toBeLessThan(base + 60);
    }
  }, 120_000);
});
