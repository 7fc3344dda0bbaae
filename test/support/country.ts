import { readFileSync } from "node:fs";
import Database from "better-sqlite3";

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
  /** Records of each category; one that is 0 leaves no row, as a crawl does. */
  records: (force: string, month: string, kind: string) => number;
  categories?: number;
};

/** Months that are complete and counted. */
export function cover({ db }: Country, covered: Covered): void {
  const { kinds = ["crimes", "outcomes"], release = "2024-06-01", categories = 1 } = covered;
  const coverage = db.prepare("insert into coverage values (?, ?, ?, ?, '2024-06-20T00:00:00Z')");
  const counts = db.prepare("insert into force_counts values (?, ?, ?, ?, ?)");
  const all = db.transaction(() => {
    for (const month of covered.months) {
      for (const kind of kinds) {
        for (const force of covered.forces) {
          coverage.run(month, kind, force, release);
          const records = covered.records(force, month, kind);
          for (let index = 0; records > 0 && index < categories; index += 1) {
            counts.run(kind, month, `category-${index}`, force, records);
          }
        }
      }
    }
  });
  all();
}

type SweepParts = { month: string; kind?: string; scope?: string; refresh?: 0 | 1 };
type PolygonParts = { state: string; reason?: string; force?: string; id?: string };

/** A sweep that is under way, with polygons in the states given. */
export function addSweep({ db }: Country, sweep: SweepParts, polygons: readonly PolygonParts[]) {
  const { month, kind = "crimes", scope = "all", refresh = 0 } = sweep;
  const { lastInsertRowid } = db
    .prepare(
      `insert into sweeps (month, kind, plan, scope, release, refresh)
       values (?, ?, 'tiles', ?, '2024-06-01', ?)`,
    )
    .run(month, kind, scope, refresh);
  const insert = db.prepare(
    `insert into polygons (sweep_id, force_id, neighbourhood_id, state, reason)
     values (?, ?, ?, ?, ?)`,
  );
  for (const { state, reason = null, force = null, id = null } of polygons) {
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
