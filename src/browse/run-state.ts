import type { RunRow } from "../store/read/runs.ts";

export type RunState = { tone: "good" | "warn" | "bad" | ""; word: string; meaning: string };

/** Without a sign of life for so long, a run that is there waits for something. */
const SILENT_MS = 30_000;

const ENDS: Record<number, RunState> = {
  0: { tone: "good", word: "done", meaning: "all that was asked for is there" },
  1: { tone: "bad", word: "failed", meaning: "exit code 1: a bug" },
  2: { tone: "bad", word: "refused", meaning: "exit code 2: wrong usage" },
  3: { tone: "bad", word: "API down", meaning: "exit code 3: the API stayed down" },
  4: { tone: "bad", word: "failed", meaning: "exit code 4: the database failed" },
  5: { tone: "warn", word: "incomplete", meaning: "exit code 5: some polygons failed" },
  130: { tone: "warn", word: "stopped", meaning: "stopped by Ctrl-C; the same command goes on" },
  143: { tone: "warn", word: "stopped", meaning: "stopped by SIGTERM; the same command goes on" },
};

export type Around = { nowMs: number; isAlive: (pid: number) => boolean };

/** What became of a run. One without an end whose process is gone was killed. */
export function judgeRun(run: RunRow, isNewest: boolean, { nowMs, isAlive }: Around): RunState {
  const { endedAt, exitCode, pid, seenAt } = run;
  if (endedAt !== null)
    return ENDS[exitCode ?? 1] ?? { tone: "bad", word: "failed", meaning: `exit code ${exitCode}` };
  if (!isNewest || !isAlive(pid))
    return {
      tone: "bad",
      word: "killed",
      meaning: "it was killed: its process is gone; the same command goes on where it stopped",
    };
  if (nowMs - Date.parse(seenAt) > SILENT_MS)
    return { tone: "warn", word: "waiting", meaning: "no reply came lately; the API may be down" };
  return { tone: "good", word: "under way", meaning: "replies come in" };
}
