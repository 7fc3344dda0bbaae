import { setImmediate as turn } from "node:timers/promises";
import type { Context, Hono } from "hono";
import { choosePath } from "../store/read/orders.ts";
import type { Relation } from "../store/read/relations.ts";
import { createTables } from "../store/read/tables.ts";
import type { Tables } from "../store/read/tables.ts";
import { downloadHeaders, toCsvLine, toStream } from "./csv.ts";
import { renderPage } from "./page.ts";
import type { Html } from "./page.ts";
import { renderRow } from "./row-page.ts";
import { renderTableList } from "./table-list.ts";
import { renderTable, withOrder } from "./table-page.ts";
import { readAdded, readQuery, writeQuery } from "./table-query.ts";
import type { TableQuery } from "./table-query.ts";
import type { BrowseTools } from "./tools.ts";

/** Rows that are read at once for a download, and what is looked at before others have a turn. */
const BATCH = 1000;
const BUDGET = { rows: 20_000, ms: 50 };

/** The pages of the section Tables: all of them, one, one row, and a download. */
export function addTables(app: Hono, { db }: BrowseTools): void {
  const tables = createTables(db);
  const show = (context: Context, title: string, body: Html) =>
    context.html(renderPage({ title, active: "tables", body, styles: ["/assets/tables.css"] }));
  app.get("/tables", (context) => show(context, "Tables", renderTableList(tables)));

  app.get("/tables/:name", (context) => {
    const { relations, relation, params } = find(tables, context);
    if (relation === undefined) return context.notFound();
    const query = readQuery(relation, params);
    const added = readAdded(relation, params);
    if (added !== undefined) {
      const { sort, descending } = query;
      const filters = [...query.filters, added];
      return context.redirect(writeQuery(relation, { filters, sort, descending }));
    }
    return show(context, relation.name, renderTable(tables, relations, { relation, query }));
  });

  app.get("/tables/:name/row", (context) => {
    const { relations, relation, params } = find(tables, context);
    if (relation === undefined || relation.isView) return context.notFound();
    const key = relation.key.map((column) => params.get(column));
    const row = tables.findRow(relation, key);
    if (row === undefined) return context.notFound();
    const title = `${relation.name} ${key.join(" ")}`;
    return show(context, title, renderRow(tables, relations, { relation, row }));
  });

  app.get("/tables/:name/csv", (context) => {
    const { relations, relation, params } = find(tables, context);
    if (relation === undefined) return context.notFound();
    const lines = listLines(tables, relations, { relation, query: readQuery(relation, params) });
    return context.body(toStream(lines), 200, downloadHeaders(relation.name));
  });
}

function find(tables: Tables, context: Context) {
  const relations = tables.list();
  const relation = relations.find(({ name }) => name === context.req.param("name"));
  return { relations, relation, params: new URL(context.req.url).searchParams };
}

/** All rows that a query shows, batch by batch: no transaction is held open, and others get turns. */
async function* listLines(
  tables: Tables,
  relations: readonly Relation[],
  { relation, query }: { relation: Relation; query: TableQuery },
): AsyncGenerator<string> {
  const columns = relation.columns.map(({ name }) => name);
  const filters = tables.resolve(relations, relation, query.filters);
  const wish = { relation, isLarge: tables.isLarge(relation), filters };
  const { sort, descending } = withOrder(wish, query);
  const path = choosePath(wish, sort);
  const common = { relation, path, filters, descending, limit: BATCH, budget: BUDGET };
  yield toCsvLine(columns);
  let page = tables.readPage(common);
  for (;;) {
    const rows = tables.listRows(relation, path, page.found, false);
    yield rows.map((row) => toCsvLine(columns.map((name) => row[name] ?? null))).join("");
    if (page.next === null) return;
    await turn();
    page = tables.readPage({ ...common, after: page.next });
  }
}
