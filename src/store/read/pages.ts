import type { Connection } from "../database.ts";
import { quote } from "./relations.ts";
import type { ForeignKey, Path, Relation, SqlValue } from "./relations.ts";

export type Filter = {
  column: string;
  test: "is" | "contains" | "null";
  value: string;
  /** The key by which the name of what the column refers to is tested, too. */
  named?: ForeignKey;
};

/** The values of a path's columns in one row: where a page begins or ends. */
export type Position = SqlValue[];

export type PageRequest = {
  relation: Relation;
  path: Path;
  filters: readonly Filter[];
  descending: boolean;
  /** The row after which the page begins, in its order; null: at the beginning. */
  after: Position | null;
  limit: number;
  /** Rows that are looked at, and milliseconds that are spent, at most. */
  budget: { rows: number; ms: number };
};

export type PageResult = {
  found: Position[];
  /** Where to go on; null: the end was reached. */
  next: Position | null;
  looked: number;
};

type Bound = { text: string; values: SqlValue[] };
type Fixed = ReadonlyMap<string, Bound>;

/**
 * The filters that a path's index finds rows by: those of its first columns, or of the columns
 * after a first one that can be tried value by value.
 */
export function servedBy(path: Path, filters: readonly Filter[]): Filter[] {
  const first = leading(path, filters, 0);
  if (first.length > 0 || !path.canSkip) return first;
  return leading(path, filters, 1);
}

function leading({ columns, indexed }: Path, filters: readonly Filter[], from: number): Filter[] {
  const served: Filter[] = [];
  for (const column of columns.slice(from, indexed)) {
    const filter = filters.find(
      (one) => one.column === column && one.test !== "contains" && one.named === undefined,
    );
    if (filter === undefined) break;
    served.push(filter);
  }
  return served;
}

/** Rows that are looked at whatever the time: a busy machine is not to make a page empty. */
const FREE = 1000;

/**
 * Walks a table in the order of a path and finds the keys of a page's rows. It seeks, and never
 * skips rows by counting: a page costs no more than its budget, wherever it begins.
 */
export function findPage(db: Connection, request: PageRequest): PageResult {
  const { path, limit, budget } = request;
  const found: Position[] = [];
  let looked = 0;
  let last: Position | null = null;
  const endMs = performance.now() + budget.ms;
  for (const { position, matches } of walk(db, request)) {
    const isLate = looked >= FREE && performance.now() > endMs;
    const isSpent = looked === budget.rows || isLate;
    if (found.length === limit || isSpent) return { found, next: last, looked };
    looked += 1;
    last = position.slice(0, path.columns.length);
    if (matches) found.push(last);
  }
  return { found, next: null, looked };
}

/**
 * Counts the rows that filters leave, up to a limit; undefined where that would read too much: of a
 * large table only what an index finds is counted.
 */
export function countFound(
  db: Connection,
  { relation, path, filters }: Pick<PageRequest, "relation" | "path" | "filters">,
  { isLarge, limit }: { isLarge: boolean; limit: number },
): number | undefined {
  const isFound = leading(path, filters, 0).length === filters.length;
  if (isLarge && !isFound) return undefined;
  const tests = filters.map((filter) => condition({ relation, path }, filter));
  return db
    .prepare<SqlValue[], number>(
      `select count(*) from (
         select 1 from ${quote(relation.name)}
         where ${tests.map(({ text }) => text).join(" and ") || "true"}
         limit ${limit}
       )`,
    )
    .pluck()
    .get(...tests.flatMap(({ values }) => values));
}

type Step = { position: Position; matches: boolean };

function* walk(db: Connection, request: PageRequest): Generator<Step> {
  const { path, filters, after } = request;
  const served = servedBy(path, filters);
  const rest = filters.filter((filter) => !served.includes(filter));
  const fixed: Fixed = new Map(served.map((filter) => [filter.column, condition(request, filter)]));
  const [first = ""] = path.columns;
  if (served.length === 0 || fixed.has(first)) return yield* walkFixed(db, request, fixed, rest);
  for (const value of listFirst(db, request)) {
    const text = value === null ? `${quote(first)} is null` : `${quote(first)} = ?`;
    const bound = { text, values: value === null ? [] : [value] };
    const from = after !== null && after[0] === value ? after : null;
    yield* walkFixed(db, { ...request, after: from }, new Map([...fixed, [first, bound]]), rest);
  }
}

/** The values of a path's first column, from where the page begins, each found by one seek. */
function* listFirst(db: Connection, request: PageRequest): Generator<SqlValue> {
  const { relation, path, descending, after } = request;
  const column = quote(path.columns[0] ?? "");
  const [edge, beyond] = descending ? ["max", "<"] : ["min", ">"];
  const select = (where: string) =>
    db
      .prepare<SqlValue[], SqlValue>(
        `select ${edge}(${column}) from ${quote(relation.name)} where ${where}`,
      )
      .pluck();
  const selectNext = select(`${column} ${beyond} ?`);
  let value = after?.[0] ?? select(`${column} is not null`).get() ?? null;
  while (value !== null) {
    yield value;
    value = selectNext.get(value) ?? null;
  }
}

