import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { LIE_NAMES } from "../../src/sandbox/lies.ts";
import { createWire, runUntilKilled } from "../support/kills.ts";
import { countRows, createFolder, queryColumn } from "../support/temp.ts";
import { createWorld, rawCrime, serve, square } from "../support/world.ts";

const CRIMES = [1, 2, 3].map((id) => rawCrime(id, { latitude: 51.05, longitude: 0.05 }));
const WORLD = createWorld({ areas: { avon: { A1: square(51, 0, 0.1) } }, crimes: CRIMES });
const MOST_MB = 400;

async function crawlLiar(name: string) {
  const cwd = createFolder();
  const { url } = await serve(WORLD, { lies: { [name]: 1 } });
  const args = ["crawl", "--api-url", url, "--plan", "neighbourhoods", "--verbose"];
  return { cwd, ...(await runUntilKilled(args, { cwd, wire: createWire() })) };
}

/** What steers a terminal: controls but the line feed, and marks of direction. */
const STEERING = /(?!\n)[\p{Cc}\p{Cf}]/u;

describe("a crawl of an API that lies", () => {
  test.each(LIE_NAMES.filter((name) => name !== "escapes-in-names"))(
    "ends with exit code 5, in bounded memory, with a terminal that is as it was: %s",
    async (name) => {
      const { cwd, code, out, err, memoryMb } = await crawlLiar(name);
      expect(code, err).toBe(5);
      expect(err).toMatch(
        /^ukpolice: \d+ questions could not be answered: avon(\/A1)? 2018-05 crimes \(/m,
      );
      expect(out + err).not.toMatch(STEERING);
      expect(countRows(join(cwd, "ukpolice.db"), "crimes")).toBe(0);
      expect(memoryMb).toBeLessThan(MOST_MB);
      if (process.platform === "linux") expect(memoryMb).toBeGreaterThan(20);
    },
  );

  test("stores a name with escapes in it as it is, and does not print it", async () => {
    const { cwd, code, out, err } = await crawlLiar("escapes-in-names");
    expect(code, err).toBe(0);
    expect(out + err).not.toMatch(STEERING);
    expect(queryColumn(join(cwd, "ukpolice.db"), "select name from streets")).toContainEqual(
      expect.stringContaining("\u001B[2J"),
    );
  });
});
