import type { Connection } from "../store/database.ts";

/** What the pages work with. */
export type BrowseTools = {
  /** Read-only; open as long as the app is. */
  db: Connection;
  file: string;
  /** Given when the app ends: timers, workers and streams end with it. */
  signal: AbortSignal;
};
