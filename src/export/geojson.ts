import type {
  ExportedCrime,
  ExportedNeighbourhood,
  ExportedOutcome,
} from "../store/read/export.ts";
import { readBoundary } from "./boundary.ts";
import type { Polygon } from "./boundary.ts";
import { joinTexts } from "./chunks.ts";
import type { Format, FormatOptions } from "./format.ts";
import { safeName } from "./names.ts";

type Geometry = { type: "Point"; coordinates: [number, number] } | Polygon | null;
type Feature = { type: "Feature"; id?: number; geometry: Geometry; properties: object };
type Placed = Pick<ExportedCrime, "latitude" | "longitude">;

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
    crimes: (rows) => write(map(rows, crimeFeature)),
    outcomes: (rows) => write(map(rows, outcomeFeature)),
    neighbourhoods: (rows) => write(map(rows, neighbourhoodFeature)),
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

function crimeFeature(crime: ExportedCrime): Feature {
  const properties = {
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
  };
  return { type: "Feature", id: crime.id, geometry: pointOf(crime), properties };
}

function outcomeFeature(outcome: ExportedOutcome): Feature {
  const properties = {
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
  };
  return { type: "Feature", geometry: pointOf(outcome), properties };
}

function neighbourhoodFeature({ boundary, ...area }: ExportedNeighbourhood): Feature {
  const properties = {
    force_id: area.forceId,
    force: area.force,
    neighbourhood_id: area.id,
    name: area.name,
  };
  return { type: "Feature", geometry: readBoundary(boundary), properties };
}

function pointOf({ latitude, longitude }: Placed): Geometry {
  if (latitude === null || longitude === null) return null;
  return { type: "Point", coordinates: [longitude, latitude] };
}
