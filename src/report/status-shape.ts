import type { RunState } from "../run-state.ts";
import type { Shortfall } from "../shortfalls.ts";
import type { Kind, Month } from "../types.ts";
import type { Gap } from "./status-gaps.ts";
import type { MonthStatus, OfKinds } from "./status-months.ts";
import type { Worth } from "./status-worth.ts";

/** The one command that is right for a database as it is, and why. */
export type Next = { command: string; why: string };

/** Records of one force and kind in the months that are covered; zero: the API has none. */
export type CountsByMonth = Record<Month, number>;

export type CoverageRow = {
  force: string;
  name: string;
  /** Whether it is in the API's list of forces; one that is not publishes stops alone. */
  listed: boolean;
  /** Crimes that it published without a location; they are among its crimes. */
  without_location: CountsByMonth;
} & OfKinds<CountsByMonth>;

/** The stable document of `--json`, of which the text is a rendering. */
export type StatusDocument = {
  database: string;
  bytes: number;
  wal_bytes: number;
  schema: number;
  /** Whether the records are those of the bundled sample. */
  sample: boolean;
  /** The kinds that are looked at, and those that any crawl was asked for. */
  kinds: readonly Kind[];
  asked_kinds: readonly Kind[] | null;
  last_update: {
    /** Ahead: it claims more than the database holds. Foreign: it is of another database. */
    state: "missing" | "damaged" | "fits" | "ahead" | "foreign";
    month: Month | null;
    since: Month | null;
    forces: "all" | readonly string[] | null;
    database: string | null;
    /** The newest month up to which the database is complete for these forces. */
    complete: Month | null;
  };
  /** The API's newest release that a crawl has seen, and how it is known. */
  release: { newest: string | null; source: "api" | "rows" };
  records: OfKinds<number>;
  in_no_neighbourhood: OfKinds<number>;
  crimes_without_location: number;
  forces: { known: number; wanted: number };
  neighbourhoods: { listed: number; without_boundary: string[]; boundary_not_asked: number };
  months: MonthStatus[];
  /** The months that a refresh is worth most for, and what brings them; null: nothing was measured. */
  worth: { months: Worth[]; command: string | null } | null;
  coverage: CoverageRow[];
  /** Records of the API whose LSOA can be learnt from the archive, and those of which it is known. */
  lsoas: { located: number; found: number };
  gaps: Gap[];
  /** Months that are there, and far below their neighbours: perhaps published in part. */
  shortfalls: ShortfallStatus[];
  failures: {
    month: Month;
    kind: Kind;
    reason: string;
    questions: number;
    example: string | null;
  }[];
  runs: RunStatus[];
  next: Next;
};

/** A force's month far below its neighbours, as `--json` has it. */
export type ShortfallStatus = Omit<Shortfall, "forceId"> & { force: string };

export type RunStatus = {
  state: RunState;
  pid: number;
  started_at: string;
  seen_at: string;
  ended_at: string | null;
  exit_code: number | null;
  requests: number;
  records: number;
};
