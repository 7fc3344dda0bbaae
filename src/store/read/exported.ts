import type { Statement } from "better-sqlite3";
import type { Kind, Month } from "../../types.ts";
import type { IdRange } from "../archive/ids.ts";
import type { Connection } from "../database.ts";
import { LSOA_2021_SINCE } from "../archive/points.ts";
import { TABLES } from "../kinds.ts";

/** What the records of each kind become in an export. */
export type Exported = { crimes: ExportedCrime; outcomes: ExportedOutcome; stops: ExportedStop };

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
  lsoaCode: string | null;
  /** As the archive calls it in the month; of a record of the API, as it is called by now. */
  lsoaName: string | null;
  district: string | null;
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
  /** Who published it, where the source says so. */
  reportedBy: string | null;
  publisher: string | null;
};

type ExportedOutcome = ExportedPlace & {
  /** What is from the archive tells of the crime its persistent id alone. */
  crimeId: number | null;
  category: string;
  categoryName: string;
  date: Month;
  personId: number | null;
  crimeCategory: string | null;
  crimeCategoryName: string | null;
  crimeMonth: Month | null;
  crimePersistentId: string | null;
  /** Null where the crime is of a month that is not here. */
  crimeLocationType: string | null;
  reportedBy: string | null;
  publisher: string | null;
};

/** A yes or no of the database. */
export type Flag = 0 | 1 | null;

type ExportedStop = ExportedPlace & {
  month: Month;
  type: string;
  datetime: string;
  involvedPerson: Flag;
  gender: string | null;
  ageRange: string | null;
  selfDefinedEthnicity: string | null;
  officerDefinedEthnicity: string | null;
  legislation: string | null;
  objectOfSearch: string | null;
  outcome: string | null;
  outcomeObjectId: string | null;
  outcomeObjectName: string | null;
  outcomeLinkedToObjectOfSearch: Flag;
  removalOfMoreThanOuterClothing: Flag;
  operation: Flag;
  operationName: string | null;
  reportedBy: string;
};

/** How the records of a kind are read; `r` is their table. */
export type Source = {
  /** The category of crime that a record is chosen by; null: it has none. */
  crimeCategory: string | null;
  /** Rows of a file of the archive, in its order. */
  ofArchive: { where: string; order: string };
  /** Selects forceId (null: none) and records of what is wanted, in parts to be summed. */
  countSlices: (wanted: string) => string;
  /** The records of a slice, in parts that are read one after the other, by the index if it is named. */
  parts: readonly { where: string; index?: string }[];
  order: string;
  lsoaName: string;
  /** Its columns, but for the place. */
  columns: string;
  /** Left joins, so that the index of the records leads; its order needs no sorting. */
  joins: string;
};

/** Crimes that belong to who published them, which an index holds: those of no boundaries. */
const UNPLACED = "r.force_id is null and r.reported_by is not null and r.id > 0";
/** Months that the archive published with LSOAs of 2011. */
const OF_2011 = `< '${LSOA_2021_SINCE}'`;

