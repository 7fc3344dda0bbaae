import { html } from "hono/html";
import { formatCount, plural } from "../text.ts";
import { choosePath, listSortable } from "../store/read/orders.ts";
import type { Wish } from "../store/read/orders.ts";
import type { Filter, PageResult, Position } from "../store/read/pages.ts";
import { writeSelect } from "../store/read/query.ts";
import type { Path, Relation } from "../store/read/relations.ts";
import type { Size, Tables } from "../store/read/tables.ts";
import { newestFirst, orderColumns } from "./columns.ts";
import { renderGrid } from "./grid.ts";
import type { Html } from "./page.ts";
import { TESTS, writeFilter, writeQuery } from "./table-query.ts";
import type { TableQuery } from "./table-query.ts";

/** Rows on a page. */
const LIMIT = 50;
/** What a page of a table may look at for filters that no index serves. */
const BUDGET = { large: { rows: 20_000, ms: 100 }, small: { rows: Infinity, ms: 200 } };

type Shown = {
  relations: readonly Relation[];
  relation: Relation;
  size: Size;
  /** Of what the filters leave; undefined where that is not known. */
  found: Size | undefined;
  isLarge: boolean;
  path: Path;
  query: TableQuery;
  page: PageResult;
  previous: Position | null;
};

/** The page of a table: filters, rows, and the ways on and back. */
export function renderTable(
  tables: Tables,
  relations: readonly Relation[],
  { relation, query: asked }: { relation: Relation; query: TableQuery },
): Html {
  const isLarge = tables.isLarge(relation);
  const filters = tables.resolve(relations, relation, asked.filters);
  const query = withOrder({ relation, isLarge, filters }, asked);
  const path = choosePath({ relation, isLarge, filters }, query.sort);
  const { page, previous } = readPage(tables, { relation, isLarge, path, query, filters });
  const size = tables.sizeOf(relation);
  const found = countFound(tables, { relation, isLarge, path, query, filters }, page);
  const shown = { relations, relation, size, found, isLarge, path, query, page, previous };
  const rows = tables.listRows(relation, path, page.found);
  const sortable = listSortable({ relation, isLarge, filters });
  return html`<p class="small"><a href="/tables">Tables</a> ›</p>
    <h1>${relation.name}</h1>
    <p class="lead">${describeFound(shown)} ${describeOrder(shown)}</p>
    ${renderFilters(shown)} ${renderOutcome(shown, rows.length)}
    ${renderGrid({
      tables,
      relations,
      relation,
      rows,
      caption: `Rows of ${relation.name}`,
      head: (column) => renderHead(shown, column, sortable.has(column)),
    })}
    ${renderWays(shown)} ${isLarge ? renderWhy(shown, sortable) : ""}`;
}

type Reading = Pick<Shown, "relation" | "isLarge" | "path" | "query"> & {
  filters: readonly Filter[];
};

/** What nobody sorted is read from its newest row on, where an order of time is kept. */
export function withOrder(wish: Wish, query: TableQuery): TableQuery {
  const sort = query.sort === null ? newestFirst(wish) : null;
  return sort === null ? query : { ...query, sort, descending: true };
}

/** A page that holds all that fits counts as well. */
function countFound(
  tables: Tables,
  { relation, isLarge, path, query, filters }: Reading,
  page: PageResult,
): Size | undefined {
  if (filters.length === 0) return undefined;
  const isAll = page.next === null && query.after === null && query.before === null;
  if (isAll) return { rows: page.found.length, accuracy: "exact" };
  return tables.countFound(relation, path, filters, isLarge);
}

/** A page back is read backwards; what begins before the first row is the first page. */
function readPage(tables: Tables, { relation, isLarge, path, query, filters }: Reading) {
  const { descending } = query;
  const fits = (position: Position | null) =>
    position?.length === path.columns.length ? position : null;
  const common = {
    relation,
    path,
    filters,
    limit: LIMIT,
    budget: isLarge ? BUDGET.large : BUDGET.small,
  };
  const before = fits(query.before);
  if (before !== null) {
    const back = tables.readPage({ ...common, descending: !descending, after: before });
    if (back.next !== null) {
      const found = back.found.toReversed();
      return { page: { ...back, found, next: found.at(-1) ?? before }, previous: back.next };
    }
  }
  const after = before === null ? fits(query.after) : null;
  const page = tables.readPage({ ...common, descending, after });
  return { page, previous: after === null ? null : (page.found[0] ?? after) };
}

/** How many rows there are, and how sure that is. */
export function describeSize({ isView }: Relation, { rows, accuracy }: Size): string {
  if (isView && accuracy !== "exact") return "A view.";
  if (accuracy === "exact") return `${plural(rows, "row")}.`;
  return accuracy === "about"
    ? `About ${formatCount(Number(rows.toPrecision(3)))} rows.`
    : `More than ${formatCount(rows)} rows.`;
}

