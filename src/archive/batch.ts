import type { ArchivePlace, ArchiveRows, ArchiveStop, Kind } from "../types.ts";

/**
 * Rows on their way from the thread, in columns: a third of what objects cost to send, and a
 * twentieth of what they cost to take in. Words and places are numbered by when they came first in
 * their file, and sent once; word 0 is null.
 */
export type Batch = {
  /** Row number of the first; those of a batch follow each other. */
  first: number;
  /** The crime ids, or the times of stops. */
  texts: (string | null)[];
  nths: Uint32Array;
  places: Uint32Array;
  /** So many a row as its kind has. */
  words: Uint32Array;
  newWords: string[];
  newPlaces: PackedPlaces;
  /** The numbers begin anew with this batch, so that neither side has to keep too many. */
  isAnew: boolean;
};

/** Degrees, NaN for none, and five words each: location, LSOA code and name, force, neighbourhood. */
export type PackedPlaces = { degrees: Float64Array; words: Uint32Array };
export const PLACE_WORDS = 5;

/** How many words a row of each kind has. */
export const ROW_WORDS = { crimes: 3, outcomes: 1, stops: 12 } satisfies Record<Kind, number>;

type Known = { words: (string | null)[]; places: ArchivePlace[] };
/** One row: its index in the batch, the place and the first of its words. */
type Taken = {
  batch: Batch;
  index: number;
  place: ArchivePlace;
  word: (nth: number) => string | null;
};

/** Turns the batches of one file, in their order, back into rows. */
export function createUnpacker<K extends Kind>(kind: K): (batch: Batch) => ArchiveRows[K][] {
  const toRow = TO_ROW[kind];
  const width = ROW_WORDS[kind];
  let known: Known = { words: [null], places: [] };
  return (batch) => {
    if (batch.isAnew) known = { words: [null], places: [] };
    for (const word of batch.newWords) known.words.push(word);
    addPlaces(known, batch.newPlaces);
    const { words, places } = known;
    return batch.texts.map((_, index) =>
      toRow({
        batch,
        index,
        place: places[batch.places[index] ?? -1] ?? NOWHERE,
        word: (nth) => words[batch.words[index * width + nth] ?? 0] ?? null,
      }),
    );
  };
}

const NOWHERE: ArchivePlace = {
  latitude: null,
  longitude: null,
  location: null,
  lsoa: null,
  area: null,
};

function addPlaces({ words, places }: Known, { degrees, words: numbers }: PackedPlaces): void {
  for (let at = 0; at * PLACE_WORDS < numbers.length; at += 1) {
    const word = (nth: number) => words[numbers[at * PLACE_WORDS + nth] ?? 0] ?? null;
    const [code, name, forceId, neighbourhoodId] = [word(1), word(2), word(3), word(4)];
    places.push({
      latitude: toDegrees(degrees[2 * at]),
      longitude: toDegrees(degrees[2 * at + 1]),
      location: word(0),
      lsoa: code === null || name === null ? null : { code, name },
      area: forceId === null || neighbourhoodId === null ? null : { forceId, neighbourhoodId },
    });
  }
}

function toDegrees(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}

const TO_ROW: { [K in Kind]: (taken: Taken) => ArchiveRows[K] } = {
  crimes: ({ batch, index, place, word }) => ({
    row: batch.first + index,
    persistentId: batch.texts[index] ?? null,
    latitude: place.latitude,
    longitude: place.longitude,
    location: place.location,
    lsoa: place.lsoa,
    area: place.area,
    crimeType: word(0) ?? "",
    outcome: word(1),
    context: word(2),
  }),
  outcomes: ({ batch, index, place, word }) => ({
    row: batch.first + index,
    nth: batch.nths[index] ?? 1,
    persistentId: batch.texts[index] ?? null,
    latitude: place.latitude,
    longitude: place.longitude,
    location: place.location,
    lsoa: place.lsoa,
    area: place.area,
    outcomeType: word(0) ?? "",
  }),
  stops: toStop,
};

function toStop({ batch, index, place, word }: Taken): ArchiveStop {
  return {
    row: batch.first + index,
    nth: batch.nths[index] ?? 1,
    datetime: batch.texts[index] ?? "",
    latitude: place.latitude,
    longitude: place.longitude,
    area: place.area,
    type: word(0) ?? "",
    operation: toFlag(word(1)),
    operationName: word(2),
    gender: word(3),
    ageRange: word(4),
    selfDefinedEthnicity: word(5),
    officerDefinedEthnicity: word(6),
    legislation: word(7),
    objectOfSearch: word(8),
    outcome: word(9),
    outcomeLinkedToObjectOfSearch: toFlag(word(10)),
    removalOfMoreThanOuterClothing: toFlag(word(11)),
  };
}

function toFlag(word: string | null): boolean | null {
  return word === null ? null : word === "True";
}
