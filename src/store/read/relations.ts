import type { Connection } from "../database.ts";

/** A cell as SQLite gives it. */
export type SqlValue = string | number | bigint | Buffer | null;

export type Column = {
  name: string;
  type: string;
  /** What the schema's comment says of it. */
  note: string;
};

export type ForeignKey = { table: string; columns: string[]; parentColumns: string[] };

/** An order that the database keeps: its columns, with the primary key last, are unique. */
export type Path = {
  columns: string[];
  /** How many of the first columns the index finds rows by; 0: none, rows have to be sorted. */
  indexed: number;
  /** The column that must be asked for by value, where the index leaves rows without it out. */
  requires: string | null;
  /** Whether the first column has so few values that it can be left free, and be tried value by value. */
  canSkip: boolean;
  /** Columns of which the index holds so many first characters, and not the whole. */
  prefixes: ReadonlyMap<string, number>;
};

/** A table or view, as the database describes itself. */
export type Relation = {
  name: string;
  isView: boolean;
  columns: Column[];
  /** Names a row: the primary key, `rowid` where there is none, nothing for a view. */
  key: string[];
  paths: Path[];
  foreignKeys: ForeignKey[];
  /** Rows that the statistics of the last crawl tell; null: they tell nothing. */
  estimate: number | null;
};

type SchemaRow = { name: string; type: string; sql: string };
type ColumnRow = { name: string; type: string; pk: number };
type KeyRow = { id: number; table: string; from: string; to: string | null };
type IndexRow = { name: string; partial: 0 | 1; origin: string };
type TermRow = { name: string | null; cid: number; key: 0 | 1 };
type Term = { column: string; prefix: number | undefined };

const WHOLE: ReadonlyMap<string, number> = new Map();

/** Values of a first column that are tried one by one, at most. */
const MOST_SKIPPED = 250;

/** Quotes a name that the schema gave. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Describes every table and view but SQLite's own, in the order in which they were defined. */
export function listRelations(db: Connection): Relation[] {
  const rows = db
    .prepare<[], SchemaRow>(
      `select name, type, sql from sqlite_schema
       where type in ('table', 'view') and name not like 'sqlite\\_%' escape '\\'
       order by type, rowid`,
    )
    .all();
  const statistics = readStatistics(db);
  return rows.map((row) => describe(db, statistics, row));
}

type Statistics = Map<string, number[]>;

/** Rows, and rows for each value of the first column, and so on, by table and index. */
function readStatistics(db: Connection): Statistics {
  const isThere = db.prepare("select 1 from sqlite_schema where name = 'sqlite_stat1'").get();
  if (isThere === undefined) return new Map();
  const rows = db
    .prepare<[], { tbl: string; idx: string | null; stat: string | null }>(
      "select tbl, idx, stat from sqlite_stat1",
    )
    .all();
  return new Map(
    rows.map(({ tbl, idx, stat }) => [
      statisticName(tbl, idx),
      (stat ?? "").split(" ").map(Number).filter(Number.isFinite),
    ]),
  );
}

function statisticName(table: string, index: string | null): string {
  return JSON.stringify([table, index]);
}

function describe(
  db: Connection,
  statistics: Statistics,
  { name, type, sql }: SchemaRow,
): Relation {
  const isView = type === "view";
  const rows = db
    .prepare<[string], ColumnRow>("select name, type, pk from pragma_table_xinfo(?)")
    .all(name);
  const primary = rows.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
  const key = primary.map((row) => row.name);
  if (key.length === 0 && !isView) key.push("rowid");
  const columns = rows.map((row) => ({
    name: row.name,
    type: row.type.toLowerCase(),
    note: noteOf(sql, row.name),
  }));
  const { paths, counts } = describeIndexes(db, statistics, { name, key });
  const all = columns.map((column) => column.name);
  const unordered = { columns: all, indexed: 0, requires: null, canSkip: false, prefixes: WHOLE };
  return {
    name,
    isView,
    columns,
    key,
    paths: isView ? [unordered] : paths,
    foreignKeys: listForeignKeys(db, name),
    estimate: counts.length === 0 ? null : Math.max(...counts),
  };
}

