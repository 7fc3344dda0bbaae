import { databaseError } from "../../errors.ts";
import type { ArchivePlace, ArchiveRows, Kind, Month } from "../../types.ts";
import type { Connection } from "../database.ts";
import type { Value } from "../kinds.ts";
import { MOST_ROWS, toCrimeId } from "./ids.ts";
import { createLearnPoints } from "./learn-points.ts";
import { createLsoas } from "./lsoas.ts";
import { createArchiveParents } from "./parents.ts";

/** The file that rows are of. */
export type Origin = { month: Month; forceId: string };

/** Inserts one row of a file; returns its category, by which it is counted. */
export type Write<R> = (origin: Origin, row: R) => string;

/** Inserts rows of files of every kind, with what they refer to. */
export function createWriters(db: Connection) {
  const parents = createArchiveParents(db);
  const lsoas = createLsoas(db);
  const points = createLearnPoints(db);
  const toPlace = ({ latitude, longitude, location, lsoa, area }: ArchivePlace, month: Month) =>
    [
      location === null ? null : parents.streetId(location),
      latitude,
      longitude,
      area?.forceId ?? null,
      area?.neighbourhoodId ?? null,
      lsoas.find(lsoa, month),
    ] as const;
  const crimes = prepareInsert(
    db,
    "crimes",
    `month, id, persistent_id, category, outcome_category, context, reported_by, ${PLACE}`,
  );
  const outcomes = prepareInsert(
    db,
    "outcomes",
    `category, date, nth, crime_persistent_id, reported_by, ${PLACE}`,
  );

  const write: { [K in Kind]: Write<ArchiveRows[K]> } = {
    crimes({ month, forceId }, row) {
      checkRow(row.row);
      const category = parents.crimeTypeId(row.crimeType);
      crimes.run(
        month,
        toCrimeId(forceId, row.row),
        row.persistentId,
        category,
        row.outcome,
        row.context,
        forceId,
        ...toPlace(row, month),
      );
      const { latitude, longitude, lsoa } = row;
      if (lsoa !== null && latitude !== null && longitude !== null && points.teaches(month))
        points.learn(latitude, longitude, lsoa.code);
      return category;
    },
    outcomes({ month, forceId }, row) {
      const category = parents.outcomeTypeId(row.outcomeType);
      outcomes.run(category, month, row.nth, row.persistentId, forceId, ...toPlace(row, month));
      return category;
    },
    stops: createWriteStops(db),
  };
  return {
    write,
    saveForce: parents.saveForce,
    takeLearnt: points.takeLearnt,
    /** Forgets what is stored: a rollback may have taken it away. */
    forget(): void {
      for (const kept of [parents, lsoas, points]) kept.forget();
    },
  };
}

const PLACE = "street_id, latitude, longitude, force_id, neighbourhood_id, lsoa_code";

function createWriteStops(db: Connection): Write<ArchiveRows["stops"]> {
  const stops = prepareInsert(
    db,
    "stops",
    `month, type, datetime, gender, age_range, self_defined_ethnicity, officer_defined_ethnicity,
     legislation, object_of_search, outcome, outcome_linked_to_object_of_search,
     removal_of_more_than_outer_clothing, operation, operation_name, latitude, longitude, force_id,
     neighbourhood_id, reported_by, nth`,
  );
  return ({ month, forceId }, row) => {
    stops.run(
      month,
      row.type,
      row.datetime,
      row.gender,
      row.ageRange,
      row.selfDefinedEthnicity,
      row.officerDefinedEthnicity,
      row.legislation,
      row.objectOfSearch,
      row.outcome,
      toFlag(row.outcomeLinkedToObjectOfSearch),
      toFlag(row.removalOfMoreThanOuterClothing),
      toFlag(row.operation),
      row.operationName,
      row.latitude,
      row.longitude,
      row.area?.forceId ?? null,
      row.area?.neighbourhoodId ?? null,
      forceId,
      row.nth,
    );
    return row.type;
  };
}

function prepareInsert(db: Connection, table: Kind, columns: string) {
  const values = columns.split(",").map(() => "?");
  return db.prepare<Value[]>(`insert into ${table} (${columns}) values (${values.join(", ")})`);
}

function checkRow(row: number): void {
  if (row >= 1 && row <= MOST_ROWS) return;
  throw databaseError(`a file of the archive may have ${MOST_ROWS} rows, and not ${row}`);
}

function toFlag(value: boolean | null): number | null {
  return value === null ? null : Number(value);
}
