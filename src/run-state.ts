import { EXIT } from "./errors.ts";

/** What a run is of: both write to the database. */
export type Command = "crawl" | "import";

/** What became of a run of the crawl. */
export type RunState =
  | "running"
  | "done"
  | "incomplete"
  | "failed"
  | "refused"
  | "unreachable"
  | "stopped"
  | "killed";

type Ended = { endedAt: string | null; exitCode: number | null };

const STATES: Record<number, RunState> = {
  0: "done",
  [EXIT.usage]: "refused",
  [EXIT.unreachable]: "unreachable",
  [EXIT.incomplete]: "incomplete",
  [EXIT.SIGINT]: "stopped",
  [EXIT.SIGTERM]: "stopped",
};

/**
 * What became of a run. One without an end is at work while the database is locked, which a
 * process that died never leaves it: its number may be another's by now.
 */
export function stateOfRun({ endedAt, exitCode }: Ended, isLocked: boolean): RunState {
  if (endedAt === null) return isLocked ? "running" : "killed";
  return STATES[exitCode ?? EXIT.bug] ?? "failed";
}
