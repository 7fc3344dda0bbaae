import { existsSync } from "node:fs";
import type { Cover } from "../../completeness.ts";
import { databaseError } from "../../errors.ts";
import { byKind } from "../../types.ts";
import type { Category, Force, Kind, Month } from "../../types.ts";
import { asDatabaseError, openForReading } from "../database.ts";
import { createReadCover, createReadWanted } from "../coverage.ts";
import type { Connection } from "../database.ts";
import { TABLES } from "../kinds.ts";
import { prepareRecords, SOURCES } from "./exported.ts";
import type { Exported } from "./exported.ts";

export type ExportedNeighbourhood = {
  forceId: string;
  force: string;
  id: string;
  name: string;
  /** GeoJSON text. */
  boundary: string | null;
};

/** The records of one month that lie in one force; null: in none. */
export type Slice = { month: Month; forceId: string | null };

export type CountedSlice = Slice & { records: number };

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

/** Reads what an export writes; the caller holds the transaction. */
export function createExport(db: Connection) {
  const selectForces = db.prepare<[], Force>("select id, name from forces order by id");
  const selectCategories = db.prepare<[], Category>(
    "select id, name from crime_categories order by id",
  );
  const readCover = createReadCover(db);
  const readWanted = createReadWanted(db);
  return {
    listForces: (): Force[] => selectForces.all(),
    listCategories: (): Category[] => selectCategories.all(),
    /** What is covered, and the forces that the database is for. */
    readWanted(): { cover: Cover; known: string[] } {
      const cover = readCover();
      return { cover, known: readWanted() };
    },
    ...createSlices(db),
    ...createNeighbourhoods(db),
    iterateRecords: createReadRecords(db),
  };
}

type ForcesQuery = { forces: string | null };

/** The neighbourhoods that the API lists, of some forces or of all. */
function createNeighbourhoods(db: Connection) {
  const from = `from neighbourhoods
    left join forces on forces.id = force_id
    where listed = 1
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
    iterateNeighbourhoods: (forces?: readonly string[]) => select.iterate(toQuery(forces)),
  };
}

/** Months and forces of which there are records. Without categories an index has it all. */
function createSlices(db: Connection) {
  const statements = byKind((kind) => {
    const { month } = TABLES[kind];
    const select = (condition: string) =>
      db.prepare<(string | null)[], CountedSlice>(
        `select ${month} as month, force_id as forceId, count(*) as records
         from ${kind} as r
         where ${month} = ? ${condition}
         group by force_id
         order by force_id is null, force_id`,
      );
    return {
      months: createMonths(db, kind, month),
      all: select(""),
      some: select(`and ${SOURCES[kind].crimeCategory} in (select value from json_each(?))`),
    };
  });
  return {
    listMonths: (kind: Kind): Month[] => statements[kind].months.all(),
    listSlices(kind: Kind, month: Month, categories?: readonly string[]): CountedSlice[] {
      const { all, some } = statements[kind];
      return categories === undefined
        ? all.all(month)
        : some.all(month, JSON.stringify(categories));
    },
  };
}

/** One search of the index for each month, where `distinct` would read all of it. */
function createMonths(db: Connection, table: string, month: string) {
  return db
    .prepare<[], string>(
      `with recursive found (month) as (
         select min(${month}) from ${table}
         union all
         select (select min(${month}) from ${table} where ${month} > found.month)
         from found
         where found.month is not null
       )
       select month from found where month is not null`,
    )
    .pluck();
}

/** The records of a slice one by one, of some categories of crime or of all. */
function createReadRecords(db: Connection) {
  const select = prepareRecords(db);
  const selectCategories = byKind((kind) =>
    db.prepare<[], string>(`select id from ${TABLES[kind].categories} order by id`).pluck(),
  );
  // One category after the other: that is how the index goes, and nothing has to be sorted.
  return function* <K extends Kind>(
    kind: K,
    { month, forceId }: Slice,
    categories?: readonly string[],
  ): Generator<Exported[K]> {
    const wanted = categories === undefined ? null : JSON.stringify(categories);
    for (const category of selectCategories[kind].all()) {
      yield* select[kind].iterate({ month, forceId, category, categories: wanted });
    }
  };
}
