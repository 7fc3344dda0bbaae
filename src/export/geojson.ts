import type { ExportedPlace } from "../store/read/exported.ts";
import { readBoundary } from "./boundary.ts";
import type { Polygon } from "./boundary.ts";
import { joinTexts } from "./chunks.ts";
import { toBoolean } from "./flags.ts";
import type { Format, FormatOptions, Exportable, What } from "./format.ts";
import { safeName } from "./names.ts";

type Geometry = { type: "Point"; coordinates: [number, number] } | Polygon | null;
type Feature = { type: "Feature"; id?: number; geometry: Geometry; properties: object };

const FEATURES: { [W in What]: (row: Exportable[W]) => Feature } = {
  crimes: (crime) => ({
    type: "Feature",
    id: crime.id,
    geometry: pointOf(crime),
    properties: {
      id: crime.id,
      persistent_id: crime.persistentId,
      month: crime.month,
      category: crime.category,
      category_name: crime.categoryName,
      street_id: crime.streetId,
      street: crime.street,
      location_type: crime.locationType,
      location_subtype: crime.locationSubtype,
      context: crime.context,
      outcome_category: crime.outcomeCategory,
      outcome_date: crime.outcomeDate,
      force_id: crime.forceId,
      neighbourhood_id: crime.neighbourhoodId,
      reported_by: crime.reportedBy,
      ...lsoaOf(crime),
    },
  }),
  outcomes: (outcome) => ({
    type: "Feature",
    geometry: pointOf(outcome),
    properties: {
      crime_id: outcome.crimeId,
      date: outcome.date,
      category: outcome.category,
      category_name: outcome.categoryName,
      person_id: outcome.personId,
      crime_persistent_id: outcome.crimePersistentId,
      crime_month: outcome.crimeMonth,
      crime_category: outcome.crimeCategory,
      crime_category_name: outcome.crimeCategoryName,
      street_id: outcome.streetId,
      street: outcome.street,
      force_id: outcome.forceId,
      neighbourhood_id: outcome.neighbourhoodId,
      reported_by: outcome.reportedBy,
      ...lsoaOf(outcome),
    },
  }),
  stops: (stop) => ({
    type: "Feature",
    geometry: pointOf(stop),
    properties: {
      month: stop.month,
      type: stop.type,
      datetime: stop.datetime,
      involved_person: toBoolean(stop.involvedPerson),
      gender: stop.gender,
      age_range: stop.ageRange,
      self_defined_ethnicity: stop.selfDefinedEthnicity,
      officer_defined_ethnicity: stop.officerDefinedEthnicity,
      legislation: stop.legislation,
      object_of_search: stop.objectOfSearch,
      outcome: stop.outcome,
      outcome_object_id: stop.outcomeObjectId,
      outcome_object_name: stop.outcomeObjectName,
      outcome_linked_to_object_of_search: toBoolean(stop.outcomeLinkedToObjectOfSearch),
      removal_of_more_than_outer_clothing: toBoolean(stop.removalOfMoreThanOuterClothing),
      operation: toBoolean(stop.operation),
      operation_name: stop.operationName,
      street_id: stop.streetId,
      street: stop.street,
      force_id: stop.forceId,
      neighbourhood_id: stop.neighbourhoodId,
      reported_by: stop.reportedBy,
      ...lsoaOf(stop),
    },
  }),
  neighbourhoods: ({ boundary, ...area }) => ({
    type: "Feature",
    geometry: readBoundary(boundary),
    properties: {
      force_id: area.forceId,
      force: area.force,
      neighbourhood_id: area.id,
      name: area.name,
    },
  }),
};

/** GeoJSON after RFC 7946: degrees of WGS 84, longitude first; a record without a place has none. */
export function createGeoJson({ ndjson }: Pick<FormatOptions, "ndjson">): Format {
  const write = (features: Iterable<Feature>) =>
    joinTexts(ndjson ? toLines(features) : toCollection(features));
  // The one ending of newline-delimited GeoJSON that GDAL, and with it QGIS, knows by itself.
  const ending = ndjson ? "geojsonl" : "geojson";
  return {
    pathOf(what, slice) {
      return `${what}${slice === undefined ? "" : `-${safeName(slice.month)}`}.${ending}`;
    },
    encode: (what, rows) => write(map(rows, FEATURES[what])),
  };
}

function* map<A, B>(values: Iterable<A>, change: (value: A) => B): Generator<B> {
  for (const value of values) yield change(value);
}

function* toLines(features: Iterable<Feature>): Generator<string> {
  for (const feature of features) yield `${JSON.stringify(feature)}\n`;
}

function* toCollection(features: Iterable<Feature>): Generator<string> {
  let before = '{"type":"FeatureCollection","features":[\n';
  for (const feature of features) {
    yield before + JSON.stringify(feature);
    before = ",\n";
  }
  yield "\n]}\n";
}

function lsoaOf({ lsoaCode, lsoaName, district }: ExportedPlace) {
  return { lsoa_code: lsoaCode, lsoa_name: lsoaName, district };
}

function pointOf({ latitude, longitude }: ExportedPlace): Geometry {
  if (latitude === null || longitude === null) return null;
  return { type: "Point", coordinates: [longitude, latitude] };
}