/**
 * Rows after a position, in stretches that each need one seek: those that share all but the last
 * column with it, then those that share one column fewer, and so on.
 */
function* walkFixed(
  db: Connection,
  request: PageRequest,
  fixed: Fixed,
  rest: readonly Filter[],
): Generator<Step> {
  const { path, after } = request;
  const free = path.columns.filter((column) => !fixed.has(column));
  const start = [...fixed.values()];
  if (after === null) return yield* walkStretch(db, request, { where: start, order: free, rest });
  const at = (column: string) => after[path.columns.indexOf(column)] ?? null;
  for (let level = free.length - 1; level >= 0; level -= 1) {
    const shared = free.slice(0, level).map((column) => equals(request, column, at(column)));
    const column = free[level] ?? "";
    for (const beyond of beyonds(request, column, at(column))) {
      const where = [...start, ...shared, beyond];
      yield* walkStretch(db, request, { where, order: free.slice(level), rest });
    }
  }
}

type Stretch = { where: readonly Bound[]; order: readonly string[]; rest: readonly Filter[] };

function* walkStretch(
  db: Connection,
  request: PageRequest,
  { where, order, rest }: Stretch,
): Generator<Step> {
  const { relation, path, descending } = request;
  const tests = rest.map((filter) => condition(request, filter));
  const conditions = where.map(({ text }) => text).join(" and ") || "true";
  const direction = descending ? " desc" : "";
  const terms = order.map((column) => `${quote(column)}${direction}`);
  const statement = db
    .prepare<SqlValue[], SqlValue[]>(
      `select ${path.columns.map(quote).join(", ")},
         ${tests.map(({ text }) => text).join(" and ") || "true"}
       from ${quote(relation.name)}
       where ${conditions}
       ${terms.length === 0 ? "" : `order by ${terms.join(", ")}`}`,
    )
    .raw();
  const values = [...tests, ...where].flatMap((bound) => bound.values);
  for (const row of statement.iterate(...values))
    yield { position: row, matches: row[path.columns.length] === 1 };
}

/** A filter as SQL: of what is stored or, where the filter says so, of the name that it has. */
function condition(request: Pick<PageRequest, "relation" | "path">, filter: Filter): Bound {
  const stored = storedCondition(request, filter);
  const { named, test, value } = filter;
  if (named === undefined) return stored;
  const like = test === "contains" ? "like ? escape '\\'" : "= ? collate nocase";
  const columns = named.columns.map(quote).join(", ");
  const parents = named.parentColumns.map(quote).join(", ");
  return {
    text: `(${stored.text} or ifnull((${columns}) in (
      select ${parents} from ${quote(named.table)} where name ${like}), 0))`,
    values: [...stored.values, test === "contains" ? patternOf(value) : value],
  };
}

const patternOf = (value: string) => `%${value.replaceAll(/[\\%_]/g, "\\$&")}%`;

/** Columns of views may have no type, so there text is compared with text. */
function storedCondition(
  { relation, path }: Pick<PageRequest, "relation" | "path">,
  { column, test, value }: Filter,
): Bound {
  const name = quote(column);
  if (test === "null") return { text: `${name} is null`, values: [] };
  if (test === "contains") {
    return { text: `ifnull(${name} like ? escape '\\', 0)`, values: [patternOf(value)] };
  }
  const prefix = path.prefixes.get(column);
  if (prefix !== undefined) {
    const cut = (text: string) => `substr(${text}, 1, ${prefix})`;
    return { text: `${cut(name)} = ${cut("?")} and ${name} = ?`, values: [value, value] };
  }
  const text = relation.isView ? `cast(${name} as text) is ?` : `${name} = ?`;
  return { text, values: [value] };
}

function equals({ relation }: PageRequest, column: string, value: SqlValue): Bound {
  const name = quote(column);
  if (value === null) return { text: `${name} is null`, values: [] };
  return { text: relation.isView ? `${name} is ?` : `${name} = ?`, values: [value] };
}

/** What comes after a value in the order of a column: null is before everything else. */
function beyonds({ descending }: PageRequest, column: string, value: SqlValue): Bound[] {
  const name = quote(column);
  const isNull = { text: `${name} is null`, values: [] };
  if (!descending) {
    if (value === null) return [{ text: `${name} is not null`, values: [] }];
    return [{ text: `${name} > ?`, values: [value] }];
  }
  return value === null ? [] : [{ text: `${name} < ?`, values: [value] }, isNull];
}
