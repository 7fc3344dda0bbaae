import type { Cover } from "../completeness.ts";
import { NOWHERE } from "../completeness.ts";
import { fillMonths, monthsBetween } from "../months.ts";
import { WINDOW_MONTHS } from "../police-api.ts";
import type { Snapshot } from "../store/read/status.ts";
import { byKind, KINDS } from "../types.ts";
import type { Kind, Month } from "../types.ts";

/** The records of each kind, and of how many forces they are. */
type ByKind = Record<Kind, number> & { [Name in `forces_with_${Kind}`]: number };

export type MonthStatus = ByKind & {
  month: Month;
  /** Refreshing: complete, and being fetched again. Missing: between others, and nothing is there. */
  state: "complete" | "part" | "refreshing" | "missing";
  oldest_release: string | null;
  /** How many months that release is older than the newest; null: that is not known. */
  behind: number | null;
  /** Whether some of it is of an earlier release than the newest that is known. */
  older: boolean;
  /** Whether the API still publishes it, as far as the newest release tells. */
  published: boolean;
  /** Questions of what is under way. */
  questions: { open: number; done: number; failed: number };
  /** Whether only what lies in no force's boundaries is lacking, which tiles for all forces bring. */
  lacks_outside: boolean;
};

type Standard = {
  /** The forces whose cells a complete month has. */
  wanted: readonly string[];
  release: string | null;
};

/** Every month from the oldest to the newest that the database knows of. */
export function listMonths(
  { cover, sweeps, published }: Snapshot,
  standard: Standard,
): MonthStatus[] {
  const known = [...cover.listMonths(), ...sweeps.map(({ month }) => month)];
  return fillMonths(known).map((month) => {
    const here = sweeps.filter((sweep) => sweep.month === month);
    return describe(month, { cover, sweeps: here, published }, standard);
  });
}

/** Months that are complete, of an older release than the newest, and can be fetched again. */
export function listOlder(months: readonly MonthStatus[]): MonthStatus[] {
  return months.filter(({ state, older, published }) => state === "complete" && older && published);
}

/** As the API said when it was last asked; where it never was, as its window tells. */
function isPublished(month: Month, published: readonly Month[] | null, release: string | null) {
  if (published !== null && month <= (published.toSorted().at(-1) ?? "")) {
    return published.includes(month);
  }
  return release === null || monthsBetween(release, month) < WINDOW_MONTHS;
}

type Rows = Pick<Snapshot, "cover" | "sweeps" | "published">;

function describe(month: Month, rows: Rows, { wanted, release }: Standard): MonthStatus {
  const { cover, sweeps, published } = rows;
  const cells = byKind((kind) => cover.listCells(month, kind));
  const forces = byKind((kind) => cells[kind].filter(({ forceId }) => forceId !== NOWHERE).length);
  const records = byKind((kind) => cells[kind].reduce((sum, cell) => sum + cell.records, 0));
  const oldest = KINDS.flatMap((kind) => cells[kind].map((cell) => cell.release)).sort()[0] ?? null;
  const questions = (state: "open" | "done" | "failed") =>
    sweeps.reduce((total, sweep) => total + sweep[state], 0);
  return {
    month,
    state: stateOf(month, rows, wanted),
    forces_with_crimes: forces.crimes,
    forces_with_outcomes: forces.outcomes,
    ...records,
    oldest_release: oldest,
    behind:
      oldest === null || oldest === "" || release === null ? null : monthsBetween(release, oldest),
    older: oldest !== null && release !== null && oldest < release,
    published: isPublished(month, published, release),
    questions: { open: questions("open"), done: questions("done"), failed: questions("failed") },
    lacks_outside: lacksOutside(cover, month, wanted),
  };
}

function stateOf(month: Month, { cover, sweeps }: Rows, wanted: readonly string[]) {
  if (cover.isComplete(month, wanted)) {
    return sweeps.some(({ staged }) => staged) ? "refreshing" : "complete";
  }
  const isBegun =
    sweeps.length > 0 || KINDS.some((kind) => cover.listCells(month, kind).length > 0);
  return isBegun ? "part" : "missing";
}

/** Whether all that a month lacks, of any kind, is what lies in no force's boundaries. */
function lacksOutside(cover: Cover, month: Month, wanted: readonly string[]): boolean {
  const lacking = KINDS.flatMap((kind) => cover.listLacking(month, kind, wanted));
  return lacking.length > 0 && lacking.every((forceId) => forceId === NOWHERE);
}
