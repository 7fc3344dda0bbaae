import type { Month } from "../../types.ts";
import type { Connection } from "../database.ts";
import type { Flag } from "./exported.ts";

/** A record of the API, as far as it is compared with a row of the archive. */
export type ComparedRecord = {
  id: number;
  /** The name, as the archive writes it. */
  category: string;
  latitude: number | null;
  longitude: number | null;
  /** The latest outcome's name; of what is no crime, null. */
  outcome: string | null;
  /** In whose area it lies. */
  forceId: string | null;
};

export type ComparedOutcome = ComparedRecord & { persistentId: string | null };

export type ComparedStop = {
  id: number;
  type: string;
  datetime: string;
  operation: Flag;
  operationName: string | null;
  latitude: number | null;
  longitude: number | null;
  gender: string | null;
  ageRange: string | null;
  selfDefinedEthnicity: string | null;
  officerDefinedEthnicity: string | null;
  legislation: string | null;
  objectOfSearch: string | null;
  outcome: string | null;
  outcomeLinkedToObjectOfSearch: Flag;
  removalOfMoreThanOuterClothing: Flag;
};

type OfForce = { month: Month; forceId: string };

export type Compared = ReturnType<typeof createCompared>;

/** Reads the API's records of a month, to be compared with the archive's; nothing is written. */
export function createCompared(db: Connection) {
  const crimes = `select crimes.id, crime_categories.name as category, latitude, longitude,
      outcome_category as outcome, force_id as forceId
    from crimes
    join crime_categories on crime_categories.id = crimes.category
    where month = @month and crimes.id > 0`;
  const selectWithId = db.prepare<{ month: Month; id: string }, ComparedRecord>(
    `${crimes} and substr(persistent_id, 1, 8) = substr(@id, 1, 8) and persistent_id = @id
     order by crimes.id`,
  );
  const selectWithoutId = db.prepare<{ month: Month }, ComparedRecord>(
    `${crimes} and persistent_id is null order by crimes.id`,
  );
  // Categories are named so that the index leads to a force; SQLite would read the whole month.
  const selectCrimesOf = db
    .prepare<OfForce, number>(
      `select id from crimes indexed by crimes_by_month
       where month = @month and category in (select id from crime_categories)
         and force_id = @forceId and id > 0
       union all
       select id from crimes indexed by crimes_without_force
       where month = @month and category in (select id from crime_categories)
         and reported_by = @forceId and force_id is null and (id > 0 or latitude is null)
         and id > 0`,
    )
    .pluck();
  const selectOutcomes = db.prepare<{ month: Month }, ComparedOutcome>(
    `select outcomes.id, outcome_categories.name as category, latitude, longitude,
       null as outcome, force_id as forceId, crime_persistent_id as persistentId
     from outcomes
     join outcome_categories on outcome_categories.id = outcomes.category
     where date = @month and crime_id is not null
     order by outcomes.id`,
  );
  const selectOutcomesOf = db
    .prepare<OfForce, number>(
      `select id from outcomes indexed by outcomes_by_month
       where date = @month and category in (select id from outcome_categories)
         and force_id = @forceId and crime_id is not null`,
    )
    .pluck();
  const selectStops = db.prepare<OfForce, ComparedStop>(
    `select id, type, datetime, operation, operation_name as operationName, latitude, longitude,
       gender, age_range as ageRange, self_defined_ethnicity as selfDefinedEthnicity,
       officer_defined_ethnicity as officerDefinedEthnicity, legislation,
       object_of_search as objectOfSearch, outcome,
       outcome_linked_to_object_of_search as outcomeLinkedToObjectOfSearch,
       removal_of_more_than_outer_clothing as removalOfMoreThanOuterClothing
     from stops
     where month = @month and reported_by = @forceId
     order by id`,
  );
  return {
    /** Crimes of a month by their persistent id, which several can share. */
    findCrimes: (month: Month, id: string): ComparedRecord[] => selectWithId.all({ month, id }),
    iterateCrimesWithoutId: (month: Month): Iterable<ComparedRecord> =>
      selectWithoutId.iterate({ month }),
    iterateOutcomes: (month: Month): Iterable<ComparedOutcome> => selectOutcomes.iterate({ month }),
    iterateStops: (cell: OfForce): Iterable<ComparedStop> => selectStops.iterate(cell),
    /** The ids of the records of a force's cell. */
    iterateIds: {
      crimes: (cell: OfForce): Iterable<number> => selectCrimesOf.iterate(cell),
      outcomes: (cell: OfForce): Iterable<number> => selectOutcomesOf.iterate(cell),
    },
  };
}
