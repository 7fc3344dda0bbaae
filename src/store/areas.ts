import { databaseError } from "../errors.ts";
import type { Area, Category, Force, Neighbourhood, Ring } from "../types.ts";
import type { Connection } from "./database.ts";
import { createFacts } from "./facts.ts";
import { readIds, readKept } from "./kept.ts";
import { readRing } from "./sound.ts";

export type ListedForce = Force & { listedAt: string | null };

export type ListedNeighbourhood = Area & {
  name: string;
  hasBoundary: boolean;
  boundaryAt: string | null;
};

export type StoredBoundary = Area & { ring: Ring };

export type Areas = ReturnType<typeof createAreas>;

/** Forces, neighbourhoods, boundaries and categories. Times are ISO 8601. */
export function createAreas(db: Connection) {
  const moved = createMovedForces(db);
  return {
    ...createForces(db),
    ...createNeighbourhoods(db, moved.note),
    ...createBoundaries(db, moved.note),
    ...createCategories(db),
    /** The forces of which boundaries changed since the stored records were last located. */
    listMovedForces: moved.list,
  };
}

type Note = (forceId: string) => void;

function createMovedForces(db: Connection) {
  const facts = createFacts(db);
  const list = (): string[] =>
    readKept("boundaries_moved", facts.get("boundaries_moved") ?? "[]", readIds);
  const note: Note = (forceId) =>
    facts.set("boundaries_moved", JSON.stringify([...new Set([...list(), forceId])]));
  return { list, note };
}

function createForces(db: Connection) {
  const facts = createFacts(db);
  const upsert = db.prepare(
    `insert into forces (id, name) values (?, ?)
     on conflict (id) do update set name = excluded.name, listed = 1`,
  );
  const unlist = db.prepare(
    `update forces set listed = 0
     where listed_at is null and id not in (select value from json_each(?))`,
  );
  const setUnlocated = db.prepare("update forces set unlocated = ? where id = ?");
  const selectUnlocated = db
    .prepare<[string], number | null>("select unlocated from forces where id = ?")
    .pluck();
  const select = db.prepare<[], ListedForce>(
    "select id, name, listed_at as listedAt from forces where listed = 1 order by id",
  );
  return {
    listForces: (): ListedForce[] => select.all(),
    /** Saves the API's list; what an import named, and the API does not list, is no force of it. */
    saveForces: db.transaction((forces: readonly Force[], at: string) => {
      unlist.run(JSON.stringify(forces.map(({ id }) => id)));
      for (const { id, name } of forces) upsert.run(id, name);
      facts.set("forces_at", at);
    }),
    /** Whether the API knows a force's crimes without a location; undefined: it was never asked. */
    knowsUnlocated(forceId: string): boolean | undefined {
      const known = selectUnlocated.get(forceId) ?? null;
      return known === null ? undefined : known === 1;
    },
    noteUnlocated: (forceId: string, known: boolean): void =>
      void setUnlocated.run(Number(known), forceId),
    /** When the forces were last listed, or null. */
    forcesListedAt: (): string | null => facts.get("forces_at") ?? null,
  };
}

function createNeighbourhoods(db: Connection, noteMoved: Note) {
  const unlist = db.prepare("update neighbourhoods set listed = 0 where force_id = ?");
  const upsert = db.prepare(
    `insert into neighbourhoods (force_id, id, name) values (?, ?, ?)
     on conflict (force_id, id) do update set name = excluded.name, listed = 1`,
  );
  const askAgain = db.prepare("update neighbourhoods set boundary_at = null where force_id = ?");
  const stampForce = db.prepare("update forces set listed_at = ? where id = ?");
  const select = db.prepare<
    [string],
    Omit<ListedNeighbourhood, "hasBoundary"> & { hasBoundary: number }
  >(
    `select force_id as forceId, id as neighbourhoodId, name,
       boundary is not null as hasBoundary, boundary_at as boundaryAt
     from neighbourhoods
     where force_id = ? and listed = 1
     order by id`,
  );
  const listNeighbourhoods = (forceId: string): ListedNeighbourhood[] =>
    select.all(forceId).map((row) => ({ ...row, hasBoundary: !!row.hasBoundary }));
  /** Which listed neighbourhoods have a boundary. */
  const boundedIds = (forceId: string): string =>
    JSON.stringify(
      listNeighbourhoods(forceId).flatMap((area) => (area.hasBoundary ? area.neighbourhoodId : [])),
    );
  return {
    listNeighbourhoods,
    saveNeighbourhoods: db.transaction(
      (forceId: string, list: readonly Neighbourhood[], at: string) => {
        const before = boundedIds(forceId);
        const listed = listNeighbourhoods(forceId).map((area) => area.neighbourhoodId);
        unlist.run(forceId);
        for (const { id, name } of list) upsert.run(forceId, id, name);
        stampForce.run(at, forceId);
        if (boundedIds(forceId) !== before) noteMoved(forceId);
        const isSame = list.length === listed.length && list.every(({ id }) => listed.includes(id));
        if (!isSame) askAgain.run(forceId); // one that is new or gone was cut out of the others
      },
    ),
  };
}

