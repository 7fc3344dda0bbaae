import type { Statement } from "better-sqlite3";
import type { Kind, Month } from "../../types.ts";
import type { Connection } from "../database.ts";
import { TABLES } from "../kinds.ts";
import { isId, isLatitude, isLongitude, isSoundMonth, isText, isWhole, orNull } from "../sound.ts";
import type { Shape } from "../sound.ts";

/** What the records of each kind become in an export. */
export type Exported = { crimes: ExportedCrime; outcomes: ExportedOutcome };

/** Where a record lies, with names beside ids. */
export type ExportedPlace = {
  streetId: number | null;
  street: string | null;
  latitude: number | null;
  longitude: number | null;
  /** In whose area the point lies, not who recorded it. */
  forceId: string | null;
  force: string | null;
  neighbourhoodId: string | null;
};

type ExportedCrime = ExportedPlace & {
  id: number;
  persistentId: string | null;
  category: string;
  categoryName: string;
  month: Month;
  locationType: string | null;
  locationSubtype: string | null;
  context: string | null;
  outcomeCategory: string | null;
  outcomeDate: Month | null;
};

type ExportedOutcome = ExportedPlace & {
  crimeId: number;
  category: string;
  categoryName: string;
  date: Month;
  personId: number | null;
  crimeCategory: string;
  crimeCategoryName: string;
  crimeMonth: Month;
  crimePersistentId: string | null;
  /** Null where the crime is of a month that is not here. */
  crimeLocationType: string | null;
};

const PLACE: Shape<ExportedPlace> = {
  streetId: orNull(isWhole),
  street: orNull(isText),
  latitude: orNull(isLatitude),
  longitude: orNull(isLongitude),
  forceId: orNull(isId),
  force: orNull(isText),
  neighbourhoodId: orNull(isId),
};

/** What each column has to hold; a name is null where the database does not have it. */
export const SHAPES: { [K in Kind]: Shape<Exported[K]> } = {
  crimes: {
    ...PLACE,
    id: isWhole,
    persistentId: orNull(isText),
    category: isId,
    categoryName: orNull(isText),
    month: isSoundMonth,
    locationType: orNull(isText),
    locationSubtype: orNull(isText),
    context: orNull(isText),
    outcomeCategory: orNull(isText),
    outcomeDate: orNull(isText),
  },
  outcomes: {
    ...PLACE,
    crimeId: isWhole,
    category: isId,
    categoryName: orNull(isText),
    date: isSoundMonth,
    personId: orNull(isWhole),
    crimeCategory: isId,
    crimeCategoryName: orNull(isText),
    crimeMonth: isText,
    crimePersistentId: orNull(isText),
    crimeLocationType: orNull(isText),
  },
};

/** What a record is called that is left out. */
export const NAMES: { [K in Kind]: (row: Exported[K]) => string } = {
  crimes: ({ id, month }) => `crime ${id} of ${month}`,
  outcomes: ({ crimeId, date }) => `outcome of ${date} of crime ${crimeId}`,
};

/** How the records of a kind are read; `r` is their table. */
type Source = {
  /** The category of crime that a record is chosen by. */
  crimeCategory: string;
  /** Its columns, but for the place. */
  columns: string;
  /** Left joins, so that the index of the records leads; its order needs no sorting. */
  joins: string;
};

export const SOURCES = {
  crimes: {
    crimeCategory: "r.category",
    columns: `r.id, r.persistent_id as persistentId, r.category,
      crime_categories.name as categoryName, r.month, r.location_type as locationType,
      r.location_subtype as locationSubtype, r.context,
      r.outcome_category as outcomeCategory, r.outcome_date as outcomeDate`,
    joins: "left join crime_categories on crime_categories.id = r.category",
  },
  outcomes: {
    crimeCategory: "r.crime_category",
    columns: `r.crime_id as crimeId, r.category, outcome_categories.name as categoryName, r.date,
      r.person_id as personId, r.crime_category as crimeCategory,
      crime_categories.name as crimeCategoryName, r.crime_month as crimeMonth,
      r.crime_persistent_id as crimePersistentId, crimes.location_type as crimeLocationType`,
    joins: `left join outcome_categories on outcome_categories.id = r.category
      left join crime_categories on crime_categories.id = r.crime_category
      left join crimes on crimes.month = r.crime_month and crimes.id = r.crime_id`,
  },
} satisfies Record<Kind, Source>;

export type RecordsQuery = {
  month: Month;
  forceId: string | null;
  /** Of the records themselves. */
  category: string;
  /** Of crimes that are wanted, as a JSON array; null: all. */
  categories: string | null;
};

type Reader<K extends Kind> = Statement<[RecordsQuery], Exported[K]>;

/** Reads the records of a month, force and category, in the order of their neighbourhoods. */
export function prepareRecords(db: Connection): { [K in Kind]: Reader<K> } {
  const prepare = <K extends Kind>(kind: K): Reader<K> =>
    db.prepare<RecordsQuery, Exported[K]>(toSelect(kind));
  return { crimes: prepare("crimes"), outcomes: prepare("outcomes") };
}

function toSelect(kind: Kind): string {
  const { crimeCategory, columns, joins } = SOURCES[kind];
  return `select ${columns},
      r.street_id as streetId, streets.name as street, r.latitude, r.longitude,
      r.force_id as forceId, forces.name as force, r.neighbourhood_id as neighbourhoodId
    from ${kind} as r
    ${joins}
    left join streets on streets.id = r.street_id
    left join forces on forces.id = r.force_id
    where r.${TABLES[kind].month} = @month and r.category = @category and r.force_id is @forceId
      and (@categories is null or ${crimeCategory} in (select value from json_each(@categories)))
    order by r.neighbourhood_id, r.id`;
}
