import { existsSync } from "node:fs";
import { databaseError } from "../../errors.ts";
import type { Category, Force, Kind, Month } from "../../types.ts";
import { asDatabaseError, openForReading } from "../database.ts";
import type { Connection } from "../database.ts";

/** What a crime and an outcome both have, with names beside ids. */
type Placed = {
  streetId: number | null;
  street: string | null;
  latitude: number | null;
  longitude: number | null;
  /** In whose area the point lies, not who recorded it. */
  forceId: string | null;
  force: string | null;
  neighbourhoodId: string | null;
};

export type ExportedCrime = Placed & {
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

export type ExportedOutcome = Placed & {
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

export type ExportedNeighbourhood = {
  forceId: string;
  force: string;
  id: string;
  name: string;
  /** GeoJSON text. */
  boundary: string | null;
};

/** The records of one month that lie in one force; null: in none. */
export type Slice = { month: Month; forceId: string | null };

export type CountedSlice = Slice & { records: number };

export type Covered = { month: Month; kind: Kind; forceId: string };

export type ExportReader = ReturnType<typeof openExport>;

/**
 * Opens the database as it is at this moment: a crawl that commits meanwhile does not show.
 * Rows come one by one, whatever there is of them. Errors exit with 4.
 */
export function openExport(file: string) {
  if (!existsSync(file)) {
    throw databaseError(`there is no database ${file}`, {
      hint: "name another file with --db, or make it with: ukpolice crawl",
    });
  }
  const db = openForReading(file);
  try {
    // A transaction sees the moment of its first read, not of its begin.
    db.exec("begin; select 1 from forces limit 1");
    return { ...createExport(db), close: () => void db.close() };
  } catch (error) {
    db.close();
    throw asDatabaseError(error, file);
  }
}

/** Reads what an export writes; the caller holds the transaction. */
export function createExport(db: Connection) {
  const selectForces = db.prepare<[], Force>("select id, name from forces order by id");
  const selectCategories = db.prepare<[], Category>(
    "select id, name from crime_categories order by id",
  );
  const selectCovered = db.prepare<[], Covered>(
    "select month, kind, force_id as forceId from coverage order by month",
  );
  return {
    listForces: (): Force[] => selectForces.all(),
    listCategories: (): Category[] => selectCategories.all(),
    listCovered: (): Covered[] => selectCovered.all(),
    ...createSlices(db),
    ...createNeighbourhoods(db),
    iterateCrimes: createCrimes(db),
    iterateOutcomes: createOutcomes(db),
  };
}

type ForcesQuery = { forces: string | null };

/** The neighbourhoods that the API lists, of some forces or of all. */
function createNeighbourhoods(db: Connection) {
  const from = `from neighbourhoods
    left join forces on forces.id = force_id
    where listed = 1
      and (@forces is null or force_id in (select value from json_each(@forces)))`;
  const select = db.prepare<ForcesQuery, ExportedNeighbourhood>(
    `select force_id as forceId, forces.name as force, neighbourhoods.id, neighbourhoods.name, boundary
     ${from}
     order by force_id, neighbourhoods.id`,
  );
  const count = db.prepare<ForcesQuery, number>(`select count(*) ${from}`).pluck();
  const toQuery = (forces?: readonly string[]): ForcesQuery => ({
    forces: forces === undefined ? null : JSON.stringify(forces),
  });
  return {
    countNeighbourhoods: (forces?: readonly string[]): number => count.get(toQuery(forces)) ?? 0,
    iterateNeighbourhoods: (forces?: readonly string[]) => select.iterate(toQuery(forces)),
  };
}

/** Months and forces of which there are records. Without categories an index answers it alone. */
function createSlices(db: Connection) {
  const prepare = (table: string, month: string, category: string) => {
    const select = (condition: string) =>
      db.prepare<(string | null)[], CountedSlice>(
        `select ${month} as month, force_id as forceId, count(*) as records
         from ${table}
         where ${month} = ? ${condition}
         group by force_id
         order by force_id is null, force_id`,
      );
    return {
      months: createMonths(db, table, month),
      all: select(""),
      some: select(`and ${category} in (select value from json_each(?))`),
    };
  };
  const statements = {
    crimes: prepare("crimes", "month", "category"),
    outcomes: prepare("outcomes", "date", "crime_category"),
  };
  return {
    listMonths: (kind: Kind): Month[] => statements[kind].months.all(),
    listSlices(kind: Kind, month: Month, categories?: readonly string[]): CountedSlice[] {
      const { all, some } = statements[kind];
      return categories === undefined
        ? all.all(month)
        : some.all(month, JSON.stringify(categories));
    },
  };
}

/** One search of the index for each month, where `distinct` would read all of it. */
function createMonths(db: Connection, table: string, month: string) {
  return db
    .prepare<[], string>(
      `with recursive found (month) as (
         select min(${month}) from ${table}
         union all
         select (select min(${month}) from ${table} where ${month} > found.month)
         from found
         where found.month is not null
       )
       select month from found where month is not null`,
    )
    .pluck();
}

const PLACED = `r.street_id as streetId, streets.name as street, r.latitude, r.longitude,
  r.force_id as forceId, forces.name as force, r.neighbourhood_id as neighbourhoodId`;

type SliceQuery = { month: Month; forceId: string | null; categories: string | null };

/** Left joins, so that the index of the records leads; its order needs no sorting. */
function createCrimes(db: Connection) {
  const select = db.prepare<SliceQuery, ExportedCrime>(
    `select r.id, persistent_id as persistentId, category, crime_categories.name as categoryName,
       month, location_type as locationType, location_subtype as locationSubtype, context,
       outcome_category as outcomeCategory, outcome_date as outcomeDate, ${PLACED}
     from crimes r
     left join crime_categories on crime_categories.id = category
     left join streets on streets.id = r.street_id
     left join forces on forces.id = r.force_id
     where month = @month and r.force_id is @forceId
       and (@categories is null or category in (select value from json_each(@categories)))
     order by r.neighbourhood_id, r.id`,
  );
  return (slice: Slice, categories?: readonly string[]) =>
    select.iterate(toQuery(slice, categories));
}

function createOutcomes(db: Connection) {
  const select = db.prepare<SliceQuery, ExportedOutcome>(
    `select crime_id as crimeId, r.category, outcome_categories.name as categoryName, date,
       person_id as personId, crime_category as crimeCategory,
       crime_categories.name as crimeCategoryName, crime_month as crimeMonth,
       crime_persistent_id as crimePersistentId, crimes.location_type as crimeLocationType,
       ${PLACED}
     from outcomes r
     left join outcome_categories on outcome_categories.id = r.category
     left join crime_categories on crime_categories.id = crime_category
     left join streets on streets.id = r.street_id
     left join forces on forces.id = r.force_id
     left join crimes on crimes.id = crime_id
     where date = @month and r.force_id is @forceId
       and (@categories is null or crime_category in (select value from json_each(@categories)))
     order by r.neighbourhood_id, r.id`,
  );
  return (slice: Slice, categories?: readonly string[]) =>
    select.iterate(toQuery(slice, categories));
}

function toQuery({ month, forceId }: Slice, categories?: readonly string[]): SliceQuery {
  return {
    month,
    forceId,
    categories: categories === undefined ? null : JSON.stringify(categories),
  };
}
