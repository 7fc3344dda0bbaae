import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { BIN, runCli } from "../support/cli.ts";
import { countRows, createFolder } from "../support/temp.ts";

const CRAWL = ["crawl", "--sandbox", "--force", "city-of-london", "--until", "2018-04", "--quiet"];

/** Runs the command line under a limit of the shell's `ulimit`. */
function runLimited(limit: string, args: readonly string[], cwd: string) {
  const script = `ulimit ${limit} && exec "$@"`;
  const command = ["-c", script, "sh", process.execPath, BIN, ...args];
  // With few files left, Node says of certificates of the machine's own that it cannot read them.
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  const { status, stderr } = spawnSync("sh", command, { cwd, env, encoding: "utf8" });
  return { status, stderr };
}

describe("where only so many files may be open", () => {
  const LINES =
    /^ukpolice: too many files and connections are open\nhint: allow more .*ulimit -n 1024.*\n$/;

  // Below 22 Node itself does not start.
  test("a crawl ends well, or says so in two lines with exit code 4", () => {
    const statuses = [22, 23, 24, 25, 26, 27, 28, 29, 48].map((files) => {
      const cwd = createFolder();
      const { status, stderr } = runLimited(`-n ${files}`, CRAWL, cwd);
      expect(stderr).toMatch(status === 0 ? /^$/ : LINES);
      return status;
    });
    expect(statuses[0]).toBe(4);
    expect(statuses.at(-1)).toBe(0);
    expect(new Set(statuses)).toEqual(new Set([4, 0]));
  }, 120_000);
});

test("where files may only be so large, a crawl says so with exit code 4, and goes on without", async () => {
  const cwd = createFolder();
  const { status, stderr } = runLimited("-f 300", CRAWL, cwd);
  expect(stderr).toMatch(
    /^ukpolice: .*ukpolice\.db failed: disk I\/O error\nhint: .*so large.*\n$/,
  );
  expect(status).toBe(4);
  expect(await runCli(CRAWL, { cwd })).toMatchObject({ code: 0, err: "" });
  expect(countRows(join(cwd, "sandbox", "ukpolice.db"), "crimes")).toBe(46);
});
