import type { Cover, CoveredCell } from "../completeness.ts";
import { NOWHERE, STEADY_KINDS } from "../completeness.ts";
import { fillMonths, monthsBetween } from "../months.ts";
import { WINDOW_MONTHS } from "../police-api.ts";
import type { Snapshot } from "../store/read/status.ts";
import type { Kind, Month, Source } from "../types.ts";
import { describeStopsOf, NO_STOPS } from "./status-month-stops.ts";
import type { ByKind, MonthStatus, OfKinds } from "./status-shape.ts";

type Standard = {
  /** The months of which anything is here. */
  known: readonly Month[];
  /** The kinds that are looked at. */
  kinds: readonly Kind[];
  /** The forces whose cells a complete month has. */
  wanted: readonly string[];
  release: string | null;
};

/** Every month from the oldest to the newest that the database knows of. */
export function listMonths(snapshot: Snapshot, standard: Standard): MonthStatus[] {
  return fillMonths(standard.known).map((month) => {
    const here = snapshot.sweeps.filter((sweep) => sweep.month === month);
    return describe(month, { ...snapshot, sweeps: here }, standard);
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

function describe(month: Month, rows: Snapshot, standard: Standard): MonthStatus {
  const { sweeps, stops, unlocated } = rows;
  const { kinds, release } = standard;
  const cells = kinds.flatMap((kind) => rows.cover.listCells(month, kind));
  // Stops that are no longer listed cannot be fetched again.
  const listed = stops.byMonth.get(month);
  const current = cells.filter(
    ({ kind, forceId }) => kind !== "stops" || (listed?.includes(forceId) ?? true),
  );
  const oldest = findOldest(current);
  // The API's releases do not make the archive's months older: a later zip does.
  const oldestOfApi = findOldest(current.filter(({ source }) => source === "api"));
  const questions = (state: "open" | "done" | "failed") =>
    sweeps.reduce((total, sweep) => total + sweep[state], 0);
  return {
    month,
    state: stateOf(month, rows, standard),
    ...countKinds(cells, kinds),
    ...(kinds.includes("stops") ? describeStopsOf(month, rows) : NO_STOPS),
    crimes_without_location: unlocated.reduce(
      (sum, row) => (row.month === month ? sum + row.records : sum),
      0,
    ),
    oldest_release: oldest,
    sources: readSources(month, rows.cover, kinds),
    behind: countBehind(oldest, release),
    older: oldestOfApi !== null && release !== null && oldestOfApi < release,
    published: isPublished(month, stops.months, release),
    questions: { open: questions("open"), done: questions("done"), failed: questions("failed") },
    lacks_outside: lacksOutside(rows.cover, month, standard),
  };
}

function findOldest(cells: readonly CoveredCell[]): string | null {
  return cells.map((cell) => cell.release).sort()[0] ?? null;
}

/** A file of the archive can be of a later release than any that a crawl has seen. */
function countBehind(oldest: string | null, release: string | null): number | null {
  if (oldest === null || oldest === "" || release === null) return null;
  return Math.max(0, monthsBetween(release, oldest));
}

function readSources(month: Month, cover: Cover, kinds: readonly Kind[]): OfKinds<Source> {
  return Object.fromEntries(
    kinds.flatMap((kind) => {
      const source = cover.sourceOf(month, kind);
      return source === undefined ? [] : [[kind, source]];
    }),
  );
}

function countKinds(cells: readonly CoveredCell[], kinds: readonly Kind[]): ByKind {
  const of = (kind: Kind) => cells.filter((cell) => cell.kind === kind);
  return Object.fromEntries([
    ...kinds.map((kind) => [
      `forces_with_${kind}`,
      of(kind).filter(({ forceId }) => forceId !== NOWHERE).length,
    ]),
    ...kinds.map((kind) => [kind, of(kind).reduce((sum, { records }) => sum + records, 0)]),
  ]);
}

/** Complete is a month with its crimes and outcomes; where only stops are looked at, with these. */
function stateOf(month: Month, rows: Snapshot, { kinds, wanted }: Standard) {
  const { cover, sweeps } = rows;
  const steady = listSteady(kinds);
  const isComplete =
    steady.length > 0 && wanted.length > 0
      ? steady.every((kind) => cover.listLacking(month, kind, wanted).length === 0)
      : cover.listCells(month, "stops").length > 0 &&
        describeStopsOf(month, rows).lacks_stops.length === 0;
  if (isComplete) return sweeps.some(({ staged }) => staged) ? "refreshing" : "complete";
  const isBegun =
    sweeps.length > 0 || kinds.some((kind) => cover.listCells(month, kind).length > 0);
  return isBegun ? "part" : "missing";
}

function listSteady(kinds: readonly Kind[]): Kind[] {
  return STEADY_KINDS.filter((kind) => kinds.includes(kind));
}

/** Whether all that a month lacks, of crimes and outcomes, is what lies in no force's boundaries. */
function lacksOutside(cover: Cover, month: Month, { kinds, wanted }: Standard): boolean {
  const lacking = listSteady(kinds).flatMap((kind) => cover.listLacking(month, kind, wanted));
  return lacking.length > 0 && lacking.every((forceId) => forceId === NOWHERE);
}
