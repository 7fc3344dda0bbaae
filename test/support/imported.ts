import type { Store } from "../../src/store/store.ts";
import type {
  ArchiveCrime,
  ArchiveFile,
  ArchiveOutcome,
  ArchiveRows,
  ArchiveStop,
  Kind,
} from "../../src/types.ts";

/** What is imported unless said: the crimes that kent published of a month. */
export const FILE: ArchiveFile = {
  month: "2024-01",
  kind: "crimes",
  forceId: "kent",
  release: "2024-06",
};

const PLACE = {
  latitude: 51.5,
  longitude: 0.5,
  location: "On or near Mill Lane",
  lsoa: { code: "E01000001", name: "Dover 001A" },
  area: null,
};

/** A row of a street file, with changes. */
export function crimeRow(row: number, changes: Partial<ArchiveCrime> = {}): ArchiveCrime {
  return {
    ...PLACE,
    row,
    persistentId: "a".repeat(64),
    crimeType: "Burglary",
    outcome: "Under investigation",
    context: null,
    ...changes,
  };
}

/** A row of an outcomes file, with changes. */
export function outcomeRow(row: number, changes: Partial<ArchiveOutcome> = {}): ArchiveOutcome {
  const persistentId = "a".repeat(64);
  return { ...PLACE, row, nth: 1, persistentId, outcomeType: "Suspect charged", ...changes };
}

/** A row of a stop-and-search file, with changes. */
export function stopRow(row: number, changes: Partial<ArchiveStop> = {}): ArchiveStop {
  return {
    row,
    nth: 1,
    area: null,
    latitude: 51.5,
    longitude: 0.5,
    type: "Person search",
    datetime: "2024-01-15T12:00:00+00:00",
    operation: false,
    operationName: null,
    gender: "Male",
    ageRange: "18-24",
    selfDefinedEthnicity: null,
    officerDefinedEthnicity: "White",
    legislation: "Misuse of Drugs Act 1971 (section 23)",
    objectOfSearch: "Controlled drugs",
    outcome: "Arrest",
    outcomeLinkedToObjectOfSearch: true,
    removalOfMoreThanOuterClothing: null,
    ...changes,
  };
}

type Options = Partial<ArchiveFile> & { replaces?: boolean; forceName?: string | null };

/** Imports the rows of one file, in a transaction of its own. */
export function importRows<K extends Kind>(
  store: Store,
  kind: K,
  rows: readonly ArchiveRows[K][],
  { replaces = false, forceName = null, ...changes }: Options = {},
): void {
  const file = { ...FILE, ...changes, kind };
  const writing = store.archive.begin({ month: file.month, kind, replaces });
  writing.file({ ...file, forceName });
  writing.rows(rows);
  writing.endFile();
  writing.commit();
}
