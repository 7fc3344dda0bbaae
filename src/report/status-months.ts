import { addMonths } from "date-fns/addMonths";
import { differenceInCalendarMonths } from "date-fns/differenceInCalendarMonths";
import { format } from "date-fns/format";
import { parseISO } from "date-fns/parseISO";
import type { Snapshot } from "../store/read/status.ts";
import { KINDS } from "../types.ts";
import type { Kind, Month } from "../types.ts";

export type MonthStatus = {
  month: Month;
  /** Refreshing: complete, and being fetched again. Missing: between others, and nothing is there. */
  state: "complete" | "part" | "refreshing" | "missing";
  forces_with_crimes: number;
  forces_with_outcomes: number;
  /** Records of what is counted. */
  crimes: number;
  outcomes: number;
  oldest_release: string | null;
  /** Whether some of it is of an earlier release than the newest that is known. */
  older: boolean;
  /** Whether the API still publishes it, as far as the newest release tells. */
  published: boolean;
  /** Polygons of what is under way. */
  polygons: { open: number; done: number; failed: number };
};

/** How many months the API publishes. */
const WINDOW_MONTHS = 36;

type Standard = {
  /** The forces that a complete month has. */
  wanted: readonly { id: string }[];
  release: string | null;
};

/** Every month from the oldest to the newest that the database knows of. */
export function listMonths(snapshot: Snapshot, standard: Standard): MonthStatus[] {
  const { coverage, sweeps, refreshes } = snapshot;
  const known = [coverage, sweeps, refreshes].flatMap((rows) => rows.map(({ month }) => month));
  const newest = known.sort().at(-1);
  const months: Month[] = [];
  for (let month = known[0]; month !== undefined && newest !== undefined && month <= newest;) {
    months.push(month);
    month = format(addMonths(parseISO(month), 1), "yyyy-MM");
  }
  return months.map((month) => describe(month, only(snapshot, month), standard));
}

/** Months that are complete, of an older release than the newest, and can be fetched again. */
export function listOlder(months: readonly MonthStatus[]): MonthStatus[] {
  return months.filter(({ state, older, published }) => state === "complete" && older && published);
}

type Rows = Pick<Snapshot, "coverage" | "counts" | "sweeps" | "refreshes">;

function only({ coverage, counts, sweeps, refreshes }: Snapshot, wanted: Month): Rows {
  const here = ({ month }: { month: Month }) => month === wanted;
  return {
    coverage: coverage.filter(here),
    counts: counts.filter(here),
    sweeps: sweeps.filter(here),
    refreshes: refreshes.filter(here),
  };
}

function describe(month: Month, rows: Rows, { wanted, release }: Standard): MonthStatus {
  const { coverage, counts, sweeps, refreshes } = rows;
  const covered = (kind: Kind) =>
    new Set(coverage.flatMap((row) => (row.kind === kind ? row.forceId : [])));
  const sum = (kind: Kind) =>
    counts.reduce((total, row) => total + (row.kind === kind ? row.records : 0), 0);
  const complete = KINDS.every((kind) => {
    const forces = covered(kind);
    return wanted.every(({ id }) => forces.has(id));
  });
  const part = coverage.length > 0 || sweeps.length > 0 ? "part" : "missing";
  const whole = refreshes.length > 0 ? "refreshing" : "complete";
  const oldest = coverage.map((row) => row.release).sort()[0] ?? null;
  const polygons = (state: "open" | "done" | "failed") =>
    sweeps.reduce((total, sweep) => total + sweep[state], 0);
  return {
    month,
    state: complete ? whole : part,
    forces_with_crimes: covered("crimes").size,
    forces_with_outcomes: covered("outcomes").size,
    crimes: sum("crimes"),
    outcomes: sum("outcomes"),
    oldest_release: oldest,
    older: oldest !== null && release !== null && oldest < release,
    published: isPublished(month, release),
    polygons: { open: polygons("open"), done: polygons("done"), failed: polygons("failed") },
  };
}

function isPublished(month: Month, release: string | null): boolean {
  if (release === null) return true;
  return differenceInCalendarMonths(parseISO(release), parseISO(month)) < WINDOW_MONTHS;
}
