import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { NOWHERE, STEADY_KINDS } from "../../src/completeness.ts";
import { KINDS } from "../../src/types.ts";
import type { Kind, Month } from "../../src/types.ts";
import { compareRows, readRows } from "./truth.ts";
import type { Truth } from "./truth.ts";

/** The truth of every release, by its day. */
export type History = Map<string, Truth>;

export type Findings = {
  /** What is wrong, a sentence each. */
  wrong: string[];
  /** Complete months of a kind whose rows were compared with the truth. */
  verified: { kind: Kind; month: Month; release: string; rows: number }[];
  lost: number;
  surplus: number;
};

/**
 * What has to hold of a database at every moment, however its crawl ended: it is sound, what it
 * calls complete is the truth of its release, the counts are those of the rows, and
 * last_update.json claims no more than is there.
 */
export function inspect(file: string, forces: number, history: History): Findings {
  const findings: Findings = { wrong: [], verified: [], lost: 0, surplus: 0 };
  if (!existsSync(file)) return findings;
  const db = new Database(file, { readonly: true });
  try {
    if (db.pragma("user_version", { simple: true }) === 0) return findings;
    checkSoundness(db, findings.wrong);
    checkMonths(db, { forces, history, findings });
    checkCounts(db, findings.wrong);
    checkSidecar(db, { file, forces, wrong: findings.wrong });
    return findings;
  } finally {
    db.close();
  }
}

/**
 * A release has come in the midst of a crawl: what it has not completed from the one before will
 * be of both, and called the older one's, so nobody can tell any more what it should be.
 */
export function forgetIncomplete(file: string, forces: number, history: History, release: string) {
  const truth = history.get(release);
  if (truth === undefined || !existsSync(file)) return;
  const db = new Database(file, { readonly: true });
  try {
    const covered = db.pragma("user_version", { simple: true }) === 0 ? [] : listCovered(db);
    for (const kind of KINDS) {
      for (const [month, rows] of truth[kind]) {
        const isDone = covered.some(
          (one) =>
            one.kind === kind &&
            one.month === month &&
            one.release === release &&
            (kind === "stops" ? rows?.every((row) => liesIn(row, one.cells)) : hasAll(one, forces)),
        );
        if (!isDone) truth[kind].set(month, null);
      }
    }
  } finally {
    db.close();
  }
}

function checkSoundness(db: Database.Database, wrong: string[]): void {
  const integrity = db.pragma("integrity_check", { simple: true });
  if (integrity !== "ok") wrong.push(`integrity_check: ${String(integrity)}`);
  const orphans = db.pragma("foreign_key_check");
  if (!Array.isArray(orphans) || orphans.length > 0) {
    wrong.push(`foreign_key_check: ${JSON.stringify(orphans)}`);
  }
}

/** Cells of a month and kind that are covered from one release. */
type Covered = { kind: Kind; month: Month; release: string; cells: readonly string[] };

function listCovered(db: Database.Database): Covered[] {
  return db
    .prepare<[], Omit<Covered, "cells"> & { cells: string }>(
      `select kind, month, release, json_group_array(force_id) as cells
       from coverage
       group by kind, month, release`,
    )
    .all()
    .map(({ cells, ...rest }) => ({ ...rest, cells: JSON.parse(cells) }));
}

/** Whether all forces are there; what lies in none is left out by a crawl of neighbourhoods. */
function hasAll({ cells }: Covered, forces: number): boolean {
  return cells.filter((forceId) => forceId !== NOWHERE).length === forces;
}

function liesIn(row: string, cells: readonly string[]): boolean {
  return cells.includes(ownerOf(row));
}

/** The last column of a row is the force of its cell. */
function ownerOf(row: string): string {
  const columns: unknown[] = JSON.parse(row);
  return String(columns.at(-1));
}

type Months = { forces: number; history: History; findings: Findings };

