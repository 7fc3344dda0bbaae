import { ByteWriter, geojsonToWkb, ParquetWriter } from "hyparquet-writer";
import type { SchemaElement } from "hyparquet-writer";
import type { ExportedPlace } from "../store/read/exported.ts";
import { VERSION } from "../version.ts";
import { readBoundary } from "./boundary.ts";
import { toBoolean } from "./flags.ts";
import type { Chunk, Format, FormatOptions, Exportable, What } from "./format.ts";
import { forceName, safeName } from "./names.ts";

type Value = bigint | number | string | boolean | Uint8Array | null;
type Column<Row> = { schema: SchemaElement; value: (row: Row) => Value };

/** A kind of file: its columns, and what the folders of its partition tell of its rows. */
type Layout<Row> = {
  columns: readonly Column<Row>[];
  folders: readonly Column<Row>[];
  /** Rows of a group, which is held in memory whole. */
  groupSize: number;
  metadata?: Record<string, string>;
};

const GROUP = 50_000;
/** Boundaries are some kilobytes each. */
const BOUNDARIES_GROUP = 500;

/** GeoParquet's metadata: which column is the geometry, for QGIS, GeoPandas and GDAL. */
const GEO = JSON.stringify({
  version: "1.1.0",
  primary_column: "geometry",
  columns: {
    geometry: { encoding: "WKB", geometry_types: ["Polygon"], orientation: "counterclockwise" },
  },
});

const PLACE: readonly Column<ExportedPlace>[] = [
  { schema: int64("street_id"), value: ({ streetId }) => toInt64(streetId) },
  { schema: string("street"), value: ({ street }) => street },
  { schema: double("latitude"), value: ({ latitude }) => latitude },
  { schema: double("longitude"), value: ({ longitude }) => longitude },
  { schema: string("force_id"), value: ({ forceId }) => forceId },
  { schema: string("neighbourhood_id"), value: ({ neighbourhoodId }) => neighbourhoodId },
  { schema: string("lsoa_code"), value: ({ lsoaCode }) => lsoaCode },
  { schema: string("lsoa_name"), value: ({ lsoaName }) => lsoaName },
  { schema: string("district"), value: ({ district }) => district },
];

const LAYOUTS: { [W in What]: Layout<Exportable[W]> } = {
  crimes: {
    columns: [
      { schema: required(int64("id")), value: ({ id }) => BigInt(id) },
      { schema: string("persistent_id"), value: ({ persistentId }) => persistentId },
      { schema: required(string("category")), value: ({ category }) => category },
      { schema: string("category_name"), value: ({ categoryName }) => categoryName },
      ...PLACE,
      { schema: string("location_type"), value: ({ locationType }) => locationType },
      { schema: string("location_subtype"), value: ({ locationSubtype }) => locationSubtype },
      { schema: string("context"), value: ({ context }) => context },
      { schema: string("outcome_category"), value: ({ outcomeCategory }) => outcomeCategory },
      { schema: string("outcome_date"), value: ({ outcomeDate }) => outcomeDate },
      { schema: string("reported_by"), value: ({ reportedBy }) => reportedBy },
    ],
    folders: [{ schema: required(string("month")), value: ({ month }) => month }],
    groupSize: GROUP,
  },
  outcomes: {
    columns: [
      { schema: int64("crime_id"), value: ({ crimeId }) => toInt64(crimeId) },
      { schema: required(string("category")), value: ({ category }) => category },
      { schema: string("category_name"), value: ({ categoryName }) => categoryName },
      { schema: int64("person_id"), value: ({ personId }) => toInt64(personId) },
      { schema: string("crime_persistent_id"), value: (outcome) => outcome.crimePersistentId },
      { schema: string("crime_month"), value: ({ crimeMonth }) => crimeMonth },
      { schema: string("crime_category"), value: ({ crimeCategory }) => crimeCategory },
      { schema: string("crime_category_name"), value: (outcome) => outcome.crimeCategoryName },
      ...PLACE,
      { schema: string("reported_by"), value: ({ reportedBy }) => reportedBy },
    ],
    folders: [{ schema: required(string("month")), value: ({ date }) => date }],
    groupSize: GROUP,
  },
  stops: {
    columns: [
      { schema: required(string("type")), value: ({ type }) => type },
      { schema: required(string("datetime")), value: ({ datetime }) => datetime },
      { schema: flag("involved_person"), value: (stop) => toBoolean(stop.involvedPerson) },
      { schema: string("gender"), value: ({ gender }) => gender },
      { schema: string("age_range"), value: ({ ageRange }) => ageRange },
      { schema: string("self_defined_ethnicity"), value: (stop) => stop.selfDefinedEthnicity },
      {
        schema: string("officer_defined_ethnicity"),
        value: (stop) => stop.officerDefinedEthnicity,
      },
      { schema: string("legislation"), value: ({ legislation }) => legislation },
      { schema: string("object_of_search"), value: ({ objectOfSearch }) => objectOfSearch },
      { schema: string("outcome"), value: ({ outcome }) => outcome },
      { schema: string("outcome_object_id"), value: ({ outcomeObjectId }) => outcomeObjectId },
      {
        schema: string("outcome_object_name"),
        value: ({ outcomeObjectName }) => outcomeObjectName,
      },
      {
        schema: flag("outcome_linked_to_object_of_search"),
        value: (stop) => toBoolean(stop.outcomeLinkedToObjectOfSearch),
      },
      {
        schema: flag("removal_of_more_than_outer_clothing"),
        value: (stop) => toBoolean(stop.removalOfMoreThanOuterClothing),
      },
      { schema: flag("operation"), value: ({ operation }) => toBoolean(operation) },
      { schema: string("operation_name"), value: ({ operationName }) => operationName },
      ...PLACE,
      { schema: required(string("reported_by")), value: ({ reportedBy }) => reportedBy },
    ],
    folders: [{ schema: required(string("month")), value: ({ month }) => month }],
    groupSize: GROUP,
  },
  neighbourhoods: {
    columns: [
      { schema: required(string("force_id")), value: ({ forceId }) => forceId },
      { schema: string("force"), value: ({ force }) => force },
      { schema: required(string("neighbourhood_id")), value: ({ id }) => id },
      { schema: required(string("name")), value: ({ name }) => name },
      { schema: bytes("geometry"), value: ({ boundary }) => toWkb(boundary) },
    ],
    folders: [],
    groupSize: BOUNDARIES_GROUP,
    metadata: { geo: GEO },
  },
};