/** With filters, how many rows fit them, and of how many. */
function describeFound({ relation, size, found, query }: Shown): string {
  if (query.filters.length === 0) return describeSize(relation, size);
  const all = describeSize(relation, size)
    .replace(/ rows?\.$/, "")
    .toLowerCase();
  const of = relation.isView && size.accuracy !== "exact" ? "" : `, of ${all}`;
  if (found === undefined) return `How many rows fit was not counted${of}.`;
  const more = found.accuracy === "more than" ? "More than " : "";
  return `${more}${plural(found.rows, "row")} ${found.rows === 1 ? "fits" : "fit"}${of}.`;
}

function describeOrder({ path, query, relation }: Shown): string {
  const fixed = new Set(
    query.filters.filter(({ test }) => test === "is").map(({ column }) => column),
  );
  const columns = path.columns.filter((column) => !fixed.has(column));
  if (relation.isView && query.sort === null) return "";
  return columns.length === 0
    ? ""
    : `${query.descending ? "In descending order" : "In order"} of ${columns.slice(0, 3).join(", ")}.`;
}

function renderFilters({ relation, query }: Shown): Html {
  const { filters, sort, descending } = query;
  const without = (removed: Filter) => filters.filter((filter) => filter !== removed);
  const hidden = [
    ...filters.map(writeFilter),
    ...(sort === null ? [] : [["_sort", sort]]),
    ...(descending ? [["_desc", "1"]] : []),
  ];
  return html`<form class="row" action="/tables/${encodeURIComponent(relation.name)}">
      ${hidden.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
      <label
        >Column
        <select name="_column">
          ${orderColumns(relation).map(({ name }) => html`<option value="${name}">${name}</option>`)}
        </select></label
      >
      <label
        >Test
        <select name="_test">
          ${Object.entries(TESTS).map(([id, name]) => html`<option value="${id}">${name}</option>`)}
        </select></label
      >
      <label>Value <input name="_value" size="18" autocomplete="off" /></label>
      <button>Filter</button>
      <a class="button" href="${writeQuery(relation, query, "/csv")}" download>Download CSV</a>
    </form>
    ${
      filters.length === 0
        ? ""
        : html`<ul class="chips" aria-label="Filters">
            ${filters.map(
              (filter) =>
                html`<li>
                  <span>${describeFilter(filter)}</span>
                  <a
                    href="${writeQuery(relation, { filters: without(filter), sort, descending })}"
                    aria-label="Remove the filter ${describeFilter(filter)}"
                    >×</a
                  >
                </li>`,
            )}
          </ul>`
    }`;
}

function describeFilter({ column, test, value }: Filter): string {
  if (test === "null") return `${column} is null`;
  return `${column} ${test} ${value === "" ? "empty" : value}`;
}

function renderHead({ relation, query }: Shown, column: string, isSortable: boolean): Html {
  const note = relation.columns.find(({ name }) => name === column)?.note ?? "";
  if (!isSortable) return html`<th scope="col" title="${note}">${column}</th>`;
  const isSorted = query.sort === column;
  const descending = isSorted && !query.descending;
  const href = writeQuery(relation, { filters: query.filters, sort: column, descending });
  const sorted = query.descending ? "descending" : "ascending";
  return html`<th scope="col" aria-sort="${isSorted ? sorted : "none"}" title="${note}">
    <a class="sort" href="${href}">${column}</a>
  </th>`;
}

/** Says where a search stopped before its end, and that nothing was found. */
function renderOutcome({ page, query }: Shown, rows: number): Html | string {
  const isWhole = page.next === null;
  const looked = `Looked through ${plural(page.looked, "row")} and found ${formatCount(rows)}`;
  if (!isWhole && rows < LIMIT && query.filters.length > 0)
    return html`<p class="message warn">
      ${looked}. No index serves this filter, so a page looks at no more; the next one goes on.
    </p>`;
  if (rows > 0) return "";
  return html`<p class="message">
    ${query.filters.length > 0 ? "No row fits the filter." : "There is no row here."}
  </p>`;
}

function renderWays({ relation, query, page, previous }: Shown): Html | string {
  if (page.next === null && previous === null) return "";
  const { filters, sort, descending } = query;
  const to = (place: Partial<TableQuery>) =>
    writeQuery(relation, { filters, sort, descending, ...place });
  const way = (name: string, rel: string, href: string | null) =>
    href === null
      ? html`<span class="button" aria-disabled="true">${name}</span>`
      : html`<a class="button" rel="${rel}" href="${href}">${name}</a>`;
  return html`<nav class="row" aria-label="Pages">
    ${way("← Previous", "prev", previous === null ? null : to({ before: previous }))}
    ${way("Next →", "next", page.next === null ? null : to({ after: page.next }))}
    ${previous === null ? "" : html`<a href="${to({})}">First page</a>`}
  </nav>`;
}

function renderWhy({ relation, query }: Shown, sortable: ReadonlySet<string>): Html {
  const sql = writeSelect(relation.name, query.filters);
  return html`<p class="muted small">
    This table is large. It is sorted by ${[...sortable].join(" or ")} only, which an index keeps in
    order: any other order would read all of it. Filters that no index serves look through
    ${formatCount(BUDGET.large.rows)} rows a page. For everything else there is
    <a href="/sql?${new URLSearchParams({ sql })}">SQL</a>.
  </p>`;
}
