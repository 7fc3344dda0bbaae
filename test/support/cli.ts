import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished } from "vitest";

/** The file that a user runs. */
export const BIN = fileURLToPath(new URL("../../bin/ukpolice.js", import.meta.url));

/** An address at which nothing listens. */
export const NOWHERE = "http://127.0.0.1:1/api";

export type Finished = { code: number | null; signal: string | null; out: string; err: string };

export type Running = {
  child: ChildProcess;
  /** Resolves when stderr matches, so often if /g; rejects when the process ends before. */
  said(pattern: RegExp, times?: number): Promise<void>;
  finished: Promise<Finished>;
};

export type RunOptions = { cwd: string; env?: Record<string, string> };

/** Starts the command line in a folder, with nothing of this process's UKPOLICE_* variables. */
export function startCli(args: readonly string[], { cwd, env = {} }: RunOptions): Running {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd,
    env: { ...plainEnvironment(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  let ended = false;
  const listeners = new Set<() => void>();
  const tell = () => listeners.forEach((listener) => listener());
  child.stdout.setEncoding("utf8").on("data", (text) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text) => {
    err += text;
    tell();
  });
  const finished = new Promise<Finished>((resolve) => {
    child.once("close", (code, signal) => {
      ended = true;
      tell();
      resolve({ code, signal, out, err });
    });
  });
  const said = (pattern: RegExp, times = 1) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if ((err.match(pattern)?.length ?? 0) >= times) resolve();
        else if (ended) reject(new Error(`ended without saying ${pattern}: ${err}`));
        else return;
        listeners.delete(look);
      };
      listeners.add(look);
      look();
    });
  return { child, said, finished };
}

/** Runs the command line to its end; in a test that is over, nothing is left running. */
export async function runCli(args: readonly string[], options: RunOptions): Promise<Finished> {
  const running = startCli(args, options);
  return running.finished;
}

/** Like startCli, and killed when the test ends before it does. */
export function startForTest(args: readonly string[], options: RunOptions): Running {
  const running = startCli(args, options);
  onTestFinished(() => void running.child.kill("SIGKILL"));
  return running;
}

/** An expected failure: its exit code, two lines on stderr, no stack, nothing on stdout. */
export function expectFailure(
  { code, out, err }: Finished,
  { exit, says, hint }: { exit: number; says: RegExp; hint: RegExp },
): void {
  const lines = err.trimEnd().split("\n");
  expect(lines.at(-2) ?? "").toMatch(/^ukpolice: ./);
  expect(lines.at(-2) ?? "").toMatch(says);
  expect(lines.at(-1) ?? "").toMatch(/^hint: ./);
  expect(lines.at(-1) ?? "").toMatch(hint);
  expect(err).not.toMatch(/^\s+at /m);
  expect(out).toBe("");
  expect(code).toBe(exit);
}

/** As expectFailure, and nothing else was said: not even what would be crawled. */
export function expectTwoLines(
  finished: Finished,
  expected: { exit: number; says: RegExp; hint: RegExp },
): void {
  expectFailure(finished, expected);
  expect(finished.err.trimEnd().split("\n")).toHaveLength(2);
}

function plainEnvironment(): NodeJS.ProcessEnv {
  const own = ([name]: [string, unknown]) => name.startsWith("UKPOLICE_") || name === "FORCE_COLOR";
  return Object.fromEntries(Object.entries(process.env).filter((entry) => !own(entry)));
}