/**
 * Parquet, partitioned as Hive does: folders for month and force, which are columns to readers. A
 * partition of null is not what pandas and older DuckDB read, so records in no force have a name
 * there; the column force_id is null.
 */
export function createParquet({ alone }: Pick<FormatOptions, "alone">): Format {
  return {
    pathOf(what, slice) {
      if (slice === undefined) return `${what}/part-0.parquet`;
      const month = safeName(slice.month);
      return `${what}/month=${month}/force=${forceName(slice.forceId)}/part-0.parquet`;
    },
    encode: (what, rows) => encode(rows, alone ? standAlone(LAYOUTS[what]) : LAYOUTS[what]),
  };
}

/** With what the folders would tell as columns. */
function standAlone<Row>(layout: Layout<Row>): Layout<Row> {
  return { ...layout, columns: [...layout.columns, ...layout.folders] };
}

function* encode<Row>(
  rows: Iterable<Row>,
  { columns, groupSize, metadata = {} }: Layout<Row>,
): Generator<Chunk> {
  const writer = new ByteWriter();
  const parquet = new ParquetWriter({
    writer,
    schema: [
      { name: "root", num_children: columns.length },
      ...columns.map(({ schema }) => schema),
    ],
    createdBy: `ukpolice version ${VERSION}`,
    kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  });
  for (const columnData of inGroups(rows, columns, groupSize)) {
    parquet.write({ columnData, rowGroupSize: groupSize });
    yield take(writer);
  }
  parquet.finish();
  yield take(writer);
}

type Group = { name: string; data: Value[] }[];

/** Rows turned into columns, so many at a time. */
function* inGroups<Row>(
  rows: Iterable<Row>,
  columns: readonly Column<Row>[],
  size: number,
): Generator<Group> {
  const begin = (): Group => columns.map(({ schema }) => ({ name: schema.name, data: [] }));
  let group = begin();
  let count = 0;
  for (const row of rows) {
    columns.forEach(({ value }, index) => group[index]?.data.push(value(row)));
    count += 1;
    if (count % size !== 0) continue;
    yield group;
    group = begin();
  }
  if (count % size !== 0) yield group;
}

/** What was written so far; the writer goes on counting, but reuses the room. */
function take(writer: ByteWriter): Uint8Array {
  const written = writer.getBytes();
  writer.index = 0;
  return written;
}

function toInt64(value: number | null): bigint | null {
  return value === null ? null : BigInt(value);
}

function toWkb(boundary: string | null): Uint8Array | null {
  const polygon = readBoundary(boundary);
  return polygon === null ? null : geojsonToWkb(polygon);
}

function int64(name: string): SchemaElement {
  return { name, type: "INT64", repetition_type: "OPTIONAL" };
}

function double(name: string): SchemaElement {
  return { name, type: "DOUBLE", repetition_type: "OPTIONAL" };
}

function string(name: string): SchemaElement {
  return { name, type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" };
}

function flag(name: string): SchemaElement {
  return { name, type: "BOOLEAN", repetition_type: "OPTIONAL" };
}

function bytes(name: string): SchemaElement {
  return { name, type: "BYTE_ARRAY", repetition_type: "OPTIONAL" };
}

function required(element: SchemaElement): SchemaElement {
  return { ...element, repetition_type: "REQUIRED" };
}
