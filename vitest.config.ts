import { existsSync } from "node:fs";
import { defineConfig } from "vitest/config";

/** These mostly wait for the rate limit; they run last, where nothing disturbs their timing. */
const LONG = "test/e2e/long/**/*.test.ts";

/** These need a browser, which .ci/run brings; where there is none they are left out, and it is said. */
const IN_BROWSER = "test/browse/chromium/**/*.test.ts";
const hasBrowser = existsSync(process.env["CHROMIUM"] ?? "/usr/bin/chromium");
if (!hasBrowser) console.warn(`no chromium (set CHROMIUM to its path): ${IN_BROWSER} left out`);

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Many of these race real processes and servers against time, on a machine that has other work.
    retry: process.env["CI"] === undefined ? 0 : 2,
    projects: [
      {
        extends: true,
        test: {
          name: "quick",
          include: ["test/**/*.test.ts"],
          exclude: hasBrowser ? [LONG] : [LONG, IN_BROWSER],
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "long",
          include: [LONG],
          testTimeout: 150_000,
          hookTimeout: 150_000,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
