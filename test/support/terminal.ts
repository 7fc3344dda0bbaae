import { spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import xterm from "@xterm/headless";
import { onTestFinished } from "vitest";
import { BIN } from "./cli.ts";

const ROWS = 24;
const PTY = fileURLToPath(new URL("./run-on-pty.py", import.meta.url));

/** Whether there are pseudo-terminals here: Python opens them, which Node cannot do by itself. */
export const hasTerminals = spawnSync("python3", ["-c", "import pty, termios"]).status === 0;
if (!hasTerminals) console.warn("no python3 with pty: the tests on a pseudo-terminal are left out");

/** A model of what a terminal shows. */
export type Shown = {
  write(text: string | Uint8Array): void;
  resize(columns: number): void;
  /** The rows down to the last that is not empty, when all that was written is drawn. */
  rows(): Promise<string[]>;
};

export function createShown(columns: number): Shown {
  const model = new xterm.Terminal({ cols: columns, rows: ROWS, allowProposedApi: true });
  onTestFinished(() => model.dispose());
  return {
    write: (text) => model.write(text),
    resize: (to) => model.resize(to, ROWS),
    async rows() {
      await new Promise<void>((drawn) => model.write("", drawn));
      const { active } = model.buffer;
      const rows = Array.from({ length: active.length }, (_, at) =>
        (active.getLine(at)?.translateToString(true) ?? "").trimEnd(),
      );
      return rows.slice(0, rows.findLastIndex((row) => row !== "") + 1);
    },
  };
}

export type OnTerminal = {
  rows(): Promise<string[]>;
  type(text: string): void;
  resize(columns: number): void;
  /** Wakes the command after Ctrl-Z. */
  wake(): void;
  /** All that the terminal was told, control sequences included. */
  told(): string;
  exitCode: Promise<number | null>;
};

/** Runs the command line on a pseudo-terminal of so many columns, until the test ends. */
export function runOnTerminal(
  args: readonly string[],
  { cwd, columns }: { cwd: string; columns: number },
): OnTerminal {
  const shown = createShown(columns);
  const child = spawn("python3", [PTY, `${columns}`, `${ROWS}`, process.execPath, BIN, ...args], {
    cwd,
    env: { PATH: process.env["PATH"], TERM: "xterm-256color", LANG: "C.UTF-8" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill());
  const bytes: Buffer[] = [];
  child.stdout.on("data", (part: Buffer) => {
    bytes.push(part);
    shown.write(part);
  });
  const order = (what: object) => child.stdin.write(`${JSON.stringify(what)}\n`);
  return {
    rows: shown.rows,
    type: (text) => void order({ type: text }),
    resize(to) {
      shown.resize(to);
      order({ size: [to, ROWS] });
    },
    wake: () => void order({ continue: true }),
    told: () => Buffer.concat(bytes).toString(),
    exitCode: new Promise((resolve) => child.once("close", resolve)),
  };
}
