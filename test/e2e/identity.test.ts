import {
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { expectFailure, expectTwoLines, NOWHERE, runCli } from "../support/cli.ts";
import { countRows, createFolder } from "../support/temp.ts";
import { crawlSmall, makePipe, startHeld } from "../support/small.ts";

const AWAY = ["crawl", "--quiet", "--api-url", NOWHERE];

describe("a database has one name:", () => {
  test("one with a second hard link is refused by whoever opens it, and left as it is", async () => {
    const { cwd, args } = await crawlSmall();
    linkSync(join(cwd, "ukpolice.db"), join(cwd, "b.db"));
    const before = readFileSync(join(cwd, "b.db"));
    const files = readdirSync(cwd);
    const out = ["export", "--format", "csv", "--out", "out"];
    for (const command of [args, ["status"], out]) {
      const finished = await runCli([...command, "--db", "b.db"], { cwd });
      const lines = finished.err.split("\n");
      expect(finished.code).toBe(4);
      expect(lines[0]).toMatch(/b\.db is one file of 2 names/);
      expect(lines[1]).toMatch(/^hint: .*remove/);
    }
    expect(readFileSync(join(cwd, "b.db")).equals(before)).toBe(true);
    expect(readdirSync(cwd)).toEqual(files);
    rmSync(join(cwd, "b.db"));
    expect(await runCli(args, { cwd })).toMatchObject({ code: 0 });
  });

  test("a symbolic link to it is the same database, with the same lock", async () => {
    const cwd = createFolder();
    symlinkSync("real.db", join(cwd, "link.db"));
    writeFileSync(join(cwd, "real.db"), "");
    const { crawl, release } = await startHeld(cwd, "--db", "link.db");
    const second = await runCli([...AWAY, "--db", "real.db"], { cwd });
    expectTwoLines(second, {
      exit: 4,
      says: /another crawl or import holds real\.db/,
      hint: /--db/,
    });
    expect((await runCli(["status", "--db", "link.db"], { cwd })).out).toContain("is at work");
    release();
    expect((await crawl.finished).code).toBe(0);
    const left = ["last_update.json", "link.db", "real.db", "real.db-lock"];
    expect(readdirSync(cwd)).toEqual(left);
    expect(countRows(join(cwd, "real.db"), "crimes")).toBe(2);
    const { out } = await runCli(["status", "--db", "link.db", "--json"], { cwd });
    expect(JSON.parse(out)).toMatchObject({ last_update: { state: "fits", database: "real.db" } });
  });

  test("a symbolic link to nothing is refused", async () => {
    const cwd = createFolder();
    symlinkSync("nowhere.db", join(cwd, "link.db"));
    const finished = await runCli([...AWAY, "--db", "link.db"], { cwd });
    expectTwoLines(finished, { exit: 4, says: /link to nothing/, hint: /--db/ });
    expect(readdirSync(cwd)).toEqual(["link.db"]);
  });
});

describe("what is no plain file is not opened:", () => {
  test.each(["crawl", "status"])(
    "a device, by %s, beside which nothing is made",
    async (command) => {
      const cwd = createFolder();
      const finished = await runCli([command, "--db", "/dev/null"], { cwd });
      expectFailure(finished, { exit: 2, says: /\/dev\/null cannot be a database/, hint: /--db/ });
      expect(existsSync("/dev/null-lock")).toBe(false);
    },
  );

  test.each(["ukpolice.db", "ukpolice.db-wal", "ukpolice.db-journal", "ukpolice.db-lock"])(
    "a pipe called %s, for which nobody waits",
    async (name) => {
      const { cwd, args } = await crawlSmall();
      rmSync(join(cwd, name), { force: true });
      makePipe(join(cwd, name));
      for (const command of [args, ["status"], ["export", "--format", "csv", "--out", "out"]]) {
        const finished = await runCli(command, { cwd });
        expect(finished.err).toMatch(/is not a plain file|cannot be a database/);
        expect(finished.code).toBe(name === "ukpolice.db" ? 2 : 4);
      }
      expect(lstatSync(join(cwd, name)).isFIFO()).toBe(true);
    },
  );

  test("a lock that is a link, and what it leads to stays", async () => {
    const { cwd, args } = await crawlSmall();
    rmSync(join(cwd, "ukpolice.db-lock"));
    writeFileSync(join(cwd, "precious"), "");
    symlinkSync("precious", join(cwd, "ukpolice.db-lock"));
    const finished = await runCli(args, { cwd });
    expectTwoLines(finished, { exit: 4, says: /db-lock is not a plain file/, hint: /move it/ });
    expect(readFileSync(join(cwd, "precious"), "utf8")).toBe("");
  });

  test("a log that is a pipe, or the database itself", async () => {
    const { cwd, args } = await crawlSmall();
    makePipe(join(cwd, "log"));
    linkSync(join(cwd, "ukpolice.db-lock"), join(cwd, "other"));
    const before = readFileSync(join(cwd, "ukpolice.db"));
    for (const log of ["log", "ukpolice.db", "./ukpolice.db-wal", "other"]) {
      const finished = await runCli([...args, "--log-file", log], { cwd });
      expectTwoLines(finished, { exit: 2, says: /--log-file/, hint: /name/ });
    }
    expect(readFileSync(join(cwd, "ukpolice.db")).equals(before)).toBe(true);
  });
});

describe("a crawl looks whether all is still where it was, and exits 4 when", () => {
  test("the database was removed", async () => {
    const cwd = createFolder();
    const { crawl, release } = await startHeld(cwd);
    rmSync(join(cwd, "ukpolice.db"));
    release();
    const finished = await crawl.finished;
    expectFailure(finished, { exit: 4, says: /ukpolice\.db was removed/, hint: /same command/ });
    expect(existsSync(join(cwd, "last_update.json"))).toBe(false);
  });

  test("another file took its name, which is left as it is", async () => {
    const { cwd: elsewhere } = await crawlSmall();
    const cwd = createFolder();
    const { crawl, release } = await startHeld(cwd);
    copyFileSync(join(elsewhere, "ukpolice.db"), join(cwd, "new.db"));
    const before = readFileSync(join(cwd, "new.db"));
    renameSync(join(cwd, "new.db"), join(cwd, "ukpolice.db"));
    release();
    expectFailure(await crawl.finished, { exit: 4, says: /removed or replaced/, hint: /same/ });
    expect(readFileSync(join(cwd, "ukpolice.db")).equals(before)).toBe(true);
  });

  test.each(["removed", "replaced"])("its lock was %s, and another may have begun", async (how) => {
    const cwd = createFolder();
    const { crawl, release } = await startHeld(cwd);
    rmSync(join(cwd, "ukpolice.db-lock"));
    if (how === "replaced") {
      const other = await startHeld(cwd);
      other.release();
      expect((await other.crawl.finished).code).toBe(0);
    }
    release();
    const finished = await crawl.finished;
    expectFailure(finished, { exit: 4, says: /db-lock was removed/, hint: /no other crawl/ });
  });
});

test("a lock that is damaged is told from a database that is", async () => {
  const { cwd, args } = await crawlSmall();
  const path = join(cwd, "ukpolice.db-lock");
  writeFileSync(path, "no lock at all".repeat(100));
  const says = /lock ukpolice\.db-lock is damaged, and not the database/;
  expectTwoLines(await runCli(args, { cwd }), { exit: 4, says, hint: /rm ukpolice\.db-lock/ });
  truncateSync(path, 0);
  expect(await runCli(args, { cwd })).toMatchObject({ code: 0, err: "" });
});
