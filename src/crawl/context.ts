import type { Api } from "../fetch/api.ts";
import type { Published } from "../types.ts";
import type { Store } from "../store/store.ts";
import type { Health } from "./health.ts";
import type { Reporter } from "./reporter.ts";
import type { createUnanswered } from "./unanswered.ts";

/** What every part of the walk works with. */
export type Context = {
  api: Api;
  store: Store;
  reporter: Reporter;
  /** Given when no more work shall be taken; what is on the wire may settle. */
  signal: AbortSignal;
  health: Health;
  /** Asks what is published, patiently; all who ask at the same time share one request. */
  askPublished: () => Promise<Published>;
  /** What got no answer: the run goes on without it, and ends with exit code 5. */
  unanswered: ReturnType<typeof createUnanswered>;
  /** Requests in flight at once. */
  concurrency: number;
  /** Ends everything at once, requests on the wire too, unless the error is that work was stopped. */
  abandon: (error: unknown) => void;
};
