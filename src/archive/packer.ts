import type { ArchivePlace } from "../types.ts";
import type { Batch } from "./batch.ts";

/** So many are known at most, on either side; a large force's month has some 25,000 places. */
const MOST_KNOWN = 100_000;

/** One row as it is sent, but for its words; see batch.ts. */
export type PackedRow = { text: string | null; nth: number; place: number };

/** What tells places apart: both coordinates, and the names, which may differ at one point. */
export type PlaceCells = { point: string; location: string; code: string; name: string };

/** Packs the rows of one file: numbers its words and places, and makes batches of its rows. */
export class Packer {
  #words = new Map<string, number>();
  /** One place of each point, found without putting its other cells together, and the rest. */
  #places = new Map<string, { cells: PlaceCells; number: number }>();
  #others = new Map<string, number>();
  #newWords: string[] = [];
  #newDegrees: number[] = [];
  #newPlaceWords: number[] = [];
  #isAnew = true;
  #rows = 0;
  #texts: (string | null)[] = [];
  #nths: number[] = [];
  #placeOf: number[] = [];
  #wordsOf: number[] = [];

  /** The number of a place that is known, by its cells as they stand. */
  findPlace(cells: PlaceCells): number | undefined {
    const known = this.#places.get(cells.point);
    if (known !== undefined && isSame(known.cells, cells)) return known.number;
    return this.#others.get(keyOf(cells));
  }

  /** Makes a place known, and returns its number. */
  addPlace(cells: PlaceCells, { latitude, longitude, location, lsoa, area }: ArchivePlace): number {
    this.#newDegrees.push(latitude ?? Number.NaN, longitude ?? Number.NaN);
    const words = [location, lsoa?.code, lsoa?.name, area?.forceId, area?.neighbourhoodId];
    for (const word of words) this.#newPlaceWords.push(this.#number(word ?? null));
    const number = this.#places.size + this.#others.size;
    if (this.#places.has(cells.point)) this.#others.set(keyOf(cells), number);
    else this.#places.set(cells.point, { cells, number });
    return number;
  }

  /** Adds a row; its words have to follow, as many as its kind has. */
  add({ text, nth, place }: PackedRow): void {
    this.#texts.push(text);
    this.#nths.push(nth);
    this.#placeOf.push(place);
  }

  /** Adds the next word of the row that was added last. */
  addWord(text: string | null): void {
    this.#wordsOf.push(this.#number(text));
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
      nths: new Uint32Array(this.#nths),
      places: new Uint32Array(this.#placeOf),
      words: new Uint32Array(this.#wordsOf),
      newWords: this.#newWords,
      newPlaces: {
        degrees: new Float64Array(this.#newDegrees),
        words: new Uint32Array(this.#newPlaceWords),
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
    this.#isAnew = this.#words.size + this.#places.size + this.#others.size > MOST_KNOWN;
    if (this.#isAnew) this.#forget();
    return batch;
  }

  /** The number of a word; null and the empty one are two. */
  #number(text: string | null): number {
    if (text === null) return 0;
    const known = this.#words.get(text);
    if (known !== undefined) return known;
    this.#newWords.push(text);
    const number = this.#words.size + 1;
    this.#words.set(text, number);
    return number;
  }

  #forget(): void {
    this.#words = new Map();
    this.#places = new Map();
    this.#others = new Map();
  }
}

function isSame(one: PlaceCells, other: PlaceCells): boolean {
  return one.location === other.location && one.code === other.code && one.name === other.name;
}

/** No cell holds a line end. */
function keyOf({ point, location, code, name }: PlaceCells): string {
  return [point, location, code, name].join("\n");
}
