import { servedBy } from "./pages.ts";
import type { Filter } from "./pages.ts";
import type { Path, Relation } from "./relations.ts";

export type Wish = { relation: Relation; isLarge: boolean; filters: readonly Filter[] };

/** The columns that a table can be sorted by: all where it is small, else what an index keeps in order. */
export function listSortable({ relation, isLarge, filters }: Wish): Set<string> {
  if (!isLarge) return new Set(relation.columns.map(({ name }) => name));
  const columns = usable(relation, filters).flatMap((path) => [
    path.columns[0] ?? "",
    firstFree(path, filters),
  ]);
  return new Set(columns);
}

/** The order in which a page is read: as it was asked for, else where an index serves most filters. */
export function choosePath(wish: Wish, sort: string | null): Path {
  const { relation, filters } = wish;
  const paths = usable(relation, filters);
  const [byKey = EMPTY] = paths;
  if (sort === null || !listSortable(wish).has(sort)) return mostServing(paths, filters) ?? byKey;
  const sorted = paths.filter(
    (path) => path.columns[0] === sort || firstFree(path, filters) === sort,
  );
  const made = {
    ...EMPTY,
    columns: [sort, ...byKey.columns.filter((column) => column !== sort)],
  };
  return mostServing(sorted, filters) ?? made;
}

const EMPTY: Path = {
  columns: [],
  indexed: 0,
  requires: null,
  canSkip: false,
  prefixes: new Map(),
};

function usable({ paths }: Relation, filters: readonly Filter[]): Path[] {
  return paths.filter(
    ({ requires }) =>
      requires === null || filters.some(({ column, test }) => column === requires && test === "is"),
  );
}

function mostServing(paths: readonly Path[], filters: readonly Filter[]): Path | undefined {
  const counted = paths.map((path) => ({ path, served: servedBy(path, filters).length }));
  return counted.sort((a, b) => b.served - a.served)[0]?.path;
}

/** The column that rows are sorted by once those before it are the same in all of them. */
function firstFree(path: Path, filters: readonly Filter[]): string {
  const served = servedBy(path, filters).map(({ column }) => column);
  return path.columns.find((column) => !served.includes(column)) ?? "";
}
