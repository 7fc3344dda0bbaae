import { TRANSPORT_POLICE } from "../police-api.ts";
import type { ExportedPlace, Flag } from "../store/read/exported.ts";
import type { Slice } from "../store/read/slices.ts";
import { readBoundary } from "./boundary.ts";
import { joinTexts } from "./chunks.ts";
import { toBoolean } from "./flags.ts";
import type { Format, Exportable, What } from "./format.ts";
import { forceName, safeName } from "./names.ts";

type Columns<Row> = readonly (readonly [name: string, value: (row: Row) => string | null])[];

/** A kind of file: how its name ends in the archive, and what its columns hold. */
type Sheet<Row> = { suffix: string; columns: Columns<Row> };

/** Where a record lies; the archive calls the place of one that has none by `none`. */
function placeOf(none: string): Columns<ExportedPlace> {
  return [
    ["Longitude", ({ longitude }) => degrees(longitude)],
    ["Latitude", ({ latitude }) => degrees(latitude)],
    ["Location", ({ street }) => street ?? none],
    // Of a record of the API, learnt from the archive.
    ["LSOA code", ({ lsoaCode }) => lsoaCode],
    ["LSOA name", ({ lsoaName }) => lsoaName],
  ];
}

/** The columns of the archive of data.police.uk/data, in its order. */
const SHEETS: { [W in What]: Sheet<Exportable[W]> } = {
  crimes: {
    suffix: "street",
    columns: [
      ["Crime ID", ({ persistentId }) => persistentId],
      ["Month", ({ month }) => month],
      [
        "Reported by",
        ({ publisher, locationType, force }) => publisher ?? reporter(locationType, force),
      ],
      ["Falls within", ({ id, publisher, force }) => (id < 0 ? publisher : (force ?? publisher))],
      ...placeOf("No Location"),
      ["Crime type", ({ categoryName }) => categoryName],
      ["Last outcome category", ({ outcomeCategory }) => outcomeCategory],
      ["Context", ({ context }) => context],
    ],
  },
  outcomes: {
    suffix: "outcomes",
    columns: [
      ["Crime ID", ({ crimePersistentId }) => crimePersistentId],
      ["Month", ({ date }) => date],
      [
        "Reported by",
        ({ publisher, crimeLocationType, force }) =>
          publisher ?? reporter(crimeLocationType, force),
      ],
      ["Falls within", ({ publisher, force }) => publisher ?? force],
      ...placeOf("No location"),
      ["Outcome type", ({ categoryName }) => categoryName],
    ],
  },
  stops: {
    suffix: "stop-and-search",
    columns: [
      ["Type", ({ type }) => type],
      ["Date", ({ datetime }) => datetime],
      ["Part of a policing operation", ({ operation }) => toAnswer(operation)],
      ["Policing operation", ({ operationName }) => operationName],
      ["Latitude", ({ latitude }) => degrees(latitude)],
      ["Longitude", ({ longitude }) => degrees(longitude)],
      ["Gender", ({ gender }) => gender],
      ["Age range", ({ ageRange }) => ageRange],
      ["Self-defined ethnicity", ({ selfDefinedEthnicity }) => selfDefinedEthnicity],
      ["Officer-defined ethnicity", ({ officerDefinedEthnicity }) => officerDefinedEthnicity],
      ["Legislation", ({ legislation }) => legislation],
      ["Object of search", ({ objectOfSearch }) => objectOfSearch],
      ["Outcome", ({ outcome }) => outcome],
      [
        "Outcome linked to object of search",
        ({ outcomeLinkedToObjectOfSearch }) => toAnswer(outcomeLinkedToObjectOfSearch),
      ],
      [
        "Removal of more than just outer clothing",
        ({ removalOfMoreThanOuterClothing }) => toAnswer(removalOfMoreThanOuterClothing),
      ],
    ],
  },
  /** The archive has no such file; its boundaries come as KML. */
  neighbourhoods: {
    suffix: "neighbourhoods",
    columns: [
      ["Force ID", ({ forceId }) => forceId],
      ["Force", ({ force }) => force],
      ["Neighbourhood ID", ({ id }) => id],
      ["Name", ({ name }) => name],
      ["Boundary", ({ boundary }) => toWkt(boundary)],
    ],
  },
};

/** CSV in the layout of the official bulk archive. */
export const csv: Format = {
  pathOf,
  encode: (what, rows) => joinTexts(toLines(SHEETS[what].columns, rows)),
};

function pathOf(what: What, slice: Slice | undefined): string {
  const { suffix } = SHEETS[what];
  if (slice === undefined) return `${suffix}.csv`;
  const month = safeName(slice.month);
  return `${month}/${month}-${forceName(slice.forceId)}-${suffix}.csv`;
}

function* toLines<Row>(columns: Columns<Row>, rows: Iterable<Row>): Generator<string> {
  yield toLine(columns.map(([name]) => name));
  for (const row of rows) yield toLine(columns.map(([, value]) => value(row)));
}

function toLine(values: readonly (string | null)[]): string {
  return `${values.map(toField).join(",")}\n`;
}

/** RFC 4180; values are kept as they are, even those that a spreadsheet takes for a formula. */
function toField(value: string | null): string {
  if (value === null) return "";
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** The API says of the transport police's records whose they are, and of no others. */
function reporter(locationType: string | null, force: string | null): string | null {
  return locationType === "BTP" ? TRANSPORT_POLICE.name : force;
}

/** A flag as the archive writes it. */
function toAnswer(flag: Flag): string | null {
  const isSo = toBoolean(flag);
  if (isSo === null) return null;
  return isSo ? "True" : "False";
}

function degrees(value: number | null): string | null {
  return value === null ? null : value.toFixed(6);
}

function toWkt(boundary: string | null): string | null {
  const polygon = readBoundary(boundary);
  if (polygon === null) return null;
  const points = polygon.coordinates[0].map(([longitude, latitude]) => `${longitude} ${latitude}`);
  return `POLYGON ((${points.join(", ")}))`;
}
