import { nextMonth } from "./months.ts";
import { findKnownGap, FIRST_OUTCOMES } from "./police-api.ts";
import type { Kind, Month, Published, Source } from "./types.ts";

/** The force of what lies in no force's boundaries. */
export const NOWHERE = "";

/** The kinds that every force publishes: a month that is complete has them. Stops come later. */
export const STEADY_KINDS = ["crimes", "outcomes"] as const satisfies readonly Kind[];

/** A month of a kind for a force: what is wanted, asked for and covered. */
export type Cell = { month: Month; kind: Kind; forceId: string };

/**
 * A cell whose every question is answered, or whose file of the archive is imported; `release` is ''
 * where that is not known.
 */
export type CoveredCell = Cell & { source: Source; release: string; records: number };

/** The cells that are covered: what complete means is asked of it alone. */
export type Cover = ReturnType<typeof createCover>;

/** Makes the covered cells easy to ask about. */
export function createCover(cells: Iterable<CoveredCell>) {
  const byMonth = new Map<Month, Map<Kind, Map<string, CoveredCell>>>();
  for (const cell of cells) {
    const kinds = byMonth.get(cell.month) ?? new Map<Kind, Map<string, CoveredCell>>();
    byMonth.set(cell.month, kinds);
    const forces = kinds.get(cell.kind) ?? new Map<string, CoveredCell>();
    kinds.set(cell.kind, forces.set(cell.forceId, cell));
  }
  const listCells = (month: Month, kind: Kind): CoveredCell[] => [
    ...(byMonth.get(month)?.get(kind)?.values() ?? []),
  ];
  const find = ({ month, kind, forceId }: Cell): CoveredCell | undefined =>
    byMonth.get(month)?.get(kind)?.get(forceId);
  const sourceOf = (month: Month, kind: Kind): Source | undefined =>
    listCells(month, kind)[0]?.source;
  const isExplained = (cell: Cell): boolean =>
    cell.forceId === NOWHERE || findKnownGap(cell, 0) !== undefined;
  const listLacking = (month: Month, kind: Kind, forces: readonly string[]): string[] => {
    if (kind === "outcomes" && month < FIRST_OUTCOMES) return [];
    const lacking = forces.filter((forceId) => find({ month, kind, forceId }) === undefined);
    if (lacking.length === 0 || sourceOf(month, kind) !== "archive") return lacking;
    return lacking.filter((forceId) => !isExplained({ month, kind, forceId }));
  };

  return {
    find,
    listCells,
    listAll: (): CoveredCell[] =>
      [...byMonth.values()].flatMap((kinds) =>
        [...kinds.values()].flatMap((forces) => [...forces.values()]),
      ),
    /** Where the covered cells of a month and kind came from; undefined: none is covered. */
    sourceOf,
    /**
     * The forces whose cell is not covered. The archive has files of forces alone, and none of what
     * a force is known not to have published: that is not lacking there.
     */
    listLacking,
    /** Whether crimes and outcomes of a month are there for all of these forces. */
    isComplete: (month: Month, forces: readonly string[]): boolean =>
      STEADY_KINDS.every((kind) => listLacking(month, kind, forces).length === 0),
    /** Months of which something is covered, in some kind or in this one, oldest first. */
    listMonths: (kind?: Kind): Month[] =>
      [...byMonth]
        .filter(([, kinds]) => kind === undefined || kinds.has(kind))
        .map(([month]) => month)
        .sort(),
    /** The oldest release that any of these forces' cells of a month is of; stops come later. */
    findOldestRelease: (month: Month, forces: readonly string[]): string | undefined =>
      STEADY_KINDS.flatMap((kind) => listCells(month, kind))
        .filter(({ forceId }) => forces.includes(forceId))
        .map(({ release }) => release)
        .sort()[0],
  };
}

/** The newest month such that every month from `since` up to it is complete for the forces. */
export function findNewestComplete(
  cover: Cover,
  { since, forces }: { since: Month; forces: readonly string[] },
): Month | undefined {
  if (forces.length === 0) return undefined;
  let newest: Month | undefined;
  for (let month = since; cover.isComplete(month, forces); month = nextMonth(month)) newest = month;
  return newest;
}

