import { readFileSync } from "node:fs";
import Database from "better-sqlite3";
import { NOWHERE } from "../../src/completeness.ts";

export type Country = { file: string; db: Database.Database };

/** An empty database of the current schema, open for writing. */
export function createCountry(file: string): Country {
  const db = new Database(file);
  db.pragma("journal_mode = wal");
  db.exec(readFileSync(new URL("../../schema.sql", import.meta.url), "utf8"));
  db.pragma("foreign_keys = on");
  return { file, db };
}

export function addForces({ db }: Country, ids: readonly string[]): void {
  const insert = db.prepare("insert into forces (id, name) values (?, ?)");
  for (const id of ids) insert.run(id, `Force of ${id}`);
}

type Covered = {
  forces: readonly string[];
  months: readonly string[];
  kinds?: readonly string[];
  release?: string;
  source?: "api" | "archive";
  /** Records of each category; one that is 0 leaves no row, as a crawl does. */
  records: (force: string, month: string, kind: string) => number;
  categories?: number;
  /** Records in no force; null: that is not covered. With all forces it is covered, unless said. */
  outside?: number | null;
};

/** Months that are complete and counted. */
export function cover(country: Country, covered: Covered): void {
  const { db } = country;
  const { kinds = ["crimes", "outcomes"], release = "2024-06-01", categories = 1 } = covered;
  const { source = "api" } = covered;
  const isAll = listForces(country).every((id) => covered.forces.includes(id));
  const { outside = isAll ? 0 : null } = covered;
  const coverage = db.prepare(
    "insert into coverage values (?, ?, ?, ?, ?, '2024-06-20T00:00:00Z', ?)",
  );
  const counts = db.prepare("insert into force_counts values (?, ?, ?, ?, ?)");
  const coverCell = (month: string, kind: string, force: string, records: number) => {
    coverage.run(month, kind, force, source, release, records * categories);
    for (let index = 0; records > 0 && index < categories; index += 1) {
      counts.run(kind, month, `category-${index}`, force, records);
    }
  };
  const all = db.transaction(() => {
    for (const month of covered.months) {
      for (const kind of kinds) {
        for (const force of covered.forces) {
          coverCell(month, kind, force, covered.records(force, month, kind));
        }
        if (outside !== null) coverCell(month, kind, NOWHERE, outside);
      }
    }
  });
  all();
}

function listForces({ db }: Country): string[] {
  return db.prepare<[], string>("select id from forces").pluck().all();
}

type SweepParts = {
  month: string;
  kind?: string;
  /** All, and what lies in none of them, unless said. */
  forces?: readonly string[];
  staged?: 0 | 1;
};
type QuestionParts = { state: string; reason?: string; force?: string; id?: string };

/** A sweep that is under way, with questions in the states given. */
export function addSweep(
  country: Country,
  sweep: SweepParts,
  questions: readonly QuestionParts[],
): void {
  const { db } = country;
  const { month, kind = "crimes", staged = 0 } = sweep;
  const { forces = [...listForces(country), NOWHERE] } = sweep;
  const { lastInsertRowid } = db
    .prepare(
      `insert into sweeps (month, kind, plan, release, staged)
       values (?, ?, 'tiles', '2024-06-01', ?)`,
    )
    .run(month, kind, staged);
  const insertCell = db.prepare("insert into sweep_cells values (?, ?)");
  for (const force of forces) insertCell.run(lastInsertRowid, force);
  const insert = db.prepare(
    `insert into questions (sweep_id, force_id, neighbourhood_id, state, reason)
     values (?, ?, ?, ?, ?)`,
  );
  for (const { state, reason = null, force = null, id = null } of questions) {
    insert.run(lastInsertRowid, force, id, state, reason);
  }
}

/** The months from one on, `YYYY-MM`. */
export function monthsFrom(first: string, count: number): string[] {
  const [year = 0, month = 1] = first.split("-").map(Number);
  return Array.from({ length: count }, (_, index) => {
    const date = new Date(Date.UTC(year, month - 1 + index, 1));
    return date.toISOString().slice(0, 7);
  });
}
