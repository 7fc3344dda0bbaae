import type { Crime, Kind, Located, Outcome, Place, Records } from "../types.ts";

export type Value = string | number | null;

/** What a record needs in other tables before it can be stored. */
export type Parents = {
  street(place: Place | null): void;
  crimeCategory(id: string): void;
  outcomeCategory(category: { id: string; name: string }): void;
};

/** One column and what it holds of a record; `nth` numbers records of one reply with equal keys. */
type Column<R> = readonly [name: string, value: (located: Located<R>, nth: number) => Value];

export type Table<R> = {
  /** The column that holds the month that was asked for. */
  month: string;
  columns: readonly Column<R>[];
  /** The table that names what its column `category` holds; null: that holds names. */
  categories: string | null;
  /** What a row is, in words. */
  row: string;
  /** The columns that name a record; together they are unique. */
  key: readonly string[];
  /** The values of the key but for `nth`, as one text; null: the source has an id of its own. */
  identify: ((record: R) => string) | null;
  ensureParents(parents: Parents, record: R): void;
};

type Placed = { place: Place | null };

/** Where a record lies; the last two are found by the point and the boundaries. */
const PLACE: readonly Column<Placed>[] = [
  ["street_id", ({ record }) => record.place?.street.id ?? null],
  ["latitude", ({ record }) => record.place?.latitude ?? null],
  ["longitude", ({ record }) => record.place?.longitude ?? null],
  ["force_id", ({ area }) => area?.forceId ?? null],
  ["neighbourhood_id", ({ area }) => area?.neighbourhoodId ?? null],
];

const crimes: Table<Crime> = {
  month: "month",
  columns: [
    ["month", ({ record }) => record.month],
    ["id", ({ record }) => record.id],
    ["persistent_id", ({ record }) => record.persistentId],
    ["category", ({ record }) => record.category],
    ["location_type", ({ record }) => record.locationType],
    ["location_subtype", ({ record }) => record.locationSubtype],
    ["context", ({ record }) => record.context],
    ["outcome_category", ({ record }) => record.outcomeCategory],
    ["outcome_date", ({ record }) => record.outcomeDate],
    ...PLACE,
  ],
  categories: "crime_categories",
  row: "a crime: month, category, street, point, latest outcome",
  key: ["month", "id"],
  identify: null,
  ensureParents(parents, { place, category }) {
    parents.street(place);
    parents.crimeCategory(category);
  },
};

const outcomes: Table<Outcome> = {
  month: "date",
  columns: [
    ["crime_id", ({ record }) => record.crimeId],
    ["category", ({ record }) => record.category.id],
    ["date", ({ record }) => record.date],
    ["person_id", ({ record }) => record.personId],
    ["nth", (_, nth) => nth],
    ["crime_category", ({ record }) => record.crimeCategory],
    ["crime_month", ({ record }) => record.crimeMonth],
    ["crime_persistent_id", ({ record }) => record.crimePersistentId],
    ...PLACE,
  ],
  categories: "outcome_categories",
  row: "an outcome, often of a crime of an earlier month",
  key: ["crime_month", "crime_id", "category", "date", "person_id", "nth"],
  identify: ({ crimeMonth, crimeId, category, date, personId }) =>
    `${crimeMonth} ${crimeId} ${date} ${personId ?? ""} ${category.id}`,
  ensureParents(parents, { place, category, crimeCategory }) {
    parents.street(place);
    parents.outcomeCategory(category);
    parents.crimeCategory(crimeCategory);
  },
};

/** How each kind is stored; a kind's table is named after it, and so is the staged one. */
export const TABLES: { [K in Kind]: Table<Records[K]> } = { crimes, outcomes };

/** A column of a key as the unique index has it: null is a value there, and equal to null. */
export function keyTerm(column: string, prefix = ""): string {
  return column === "person_id" ? `ifnull(${prefix}${column}, -1)` : `${prefix}${column}`;
}
