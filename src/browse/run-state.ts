import { stateOfRun } from "../run-state.ts";
import type { RunState } from "../run-state.ts";
import type { RunRow } from "../store/read/runs.ts";

/** How a run is shown. */
export type Judgement = { tone: "good" | "warn" | "bad"; word: string; meaning: string };

/** Without a sign of life for so long, a run that is there waits for something. */
const SILENT_MS = 30_000;

const JUDGEMENTS: Record<RunState, Judgement> = {
  running: { tone: "good", word: "under way", meaning: "replies come in" },
  done: { tone: "good", word: "done", meaning: "all that was asked for is there" },
  incomplete: {
    tone: "warn",
    word: "incomplete",
    meaning: "some questions could not be answered; the same command asks them again",
  },
  failed: { tone: "bad", word: "failed", meaning: "the database failed, or there is a bug" },
  refused: { tone: "bad", word: "refused", meaning: "wrong usage" },
  unreachable: {
    tone: "bad",
    word: "unreachable",
    meaning: "the API could not be reached, or stayed down",
  },
  stopped: {
    tone: "warn",
    word: "stopped",
    meaning: "stopped by a signal; the same command goes on",
  },
  killed: {
    tone: "bad",
    word: "killed",
    meaning: "it was killed; the same command goes on where it stopped",
  },
};

const WAITING: Judgement = {
  tone: "warn",
  word: "waiting",
  meaning: "no reply came lately; the API may be down",
};

export type Around = { nowMs: number; isLocked: boolean };

/** What became of a run; the newest alone can be at work. */
export function judgeRun(run: RunRow, isNewest: boolean, { nowMs, isLocked }: Around): Judgement {
  const state = stateOfRun(run, isNewest && isLocked);
  const isSilent = state === "running" && nowMs - Date.parse(run.seenAt) > SILENT_MS;
  return isSilent ? WAITING : JUDGEMENTS[state];
}
