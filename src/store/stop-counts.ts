import type { Month } from "../types.ts";
import type { Connection } from "./database.ts";

/** The columns of stops by which they are counted. */
export const STOP_FIELDS = [
  "type",
  "object_of_search",
  "outcome",
  "gender",
  "age_range",
  "officer_defined_ethnicity",
  "self_defined_ethnicity",
] as const;

export type StopField = (typeof STOP_FIELDS)[number];

/** Counts a month's stops anew by what is told of them; the caller holds the transaction. */
export function createCountStops(db: Connection): (month: Month) => void {
  return prepare<[Month]>(db, "month = ?");
}

/** The same of the stops that a force published. */
export function createCountStopsOf(db: Connection): (month: Month, forceId: string) => void {
  return prepare<[Month, string]>(db, "month = ? and reported_by = ?");
}

function prepare<Key extends string[]>(db: Connection, where: string): (...key: Key) => void {
  const forget = db.prepare<Key>(`delete from stop_counts where ${where}`);
  const counts = STOP_FIELDS.map((field) =>
    db.prepare<Key>(
      `insert into stop_counts (month, reported_by, field, value, records, linked, unlinked)
       select month, reported_by, '${field}', ifnull(${field}, '') as value, count(*),
         count(*) filter (where outcome_linked_to_object_of_search = 1),
         count(*) filter (where outcome_linked_to_object_of_search = 0)
       from stops
       where ${where}
       group by reported_by, value`,
    ),
  );
  return (...key) => {
    for (const statement of [forget, ...counts]) statement.run(...key);
  };
}
