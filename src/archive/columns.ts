import { printable } from "../text.ts";
import type { Kind } from "../types.ts";
import { Unreadable } from "./found-file.ts";

const PLACED = [
  "Crime ID",
  "Month",
  "Reported by",
  "Falls within",
  "Longitude",
  "Latitude",
  "Location",
  "LSOA code",
  "LSOA name",
] as const;

/** The columns of each kind, as all zips since late 2013 have them. */
export const COLUMNS = {
  crimes: [...PLACED, "Crime type", "Last outcome category", "Context"],
  outcomes: [...PLACED, "Outcome type"],
  stops: [
    "Type",
    "Date",
    "Part of a policing operation",
    "Policing operation",
    "Latitude",
    "Longitude",
    "Gender",
    "Age range",
    "Self-defined ethnicity",
    "Officer-defined ethnicity",
    "Legislation",
    "Object of search",
    "Outcome",
    "Outcome linked to object of search",
    "Removal of more than just outer clothing",
  ],
} as const satisfies Record<Kind, readonly string[]>;

/** Columns that were there until mid 2013 alone. */
const OLD = ["Easting", "Northing"];
const MOST_NAMED = 3;

/** Checks a header by its names, in any order, and returns where each column of the kind stands. */
export function placeColumns(header: readonly string[], kind: Kind): number[] {
  const wanted: readonly string[] = COLUMNS[kind];
  if (OLD.every((name) => header.includes(name))) {
    throw new Unreadable(
      "is of the layout from before mid 2013, with Easting and Northing: take its month from a later zip, as 2013-12.zip",
    );
  }
  const missing = wanted.filter((name) => !header.includes(name));
  const strange = header.filter(
    (name, at) => !wanted.includes(name) || header.indexOf(name) !== at,
  );
  if (missing.length === 0 && strange.length === 0)
    return wanted.map((name) => header.indexOf(name));
  const faults = [
    ...(missing.length > 0 ? [`it lacks ${list(missing)}`] : []),
    ...(strange.length > 0 ? [`${list(strange)} is none of its columns`] : []),
  ];
  throw new Unreadable(`has no header of ${kind}: ${faults.join(", and ")}`);
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMED).map((name) => `'${printable(name.slice(0, 60))}'`);
  const more = names.length - shown.length;
  return `${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
