import { html } from "hono/html";
import type { ForeignKey, Relation, SqlValue } from "../store/read/relations.ts";
import type { Row, Tables } from "../store/read/tables.ts";
import { orderColumns } from "./columns.ts";
import type { Html } from "./page.ts";
import { rowAddress } from "./table-query.ts";

/** Columns that a phone has room for, and a desk. */
const FEW = 3;
const MANY = 7;

export type GridOptions = {
  tables: Tables;
  relations: readonly Relation[];
  relation: Relation;
  rows: readonly Row[];
  /** What is read to those who do not see the table. */
  caption: string;
  /** The cell at the head of a column. */
  head: (column: string) => Html;
};

/** Rows as a table, with links to each row and to what it refers to; nothing where there are none. */
export function renderGrid(options: GridOptions): Html | string {
  const { relation, rows, caption, head } = options;
  if (rows.length === 0) return "";
  const columns = orderColumns(relation);
  const renderCell = createCellRenderer(options);
  const isMany = relation.key.length > 1;
  const linked = new Set(relation.foreignKeys.flatMap(({ columns }) => columns));
  const classOf = (row: Row, name: string) =>
    isNumber(row[name]) && !linked.has(name) ? "number" : "";
  return html`${renderMore(columns.length)}
    <div class="frame" tabindex="0" role="region" aria-label="${caption}">
      <table>
        <caption class="hidden-label">
          ${caption}
        </caption>
        <thead>
          <tr>
            ${isMany ? html`<th scope="col"><span class="hidden-label">Row</span></th>` : ""}
            ${columns.map(({ name }) => head(name))}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                ${isMany ? html`<td><a href="${addressOf(relation, row)}">open</a></td>` : ""}
                ${columns.map(
                  ({ name }) =>
                    html`<td class="${classOf(row, name)}">${renderCell(row, name)}</td>`,
                )}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

/** Says that a wide table goes on: its edge alone is easily overlooked. */
function renderMore(columns: number): Html | string {
  if (columns <= FEW) return "";
  return html`<p class="more small muted ${columns > MANY ? "" : "narrow"}">
    ${columns} columns; scroll sideways for the others →
  </p>`;
}

/** Makes cells: a value, the link to what it refers to, and what that is called. */
export function createCellRenderer({
  tables,
  relations,
  relation,
}: Pick<GridOptions, "tables" | "relations" | "relation">) {
  const names = new Map<string, string | null>();
  const nameOf = (key: ForeignKey, values: SqlValue[], address: string): string | null => {
    let name = names.get(address);
    if (name === undefined) names.set(address, (name = tables.findName(relations, key, values)));
    return name;
  };
  return (row: Row, column: string): Html | string => {
    const value = row[column] ?? null;
    const shown = renderValue(value);
    const key = relation.foreignKeys.find(({ columns }) => columns.at(-1) === column);
    if (key === undefined) {
      const isKey = relation.key.length === 1 && relation.key[0] === column;
      return isKey ? html`<a href="${addressOf(relation, row)}">${shown}</a>` : shown;
    }
    const values = key.columns.map((name) => row[name] ?? null);
    if (values.includes(null)) return shown;
    const address = rowAddress(key.table, key.parentColumns, values);
    const name = nameOf(key, values, address);
    if (name === null || name === "") return html`<a href="${address}">${shown}</a>`;
    if (name.includes(String(value))) return html`<a href="${address}">${name}</a>`;
    return html`<a href="${address}">${name}</a> <span class="muted">${shown}</span>`;
  };
}

/** A value as text; null and empty text can be told apart. */
export function renderValue(value: SqlValue): Html | string {
  if (value === null) return html`<span class="null">null</span>`;
  if (value === "") return html`<span class="null">empty</span>`;
  if (Buffer.isBuffer(value)) return html`<span class="null">${value.length} bytes</span>`;
  return String(value);
}

export function isNumber(value: SqlValue | undefined): boolean {
  return typeof value === "number" || typeof value === "bigint";
}

function addressOf({ name, key }: Relation, row: Row): string {
  return rowAddress(
    name,
    key,
    key.map((column) => row[column] ?? null),
  );
}
