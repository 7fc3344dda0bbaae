import type { Cover } from "../../completeness.ts";
import type { OpenSweep } from "../../store/sweeps.ts";
import type { Month, PlanName } from "../../types.ts";

/** What a run asks for. */
export type Wanted = {
  /** The months asked for, oldest first. */
  months: readonly Month[];
  /** Those of which complete ones shall be fetched again, oldest first. */
  again: readonly Month[];
  /** The forces whose cells are wanted; '' among them: what lies in none, too. */
  forces: readonly string[];
  plan: PlanName;
};

/** What the API publishes, and what the database holds. */
export type State = {
  published: readonly Month[];
  /** The API's newest release, `YYYY-MM-DD`; '' where it is not known. */
  release: string;
  cover: Cover;
  sweeps: readonly OpenSweep[];
};
