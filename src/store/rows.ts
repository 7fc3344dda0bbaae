import type { Crime, Outcome } from "../types.ts";

export type Value = string | number | null;

/** The columns of crimes that are written, in the order of `crimeRow`. */
export const CRIME_COLUMNS = [
  "id",
  "persistent_id",
  "category",
  "month",
  "street_id",
  "latitude",
  "longitude",
  "location_type",
  "location_subtype",
  "context",
  "outcome_category",
  "outcome_date",
  "force_id",
  "neighbourhood_id",
];

/** The columns of outcomes that are written, in the order of `outcomeRow`. */
export const OUTCOME_COLUMNS = [
  "crime_id",
  "category",
  "date",
  "person_id",
  "crime_category",
  "crime_month",
  "crime_persistent_id",
  "street_id",
  "latitude",
  "longitude",
  "force_id",
  "neighbourhood_id",
];

/** A crime as its row, in the order of CRIME_COLUMNS. */
export function crimeRow(crime: Crime): Value[] {
  const { place, area } = crime;
  return [
    crime.id,
    crime.persistentId,
    crime.category,
    crime.month,
    place === null ? null : place.street.id,
    place === null ? null : place.latitude,
    place === null ? null : place.longitude,
    crime.locationType,
    crime.locationSubtype,
    crime.context,
    crime.outcomeCategory,
    crime.outcomeDate,
    area === null ? null : area.forceId,
    area === null ? null : area.neighbourhoodId,
  ];
}

/** An outcome as its row, in the order of OUTCOME_COLUMNS. */
export function outcomeRow(outcome: Outcome): Value[] {
  const { place, area } = outcome;
  return [
    outcome.crimeId,
    outcome.category.id,
    outcome.date,
    outcome.personId,
    outcome.crimeCategory,
    outcome.crimeMonth,
    outcome.crimePersistentId,
    place === null ? null : place.street.id,
    place === null ? null : place.latitude,
    place === null ? null : place.longitude,
    area === null ? null : area.forceId,
    area === null ? null : area.neighbourhoodId,
  ];
}