export const SOURCES = {
  crimes: {
    crimeCategory: "r.category",
    // By indexes alone, and so in no force are those of no boundaries, but for the unplaced.
    countSlices: (wanted) => `
      ${countBy("crimes as r", "r.force_id", wanted)}
      union all
      ${countBy("crimes as r indexed by crimes_without_force", "r.reported_by", `${wanted} and ${UNPLACED}`)}
      union all
      select null, -count(*) from crimes as r indexed by crimes_without_force
      where ${wanted} and ${UNPLACED}`,
    parts: [
      { where: "r.force_id is @forceId and (@forceId is not null or r.reported_by is null)" },
      // Before it has statistics, SQLite would rather look at all crimes of no area, for each force.
      { where: `${UNPLACED} and r.reported_by = @forceId`, index: "crimes_without_force" },
    ],
    order: "r.neighbourhood_id, r.id",
    ofArchive: { where: "r.id between @lowest and @highest", order: "r.id desc" },
    lsoaName: `iif(r.id < 0 and r.month ${OF_2011}, ifnull(name_2011, lsoas.name), lsoas.name)`,
    columns: `r.id, r.persistent_id as persistentId, r.category,
      crime_categories.name as categoryName, r.month, r.location_type as locationType,
      r.location_subtype as locationSubtype, r.context,
      r.outcome_category as outcomeCategory, r.outcome_date as outcomeDate,
      r.reported_by as reportedBy, publishers.name as publisher`,
    joins: `left join crime_categories on crime_categories.id = r.category
      left join forces as publishers on publishers.id = r.reported_by`,
  },
  outcomes: {
    crimeCategory: "r.crime_category",
    countSlices: (wanted) => countBy("outcomes as r", "r.force_id", wanted),
    parts: [{ where: "r.force_id is @forceId" }],
    order: "r.neighbourhood_id, r.id",
    ofArchive: { where: "r.reported_by = @forceId and r.crime_id is null", order: "r.id" },
    lsoaName: `iif(r.crime_id is null and r.date ${OF_2011}, ifnull(name_2011, lsoas.name), lsoas.name)`,
    columns: `r.crime_id as crimeId, r.category, outcome_categories.name as categoryName, r.date,
      r.person_id as personId, r.crime_category as crimeCategory,
      crime_categories.name as crimeCategoryName, r.crime_month as crimeMonth,
      r.crime_persistent_id as crimePersistentId, crimes.location_type as crimeLocationType,
      r.reported_by as reportedBy, publishers.name as publisher`,
    joins: `left join outcome_categories on outcome_categories.id = r.category
      left join crime_categories on crime_categories.id = r.crime_category
      left join crimes on crimes.month = r.crime_month and crimes.id = r.crime_id
      left join forces as publishers on publishers.id = r.reported_by`,
  },
  stops: {
    crimeCategory: null,
    countSlices: (wanted) => countBy("stops as r", "r.reported_by", wanted),
    parts: [{ where: "r.reported_by = @forceId" }],
    // As they came.
    order: "r.id",
    ofArchive: { where: "r.reported_by = @forceId", order: "r.id" },
    lsoaName: "lsoas.name",
    columns: `r.month, r.type, r.datetime, r.involved_person as involvedPerson, r.gender,
      r.age_range as ageRange, r.self_defined_ethnicity as selfDefinedEthnicity,
      r.officer_defined_ethnicity as officerDefinedEthnicity, r.legislation,
      r.object_of_search as objectOfSearch, r.outcome, r.outcome_object_id as outcomeObjectId,
      r.outcome_object_name as outcomeObjectName,
      r.outcome_linked_to_object_of_search as outcomeLinkedToObjectOfSearch,
      r.removal_of_more_than_outer_clothing as removalOfMoreThanOuterClothing,
      r.operation, r.operation_name as operationName, r.reported_by as reportedBy`,
    joins: "",
  },
} satisfies Record<Kind, Source>;

function countBy(table: string, owner: string, wanted: string): string {
  return `select ${owner} as forceId, count(*) as records from ${table}
    where ${wanted} group by ${owner}`;
}

export type RecordsQuery = {
  month: Month;
  forceId: string | null;
  /** Of the records themselves; of a kind that has none, null. */
  category: string | null;
  /** Of crimes that are wanted, as a JSON array; null: all. */
  categories: string | null;
} & IdRange;

type Reader<K extends Kind> = Statement<[RecordsQuery], Exported[K]>;
/** Of what is from the API, in parts for each category; of a file of the archive, all at once. */
type Readers<K extends Kind> = { ofApi: readonly Reader<K>[]; ofArchive: Reader<K> };

/** Reads the records of a month, force and category, each part in the order of its kind. */
export function prepareRecords(db: Connection): { [K in Kind]: Readers<K> } {
  const prepare = <K extends Kind>(kind: K): Readers<K> => {
    const source: Source = SOURCES[kind];
    const { order, ofArchive } = source;
    return {
      ofApi: source.parts.map((part) =>
        db.prepare<RecordsQuery, Exported[K]>(
          toSelect(kind, { order, ...part, conditions: listConditions(kind) }),
        ),
      ),
      ofArchive: db.prepare<RecordsQuery, Exported[K]>(
        toSelect(kind, { ...ofArchive, conditions: listConditions(kind, false) }),
      ),
    };
  };
  return { crimes: prepare("crimes"), outcomes: prepare("outcomes"), stops: prepare("stops") };
}

type Selected = Source["parts"][number] & { order: string; conditions: readonly string[] };

function toSelect(kind: Kind, { where, index, order, conditions }: Selected): string {
  const { columns, joins, lsoaName }: Source = SOURCES[kind];
  return `select ${columns},
      r.street_id as streetId, streets.name as street, r.latitude, r.longitude,
      r.force_id as forceId, forces.name as force, r.neighbourhood_id as neighbourhoodId,
      r.lsoa_code as lsoaCode, ${lsoaName} as lsoaName, lsoas.district
    from ${kind} as r ${index === undefined ? "" : `indexed by ${index}`}
    ${joins}
    left join streets on streets.id = r.street_id
    left join forces on forces.id = r.force_id
    left join lsoas on lsoas.code = r.lsoa_code
    where ${[...conditions, where].join(" and ")}
    order by ${order}`;
}

function listConditions(kind: Kind, byCategory = true): string[] {
  const { month, category, categories } = TABLES[kind];
  const { crimeCategory }: Source = SOURCES[kind];
  return [
    `r.${month} = @month`,
    ...(categories === null || !byCategory ? [] : [`r.${category} = @category`]),
    ...(crimeCategory === null
      ? []
      : [
          `(@categories is null or ${crimeCategory} in (select value from json_each(@categories)))`,
        ]),
  ];
}
