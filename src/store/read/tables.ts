import type { Connection } from "../database.ts";
import { choosePath } from "./orders.ts";
import { createLabelResolver } from "./labels.ts";
import { countFound, findPage } from "./pages.ts";
import type { Filter, PageResult, Position } from "./pages.ts";
import { listRelations, quote } from "./relations.ts";
import type { ForeignKey, Path, Relation, SqlValue } from "./relations.ts";

/** Up to so many rows are counted and sorted as one likes; what has more is estimated. */
const LARGE = 50_000;
/** Rows that fit a filter are counted up to so many: some 20 ms. */
const COUNTED = 100_000;
/** Text of a cell in a list, in characters. */
const CELL = 300;

export type Size = { rows: number; accuracy: "exact" | "about" | "more than" };

/** Cells by the name of their column. */
export type Row = Record<string, SqlValue>;

/** Rows of another table that refer to one. */
export type Referrers = { relation: Relation; filters: Filter[]; rows: Row[]; page: PageResult };

export type PageOptions = {
  relation: Relation;
  path: Path;
  filters: readonly Filter[];
  descending?: boolean;
  after?: Position | null;
  limit: number;
  budget: { rows: number; ms: number };
};

export type Tables = ReturnType<typeof createTables>;

/** Reads any table by page, whatever its size. Names come from the schema; values are bound. */
export function createTables(db: Connection) {
  const sizeOf = createSizeOf(db);
  const rows = createRows(db);
  const readPage = ({ descending = false, after = null, ...options }: PageOptions): PageResult =>
    findPage(db, { descending, after, ...options });
  return {
    list: (): Relation[] => listRelations(db),
    sizeOf,
    isLarge: (relation: Relation): boolean => {
      const { rows: count, accuracy } = sizeOf(relation);
      return count > LARGE || accuracy === "more than";
    },
    readPage,
    /** Lets filters find by the name that a cell shows, too. */
    resolve: createLabelResolver(db),
    /** How many rows fit filters; undefined where counting them would read too much. */
    countFound(relation: Relation, path: Path, filters: readonly Filter[], isLarge: boolean) {
      const limit = COUNTED + 1;
      const rows = countFound(db, { relation, path, filters }, { isLarge, limit });
      if (rows === undefined) return undefined;
      const size: Size =
        rows > COUNTED ? { rows: COUNTED, accuracy: "more than" } : { rows, accuracy: "exact" };
      return size;
    },
    ...rows,
    /** The first rows of each table that refer to a row, as far as the budget goes. */
    listReferrers(relations: readonly Relation[], relation: Relation, row: Row): Referrers[] {
      const keys = relations.flatMap((child) =>
        child.foreignKeys
          .filter(({ table }) => table === relation.name)
          .map((key) => ({ child, key })),
      );
      return keys.map(({ child, key }) => {
        const filters = filtersTo(key, row);
        const path = choosePath({ relation: child, isLarge: true, filters }, null);
        const budget = { rows: 20_000, ms: 60 };
        const page = readPage({ relation: child, path, filters, limit: 10, budget });
        return { relation: child, filters, rows: rows.listRows(child, path, page.found), page };
      });
    },
    findName: createFindName(db),
  };
}

/** Counted where that is quick; else what the last crawl's statistics and counts say. */
function createSizeOf(db: Connection) {
  const hasCounts = db.prepare("select 1 from sqlite_schema where name = 'force_counts'").get();
  const sumCounts =
    hasCounts === undefined
      ? undefined
      : db
          .prepare<[string], number>("select sum(records) from force_counts where kind = ?")
          .pluck();
  return ({ name, estimate }: Relation): Size => {
    const known = Math.max(estimate ?? 0, sumCounts?.get(name) ?? 0);
    if (known > LARGE) return { rows: known, accuracy: "about" };
    const count = db
      .prepare<[], number>(`select count(*) from (select 1 from ${quote(name)} limit ${LARGE + 1})`)
      .pluck();
    const rows = count.get() ?? 0;
    if (rows <= LARGE) return { rows, accuracy: "exact" };
    return { rows: LARGE, accuracy: "more than" };
  };
}

function createRows(db: Connection) {
  const selectRow = ({ name, columns, key }: Relation, isCut: boolean) =>
    db.prepare<SqlValue[], Row>(
      `select ${columns.map((column) => (isCut ? cut(column.name) : quote(column.name))).join(", ")}
       from ${quote(name)}
       where ${key.map((column) => `${quote(column)} = ?`).join(" and ") || "false"}`,
    );
  return {
    /** The rows at some positions of a path; a row that went meanwhile is left out. */
    listRows(relation: Relation, path: Path, found: readonly Position[], isCut = true): Row[] {
      const toRow = (position: Position): Row =>
        Object.fromEntries(path.columns.map((column, index) => [column, position[index] ?? null]));
      if (relation.isView) return found.map(toRow);
      const select = selectRow(relation, isCut);
      return found.flatMap((position): Row[] => {
        const row = toRow(position);
        const cells = select.get(...relation.key.map((column) => row[column] ?? null));
        return cells === undefined ? [] : [cells];
      });
    },
    findRow: (relation: Relation, key: Position): Row | undefined =>
      selectRow(relation, false).get(...key),
  };
}

/** What the row that a foreign key points to is called; null where it has no name. */
function createFindName(db: Connection) {
  return (
    relations: readonly Relation[],
    { table, parentColumns }: ForeignKey,
    values: SqlValue[],
  ): string | null => {
    const parent = relations.find(({ name }) => name === table);
    if (parent?.columns.some(({ name }) => name === "name") !== true) return null;
    const where = parentColumns.map((column) => `${quote(column)} = ?`).join(" and ");
    const select = db.prepare<SqlValue[], string>(
      `select name from ${quote(table)} where ${where} limit 1`,
    );
    return select.pluck().get(...values) ?? null;
  };
}

function cut(column: string): string {
  const name = quote(column);
  return `case when octet_length(${name}) > ${CELL} then substr(${name}, 1, ${CELL}) || '…' else ${name} end as ${name}`;
}

function filtersTo({ columns, parentColumns }: ForeignKey, row: Row): Filter[] {
  return columns.map((column, index) => {
    const value = row[parentColumns[index] ?? ""] ?? "";
    return { column, test: "is", value: String(value) };
  });
}
