import { listForcesOfKind } from "../../completeness.ts";
import type { Cover } from "../../completeness.ts";
import type { Kind, Month } from "../../types.ts";
import {
  createReadCover,
  createReadStopsWanted,
  createReadWanted,
  readStopsPublished,
} from "../coverage.ts";
import type { Connection } from "../database.ts";
import type { NoteLeftOut } from "../sound.ts";

/** What is covered, and whose cells are wanted. */
export type WantedCells = {
  cover: Cover;
  forcesOf: (month: Month, kind: Kind) => readonly string[];
};

/** Reads which cells are wanted of some forces, or of those that the database is for. */
export function createReadWantedCells(db: Connection, note: NoteLeftOut) {
  const readCover = createReadCover(db, note);
  const readWanted = createReadWanted(db);
  const readStopsWanted = createReadStopsWanted(db);
  const selectListed = db.prepare<[], string>("select id from forces where listed = 1").pluck();
  return (forces?: readonly string[]): WantedCells => {
    const listed = selectListed.all();
    // Who is in no list has no areas, and so no cells but those of stops.
    const areas = forces?.filter((forceId) => listed.includes(forceId)) ?? readWanted();
    const publishers = forces ?? readStopsWanted();
    const published = readStopsPublished(db);
    return {
      cover: readCover(),
      forcesOf: (month, kind) =>
        listForcesOfKind({ month, kind }, kind === "stops" ? publishers : areas, published),
    };
  };
}
