import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { expectFailure, runCli } from "../support/cli.ts";
import { createFolder } from "../support/temp.ts";
import { serveFailing } from "../support/failing.ts";
import { createWorld, rawCrime, serve, square } from "../support/world.ts";

const WORLD = createWorld({
  areas: { avon: { A1: square(51, 0, 0.1) } },
  crimes: [rawCrime(3, { latitude: 51.05, longitude: 0.05 })],
});

/** A folder, and a crawl of a small API into it. */
async function small() {
  const cwd = createFolder();
  const { url } = await serve(WORLD);
  const args = ["crawl", "--quiet", "--plan", "neighbourhoods", "--api-url", url];
  return { cwd, url, crawl: (...more: string[]) => runCli([...args, ...more], { cwd }) };
}

describe("a crawl that tells a script whether anything new came", () => {
  test("has it in its document, and as exit code 6 where it is asked for", async () => {
    const { crawl } = await small();
    const first = await crawl("--json", "--exit-code");
    expect(first.code).toBe(0);
    expect(JSON.parse(first.out)).toMatchObject({ changed: true, crimes: { added: 1 } });
    const second = await crawl("--json", "--exit-code");
    expect({ code: second.code, err: second.err }).toEqual({ code: 6, err: "" });
    expect(JSON.parse(second.out)).toMatchObject({ changed: false, crawled: [] });
    expect(await crawl()).toMatchObject({ code: 0 });
    expect(await crawl("--exit-code", "--dry-run")).toMatchObject({ code: 0 });
  });

  test("runs a command where something changed, and tells it what", async () => {
    const { cwd, crawl } = await small();
    const command = `cat > told.json; echo "$UKPOLICE_DB $UKPOLICE_CHANGED_MONTHS"`;
    const { code, out, err } = await crawl("--on-change", command);
    expect({ code, out, err }).toEqual({ code: 0, out: "", err: "ukpolice.db 2018-05\n" });
    const told = JSON.parse(readFileSync(join(cwd, "told.json"), "utf8"));
    expect(told).toMatchObject({ database: "ukpolice.db", changed: true, crawled: ["2018-05"] });
    expect(await crawl("--on-change", "echo again")).toMatchObject({ code: 0, err: "" });
  });

  test("runs it when the database is let go of, and not for a dry run", async () => {
    const { crawl } = await small();
    const again = `'${process.execPath}' '${process.cwd()}/bin/ukpolice.js' status > status.txt`;
    expect(await crawl("--dry-run", "--on-change", "echo no")).toMatchObject({ code: 0, err: "" });
    expect(await crawl("--on-change", again)).toMatchObject({ code: 0, err: "" });
  });

  test.each([
    ["exit 3", /the command of --on-change ended with 3: exit 3/],
    ["kill -9 $$", /the command of --on-change ended with (SIGKILL|137)/],
    ["no-such-program", /the command of --on-change ended with 127/],
  ])("exits with 7 where the command fails: %s", async (command, says) => {
    const { crawl } = await small();
    expectFailure(await crawl("--on-change", command), { exit: 7, says, hint: /by hand/ });
  });

  test("need not be listened to", async () => {
    const { crawl } = await small();
    expect(await crawl("--on-change", "exec 0<&-; exit 0")).toMatchObject({ code: 0, err: "" });
  });

  test("runs it where something else is lacking, whose exit code stays", async () => {
    const cwd = createFolder();
    const well = await serve(WORLD);
    const failing = await serveFailing(well.url, (path) =>
      path.includes("/crime-last-updated") ? 503 : undefined,
    );
    const args = ["crawl", "--quiet", "--api-url", failing, "--on-change", "echo news; exit 9"];
    const { code, err } = await runCli(args, { cwd });
    expect(code).toBe(5);
    expect(err).toMatch(/^news\nthe command of --on-change ended with 9: /);
    expect(err).toMatch(/ukpolice: 1 question could not be answered/);
  }, 120_000);
});
