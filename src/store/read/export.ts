import { existsSync } from "node:fs";
import { databaseError } from "../../errors.ts";
import { byKind } from "../../types.ts";
import type { Category, Force, Kind } from "../../types.ts";
import { asDatabaseError, openForReading } from "../database.ts";
import type { Connection } from "../database.ts";
import { rangeOf } from "../archive/ids.ts";
import { TABLES } from "../kinds.ts";
import { createFindOdd, createLeftOut, isBoundary, isId, isText, orNull } from "../sound.ts";
import type { NoteLeftOut } from "../sound.ts";
import { prepareRecords } from "./exported.ts";
import type { Exported } from "./exported.ts";
import { NAMES, SHAPES } from "./exported-shapes.ts";
import { createIsOfArchive, createSlices } from "./slices.ts";
import type { IsOfArchive, Slice } from "./slices.ts";
import { createReadWantedCells } from "./wanted-cells.ts";

export type ExportedNeighbourhood = {
  forceId: string;
  force: string;
  id: string;
  name: string;
  /** GeoJSON text. */
  boundary: string | null;
};

export type ExportReader = ReturnType<typeof openExport>;

/**
 * Opens the database as it is at this moment: a crawl that commits meanwhile does not show.
 * Rows come one by one, whatever there is of them. Errors exit with 4.
 */
export function openExport(file: string) {
  if (!existsSync(file)) {
    throw databaseError(`there is no database ${file}`, {
      hint: "name another file with --db, or make it with: ukpolice crawl",
    });
  }
  const db = openForReading(file);
  try {
    // A transaction sees the moment of its first read, not of its begin.
    db.exec("begin; select 1 from forces limit 1");
    return { ...createExport(db), close: () => void db.close() };
  } catch (error) {
    db.close();
    throw asDatabaseError(error, file);
  }
}

/**
 * Reads what an export writes; the caller holds the transaction. Rows that a crawl cannot have
 * written are left out, and told by `readLeftOut`.
 */
export function createExport(db: Connection) {
  const leftOut = createLeftOut();
  const isOfArchive = createIsOfArchive(db);
  const selectForces = db.prepare<[], Force>("select id, name from forces order by id");
  const selectCategories = db.prepare<[], Category>(
    "select id, name from crime_categories order by id",
  );
  return {
    listForces: (): Force[] => selectForces.all().filter(({ id }) => isId(id)),
    listCategories: (): Category[] => selectCategories.all().filter(({ id }) => isId(id)),
    readWanted: createReadWantedCells(db, leftOut.note),
    ...createSlices(db, isOfArchive, leftOut.note),
    ...createNeighbourhoods(db, leftOut.note),
    iterateRecords: createReadRecords(db, isOfArchive, leftOut.note),
    readLeftOut: leftOut.read,
  };
}

type ForcesQuery = { forces: string | null };

const findOddNeighbourhood = createFindOdd<ExportedNeighbourhood>({
  forceId: isId,
  force: orNull(isText),
  id: isId,
  name: isText,
  boundary: orNull(isBoundary),
});

/** The neighbourhoods that the API lists, of some forces or of all. */
function createNeighbourhoods(db: Connection, note: NoteLeftOut) {
  const from = `from neighbourhoods
    left join forces on forces.id = force_id
    where neighbourhoods.listed = 1
      and (@forces is null or force_id in (select value from json_each(@forces)))`;
  const select = db.prepare<ForcesQuery, ExportedNeighbourhood>(
    `select force_id as forceId, forces.name as force, neighbourhoods.id, neighbourhoods.name, boundary
     ${from}
     order by force_id, neighbourhoods.id`,
  );
  const count = db.prepare<ForcesQuery, number>(`select count(*) ${from}`).pluck();
  const toQuery = (forces?: readonly string[]): ForcesQuery => ({
    forces: forces === undefined ? null : JSON.stringify(forces),
  });
  return {
    countNeighbourhoods: (forces?: readonly string[]): number => count.get(toQuery(forces)) ?? 0,
    *iterateNeighbourhoods(forces?: readonly string[]): Generator<ExportedNeighbourhood> {
      for (const row of select.iterate(toQuery(forces))) {
        const odd = findOddNeighbourhood(row);
        if (odd === undefined) yield row;
        else note(`neighbourhood ${row.forceId}/${row.id} (${odd})`);
      }
    },
  };
}

/** The records of a slice one by one, of some categories of crime or of all. */
function createReadRecords(db: Connection, isOfArchive: IsOfArchive, note: NoteLeftOut) {
  const select = prepareRecords(db);
  const listCategories = byKind((kind) => createListCategories(db, kind));
  const findOdd: { [K in Kind]: (row: Exported[K]) => string | undefined } = {
    crimes: createFindOdd(SHAPES.crimes),
    outcomes: createFindOdd(SHAPES.outcomes),
    stops: createFindOdd(SHAPES.stops),
  };
  // One category after the other: that is how the index goes, and nothing has to be sorted.
  return function* <K extends Kind>(
    kind: K,
    { month, forceId, records = 0 }: Slice & { records?: number },
    categories?: readonly string[],
  ): Generator<Exported[K]> {
    const wanted = categories === undefined ? null : JSON.stringify(categories);
    let unseen = records;
    const isFile = isOfArchive(kind, month);
    const range = rangeOf(forceId ?? "");
    const { ofApi, ofArchive } = select[kind];
    for (const category of isFile ? [null] : listCategories[kind]()) {
      const query = { month, forceId, category, categories: wanted, ...range };
      for (const part of isFile ? [ofArchive] : ofApi) {
        for (const row of part.iterate(query)) {
          unseen -= 1;
          const odd = findOdd[kind](row);
          if (odd === undefined) yield row;
          else note(`${NAMES[kind](row)} (${odd})`);
        }
      }
    }
    const where = `${kind} of ${month} in ${forceId ?? "no force"}`;
    if (unseen > 0) note(`${where} of categories that are not listed`, unseen);
  };
}

/** The categories of a kind's records; of one whose names no table has, all of them as one. */
function createListCategories(db: Connection, kind: Kind): () => (string | null)[] {
  const { categories } = TABLES[kind];
  if (categories === null) return () => [null];
  const select = db.prepare<[], string>(`select id from ${categories} order by id`).pluck();
  return () => select.all();
}
