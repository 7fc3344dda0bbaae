import type { Area, Category, Cloud, Crime, Kind, Month } from "../types.ts";
import type { Outcome, Place, Point } from "../types.ts";
import { createCounts } from "./counts.ts";
import type { Connection } from "./database.ts";
import { CRIME_COLUMNS, crimeRow, OUTCOME_COLUMNS, outcomeRow } from "./rows.ts";
import type { Value } from "./rows.ts";

/** Streets whose name is remembered: those of a few replies, for neighbouring ones share them. */
const KEPT_STREETS = 50_000;

/** How many rows a write added, and how many it changed. */
export type Written = { added: number; changed: number };

/** Records are put in place at once, or staged until their whole month is there. */
export type Placing = "stored" | "staged";

const OUTCOME_KEY = ["crime_id", "category", "date", "ifnull(person_id, -1)"];

export type Records = ReturnType<typeof createRecords>;

/** Crimes and outcomes, with the streets and categories that they need. */
export function createRecords(db: Connection) {
  const ensureParents = createParents(db);
  const upsertCrime = inEither((prefix) =>
    createUpsert(db, `${prefix}crimes`, CRIME_COLUMNS, ["id"]),
  );
  const upsertOutcome = inEither((prefix) =>
    createUpsert(db, `${prefix}outcomes`, OUTCOME_COLUMNS, OUTCOME_KEY),
  );

  return {
    /** Inserts crimes or brings stored ones up to date; the caller holds the transaction. */
    saveCrimes(rows: readonly Crime[], place: Placing): Written {
      const upsert = upsertCrime[place];
      return count(rows, (crime) => {
        ensureParents.street(crime.place);
        ensureParents.crimeCategory(crime.category);
        return upsert(crimeRow(crime), [crime.id]);
      });
    },
    /** Inserts outcomes or brings stored ones up to date; the caller holds the transaction. */
    saveOutcomes(rows: readonly Outcome[], place: Placing): Written {
      const upsert = upsertOutcome[place];
      return count(rows, (outcome) => {
        ensureParents.street(outcome.place);
        ensureParents.outcomeCategory(outcome.category);
        ensureParents.crimeCategory(outcome.crimeCategory);
        const { crimeId, category, date, personId } = outcome;
        return upsert(outcomeRow(outcome), [crimeId, category.id, date, personId ?? -1]);
      });
    },
    /** Forgets which streets and categories are stored: a rollback may have taken them away. */
    forgetParents: ensureParents.forget,
    relocate: createRelocate(db),
    listPoints: createListPoints(db),
    countMonth: createCountMonth(db),
  };
}

function inEither<T>(make: (prefix: "" | "staged_") => T): Record<Placing, T> {
  return { stored: make(""), staged: make("staged_") };
}

function count<R>(rows: readonly R[], save: (row: R) => "added" | "changed" | "kept"): Written {
  const written = { added: 0, changed: 0 };
  for (const row of rows) {
    const what = save(row);
    if (what !== "kept") written[what] += 1;
  }
  return written;
}

/** Streets and categories are inserted before the record that needs them, and remembered. */
function createParents(db: Connection) {
  const upsertStreet = db.prepare(
    `insert into streets (id, name) values (?, ?)
     on conflict (id) do update set name = excluded.name where name <> excluded.name`,
  );
  const insertCrimeCategory = db.prepare(
    "insert into crime_categories (id, name) values (?, ?) on conflict do nothing",
  );
  const upsertOutcomeCategory = db.prepare(
    `insert into outcome_categories (id, name) values (?, ?)
     on conflict (id) do update set name = excluded.name where name <> excluded.name`,
  );
  const streets = new Map<number, string>();
  const crimeCategories = new Set<string>();
  const outcomeCategories = new Map<string, string>();

  return {
    street(place: Place | null): void {
      if (place === null || streets.get(place.street.id) === place.street.name) return;
      upsertStreet.run(place.street.id, place.street.name);
      if (streets.size >= KEPT_STREETS) streets.clear();
      streets.set(place.street.id, place.street.name);
    },
    crimeCategory(id: string): void {
      if (crimeCategories.has(id)) return;
      insertCrimeCategory.run(id, id);
      crimeCategories.add(id);
    },
    outcomeCategory({ id, name }: Category): void {
      if (outcomeCategories.get(id) === name) return;
      upsertOutcomeCategory.run(id, name);
      outcomeCategories.set(id, name);
    },
    forget(): void {
      streets.clear();
      crimeCategories.clear();
      outcomeCategories.clear();
    },
  };
}

