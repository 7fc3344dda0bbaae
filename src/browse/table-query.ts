import * as v from "@badrap/valita";
import type { Filter, Position } from "../store/read/pages.ts";
import type { Relation, SqlValue } from "../store/read/relations.ts";

/** What of a table is shown, as its address says: `?month=2018-05&name__contains=Mill&_sort=id`. */
export type TableQuery = {
  filters: Filter[];
  sort: string | null;
  descending: boolean;
  after: Position | null;
  before: Position | null;
};

export const TESTS = { is: "is", contains: "contains", null: "is null" } as const;

const CONTAINS = "__contains";
const NULL = "__null";

const tested = v.union(v.literal("is"), v.literal("contains"), v.literal("null"));

/** Reads an address; what names no column of the table is left out. */
export function readQuery({ columns }: Relation, params: URLSearchParams): TableQuery {
  const names = new Set(columns.map(({ name }) => name));
  const filters = [...params].flatMap(([name, value]): Filter[] => {
    if (names.has(name)) return [{ column: name, test: "is", value }];
    const column = name.replace(/__(contains|null)$/, "");
    if (!names.has(column) || column === name) return [];
    return [{ column, test: name.endsWith(NULL) ? "null" : "contains", value }];
  });
  return {
    filters,
    sort: params.get("_sort"),
    descending: params.get("_desc") === "1",
    after: readPosition(params.get("_after")),
    before: readPosition(params.get("_before")),
  };
}

/** The filter that the form adds; its fields are `_column`, `_test` and `_value`. */
export function readAdded({ columns }: Relation, params: URLSearchParams): Filter | undefined {
  const column = params.get("_column");
  const test = tested.try(params.get("_test"));
  if (!columns.some(({ name }) => name === column) || column === null || !test.ok) return undefined;
  return { column, test: test.value, value: params.get("_value")?.trim() ?? "" };
}

/** The address of a table, or of its CSV. */
export function writeQuery(
  relation: Relation,
  {
    filters = [],
    sort = null,
    descending = false,
    after = null,
    before = null,
  }: Partial<TableQuery>,
  suffix = "",
): string {
  const params = new URLSearchParams(filters.map(writeFilter));
  if (sort !== null) params.set("_sort", sort);
  if (descending) params.set("_desc", "1");
  if (after !== null) params.set("_after", JSON.stringify(after));
  if (before !== null) params.set("_before", JSON.stringify(before));
  return withParams(`/tables/${encodeURIComponent(relation.name)}${suffix}`, params);
}

/** The name and value by which an address and a form carry a filter. */
export function writeFilter({ column, test, value }: Filter): [string, string] {
  if (test === "null") return [`${column}${NULL}`, "1"];
  return [test === "is" ? column : `${column}${CONTAINS}`, value];
}

/** The address of a row, by the columns that name it. */
export function rowAddress(table: string, columns: readonly string[], values: readonly SqlValue[]) {
  const pairs = columns.map((column, index): [string, string] => [
    column,
    String(values[index] ?? ""),
  ]);
  const path = `/tables/${encodeURIComponent(table)}/row`;
  return withParams(path, new URLSearchParams(pairs));
}

function withParams(path: string, params: URLSearchParams): string {
  return params.size === 0 ? path : `${path}?${params}`;
}

const position = v
  .array(v.union(v.string(), v.number().assert(Number.isFinite), v.null()))
  .assert(({ length }) => length <= 100);

function readPosition(text: string | null): Position | null {
  if (text === null) return null;
  try {
    const read = position.try(JSON.parse(text));
    return read.ok ? read.value : null;
  } catch {
    return null;
  }
}
