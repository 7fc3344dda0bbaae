import type { Month } from "../src/types.ts";
import type { Country } from "./country.ts";
import { drawOutcome } from "./record.ts";

export type Value = string | number | null;

/** The columns of crimes, in the order of `crimeRows`. */
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

/** The columns of outcomes, in the order of `outcomeRows`. */
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
  "nth",
];

/** Records that come in one reply: as many as the API gives of one polygon without refusing. */
const REPLY = 8600;

export type Row = Value[];

/** The crimes of a month reply by reply, neighbourhood by neighbourhood. */
export function* crimeRows(country: Country, month: Month): Generator<Row[]> {
  const drawn = country.drawn("crimes", month);
  if (drawn === undefined) return;
  const row = (record: number): Row => {
    const crime = drawn.crime(record);
    const area = country.areaOf(drawn.pointOf[record] ?? 0);
    return [
      crime.id,
      crime.persistentId === "" ? null : crime.persistentId,
      crime.category,
      crime.month,
      crime.street.id,
      crime.latitude,
      crime.longitude,
      crime.locationType,
      "",
      "",
      crime.outcome?.category ?? null,
      crime.outcome?.date ?? null,
      area?.forceId ?? null,
      area?.neighbourhoodId ?? null,
    ];
  };
  yield* replies(drawn.total, row);
}

/** The outcomes of a month reply by reply, neighbourhood by neighbourhood. */
export function* outcomeRows(country: Country, month: Month): Generator<Row[]> {
  const drawn = country.drawn("outcomes", month);
  if (drawn === undefined) return;
  const row = (record: number): Row => {
    const { category, date, crime } = drawOutcome(drawn.crime(record), month);
    const area = country.areaOf(drawn.pointOf[record] ?? 0);
    return [
      crime.id,
      category.code,
      date,
      null,
      crime.category,
      crime.month,
      crime.persistentId === "" ? null : crime.persistentId,
      crime.street.id,
      crime.latitude,
      crime.longitude,
      area?.forceId ?? null,
      area?.neighbourhoodId ?? null,
      1,
    ];
  };
  yield* replies(drawn.total, row);
}

function* replies(total: number, row: (record: number) => Row): Generator<Row[]> {
  for (let from = 0; from < total; from += REPLY) {
    const length = Math.min(REPLY, total - from);
    yield Array.from({ length }, (_, at) => row(from + at));
  }
}
