import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { BIN, expectTwoLines, runCli } from "../support/cli.ts";
import { addForces, createCountry } from "../support/country.ts";
import { createFolder } from "../support/temp.ts";

const cwd = createFolder();

/** A folder with the scripts, a database of two forces, and another of one. */
beforeAll(async () => {
  mkdirSync(join(cwd, "bin"));
  symlinkSync(BIN, join(cwd, "bin/ukpolice"));
  const here = createCountry(join(cwd, "ukpolice.db"));
  addForces(here, ["avon-and-somerset", "kent", "$(touch hacked)"]);
  here.db.close();
  const other = createCountry(join(cwd, "other.db"));
  addForces(other, ["surrey"]);
  other.db.close();
  for (const shell of ["bash", "zsh"]) {
    const { out } = await runCli(["completion", shell], { cwd });
    writeFileSync(join(cwd, `completion.${shell}`), out);
  }
});

function runShell(shell: string, args: readonly string[]): string {
  const PATH = `${join(cwd, "bin")}${delimiter}${process.env["PATH"]}`;
  return execFileSync(shell, args, { cwd, encoding: "utf8", env: { ...process.env, PATH } });
}

/** What bash offers for the last of some words. */
function completeInBash(...words: string[]): string[] {
  const script = `source ./completion.bash
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
    _ukpolice ukpolice
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const out = runShell("bash", ["--norc", "-u", "-c", script, "bash", "ukpolice", ...words]);
  return out.split("\n").filter((line) => line !== "");
}

describe("the script for bash", () => {
  test("completes commands", () => {
    expect(completeInBash("c")).toEqual(["crawl", "completion"]);
    expect(completeInBash("")).toEqual(expect.arrayContaining(["crawl", "status", "--help"]));
  });

  test("completes files where a command takes them, and its options", () => {
    expect(completeInBash("import", "completion.b")).toEqual(["completion.bash"]);
    expect(completeInBash("import", "a.zip", "--com")).toEqual(["--compare"]);
    expect(completeInBash("import", "--db", "oth")).toEqual(["other.db"]);
  });

  test("completes a command's own options, short ones too", () => {
    expect(completeInBash("crawl", "--pl")).toEqual(["--plan"]);
    expect(completeInBash("status", "--")).toEqual([
      "--db",
      "--revisions",
      "--what",
      "--json",
      "--help",
    ]);
    expect(completeInBash("crawl", "-u", "-")).toContain("-t");
    expect(completeInBash("status", "--pl")).toEqual([]);
  });

  test("completes what an option takes: choices, files, nothing", () => {
    expect(completeInBash("crawl", "--plan", "")).toEqual(["tiles", "neighbourhoods"]);
    expect(completeInBash("crawl", "--plan", "=", "t")).toEqual(["tiles"]);
    expect(completeInBash("sandbox", "--latency", "=")).toEqual(["none", "small", "live"]);
    expect(completeInBash("status", "--db", "oth")).toEqual(["other.db"]);
    expect(completeInBash("crawl", "--since", "")).toEqual([]);
    expect(completeInBash("completion", "")).toEqual(expect.arrayContaining(["bash", "zsh"]));
  });

  test("completes forces from the database, one after another, and runs none of them", () => {
    expect(completeInBash("crawl", "--force", "")).toEqual(["avon-and-somerset", "kent"]);
    expect(completeInBash("crawl", "--force", "kent", "a")).toEqual(["avon-and-somerset"]);
    expect(completeInBash("crawl", "--db", "other.db", "--force", "")).toEqual(["surrey"]);
    expect(completeInBash("crawl", "--db", "none.db", "--force", "")).toEqual([]);
    expect(runShell("ls", [])).not.toContain("hacked");
  });
});

const hasZsh = ["/bin/zsh", "/usr/bin/zsh", "/usr/local/bin/zsh"].some((path) => {
  try {
    return execFileSync(path, ["-c", "zmodload zsh/zpty && echo yes"]).toString() === "yes\n";
  } catch {
    return false;
  }
});

/** What stands on the line of an interactive zsh after the keys were typed. */
function typeInZsh(keys: string): string {
  const script = `zmodload zsh/zpty
    zpty shell zsh -f -i
    zpty -w shell "PROMPT= ; unsetopt zle_bracketed_paste; autoload -Uz compinit; compinit -u -D"
    zpty -w shell "source ./completion.zsh; bindkey '^X' show; zle -N show"
    zpty -w shell 'show() { print -r -- "LINE:$BUFFER:ENDED"; zle .send-break }; print READY""OK'
    zpty -r shell seen '*READYOK*'
    zpty -w -n shell "$1"$'\\x18'
    zpty -r shell seen '*:ENDED*'
    zpty -d shell
    print -r -- "$seen"`;
  const out = runShell("zsh", ["-f", "-c", script, "zsh", keys]);
  return /LINE:(.*):ENDED/.exec(out)?.[1]?.trim() ?? out;
}

describe.skipIf(!hasZsh)("the script for zsh", () => {
  test.each([
    ["commands", "ukpolice cr\t", "ukpolice crawl"],
    ["options", "ukpolice crawl --pl\t", "ukpolice crawl --plan="],
    ["choices", "ukpolice crawl --plan ti\t", "ukpolice crawl --plan tiles"],
    ["choices after =", "ukpolice sandbox --latency=li\t", "ukpolice sandbox --latency=live"],
    ["files", "ukpolice status --db oth\t", "ukpolice status --db other.db"],
    ["arguments", "ukpolice completion ba\t", "ukpolice completion bash"],
    ["forces", "ukpolice crawl --force a\t", "ukpolice crawl --force avon-and-somerset"],
    ["more forces", "ukpolice crawl --force a b k\t", "ukpolice crawl --force a b kent"],
  ])("completes %s", (_, keys, line) => {
    expect(typeInZsh(keys)).toBe(line);
  });
});

test("another shell is wrong usage, and the ones there are are named", async () => {
  const finished = await runCli(["completion", "fish"], { cwd });
  expectTwoLines(finished, { exit: 2, says: /fish.*"bash", "zsh"/, hint: /--help/ });
});
