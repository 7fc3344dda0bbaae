import { MOST_BYTES, MOST_RECORDS, SIZES } from "../../police-api.ts";
import type { TileSize, TileSizes } from "../../store/tile-sizes.ts";
import { byKind } from "../../types.ts";
import type { Kind } from "../../types.ts";
import type { Patience } from "./patience.ts";

/**
 * A tile is meant to hold this share of what is answered: the rest is for what a forecast misses.
 * Measured: 0.92 needs the fewest requests where tiles miss by 1%, and 0.86 where they miss by 8%;
 * those of docs/cover-of-london.svg miss by 3%.
 */
export const SHARE = 0.88;
/** Fewer records than this are not the reason why an area is not answered. */
const LEAST = 150;
/** The first larger area that is tried is so many times as large as the others. */
const FIRST_STEP = 1.5;
/** Beyond what is documented, it is so many times as large as the largest that was answered. */
const STEP = 2;
/** What is so near to a size that was refused is not tried. */
const NEAR = 1.25;
/** When so large a part of the most that we ask for was answered, the rest is not feared. */
const NEARLY = 0.9;
/** Replies are meant to take no longer than this. */
const SLOW_MS = 15_000;
/** So many refusals more than chance brings: what was answered earlier is answered no more. */
const MISSES = 3;
/** How many answers make up for a refusal. */
const ANSWERS_A_MISS = 3;
/** After so many months a size that was refused is tried again: the API may have changed. */
const FORGOTTEN_MONTHS = 6;

/**
 * How many records a tile of each kind is meant to hold. Nobody knows what the API answers at all
 * hours: this goes down at once where areas are not answered, or slowly, and up by single steps.
 * It goes by what areas turned out to hold, never by what was expected of them; and what was
 * refused once is no limit, where as much was answered.
 */
export type Sizes = {
  targetOf(kind: Kind): number;
  /** Says that another month begins: what is not tried for long is forgotten. */
  age(kind: Kind): void;
  /** The size of a larger area to try one of; undefined: it is known to be too large. */
  stepOf(kind: Kind): number | undefined;
  /** Says that an area was answered, with so many records. */
  answered(kind: Kind, records: number): void;
  /** Says that an area was refused that was meant to fit. */
  missed(kind: Kind): void;
  /** Says how many records an area turned out to hold that had been refused. */
  refused(kind: Kind, records: number): void;
};

export type SizesOptions = {
  /** What earlier runs learnt. */
  known: TileSizes;
  save: (sizes: TileSizes) => void;
  patience: Pick<Patience, "fitting">;
};

export function createSizes({ known, save, patience }: SizesOptions): Sizes {
  const sizes = byKind((kind): TileSize => ({ ...UNKNOWN, ...known[kind] }));
  const misses = byKind(() => 0);
  const set = (kind: Kind, change: Partial<TileSize>) => {
    sizes[kind] = { ...sizes[kind], ...change };
    save(sizes);
  };
  /** More would not fit into a reply of the size that we take, or into the time that it may take. */
  const most = (kind: Kind) => {
    const fitting = Math.min(MOST_BYTES / SIZES[kind].bytes, patience.fitting(SLOW_MS));
    return Math.max(LEAST, Math.round(SHARE * fitting));
  };

  /** Where something was refused, all tiles are no larger than what was answered: one is tried. */
  const targetOf = (kind: Kind) => {
    const { target, best, refused } = sizes[kind];
    const isNear = refused !== null && best >= refused / 2;
    return Math.min(target, most(kind), isNear ? best : Infinity);
  };

  return {
    targetOf,
    age(kind) {
      const isForgotten = sizes[kind].age >= FORGOTTEN_MONTHS;
      set(kind, isForgotten ? { age: 0, refused: null } : { age: sizes[kind].age + 1 });
    },
    stepOf(kind) {
      const { refused, best } = sizes[kind];
      const target = targetOf(kind);
      const isFree = refused === null || SHARE * refused >= most(kind);
      const step = best > MOST_RECORDS ? STEP * best : FIRST_STEP * target;
      const size = Math.min(most(kind), isFree ? step : Math.sqrt(target * refused));
      return size < NEAR * target ? undefined : Math.round(size);
    },
    answered(kind, records) {
      const { target, refused, best } = sizes[kind];
      if (records >= target / 2) misses[kind] = Math.max(0, misses[kind] - 1 / ANSWERS_A_MISS);
      if (records <= best) return;
      const isWrong = refused !== null && refused <= records;
      const isAll = refused === null && records >= NEARLY * most(kind);
      const safe = isAll ? most(kind) : Math.round(SHARE * records);
      set(kind, {
        best: records,
        target: Math.max(target, safe),
        refused: isWrong ? null : refused,
      });
    },
    missed(kind) {
      misses[kind] += 1;
      if (misses[kind] < MISSES) return;
      misses[kind] = 0;
      if (sizes[kind].best > 0) set(kind, { best: 0 });
    },
    refused(kind, records) {
      const { target, refused, best } = sizes[kind];
      if (records <= best || records < LEAST) return;
      // Where the limit lies between the two, the next tiles are meant to be below it.
      const limit = best >= records / 2 ? Math.sqrt(best * records) : records;
      const less = Math.max(LEAST, Math.round(SHARE * limit));
      const smallest = Math.min(records, refused ?? Infinity);
      set(kind, { refused: smallest, target: Math.min(target, less), age: 0 });
    },
  };
}

/** What the documented limit allows. */
const UNKNOWN: TileSize = { target: SHARE * MOST_RECORDS, best: 0, refused: null, age: 0 };
