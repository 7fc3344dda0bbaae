import { KINDS } from "../types.ts";
import type { Kind, Month } from "../types.ts";
import type { Connection } from "./database.ts";

/** The layers that are there without a file. */
export const OWN_LAYERS = ["forces", "neighbourhoods", "districts", "lsoas"] as const;

/** One area of a layer; `boundary` is a GeoJSON MultiPolygon, null where `flaw` says why. */
export type LayerArea = {
  id: string;
  label: string;
  boundary: string | null;
  flaw: string | null;
};

/** The areas of a layer that is being added: all of them are kept, or none. */
export type LayerWriter = {
  add(area: LayerArea): void;
  has(id: string): boolean;
  /** More polygons of an area that is there: the JSON of each, separated by commas. */
  extend(id: string, polygons: string): void;
  commit(): void;
  rollback(): void;
};

export type Layers = ReturnType<typeof createLayers>;

/** Layers of the user's own, and how many people live in the areas of any layer. */
export function createLayers(db: Connection) {
  const insert = db.prepare("insert into layers (name, file, added_at) values (?, ?, ?)");
  const select = db.prepare<[string], string>("select name from layers where name = ?").pluck();
  const counted = KINDS.map((kind) => db.prepare<[string]>(markAll(kind)));
  return {
    has: (name: string): boolean => select.get(name) !== undefined,
    /** Begins a layer; nothing else may be written until it is committed or rolled back. */
    begin({ name, file, at }: { name: string; file: string; at: string }): LayerWriter {
      db.exec("begin immediate");
      insert.run(name, file, at);
      const end = (sql: "commit" | "rollback") => {
        if (db.inTransaction) db.exec(sql);
      };
      return {
        ...createAreaWriter(db, name),
        commit() {
          for (const statement of counted) statement.run(name);
          end("commit");
        },
        rollback: () => end("rollback"),
      };
    },
    remove: createRemove(db),
    savePopulations: createSavePopulations(db),
    listAreaIds: createListAreaIds(db),
  };
}

/** Every month that was counted of a kind. */
function markAll(kind: Kind): string {
  return `insert or ignore into uncounted (layer, kind, month)
    select distinct ?, kind, month from force_counts where kind = '${kind}'`;
}

function createAreaWriter(db: Connection, layer: string) {
  const insert = db.prepare(
    `insert into layer_areas (layer, id, nth, label, flaw, boundary)
     values (@layer, @id, @nth, @label, @flaw, @boundary)`,
  );
  const select = db
    .prepare<[string, string], string | null>(
      "select boundary from layer_areas where layer = ? and id = ?",
    )
    .pluck();
  const selectAny = db
    .prepare<[string, string], number>("select 1 from layer_areas where layer = ? and id = ?")
    .pluck();
  const update = db.prepare(
    "update layer_areas set boundary = ?, flaw = null where layer = ? and id = ?",
  );
  let nth = 0;
  return {
    add(area: LayerArea): void {
      nth += 1;
      insert.run({ layer, nth, ...area });
    },
    has: (id: string): boolean => selectAny.get(layer, id) !== undefined,
    extend(id: string, polygons: string): void {
      const before = select.get(layer, id) ?? null;
      update.run(writeBoundary(polygons, before), layer, id);
    },
  };
}

const OPENING = '{"type":"MultiPolygon","coordinates":[';
const CLOSING = "]}";

/** A boundary of polygons, the JSON of each, after those of another one. */
export function writeBoundary(polygons: string, before: string | null = null): string {
  if (before === null) return OPENING + polygons + CLOSING;
  return `${before.slice(0, -CLOSING.length)},${polygons}${CLOSING}`;
}

/** Removes a layer with all that was counted for it. */
function createRemove(db: Connection) {
  const forget = ["area_counts", "area_outcomes", "area_populations", "uncounted"].map((table) =>
    db.prepare<[string]>(`delete from ${table} where layer = ?`),
  );
  const remove = db.prepare<[string]>("delete from layers where name = ?");
  return db.transaction((name: string): void => {
    for (const statement of forget) statement.run(name);
    remove.run(name);
  });
}

function createSavePopulations(db: Connection) {
  const forget = db.prepare<[string]>("delete from area_populations where layer = ?");
  const insert = db.prepare(
    "insert into area_populations (layer, id, population) values (?, ?, ?)",
  );
  /** Puts figures in the place of those that a layer had. */
  return db.transaction((layer: string, people: Iterable<[string, number]>): void => {
    forget.run(layer);
    for (const [id, population] of people) insert.run(layer, id, population);
  });
}

function createListAreaIds(db: Connection) {
  const select = db.prepare<[string], string>("select id from areas where layer = ?").pluck();
  return (layer: string): string[] => select.all(layer);
}

/** A month of a kind that a layer has not counted. */
export type Uncounted = { layer: string; kind: Kind; month: Month };
