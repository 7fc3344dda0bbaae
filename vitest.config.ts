import { defineConfig } from "vitest/config";

/** These mostly wait for the rate limit; they run last, where nothing disturbs their timing. */
const LONG = "test/e2e/long/**/*.test.ts";

export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 20_000,
    projects: [
      {
        extends: true,
        test: {
          name: "quick",
          include: ["test/**/*.test.ts"],
          exclude: [LONG],
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
