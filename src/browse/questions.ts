import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import PQueue from "p-queue";
import type { SqlQuestion, SqlReply } from "./sql-worker.ts";

/** The worker stands beside this file, built or not. */
const WORKER = fileURLToPath(new URL(`sql-worker${extname(import.meta.url)}`, import.meta.url));
/** Questions that are answered at once: the rest of the machine is for others. */
const AT_ONCE = 2;

export type Ask = Omit<SqlQuestion, "file"> & {
  /** Given when nobody waits for the answer any more. */
  signal: AbortSignal;
};

export type Questions = ReturnType<typeof createQuestions>;

/**
 * Puts questions to the database in processes of their own, which are killed when time is up, and
 * end by themselves when they take too much memory or nobody is there to kill them.
 */
export function createQuestions(file: string, signal: AbortSignal) {
  const queue = new PQueue({ concurrency: AT_ONCE });
  const all = new Set<ChildProcess>();
  let idle: ChildProcess | undefined;

  const start = (): ChildProcess => {
    const child = fork(WORKER, [], {
      execArgv: [...process.execArgv, "--max-old-space-size=256"],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      env: {},
    });
    all.add(child);
    child.on("error", () => {}); // it ends then, which is listened for
    child.once("exit", () => {
      all.delete(child);
      if (idle === child) idle = undefined;
    });
    return child;
  };
  const keep = (child: ChildProcess): void => {
    if (idle === undefined && !signal.aborted && child.connected) idle = child;
    else child.kill("SIGKILL");
  };
  const ask = ({ signal: gone, ...question }: Ask) =>
    new Promise<SqlReply>((resolve) => {
      if (gone.aborted || signal.aborted) return resolve(failed("stopped"));
      const child = idle ?? start();
      idle = undefined;
      const end = (reply: SqlReply, isOver: boolean) => {
        clearTimeout(timer);
        gone.removeEventListener("abort", stop);
        child.removeAllListeners("message").off("exit", onExit);
        if (isOver) keep(child);
        else child.kill("SIGKILL");
        resolve(reply);
      };
      const stop = () => end(failed("stopped: nobody waited for it"), false);
      const onExit = () => end(failed("stopped: it took too much memory"), false);
      const { timeoutMs } = question;
      const timer = setTimeout(() => end(failed(describeTimeout(timeoutMs)), false), timeoutMs);
      gone.addEventListener("abort", stop);
      child.once("exit", onExit);
      child.once("message", (reply: SqlReply) => end(reply, true));
      child.send({ file, ...question }, (error) => {
        if (error !== null) onExit();
      });
    });

  signal.addEventListener("abort", () => {
    for (const child of all) child.kill("SIGKILL");
  });
  return {
    /** Starts a worker, so that the first question need not wait for it. */
    warm: (): void => {
      if (all.size === 0) idle = start();
    },
    ask: (question: Ask): Promise<SqlReply> => queue.add(() => ask(question)),
  };
}

function failed(message: string): SqlReply {
  return { as: "error", message };
}

function describeTimeout(timeoutMs: number): string {
  return `stopped after ${timeoutMs / 1000} seconds. Ask for less: indexes serve month (of crimes) and date (of outcomes), and force_counts holds what is counted already`;
}
