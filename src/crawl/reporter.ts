import type { Month } from "../types.ts";

/** How far a part of the walk is. `total` grows when a polygon is cut. */
export type Progress =
  | { part: "forces" | "neighbourhoods"; done: number; total: number }
  | { part: "month"; month: Month; done: number; total: number; records: number; failed: number };

/** What the walk tells about itself; how it is shown is not its business. */
export type Reporter = {
  progress(progress: Progress): void;
  /** Something worth knowing. */
  note(text: string): void;
  /** Something that is not as it should be; the walk goes on. */
  warn(text: string): void;
};
