import { statSync } from "node:fs";
import Database from "better-sqlite3";
import type { Month } from "../src/types.ts";

/** Milliseconds of a question on a database just opened, and the median of five after that. */
export type Asked = { firstMs: number; medianMs: number; rows: number };

const ROUNDS = 5;
const FORCE = "metropolitan";
const AREA = "N100";

/** The questions by their short names; what a layout has indexes for decides how it is asked. */
export function questionsFor(file: string): Record<string, string> {
  const db = new Database(file, { readonly: true });
  const select = db.prepare<[string], string>(
    "select sql from sqlite_schema where type = 'index' and tbl_name = ? and sql is not null",
  );
  const indexes = {
    crimes: select.pluck().all("crimes"),
    outcomes: select.pluck().all("outcomes"),
  };
  db.close();
  // An index that has the category before the force is used for a force when all are named.
  const some = indexes.crimes.some((sql) => sql.includes("(month, category"))
    ? "and category in (select id from crime_categories)"
    : "";
  const head = indexes.crimes
    .map((sql) => /substr\(persistent_id, 1, \d+\)/.exec(sql)?.[0])
    .find(Boolean);
  const isKeyed = indexes.outcomes.some((sql) => sql.includes("(crime_month, crime_id"));
  return {
    month: "select category, count(*) from crimes where month = :month group by category",
    burglaries: joinOutcomes(
      isKeyed ? "crime_id = crimes.id" : "crime_persistent_id = persistent_id",
    ),
    "burglaries by id": joinOutcomes("crime_id = crimes.id"),
    all: "select category, count(*) from crimes group by category",
    area: `select crimes.id, category, streets.name, latitude, longitude, outcome_category
      from crimes left join streets on streets.id = street_id
      where month = :month ${some} and force_id = '${FORCE}' and neighbourhood_id = '${AREA}'`,
    export: `select crimes.*, streets.name
      from crimes left join streets on streets.id = street_id
      where month = :month ${some} and force_id = '${FORCE}'
      order by neighbourhood_id, crimes.id`,
    find: `select * from crimes where persistent_id = :persistentId ${
      head === undefined ? "" : `and ${head} = ${head.replace("persistent_id", ":persistentId")}`
    }`,
  };
}

/** What became of one month's burglaries. */
function joinOutcomes(by: string): string {
  return `select outcomes.category, count(*)
    from crimes join outcomes on crime_month = month and ${by}
    where month = :month and crimes.category = 'burglary'
    group by outcomes.category`;
}

/** Asks each question of a database that was just opened, then five times more. */
export function ask(file: string, month: Month, questions: Record<string, string>) {
  const answers: Record<string, Asked> = {};
  for (const [name, sql] of Object.entries(questions)) {
    const db = new Database(file, { readonly: true });
    const values: Record<string, unknown> = {};
    if (sql.includes(":month")) values["month"] = month;
    if (sql.includes(":persistentId")) values["persistentId"] = findPersistentId(file, month);
    const once = (): [number, number] => {
      const startMs = performance.now();
      let rows = 0;
      for (const _ of db.prepare(sql).raw().iterate(values)) rows += 1;
      return [performance.now() - startMs, rows];
    };
    const [firstMs, rows] = once();
    const times = Array.from({ length: ROUNDS }, () => once()[0]).toSorted((a, b) => a - b);
    answers[name] = { firstMs, medianMs: times[ROUNDS >> 1] ?? 0, rows };
    db.close();
  }
  return answers;
}

function findPersistentId(file: string, month: Month): unknown {
  const db = new Database(file, { readonly: true });
  const found = db
    .prepare(
      "select persistent_id from crimes where month = ? and persistent_id is not null limit 1 offset 1000",
    )
    .pluck()
    .get(month);
  db.close();
  return found;
}

/** Bytes of the database and of its parts, each for one of its crimes. */
export function weighParts(file: string): { total: number; parts: Record<string, number> } {
  const db = new Database(file, { readonly: true });
  const crimes = Number(db.prepare("select count(*) from crimes").pluck().get());
  const parts = db
    .prepare<[], [string, number]>(
      "select name, sum(pgsize) from dbstat where aggregate = true group by name order by 2 desc",
    )
    .raw()
    .all();
  db.close();
  return {
    total: statSync(file).size / crimes,
    parts: Object.fromEntries(parts.map(([name, bytes]) => [name, bytes / crimes])),
  };
}