/** What 'all' means: every force that is known, and what lies in none of them. */
export function listForcesOf(
  forces: "all" | readonly string[],
  known: readonly string[],
): readonly string[] {
  return forces === "all" ? [...known, NOWHERE] : forces;
}

/**
 * The forces that a database is for: those that anything was ever asked for. Who asked for every
 * one of them wants what lies in none of them, too; where nothing was asked for, that is all.
 */
export function listWanted(known: readonly string[], asked: ReadonlySet<string>): string[] {
  const named = known.filter((forceId) => asked.has(forceId));
  const isAll = asked.has(NOWHERE) || named.length === known.length || named.length === 0;
  return isAll ? [...known, NOWHERE] : named;
}

/**
 * The forces of the cells of a month and kind, among those that a database is for: of stops, those
 * that publish some, whoever they are where all are wanted.
 */
export function listForcesOfKind(
  { month, kind }: { month: Month; kind: Kind },
  wanted: readonly string[],
  stops: Published["stops"],
): readonly string[] {
  if (kind !== "stops") return wanted;
  const publishing = stops.get(month) ?? [];
  return wanted.includes(NOWHERE)
    ? publishing
    : publishing.filter((forceId) => wanted.includes(forceId));
}

/** Whose stops the API has. */
export type StopsListed = {
  /** The months that it published when a crawl last asked; null: none did. */
  months: readonly Month[] | null;
  byMonth: Published["stops"];
  /** The forces whose stops the database is for; '' among them: everybody's. */
  wanted: readonly string[];
  /** Every force that is known. */
  forces: readonly string[];
};

/** Whose stops of a month there are: of a force that is not listed none are published, which is not zero. */
export type StopsOfMonth = { listed: string[]; lacking: string[]; unpublished: string[] };

/** Sorts the wanted forces by whether stops of theirs can be had; undefined: that is not known. */
export function sortStops(
  month: Month,
  cover: Cover,
  { months, byMonth, wanted, forces }: StopsListed,
): StopsOfMonth | undefined {
  if (months?.includes(month) !== true) return undefined;
  const listed = listForcesOfKind({ month, kind: "stops" }, wanted, byMonth);
  const others = forces.filter(
    (forceId) =>
      (wanted.includes(NOWHERE) || wanted.includes(forceId)) && !listed.includes(forceId),
  );
  return {
    listed: [...listed],
    lacking: cover.listLacking(month, "stops", listed),
    unpublished: cover.listLacking(month, "stops", others),
  };
}

/** From so many records of a kind on in some month, none in another is not an answer. */
const ALWAYS_SOME = 1000;
/** From so many crimes of a month on, there are outcomes, too. */
const ENOUGH_CRIMES = 100;

/** What is known beside the answers themselves, to tell whether an answer of none can be. */
export type Evidence = {
  kind: Kind;
  month: Month;
  /** Records of the kind in the month, these cells' and all others that are known. */
  total: number;
  /** Crimes of the month that are known. */
  crimes: number;
  /** The most records of the kind that a force has in any other month. */
  mostElsewhere: (forceId: string) => number;
};

/**
 * The forces whose answer of no record is not believed. A month can be listed while areas still
 * answer `[]` for it; and a force that had thousands has some in every month, unless it is known
 * to publish none.
 */
export function listDoubted(
  cells: readonly { forceId: string; records: number }[],
  { kind, month, total, crimes, mostElsewhere }: Evidence,
): string[] {
  const isSmall = kind !== "crimes" && crimes > 0 && crimes < ENOUGH_CRIMES;
  const isEmpty = total === 0 && !isSmall;
  return cells
    .filter(({ forceId, records }) => {
      if (records > 0 || findKnownGap({ forceId, kind, month }, records)) return false;
      return isEmpty || (forceId !== NOWHERE && mostElsewhere(forceId) >= ALWAYS_SOME);
    })
    .map(({ forceId }) => forceId);
}
