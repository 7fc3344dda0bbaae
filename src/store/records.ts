import type { Cloud, Kind, Located, Month, Records } from "../types.ts";
import { byKind } from "../types.ts";
import type { Connection } from "./database.ts";
import { createFindLsoa } from "./archive/points.ts";
import { keyTerm, TABLES } from "./kinds.ts";
import type { Table, Value } from "./kinds.ts";
import { createParents } from "./parents.ts";

/** The records of one reply, of the kind that was asked for. */
export type Reply<K extends Kind = Kind> = { kind: K; rows: readonly Located<Records[K]>[] };

export type Placement = {
  /** Whether the rows wait beside the stored ones until their whole month is there. */
  staged: boolean;
  /** The forces of the cells that the reply is for. */
  forces: ReadonlySet<string>;
};

/** What a write did: rows that it added and changed, and the forces of other cells that lost one. */
export type Written = { added: number; changed: number; taken: ReadonlySet<string> };

/** Records of every kind, with the streets and categories that they need. */
export function createRecords(db: Connection) {
  const parents = createParents(db);
  const findLsoa = createFindLsoa(db);
  const writers = byKind((kind) => createWriter(db, kind, TABLES[kind]));

  return {
    /** Inserts records or brings stored ones up to date; the caller holds the transaction. */
    save<K extends Kind>({ kind, rows }: Reply<K>, { staged, forces }: Placement): Written {
      const table: Table<Records[K]> = TABLES[kind];
      const write = writers[kind][staged ? "staged" : "stored"];
      const written = { added: 0, changed: 0, taken: new Set<string>() };
      const count = createCount(table.identify);
      const values = table.columns.map(([, value]) => value);
      for (const located of rows) {
        table.ensureParents(parents, located);
        const nth = count(located.record);
        const lsoaCode = findLsoa(located.record.place, table.mapMonth(located.record));
        const before = write(values.map((value) => value(located, { nth, lsoaCode })));
        if (before === "none") written.added += 1;
        else if (before !== "same") {
          written.changed += 1;
          if (!staged && !forces.has(before.forceId)) written.taken.add(before.forceId);
        }
      }
      return written;
    },
    /** Forgets which streets and categories are stored: a rollback may have taken them away. */
    forgetParents: parents.forget,
    listPoints: createListPoints(db),
  };
}

/** Numbers records that are equal to the letter, from 1. */
function createCount<R>(identify: ((record: R) => string) | null): (record: R) => number {
  if (identify === null) return () => 1;
  const seen = new Map<string, number>();
  return (record) => {
    const identity = identify(record);
    const nth = (seen.get(identity) ?? 0) + 1;
    seen.set(identity, nth);
    return nth;
  };
}

/** What stood at a row's key before it was written: no row, one that is equal, or another. */
type Before = "none" | "same" | { forceId: string };

/**
 * Insert first, update on conflict: nearly every record is new, and a record that two polygons
 * return is written once more only when something in it differs.
 */
function createWriter(db: Connection, kind: Kind, { columns, key, owner }: Table<never>) {
  const names = columns.map(([name]) => name);
  const keyAt = key.map((column) => names.indexOf(column));
  const list = names.join(", ");
  const values = names.map(() => "?").join(", ");
  const isSame = key.map(
    (column) => `${keyTerm(column)} = ${keyTerm(column).replace(column, "?")}`,
  );
  const into = (table: string) => {
    const insert = db.prepare(
      `insert into ${table} (${list}) values (${values}) on conflict do nothing`,
    );
    if (key.length === 0) return (row: Value[]): Before => (insert.run(row), "none");
    const select = db
      .prepare<Value[], string>(
        `select ${owner()} from ${table}
         where ${isSame.join(" and ")} and (${list}) is not (${values})`,
      )
      .pluck();
    const update = db.prepare(`update ${table} set (${list}) = (${values})
      where ${isSame.join(" and ")}`);
    return (row: Value[]): Before => {
      if (insert.run(row).changes === 1) return "none";
      const found = keyAt.map((at) => row[at] ?? null);
      const forceId = select.get(...found, ...row);
      if (forceId === undefined) return "same";
      update.run(...row, ...found);
      return { forceId };
    };
  };
  return { stored: into(kind), staged: into(`staged_${kind}`) };
}

/** Where the records of a month are, a point for each. */
function createListPoints(db: Connection) {
  const select = byKind((kind) =>
    db
      .prepare<[string], [number, number]>(
        `select latitude, longitude from ${kind}
         where ${TABLES[kind].month} = ? and latitude is not null`,
      )
      .raw(),
  );
  return (kind: Kind, month: Month): Cloud => {
    const rows = select[kind].all(month);
    return {
      latitude: Float64Array.from(rows, ([latitude]) => latitude),
      longitude: Float64Array.from(rows, ([, longitude]) => longitude),
    };
  };
}
