import type { Crime, Kind, Located, Month, Outcome, Place, Records, Stop } from "../types.ts";

export type Value = string | number | null;

/** What a record needs in other tables before it can be stored. */
export type Parents = {
  street(place: Place | null): void;
  crimeCategory(id: string): void;
  outcomeCategory(category: { id: string; name: string }): void;
  force(id: string | null): void;
};

/** What is found of a record that it does not say. */
export type Found = {
  /** Numbers records of one reply with equal keys. */
  nth: number;
  lsoaCode: string | null;
};

/** One column and what it holds of a record. */
type Column<R> = readonly [name: string, value: (located: Located<R>, found: Found) => Value];

export type Table<R> = {
  /** The column that holds the month that was asked for. */
  month: string;
  columns: readonly Column<R>[];
  /** The column by which records are counted. */
  category: string;
  /** The table that names what that column holds; null: it holds names. */
  categories: string | null;
  /** The force whose cell a row belongs to, '' for none, of the table's columns in SQL. */
  owner: (prefix?: string) => string;
  /** Selects category, force_id (its owner) and records of @kind and @month, in parts to be summed. */
  countForces: string;
  /** The month of the map that a record's point is on. */
  mapMonth: (record: R) => Month;
  /** The same of stored rows, as SQL. */
  mapMonthColumn: string;
  /** Whether a row is of the API, in SQL; null: rows do not tell. */
  isOfApi: string | null;
  /** What a row is, in words. */
  row: string;
  /** The columns that name a record; together they are unique. None: nothing names it. */
  key: readonly string[];
  /** Which stored rows the unique index has, in SQL; null: all of them. */
  isKeyed: string | null;
  /** What `nth` numbers the equals of, as one text; null: the source has an id of its own. */
  identify: ((record: R) => string) | null;
  ensureParents(parents: Parents, located: Located<R>): void;
};

type Placed = { place: Place | null };

/** Where a record lies; the last three are found by the point, with boundaries and known points. */
const PLACE: readonly Column<Placed>[] = [
  ["street_id", ({ record }) => record.place?.street.id ?? null],
  ["latitude", ({ record }) => record.place?.latitude ?? null],
  ["longitude", ({ record }) => record.place?.longitude ?? null],
  ["force_id", ({ area }) => area?.forceId ?? null],
  ["neighbourhood_id", ({ area }) => area?.neighbourhoodId ?? null],
  ["lsoa_code", (_, { lsoaCode }) => lsoaCode],
];

const BY_NEIGHBOURHOOD = `
  select category, force_id, records from neighbourhood_counts
  where kind = @kind and month = @month`;

/** By whose boundaries the point lies in; what has no point, by who published it. */
const PLACED_OWNER = (prefix = "") => `coalesce(${prefix}force_id, ${prefix}reported_by, '')`;

/** What is in no force's boundaries is moved to who published it, where that is known. */
function moveToPublishers(table: string, unplaced: readonly string[]): string {
  const moves = unplaced.flatMap((where) =>
    ["reported_by, count(*)", "'', -count(*)"].map(
      (moved) => `
        union all
        select category, ${moved} from ${table} where ${where} group by category, reported_by`,
    ),
  );
  return BY_NEIGHBOURHOOD + moves.join("");
}

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
    ["reported_by", ({ reportedBy }) => reportedBy],
  ],
  category: "category",
  categories: "crime_categories",
  owner: PLACED_OWNER,
  // The index crimes_without_force holds just the crimes of the API; of the archive those are all that no boundaries have.
  countForces: moveToPublishers("crimes", [
    "month = @month and id > 0 and force_id is null and reported_by is not null",
    "month = @month and id < 0 and force_id is null",
  ]),
  mapMonth: ({ month }) => month,
  mapMonthColumn: "month",
  isOfApi: "id > 0",
  row: "a crime: month, category, street, point, latest outcome",
  key: ["month", "id"],
  isKeyed: null,
  identify: null,
  ensureParents(parents, { record: { place, category }, reportedBy }) {
    parents.street(place);
    parents.crimeCategory(category);
    parents.force(reportedBy);
  },
};

