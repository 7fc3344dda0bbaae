import { NOWHERE } from "./completeness.ts";
import { monthsBetween } from "./months.ts";
import { findKnownGap } from "./police-api.ts";
import type { Kind, Month } from "./types.ts";

/** A force's month of a kind that is there, and far below its neighbours. */
export type Shortfall = {
  month: Month;
  kind: Kind;
  forceId: string;
  records: number;
  /** The median of the nearest months of the same force and kind; null: there are none. */
  usual: number | null;
  /** Why, where that is known; null for what only the counts show. */
  known: string | null;
};

export type CountedCell = { month: Month; kind: Kind; forceId: string; records: number };

/** So many of the nearest months tell what is usual: two or three bad ones in a row are outvoted. */
const NEIGHBOURS = 6;
/** Fewer than these tell nothing, unless it is known that something is wrong. */
const LEAST_NEIGHBOURS = 3;
/** Crime doubles or halves within years, and not within one. */
const REACH_MONTHS = 12;
/** Below this share of what is usual; policy makes searches rise and fall more than crimes do. */
const SHARE: Record<Kind, number> = { crimes: 0.4, outcomes: 0.4, stops: 0.25 };
/** Where so few are usual, chance and a lockdown do as much: only next to nothing tells. */
const FEW = 1000;
const SHARE_OF_FEW = 0.1;
const LEAST_USUAL = 100;

/**
 * Cells that are covered and whose few records say that they were published in part: a month that
 * is there is not yet whole. Those without any record are told too, but where a known gap says why;
 * they say nothing of what is usual.
 */
export function listShortfalls(cells: readonly CountedCell[]): Shortfall[] {
  const found = [...groupCells(cells).values()].flatMap(findShortfalls);
  return found.sort(
    (a, b) => compare(a.month, b.month) || compare(a.forceId, b.forceId) || compare(a.kind, b.kind),
  );
}

/** A cell with its month as a number: most time would go into reading months again and again. */
type NumberedCell = CountedCell & { nth: number };

/** Cells of one force and kind, oldest first. */
function groupCells(cells: readonly CountedCell[]): Map<string, NumberedCell[]> {
  const groups = new Map<string, NumberedCell[]>();
  for (const cell of cells) {
    if (cell.forceId === NOWHERE) continue;
    const key = `${cell.kind} ${cell.forceId}`;
    const group = groups.get(key);
    const numbered = { ...cell, nth: monthsBetween(cell.month, "0000-01") };
    if (group === undefined) groups.set(key, [numbered]);
    else group.push(numbered);
  }
  for (const group of groups.values()) group.sort((a, b) => a.nth - b.nth);
  return groups;
}

function findShortfalls(cells: readonly NumberedCell[]): Shortfall[] {
  return cells.flatMap((cell, at) => {
    const { month, kind, forceId, records } = cell;
    const near = listNearest(cells, at);
    const usual = near.length === 0 ? null : medianOf(near);
    const known = findKnownPart(cell)?.why ?? null;
    if (known === null) {
      if (usual === null || near.length < LEAST_NEIGHBOURS) return [];
      if (findKnownGap(cell, records) !== undefined || !isFarBelow(cell, usual)) return [];
    }
    return [{ month, kind, forceId, records, usual, known }];
  });
}

function isFarBelow({ kind, records }: CountedCell, usual: number): boolean {
  if (usual < LEAST_USUAL) return false;
  return records < usual * (usual < FEW ? SHARE_OF_FEW : SHARE[kind]);
}

/** Records of the nearest months before and after that have any, without the month itself. */
function listNearest(cells: readonly NumberedCell[], at: number): number[] {
  const nth = cells[at]?.nth ?? 0;
  const distance = (cell: NumberedCell | undefined) =>
    cell === undefined ? Infinity : Math.abs(cell.nth - nth);
  const near: number[] = [];
  let before = at - 1;
  let after = at + 1;
  while (near.length < NEIGHBOURS) {
    const isBefore = distance(cells[before]) <= distance(cells[after]);
    const nearest = isBefore ? cells[before--] : cells[after++];
    if (nearest === undefined || distance(nearest) > REACH_MONTHS) break;
    if (nearest.records > 0) near.push(nearest.records);
  }
  return near;
}

function medianOf(counts: readonly number[]): number {
  const sorted = counts.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return Math.round(((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A force's months of which less was published than there is: so many records at most. */
type KnownPart = {
  forceId: string;
  kind: Kind;
  since: Month;
  until: Month;
  most: number;
  why: string;
};

/** What is there and wrong, as the archive was published; later releases may be whole. */
const KNOWN_PARTS: readonly KnownPart[] = [
  {
    forceId: "dyfed-powys",
    kind: "crimes",
    since: "2024-01",
    until: "2024-03",
    most: 1800,
    why: "published in part, 5 to 35%, in the releases of mid 2024",
  },
  {
    forceId: "greater-manchester",
    kind: "crimes",
    since: "2022-08",
    until: "2022-08",
    most: 20,
    why: "a malformed file of 14 rows, which lie in Leicester",
  },
];

/** What is known to be wrong with a force's month that has so few records. */
function findKnownPart({ forceId, kind, month, records }: CountedCell): KnownPart | undefined {
  return KNOWN_PARTS.find(
    (part) =>
      part.forceId === forceId &&
      part.kind === kind &&
      records > 0 &&
      records <= part.most &&
      month >= part.since &&
      month <= part.until,
  );
}
