/** A position in WGS 84 degrees. Named keys fix the order of latitude and longitude. */
export type Point = { latitude: number; longitude: number };

/** The vertices of one polygon, in order; closed or not, it may cross itself (non-zero rule). */
export type Ring = readonly Point[];

/** Many points in two columns; a point that holds many records stands in it as often. */
export type Cloud = { latitude: Float64Array; longitude: Float64Array };

/** A calendar month as `YYYY-MM`: it sorts and compares as text. */
export type Month = string;

/** What is asked of the API for every month. */
export const KINDS = ["crimes", "outcomes", "stops"] as const;
export type Kind = (typeof KINDS)[number];

/** What a record of each kind is. */
export type Records = { crimes: Crime; outcomes: Outcome; stops: Stop };

/** Makes one of something for each kind. */
export function byKind<T>(make: (kind: Kind) => T): Record<Kind, T> {
  return { crimes: make("crimes"), outcomes: make("outcomes"), stops: make("stops") };
}

/** What the API publishes: months, the newest first, and which forces' stops in each. */
export type Published = { published: Month[]; stops: ReadonlyMap<Month, readonly string[]> };

export type Force = { id: string; name: string };

export type Neighbourhood = { id: string; name: string };

export type Category = { id: string; name: string };

export type Street = { id: number; name: string };

/** Where a record was put on the map; null for what the API knows no place of. */
export type Place = { street: Street; latitude: number; longitude: number };

/** A neighbourhood's key: ids are unique only within a force. */
export type Area = { forceId: string; neighbourhoodId: string };

/** A crime as `/crimes-street` gives it; `persistentId` is null where the API's is empty. */
export type Crime = {
  id: number;
  persistentId: string | null;
  category: string;
  month: Month;
  place: Place | null;
  locationType: string | null;
  locationSubtype: string | null;
  context: string | null;
  /** The outcome's name, not its code: the API gives no code here. */
  outcomeCategory: string | null;
  outcomeDate: Month | null;
};

/** An outcome as `/outcomes-at-location` gives it. Its crime may be of any month, stored or not. */
export type Outcome = {
  category: Category;
  date: Month;
  personId: number | null;
  crimeId: number;
  crimeCategory: string;
  crimeMonth: Month;
  crimePersistentId: string | null;
  place: Place | null;
};

/**
 * A stop and search as `/stops-force` gives it, with its nulls and empty texts; `outcome` is null
 * where there is none. It has no id, and several may be equal to the letter.
 */
export type Stop = {
  /** The month that it was asked for: months are cut by local time, and `datetime` is in UTC. */
  month: Month;
  type: string;
  datetime: string;
  involvedPerson: boolean | null;
  gender: string | null;
  ageRange: string | null;
  selfDefinedEthnicity: string | null;
  officerDefinedEthnicity: string | null;
  legislation: string | null;
  objectOfSearch: string | null;
  outcome: string | null;
  outcomeObject: Category | null;
  outcomeLinkedToObjectOfSearch: boolean | null;
  removalOfMoreThanOuterClothing: boolean | null;
  operation: boolean | null;
  operationName: string | null;
  place: Place | null;
};

/**
 * A record, the neighbourhood that its place lies in (the API does not say, the walk finds it), and
 * the force that published it, where the question tells.
 */
export type Located<R> = { record: R; area: Area | null; reportedBy: string | null };

/** Which polygons are asked: rectangles, or the boundaries of neighbourhoods. */
export type PlanName = "tiles" | "neighbourhoods";

/** Where what is stored came from: all of a month of a kind is of one source. */
export type Source = "api" | "archive";

/** A file of the bulk archive: what its name says. `release` is `YYYY-MM`. */
export type ArchiveFile = { month: Month; kind: Kind; forceId: string; release: Month };

/** Where a row of the archive lies; `location` is null for what has no place. */
export type ArchivePlace = {
  latitude: number | null;
  longitude: number | null;
  location: string | null;
  lsoa: { code: string; name: string } | null;
  area: Area | null;
};

/** A row of a street file; `row` counts them from 1. */
export type ArchiveCrime = ArchivePlace & {
  row: number;
  persistentId: string | null;
  crimeType: string;
  outcome: string | null;
  context: string | null;
};

/** A row of an outcomes file; `nth` numbers those that are equal to the letter. */
export type ArchiveOutcome = ArchivePlace & {
  row: number;
  nth: number;
  persistentId: string | null;
  outcomeType: string;
};

/** A row of a stop-and-search file; `nth` numbers those that are equal to the letter. */
export type ArchiveStop = {
  row: number;
  nth: number;
  area: Area | null;
  latitude: number | null;
  longitude: number | null;
  type: string;
  datetime: string;
  operation: boolean | null;
  operationName: string | null;
  gender: string | null;
  ageRange: string | null;
  selfDefinedEthnicity: string | null;
  officerDefinedEthnicity: string | null;
  legislation: string | null;
  objectOfSearch: string | null;
  outcome: string | null;
  outcomeLinkedToObjectOfSearch: boolean | null;
  removalOfMoreThanOuterClothing: boolean | null;
};

/** What a row of each kind of file is. */
export type ArchiveRows = { crimes: ArchiveCrime; outcomes: ArchiveOutcome; stops: ArchiveStop };