/** Each cell that is covered is the truth of its release, also where its month is not complete. */
function checkMonths(db: Database.Database, { forces, history, findings }: Months): void {
  // While a list or a boundary has not been answered, nobody knows whose its records are.
  const unknown = db
    .prepare(
      `select (select count(*) from forces where listed = 1 and listed_at is null)
         + (select count(*) from neighbourhoods where boundary_at is null and boundary is null)`,
    )
    .pluck()
    .get();
  if (unknown !== 0) return;
  for (const covered of listCovered(db)) {
    const { kind, month, release, cells } = covered;
    // Nobody could say of which release it is: then it is of one of them, and not to be compared.
    if (release === "" && history.size > 1) continue;
    const [only] = history.values();
    const all = (history.get(release) ?? (release === "" ? only : undefined))?.[kind].get(month);
    if (all === undefined) {
      findings.wrong.push(`${kind} of ${month} are said to be of the release ${release}`);
      continue;
    }
    if (all === null) continue;
    const truth = all.filter((row) => liesIn(row, cells));
    const stored = readRows(db, kind, month).filter((row) => liesIn(row, cells));
    const { lost, surplus } = compareRows(truth, stored);
    findings.lost += lost.length;
    findings.surplus += surplus.length;
    if (kind === "stops" || hasAll(covered, forces)) {
      findings.verified.push({ kind, month, release, rows: truth.length });
    }
    if (lost.length + surplus.length === 0) continue;
    findings.wrong.push(
      `${kind} of ${month}, release ${release}: ${lost.length} rows lost (${lost[0] ?? "none"}), ` +
        `${surplus.length} too many (${surplus[0] ?? "none"})`,
    );
  }
}

/** How the rows of a kind are counted, in SQL. */
const COUNTED: Record<Kind, { month: string; category: string; owner: string }> = {
  crimes: { month: "month", category: "category", owner: "coalesce(force_id, reported_by, '')" },
  outcomes: { month: "date", category: "category", owner: "ifnull(force_id, '')" },
  stops: { month: "month", category: "type", owner: "reported_by" },
};

function checkCounts(db: Database.Database, wrong: string[]): void {
  for (const kind of KINDS) {
    const { month: at, category, owner } = COUNTED[kind];
    const select = (counted: string, found: string) =>
      db
        .prepare<{ kind: Kind }, { month: Month }>(
          `with complete as (select month, force_id from coverage where kind = @kind),
             counted as (${counted}), found as (${found})
           select month from (select * from counted except select * from found)
           union select month from (select * from found except select * from counted)`,
        )
        .all({ kind });
    const byForce = select(
      `select month, category, force_id, records from force_counts
       where kind = @kind and (month, force_id) in (select month, force_id from complete)`,
      `select ${at} as month, ${category}, ${owner}, count(*) from ${kind}
       where (${at}, ${owner}) in (select month, force_id from complete) group by 1, 2, 3`,
    );
    // What lies in none may be of cells that are not covered.
    const byNeighbourhood = select(
      `select month, category, force_id, neighbourhood_id, records from neighbourhood_counts
       where kind = @kind and (month, force_id) in (select month, force_id from complete)
         and force_id <> '' and kind <> 'stops'`,
      `select ${at} as month, ${category}, force_id, neighbourhood_id, count(*) from ${kind}
       where (${at}, force_id) in (select month, force_id from complete) and '${kind}' <> 'stops'
       group by 1, 2, 3, 4`,
    );
    for (const { month } of [...byForce, ...byNeighbourhood]) {
      wrong.push(`the counts of ${kind} of ${month} are not true`);
    }
    const untold = db
      .prepare<{ kind: Kind }, { month: Month; forceId: string }>(
        `select month, force_id as forceId from coverage as cell
         where kind = @kind and records <> (
           select count(*) from ${kind} where ${at} = cell.month and ${owner} = cell.force_id)`,
      )
      .all({ kind });
    for (const { month, forceId } of untold) {
      wrong.push(`the cell ${month} ${kind} '${forceId}' has other records than it says`);
    }
  }
}

type Sidecar = { file: string; forces: number; wrong: string[] };
type Claim = { last_update: Month; since: Month; forces: "all" | string[] };

function checkSidecar(db: Database.Database, { file, forces, wrong }: Sidecar): void {
  const path = join(dirname(file), "last_update.json");
  if (!existsSync(path)) return;
  const claim: Claim = JSON.parse(readFileSync(path, "utf8"));
  const isComplete = createIsComplete(db, claim.forces, forces);
  for (let month = claim.since; month <= claim.last_update; month = monthAfter(month)) {
    if (isComplete(month)) continue;
    wrong.push(`last_update.json says ${claim.last_update}, but ${month} is not complete`);
  }
}

function createIsComplete(db: Database.Database, named: Claim["forces"], forces: number) {
  const select = db
    .prepare<[string], string>(
      "select force_id from coverage where month = ? and kind in ('crimes', 'outcomes')",
    )
    .pluck();
  return (month: Month): boolean => {
    const covered = select.all(month);
    // Every force, and what lies in none.
    if (named === "all") return covered.length === STEADY_KINDS.length * (forces + 1);
    return named.every((id) => covered.filter((one) => one === id).length === STEADY_KINDS.length);
  };
}

function monthAfter(month: Month): Month {
  const date = new Date(`${month}-01T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + 1);
  return date.toISOString().slice(0, 7);
}
