import type { Command, RunState } from "../run-state.ts";
import type { Shortfall } from "../shortfalls.ts";
import type { Kind, Month, Source } from "../types.ts";

/** Months in a row of which a force has no records, or hardly any. */
export type Gap = {
  force: string;
  kind: Kind;
  from: Month;
  to: Month;
  /** Whether they are covered and without records, or months of the archive without the force's file. */
  lacks: "records" | "file";
  /** Why, where that is known; null for what only the data shows. */
  known: string | null;
};

/** Something of each kind that is looked at. */
export type OfKinds<T> = Partial<Record<Kind, T>>;

/** The records of each kind, and of how many forces they are. */
export type ByKind = OfKinds<number> & { [Name in `forces_with_${Kind}`]?: number };

export type MonthStatus = ByKind &
  MonthStops & {
    month: Month;
    /** Refreshing: complete, and being fetched again. Missing: between others, and nothing is there. */
    state: "complete" | "part" | "refreshing" | "missing";
    oldest_release: string | null;
    /** Where the records of each kind that is covered came from: a month of a kind has one source. */
    sources: OfKinds<Source>;
    /** How many months that release is older than the newest; null: that is not known. */
    behind: number | null;
    /** Whether some of it is of an earlier release than the newest that is known. */
    older: boolean;
    /** Crimes that no location is told of. */
    crimes_without_location: number;
    /** Whether the API still publishes it, as far as the newest release tells. */
    published: boolean;
    /** Questions of what is under way. */
    questions: { open: number; done: number; failed: number };
    /** Whether only what lies in no force's boundaries is lacking, which tiles for all forces bring. */
    lacks_outside: boolean;
  };

/** Whose stops of a month there are. A force that is not listed has published none, which is not zero. */
export type MonthStops = {
  /** Of how many forces the API has stops of the month, among the wanted; null: that is not known. */
  stops_listed: number | null;
  /** Those of them that are not here. */
  lacks_stops: string[];
  stops_not_published: string[];
};

/** What a refresh of a month is likely to change, by what earlier ones changed at its age. */
export type Worth = {
  month: Month;
  /** Months from it to the newest release. */
  age: number;
  /** Changed, added and removed records by those that there were, in months of this age. */
  share: number;
  /** Records that are likely to differ. */
  expected: number;
};

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
  command: Command;
  pid: number;
  started_at: string;
  seen_at: string;
  ended_at: string | null;
  exit_code: number | null;
  requests: number;
  records: number;
};
