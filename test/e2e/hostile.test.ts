import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { LieName } from "../../src/sandbox/lies.ts";
import { startForTest } from "../support/cli.ts";
import { countRows, createFolder, queryColumn } from "../support/temp.ts";
import { createWorld, gridOfCrimes, serve, square } from "../support/world.ts";

const MOST_MB = 400;
/** As many areas as a crawl asks for at once. */
const WORLD = createWorld({
  areas: {
    avon: Object.fromEntries(
      Array.from({ length: 14 }, (_, at) => [`A${at}`, square(51, at / 100, 0.01)]),
    ),
  },
  crimes: gridOfCrimes(300, 51, 0, 0.14),
});

/** Crawls while every reply about an area lies; the most memory that it held, in MB. */
async function crawlLies(name: LieName) {
  const { url } = await serve(WORLD, { lies: { [name]: 1 } });
  const cwd = createFolder();
  const args = ["crawl", "--api-url", url, "--plan", "neighbourhoods"];
  const running = startForTest(args, { cwd });
  let memoryMb = 0;
  const timer = setInterval(() => {
    memoryMb = Math.max(memoryMb, readMemory(running.child.pid));
  }, 10);
  const finished = await running.finished;
  clearInterval(timer);
  return { ...finished, memoryMb, file: join(cwd, "ukpolice.db") };
}

/** Linux alone tells; elsewhere it is 0. */
function readMemory(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

describe("a dozen bombs at once", () => {
  test.each([
    ["huge-body", "larger than 12 MiB"],
    ["gzip-bomb", "larger than 12 MiB"],
    ["deep-nesting", "nested too deep"],
  ] as const)(
    "costs little memory, stores nothing, and is named with exit code 5: %s",
    async (name, reason) => {
      const { code, err, memoryMb, file } = await crawlLies(name);
      expect(code).toBe(5);
      expect(err).toContain(reason);
      expect(err).toMatch(/^hint: all else is stored/m);
      expect(memoryMb).toBeLessThan(MOST_MB);

      expect(countRows(file, "crimes") + countRows(file, "outcomes")).toBe(0);
      expect(
        queryColumn(file, "select count(*) from questions where state = 'failed'")[0],
      ).not.toBe(0);
    },
    60_000,
  );
});
