import {
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { expectTwoLines, runCli } from "../support/cli.ts";
import { crawlSmall, makePipe } from "../support/small.ts";

describe("last_update.json that is no plain file", () => {
  test("but a pipe, is waited for by nobody, and replaced", async () => {
    const { cwd, args } = await crawlSmall();
    const path = join(cwd, "last_update.json");
    rmSync(path);
    makePipe(path);
    expect((await runCli(["status"], { cwd })).out).toContain("last_update.json is damaged");
    const finished = await runCli([...args, "-u"], { cwd });
    expectTwoLines(finished, { exit: 4, says: /last_update\.json is damaged/, hint: /delete it/ });
    expect(await runCli(args, { cwd })).toMatchObject({ code: 0, err: "" });
    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ last_update: "2018-05" });
  });

  test("but a link, is not followed, and replaced; what it leads to stays", async () => {
    const { cwd, args } = await crawlSmall();
    const path = join(cwd, "last_update.json");
    renameSync(path, join(cwd, "precious"));
    const before = readFileSync(join(cwd, "precious"), "utf8");
    symlinkSync("precious", path);
    const finished = await runCli([...args, "-u"], { cwd });
    expectTwoLines(finished, { exit: 4, says: /last_update\.json is damaged/, hint: /delete it/ });
    writeFileSync(join(cwd, "precious"), "{}");
    expect(await runCli(args, { cwd })).toMatchObject({ code: 0, err: "" });
    expect(readFileSync(join(cwd, "precious"), "utf8")).toBe("{}");
    expect(readFileSync(path, "utf8")).toBe(before);
    expect(lstatSync(path).isFile()).toBe(true);
  });

  test("and what a kill left of its writing goes with the next", async () => {
    const { cwd, args } = await crawlSmall();
    rmSync(join(cwd, "last_update.json"));
    symlinkSync("precious", join(cwd, "last_update.json.ukpolice.db.partial"));
    expect(await runCli(args, { cwd })).toMatchObject({ code: 0, err: "" });
    expect(readdirSync(cwd)).toEqual(["last_update.json", "ukpolice.db", "ukpolice.db-lock"]);
  });
});