/**
 * Insert first, update on conflict: nearly every record is new, and a record that two
 * polygons return is written once more only when something in it differs.
 */
function createUpsert(
  db: Connection,
  table: string,
  columns: readonly string[],
  key: readonly string[],
) {
  const names = columns.join(", ");
  const values = columns.map(() => "?").join(", ");
  const insert = db.prepare(
    `insert into ${table} (${names}) values (${values}) on conflict do nothing`,
  );
  const update = db.prepare(
    `update ${table} set (${names}) = (${values})
     where ${key.map((column) => `${column} = ?`).join(" and ")}
       and (${names}) is not (${values})`,
  );
  return (row: Value[], id: Value[]): "added" | "changed" | "kept" => {
    if (insert.run(row).changes === 1) return "added";
    return update.run([...row, ...id, ...row]).changes === 1 ? "changed" : "kept";
  };
}

/** How many records of a month are stored. */
function createCountMonth(db: Connection) {
  const select = (table: string, month: string) =>
    db.prepare<[string], number>(`select count(*) from ${table} where ${month} = ?`).pluck();
  const statements = { crimes: select("crimes", "month"), outcomes: select("outcomes", "date") };
  return (kind: Kind, month: Month): number => statements[kind].get(month) ?? 0;
}

/** Where the records of a month are, a point for each. */
function createListPoints(db: Connection) {
  const select = (table: string, month: string) =>
    db
      .prepare<[string], [number, number]>(
        `select latitude, longitude from ${table} where ${month} = ? and latitude is not null`,
      )
      .raw();
  const statements = { crimes: select("crimes", "month"), outcomes: select("outcomes", "date") };
  return (kind: Kind, month: Month): Cloud => {
    const rows = statements[kind].all(month);
    return {
      latitude: Float64Array.from(rows, ([latitude]) => latitude),
      longitude: Float64Array.from(rows, ([, longitude]) => longitude),
    };
  };
}

/** Finds force and neighbourhood of all stored records anew, after boundaries changed. */
function createRelocate(db: Connection) {
  const forget = db.prepare("delete from facts where name = 'boundaries_moved'");
  const { recountAll } = createCounts(db);
  const tables = ["crimes", "outcomes", "staged_crimes", "staged_outcomes"].map((table) => ({
    select: db.prepare<[], Point & { id: number; forceId: string | null; areaId: string | null }>(
      `select id, latitude, longitude, force_id as forceId, neighbourhood_id as areaId
       from ${table} where latitude is not null`,
    ),
    update: db.prepare(`update ${table} set force_id = ?, neighbourhood_id = ? where id = ?`),
  }));

  return db.transaction((locate: (point: Point) => Area | null): number => {
    let moved = 0;
    for (const { select, update } of tables) {
      const changes: [string | null, string | null, number][] = [];
      for (const row of select.iterate()) {
        const area = locate(row);
        const forceId = area?.forceId ?? null;
        const areaId = area?.neighbourhoodId ?? null;
        if (forceId !== row.forceId || areaId !== row.areaId)
          changes.push([forceId, areaId, row.id]);
      }
      for (const change of changes) update.run(...change);
      moved += changes.length;
    }
    if (moved > 0) recountAll();
    forget.run();
    return moved;
  });
}
