import type { Compared, ComparedRecord, ComparedStop } from "../store/read/compared.ts";
import type { ArchiveCrime, ArchiveOutcome, ArchiveStop, Area, Kind, Month } from "../types.ts";

/** A record of the API that a row of the archive may be. */
export type Candidate = {
  id: number;
  category: string;
  place: string;
  outcome: string | null;
  forceId: string | null;
};

/** A row of the archive, as far as it is compared. */
export type ComparedRow = Omit<Candidate, "id" | "forceId"> & {
  /** What the same record of the API has, too: its id, else all that there is. */
  key: string;
  area: Area | null;
};

/** The API's records of a month, or of a force's month. */
export type Candidates = {
  find(row: ComparedRow): readonly Candidate[];
  /** The ids of a force's own. */
  iterateIds(forceId: string): Iterable<number>;
};

type OfForce = { month: Month; forceId: string };

/** Whatever is no place of a map. */
const NO_PLACE = "";
/** Ids are hexadecimal: no other key begins so. */
const WITHOUT_ID = "-";

type Placed = { latitude: number | null; longitude: number | null };

/** A crime of the archive; one without an id is known by its category and its point. */
export function toComparedCrime(crime: ArchiveCrime): ComparedRow {
  const { persistentId, crimeType: category, outcome, area } = crime;
  const place = placeOf(crime);
  return { key: persistentId ?? keyOf(category, place), category, place, outcome, area };
}

/** An outcome of the archive, which says nothing of its crime but the id. */
export function toComparedOutcome(row: ArchiveOutcome): ComparedRow {
  const { persistentId, outcomeType: category, area } = row;
  const place = placeOf(row);
  const key = persistentId ?? keyOf(category, place);
  return { key, category, place, outcome: null, area };
}

/** A stop of the archive, known by all that is told of it. */
export function toComparedStop(stop: ArchiveStop): ComparedRow {
  const { area } = stop;
  return { key: keyOfStop(stop), category: "", place: placeOf(stop), outcome: null, area };
}

/** Reads what of the API can be in a file: of crimes and outcomes a whole month, of stops a force's. */
export const readCandidates = {
  crimes: readCrimes,
  outcomes: readOutcomes,
  stops: readStops,
} satisfies Record<Kind, (compared: Compared, cell: OfForce) => Candidates>;

function readCrimes(compared: Compared, { month }: OfForce): Candidates {
  const withoutId = new Map<string, Candidate[]>();
  for (const record of compared.iterateCrimesWithoutId(month)) {
    const candidate = toCandidate(record);
    addTo(withoutId, keyOf(candidate.category, candidate.place), candidate);
  }
  return {
    find: ({ key }) =>
      key.startsWith(WITHOUT_ID)
        ? (withoutId.get(key) ?? [])
        : compared.findCrimes(month, key).map(toCandidate),
    iterateIds: (forceId) => compared.iterateIds.crimes({ month, forceId }),
  };
}

function readOutcomes(compared: Compared, { month }: OfForce): Candidates {
  const byKey = new Map<string, Candidate[]>();
  for (const { persistentId, ...record } of compared.iterateOutcomes(month)) {
    const candidate = toCandidate(record);
    addTo(byKey, persistentId ?? keyOf(candidate.category, candidate.place), candidate);
  }
  return {
    find: ({ key }) => byKey.get(key) ?? [],
    iterateIds: (forceId) => compared.iterateIds.outcomes({ month, forceId }),
  };
}

function readStops(compared: Compared, { month, forceId }: OfForce): Candidates {
  const byKey = new Map<string, Candidate[]>();
  for (const stop of compared.iterateStops({ month, forceId })) {
    const candidate = { id: stop.id, category: "", place: placeOf(stop), outcome: null, forceId };
    addTo(byKey, keyOfStop(stop), candidate);
  }
  return {
    find: ({ key }) => byKey.get(key) ?? [],
    iterateIds: () => [...byKey.values()].flat().map(({ id }) => id),
  };
}

function toCandidate({ id, category, outcome, forceId, ...placed }: ComparedRecord): Candidate {
  return { id, category, place: placeOf(placed), outcome, forceId };
}

function addTo(map: Map<string, Candidate[]>, key: string, candidate: Candidate): void {
  const there = map.get(key);
  if (there === undefined) map.set(key, [candidate]);
  else there.push(candidate);
}

function placeOf({ latitude, longitude }: Placed): string {
  return latitude === null || longitude === null ? NO_PLACE : `${latitude},${longitude}`;
}

function keyOf(category: string, place: string): string {
  return `${WITHOUT_ID}${category}\n${place}`;
}

/** Texts that are empty are none, in either source; flags are 0 and 1 in the database. */
function keyOfStop(stop: ArchiveStop | ComparedStop): string {
  const flag = (value: boolean | 0 | 1 | null) => (value === null ? null : Number(value));
  return JSON.stringify([
    stop.type,
    stop.datetime,
    placeOf(stop),
    flag(stop.operation),
    stop.operationName || null,
    stop.gender || null,
    stop.ageRange || null,
    stop.selfDefinedEthnicity || null,
    stop.officerDefinedEthnicity || null,
    stop.legislation || null,
    stop.objectOfSearch || null,
    stop.outcome || null,
    flag(stop.outcomeLinkedToObjectOfSearch),
    flag(stop.removalOfMoreThanOuterClothing),
  ]);
}
