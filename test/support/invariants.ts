import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
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
    const covered =
      db.pragma("user_version", { simple: true }) === 0 ? [] : listCovered(db, forces);
    for (const kind of KINDS) {
      for (const month of truth[kind].keys()) {
        const isDone = covered.some(
          (one) => one.kind === kind && one.month === month && one.release === release,
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

/** Forces one by one leave out what lies in none: the end of such a row, force and neighbourhood. */
const IN_NO_FORCE = ",null,null]";

/** `whole` is 1 where the records in no force are there, too. */
type Covered = { kind: Kind; month: Month; release: string; whole: number };

/** What is complete for every force, from one release. */
function listCovered(db: Database.Database, forces: number): Covered[] {
  return db
    .prepare<[number], Covered>(
      `select kind, month, min(release) as release,
         (month, kind) in (select month, kind from whole_months) as whole
       from coverage
       group by kind, month
       having count(*) = ? and min(release) = max(release)`,
    )
    .all(forces);
}

type Months = { forces: number; history: History; findings: Findings };

function checkMonths(db: Database.Database, { forces, history, findings }: Months): void {
  for (const { kind, month, release, whole } of listCovered(db, forces)) {
    const truth = history.get(release)?.[kind].get(month);
    if (truth === undefined) {
      findings.wrong.push(`${kind} of ${month} are said to be of the release ${release}`);
      continue;
    }
    if (truth === null) continue;
    const { lost: all, surplus } = compareRows(truth, readRows(db, kind, month));
    const lost = whole === 1 ? all : all.filter((row) => !row.endsWith(IN_NO_FORCE));
    findings.lost += lost.length;
    findings.surplus += surplus.length;
    findings.verified.push({ kind, month, release, rows: truth.length });
    if (lost.length + surplus.length === 0) continue;
    findings.wrong.push(
      `${kind} of ${month}, release ${release}: ${lost.length} rows lost (${lost[0] ?? "none"}), ` +
        `${surplus.length} too many (${surplus[0] ?? "none"})`,
    );
  }
}

function checkCounts(db: Database.Database, wrong: string[]): void {
  const months = { crimes: "month", outcomes: "date" };
  for (const kind of KINDS) {
    const differing = db
      .prepare<{ kind: Kind }, { month: Month }>(
        `with complete as (
           select month, force_id from coverage where kind = @kind
         ), counted as (
           select month, category, force_id, neighbourhood_id, records
           from neighbourhood_counts
           where kind = @kind and (month, force_id) in (select month, force_id from complete)
         ), found as (
           select ${months[kind]} as month, category, ifnull(force_id, '') as force_id,
             ifnull(neighbourhood_id, '') as neighbourhood_id, count(*) as records
           from ${kind}
           where (${months[kind]}, force_id) in (select month, force_id from complete)
           group by 1, 2, 3, 4
         )
         select month from (select * from counted except select * from found)
         union select month from (select * from found except select * from counted)`,
      )
      .all({ kind });
    for (const { month } of differing) wrong.push(`the counts of ${kind} of ${month} are not true`);
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
    .prepare<[string], string>("select force_id from coverage where month = ?")
    .pluck();
  return (month: Month): boolean => {
    const covered = select.all(month);
    if (named === "all") return covered.length === KINDS.length * forces;
    return named.every((id) => covered.filter((one) => one === id).length === KINDS.length);
  };
}

function monthAfter(month: Month): Month {
  const date = new Date(`${month}-01T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + 1);
  return date.toISOString().slice(0, 7);
}