/** SQLite keeps the text of a definition, comments included. */
function noteOf(sql: string, column: string): string {
  const lines = sql.split("\n").map((line) => line.trim());
  const line = lines.find((candidate) => candidate.startsWith(`${column} `)) ?? "";
  return line.split("-- ")[1] ?? "";
}

/** The primary key and every index, as orders; and the rows that their statistics tell. */
function describeIndexes(
  db: Connection,
  statistics: Statistics,
  { name, key }: { name: string; key: string[] },
) {
  const indexes = db
    .prepare<[string], IndexRow>("select name, partial, origin from pragma_index_list(?)")
    .all(name);
  const whole = [
    null,
    name,
    ...indexes.filter(({ partial }) => partial === 0).map((index) => index.name),
  ];
  const counts = whole.flatMap((index) => statistics.get(statisticName(name, index))?.[0] ?? []);
  const canSkip = key.length > 1 && hasFewValues(db, name, key);
  const byKey = { columns: key, indexed: key.length, requires: null, canSkip, prefixes: WHOLE };
  const others = indexes
    .filter(({ origin }) => origin !== "pk")
    .flatMap((index): Path[] => {
      const terms = listTerms(db, index.name);
      const columns = terms.map(({ column }) => column);
      const last = columns.at(-1);
      if (last === undefined) return [];
      const rest = key.filter((column) => !columns.includes(column));
      const prefixes = new Map(
        terms.flatMap(({ column, prefix }) => (prefix === undefined ? [] : [[column, prefix]])),
      );
      // A partial index of ours leaves out rows in which its last column is null, and one of
      // first characters keeps no order.
      const requires = index.partial === 1 || prefixes.has(last) ? last : null;
      const indexed = columns.length;
      const canSkip = indexed > 1 && hasFewValues(db, name, columns);
      return [{ columns: [...columns, ...rest], indexed, requires, canSkip, prefixes }];
    });
  return { paths: [byKey, ...others], counts };
}

/** Whether the first column of an index has few values; each is found by one seek. */
function hasFewValues(db: Connection, table: string, [column = ""]: readonly string[]): boolean {
  const name = quote(column);
  const count = db
    .prepare<[number], number>(
      `with recursive found (value) as (
         select min(${name}) from ${quote(table)}
         union all
         select (select min(${name}) from ${quote(table)} where ${name} > value)
         from found
         where value is not null
         limit ?
       )
       select count(value) from found`,
    )
    .pluck();
  return (count.get(MOST_SKIPPED + 1) ?? 0) <= MOST_SKIPPED;
}

/** What an index is of, up to its first expression that is not the first characters of a column. */
function listTerms(db: Connection, index: string): Term[] {
  const rows = db
    .prepare<[string], TermRow>(
      "select name, cid, [key] from pragma_index_xinfo(?) where [key] = 1 order by seqno",
    )
    .all(index);
  const sql = db
    .prepare<[string], string>("select sql from sqlite_schema where type = 'index' and name = ?")
    .pluck()
    .get(index);
  const cuts = [...(sql ?? "").matchAll(/substr\((\w+), 1, (\d+)\)/g)].values();
  const terms: Term[] = [];
  for (const { name, cid } of rows) {
    if (cid >= 0) {
      if (name !== null) terms.push({ column: name, prefix: undefined });
      continue;
    }
    const [, column, length] = cuts.next().value ?? [];
    if (column === undefined) break;
    terms.push({ column, prefix: Number(length) });
  }
  return terms;
}

function listForeignKeys(db: Connection, table: string): ForeignKey[] {
  const rows = db
    .prepare<[string], KeyRow>(
      `select id, [table], [from], [to] from pragma_foreign_key_list(?) order by id, seq`,
    )
    .all(table);
  const keys = new Map<number, ForeignKey>();
  for (const { id, table: parent, from, to } of rows) {
    const known = keys.get(id) ?? { table: parent, columns: [], parentColumns: [] };
    known.columns.push(from);
    if (to !== null) known.parentColumns.push(to);
    keys.set(id, known);
  }
  // A key that names no columns of its parent is not in our schema, and is left out.
  return [...keys.values()].filter((key) => key.parentColumns.length === key.columns.length);
}
