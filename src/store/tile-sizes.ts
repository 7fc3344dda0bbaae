import * as v from "@badrap/valita";
import type { Kind } from "../types.ts";
import type { Connection } from "./database.ts";
import { createFacts } from "./facts.ts";
import { fitting, readKept } from "./kept.ts";

/** What was learnt of how large an area may be. */
export type TileSize = {
  /** Records that a tile is meant to hold. */
  target: number;
  /** The most records that were answered at once; 0: none were, of late. */
  best: number;
  /** The smallest size above it that was refused; null: none was. */
  refused: number | null;
  /** How many months were planned since. */
  age: number;
};

export type TileSizes = { [K in Kind]?: TileSize | undefined } & {
  /** How many times as long as was observed once replies take. */
  pace?: number | undefined;
};

const count = v.number().assert((value) => value >= 0);
const size = v.object({ target: count, best: count, refused: count.nullable(), age: count });
const shape = v.object({
  crimes: size.optional(),
  outcomes: size.optional(),
  pace: count.optional(),
});

/** The sizes of tiles that earlier runs learnt, for the next run to begin with. */
export function createTileSizes(db: Connection) {
  const facts = createFacts(db);
  const read = (): TileSizes =>
    readKept("tile_sizes", facts.get("tile_sizes") ?? "{}", fitting(shape));
  return {
    read,
    /** Replaces what is given, and keeps the rest. */
    save: (sizes: TileSizes): void =>
      facts.set("tile_sizes", JSON.stringify({ ...read(), ...sizes })),
  };
}