const outcomes: Table<Outcome> = {
  month: "date",
  columns: [
    ["crime_id", ({ record }) => record.crimeId],
    ["category", ({ record }) => record.category.id],
    ["date", ({ record }) => record.date],
    ["person_id", ({ record }) => record.personId],
    ["nth", (_, { nth }) => nth],
    ["crime_category", ({ record }) => record.crimeCategory],
    ["crime_month", ({ record }) => record.crimeMonth],
    ["crime_persistent_id", ({ record }) => record.crimePersistentId],
    ...PLACE,
    ["reported_by", ({ reportedBy }) => reportedBy],
  ],
  category: "category",
  categories: "outcome_categories",
  owner: PLACED_OWNER,
  countForces: moveToPublishers("outcomes", [
    "date = @month and crime_id is null and force_id is null",
  ]),
  mapMonth: ({ crimeMonth }) => crimeMonth,
  mapMonthColumn: "crime_month",
  isOfApi: "crime_id is not null",
  row: "an outcome, often of a crime of an earlier month",
  key: ["crime_month", "crime_id", "category", "date", "person_id", "nth"],
  isKeyed: "crime_id is not null",
  identify: ({ crimeMonth, crimeId, category, date, personId }) =>
    `${crimeMonth} ${crimeId} ${date} ${personId ?? ""} ${category.id}`,
  ensureParents(parents, { record: { place, category, crimeCategory } }) {
    parents.street(place);
    parents.outcomeCategory(category);
    parents.crimeCategory(crimeCategory);
  },
};

const STOP: readonly Column<Stop>[] = [
  ["month", ({ record }) => record.month],
  ["type", ({ record }) => record.type],
  ["datetime", ({ record }) => record.datetime],
  ["involved_person", ({ record }) => toFlag(record.involvedPerson)],
  ["gender", ({ record }) => record.gender],
  ["age_range", ({ record }) => record.ageRange],
  ["self_defined_ethnicity", ({ record }) => record.selfDefinedEthnicity],
  ["officer_defined_ethnicity", ({ record }) => record.officerDefinedEthnicity],
  ["legislation", ({ record }) => record.legislation],
  ["object_of_search", ({ record }) => record.objectOfSearch],
  ["outcome", ({ record }) => record.outcome],
  ["outcome_object_id", ({ record }) => record.outcomeObject?.id ?? null],
  ["outcome_object_name", ({ record }) => record.outcomeObject?.name ?? null],
  [
    "outcome_linked_to_object_of_search",
    ({ record }) => toFlag(record.outcomeLinkedToObjectOfSearch),
  ],
  [
    "removal_of_more_than_outer_clothing",
    ({ record }) => toFlag(record.removalOfMoreThanOuterClothing),
  ],
  ["operation", ({ record }) => toFlag(record.operation)],
  ["operation_name", ({ record }) => record.operationName],
];

const stops: Table<Stop> = {
  month: "month",
  columns: [
    ...STOP,
    ...PLACE,
    ["reported_by", ({ reportedBy }) => reportedBy],
    ["nth", (_, { nth }) => nth],
  ],
  category: "type",
  categories: null,
  owner: (prefix = "") => `${prefix}reported_by`,
  countForces: `
    select type as category, reported_by as force_id, count(*) as records from stops
    where month = @month group by type, reported_by`,
  mapMonth: ({ month }) => month,
  mapMonthColumn: "month",
  isOfApi: null,
  row: "a stop and search: when, where, whom, why, and what came of it",
  key: [],
  isKeyed: null,
  identify: (record) => JSON.stringify(record),
  ensureParents(parents, { record: { place }, reportedBy }) {
    parents.street(place);
    parents.force(reportedBy);
  },
};

function toFlag(value: boolean | null): number | null {
  return value === null ? null : Number(value);
}

/** How each kind is stored; a kind's table is named after it, and so is the staged one. */
export const TABLES: { [K in Kind]: Table<Records[K]> } = { crimes, outcomes, stops };

/** A column of a key as the unique index has it: null is a value there, and equal to null. */
export function keyTerm(column: string, prefix = ""): string {
  return column === "person_id" ? `ifnull(${prefix}${column}, -1)` : `${prefix}${column}`;
}
