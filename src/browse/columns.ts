import type { Column, Relation } from "../store/read/relations.ts";
import { listSortable } from "../store/read/orders.ts";
import type { Wish } from "../store/read/orders.ts";

/** When something was, the most telling first: by these a table is read from its newest row on. */
const TIMES = ["started_at", "month", "date", "datetime", "completed_at"];
/** What people read before all else. */
const FIRST = [...TIMES, "kind", "name", "category", "type", "field", "value", "records"];
const PLACES = ["latitude", "longitude"];
/** What only programs read: how a place was found, and what tells equal records apart. */
const LATE = ["location_type", "location_subtype", "context", "person_id", "nth", "crime_id", "id"];
/** Long, and never read. */
const LAST = ["persistent_id", "crime_persistent_id", "outcome_object_id", "boundary", "ring"];

/** The columns of a table in the order in which people read them. */
export function orderColumns({ columns, foreignKeys }: Relation): Column[] {
  const linked = new Set(foreignKeys.flatMap((key) => key.columns));
  const rank = ({ name }: Column): number => {
    if (FIRST.includes(name)) return FIRST.indexOf(name);
    if (LAST.includes(name)) return 400 + LAST.indexOf(name);
    if (LATE.includes(name)) return 300 + LATE.indexOf(name);
    if (PLACES.includes(name)) return 250;
    return linked.has(name) ? 100 : 200;
  };
  return columns.toSorted((a, b) => rank(a) - rank(b));
}

/** The column of time that an unsorted table is read by, newest first; null where it has none. */
export function newestFirst(wish: Wish): string | null {
  const sortable = listSortable(wish);
  const fixed = new Set(
    wish.filters.filter(({ test }) => test !== "contains").map(({ column }) => column),
  );
  const [first = null] = TIMES.filter(
    (name) => wish.relation.columns.some((column) => column.name === name) && sortable.has(name),
  );
  return first === null || fixed.has(first) ? null : first;
}