function createBoundaries(db: Connection, noteMoved: Note) {
  const select = db
    .prepare<[string, string], string | null>(
      "select boundary from neighbourhoods where force_id = ? and id = ?",
    )
    .pluck();
  const selectAll = db.prepare<[], Area & { boundary: string }>(
    `select force_id as forceId, id as neighbourhoodId, boundary
     from neighbourhoods
     where listed = 1 and boundary is not null
     order by force_id, id`,
  );
  const update = db.prepare(
    "update neighbourhoods set boundary = ?, boundary_at = ? where force_id = ? and id = ?",
  );
  return {
    /** The boundaries that records are located in, by force and neighbourhood. */
    listBoundaries: (): StoredBoundary[] =>
      selectAll.all().map(({ boundary, ...area }) => ({ ...area, ring: toRing(boundary, area) })),
    /** One neighbourhood's boundary; undefined where none is known. */
    findBoundary: ({ forceId, neighbourhoodId }: Area): Ring | undefined => {
      const boundary = select.get(forceId, neighbourhoodId) ?? null;
      return boundary === null ? undefined : toRing(boundary, { forceId, neighbourhoodId });
    },
    saveBoundary: db.transaction(
      ({ forceId, neighbourhoodId }: Area, ring: Ring | null, at: string) => {
        const boundary = ring === null ? null : toGeoJson(ring);
        const before = select.get(forceId, neighbourhoodId) ?? null;
        update.run(boundary, at, forceId, neighbourhoodId);
        if (before !== boundary) noteMoved(forceId);
      },
    ),
  };
}

function createCategories(db: Connection) {
  const upsert = db.prepare(
    `insert into crime_categories (id, name) values (?, ?)
     on conflict (id) do update set name = excluded.name where name <> excluded.name`,
  );
  const lacksNames = db
    .prepare<[], number>(
      `select not exists (select 1 from crime_categories)
         or exists (select 1 from crime_categories where id = name)`,
    )
    .pluck();
  return {
    saveCategories: db.transaction((categories: readonly Category[]) => {
      for (const { id, name } of categories) upsert.run(id, name);
    }),
    /** Whether there are crime categories that only records have named so far, or none at all. */
    lacksCategoryNames: (): boolean => lacksNames.get() === 1,
  };
}

function toGeoJson(ring: Ring): string {
  const line = ring.map(({ latitude, longitude }) => [longitude, latitude]);
  const [first] = line;
  const last = line.at(-1);
  const closed = first?.[0] === last?.[0] && first?.[1] === last?.[1];
  if (first !== undefined && !closed) line.push(first);
  return JSON.stringify({ type: "Polygon", coordinates: [line] });
}

/** Records that are located without one of the boundaries would be in the wrong neighbourhoods. */
function toRing(text: string, { forceId, neighbourhoodId }: Area): Ring {
  const ring = readRing(text);
  if (ring !== undefined) return ring;
  throw databaseError(`the stored boundary of ${forceId}/${neighbourhoodId} is no polygon`, {
    hint: "fetch all boundaries anew: ukpolice crawl --refresh-boundaries",
  });
}
