import type { Month } from "../types.ts";

/** How far the months of a run are, all together. */
export type MonthsProgress = {
  part: "months";
  /** The month at hand: the oldest of which a question is left, the `nth` of so many `months`. */
  month: Month;
  nth: number;
  months: number;
  /** Questions: all of them, and those that are done and failed. */
  total: number;
  done: number;
  failed: number;
  /** Whether some of `total` are only estimated: months whose questions are not chosen yet. */
  isEstimate: boolean;
  /** That the questions brought. */
  records: number;
};

/** How far the part of a run that is at hand is. */
export type Progress =
  | { part: "forces" | "neighbourhoods"; done: number; total: number }
  | MonthsProgress;

/** What the walk tells about itself; how it is shown is not its business. */
export type Reporter = {
  progress(progress: Progress): void;
  /** Something worth knowing. */
  note(text: string): void;
  /** Something that is not as it should be; the walk goes on. */
  warn(text: string): void;
  /** Nothing is asked for, since the API is down or not found, or for a pause; undefined: it goes on. */
  waits(why: "down" | "unresolved" | "paused" | undefined): void;
};
