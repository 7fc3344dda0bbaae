import type { ArchivePlace, Kind } from "../types.ts";
import { ROW_WORDS } from "./batch.ts";
import type { Batch } from "./batch.ts";

/** So many are known at most, on either side; a large force's month has some 25,000 places. */
const MOST_KNOWN = 100_000;

/** One row as it is sent; see batch.ts. */
export type PackedRow = {
  text: string | null;
  nth: number;
  place: number;
  words: readonly number[];
};

/** Packs the rows of one file: numbers its words and places, and makes batches of its rows. */
export class Packer {
  readonly #width: number;
  #words = new Map<string, number>();
  #places = new Map<string, number>();
  #newWords: string[] = [];
  #newDegrees: number[] = [];
  #newPlaceWords: number[] = [];
  #isAnew = true;
  #rows = 0;
  #texts: (string | null)[] = [];
  #nths: number[] = [];
  #placeOf: number[] = [];
  #wordsOf: number[] = [];

  constructor(kind: Kind) {
    this.#width = ROW_WORDS[kind];
  }

  /** The number of a word; null and the empty one are two. */
  word(text: string | null): number {
    if (text === null) return 0;
    const known = this.#words.get(text);
    if (known !== undefined) return known;
    this.#newWords.push(text);
    const number = this.#words.size + 1;
    this.#words.set(text, number);
    return number;
  }

  /** The number of a place, which is found by its cells as they stand, and made the first time. */
  place(key: string, make: () => ArchivePlace): number {
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const { latitude, longitude, location, lsoa, area } = make();
    this.#newDegrees.push(latitude ?? Number.NaN, longitude ?? Number.NaN);
    const words = [location, lsoa?.code, lsoa?.name, area?.forceId, area?.neighbourhoodId];
    for (const word of words) this.#newPlaceWords.push(this.word(word ?? null));
    const number = this.#places.size;
    this.#places.set(key, number);
    return number;
  }

  /** Adds a row, and returns its number, from 1. */
  add({ text, nth, place, words }: PackedRow): void {
    this.#texts.push(text);
    this.#nths.push(nth);
    this.#placeOf.push(place);
    for (let at = 0; at < this.#width; at += 1) this.#wordsOf.push(words[at] ?? 0);
  }

  /** How many rows there are, those of earlier batches too. */
  get rows(): number {
    return this.#rows + this.#texts.length;
  }

  /** The rows since the last batch, and what they need. */
  take(): Batch {
    const batch: Batch = {
      first: this.#rows + 1,
      texts: this.#texts,
      nths: Uint32Array.from(this.#nths),
      places: Uint32Array.from(this.#placeOf),
      words: Uint32Array.from(this.#wordsOf),
      newWords: this.#newWords,
      newPlaces: {
        degrees: Float64Array.from(this.#newDegrees),
        words: Uint32Array.from(this.#newPlaceWords),
      },
      isAnew: this.#isAnew,
    };
    this.#rows += this.#texts.length;
    this.#texts = [];
    this.#nths = [];
    this.#placeOf = [];
    this.#wordsOf = [];
    this.#newWords = [];
    this.#newDegrees = [];
    this.#newPlaceWords = [];
    this.#isAnew = this.#words.size + this.#places.size > MOST_KNOWN;
    if (this.#isAnew) this.#forget();
    return batch;
  }

  #forget(): void {
    this.#words = new Map();
    this.#places = new Map();
  }
}
