import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { readFileSync, watch } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Seen } from "../../src/sandbox/server.ts";

const BIN = fileURLToPath(new URL("../../bin/ukpolice.js", import.meta.url));
const MEMORY_PERIOD_MS = 50;

/** When a crawl is killed: a while after a request, or at a write to a file of its folder. */
export type KillAt =
  | { at: "request"; count: number; delayMs: number }
  | { at: "commit" | "sidecar"; count: number };

/** The names of the files whose writes say that a kill is due. */
const FILES = { commit: /-wal$/, sidecar: /^last_update\.json/ };

export type Wire = {
  seen: Seen[];
  onRequest(seen: Seen): void;
  /** Called back with every further request, until the answer is called. */
  listen(listener: () => void): () => void;
};

/** What a sandbox of this process saw, and whom it tells. */
export function createWire(): Wire {
  const seen: Seen[] = [];
  const listeners = new Set<() => void>();
  return {
    seen,
    onRequest(request) {
      seen.push(request);
      for (const listener of listeners) listener();
    },
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

export type Ended = {
  code: number | null;
  killed: boolean;
  out: string;
  err: string;
  /** The most memory that the process held, in MB; 0 where the system does not tell. */
  memoryMb: number;
};

export type KillOptions = {
  /** The folder in which it runs, and in which its database stands. */
  cwd: string;
  env?: Record<string, string>;
  kill?: KillAt | undefined;
  wire: Wire;
};

/** Runs the command line until it ends, or until it is killed by SIGKILL. */
export async function runUntilKilled(
  args: readonly string[],
  { cwd, env = {}, kill, wire }: KillOptions,
): Promise<Ended> {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const texts = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (texts.out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (texts.err += text));
  const disarm = kill === undefined ? () => {} : arm(child, kill, cwd, wire);
  const memory = watchMemory(child);
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => {
    child.once("close", (...ending) => resolve(ending));
  });
  disarm();
  return { code, killed: signal === "SIGKILL", ...texts, memoryMb: memory.stop() };
}

function arm(child: ChildProcess, kill: KillAt, cwd: string, wire: Wire): () => void {
  let left = kill.count;
  const die = () => void child.kill("SIGKILL");
  if (kill.at === "request") {
    let timer: NodeJS.Timeout | undefined;
    const deafen = wire.listen(() => {
      left -= 1;
      if (left === 0) timer = setTimeout(die, kill.delayMs);
    });
    return () => {
      deafen();
      clearTimeout(timer);
    };
  }
  const watcher = watch(cwd, (_, name) => {
    if (name === null || !FILES[kill.at].test(name)) return;
    left -= 1;
    if (left === 0) die();
  });
  return () => watcher.close();
}

/** Linux alone tells of a process's most memory while it lives; one that is killed tells no more. */
function watchMemory({ pid }: ChildProcess): { stop(): number } {
  let most = 0;
  const look = () => {
    most = Math.max(most, readMemory(pid));
  };
  const timer = setInterval(look, MEMORY_PERIOD_MS);
  return {
    stop() {
      clearInterval(timer);
      return most;
    },
  };
}

function readMemory(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
