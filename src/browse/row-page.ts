import { html } from "hono/html";
import { formatCount, plural } from "../text.ts";
import type { Relation } from "../store/read/relations.ts";
import type { Referrers, Row, Tables } from "../store/read/tables.ts";
import { createCellRenderer, renderGrid } from "./grid.ts";
import type { Html } from "./page.ts";
import { writeQuery } from "./table-query.ts";

/** Longest text that is shown whole, in characters. */
const LONGEST = 100_000;

/** The page of a row: its columns, and the rows of other tables that refer to it. */
export function renderRow(
  tables: Tables,
  relations: readonly Relation[],
  { relation, row }: { relation: Relation; row: Row },
): Html {
  const renderCell = createCellRenderer({ tables, relations, relation });
  const title = relation.key.map((column) => String(row[column] ?? "")).join(" / ");
  const cell = (column: string) => {
    const value = row[column];
    if (typeof value !== "string" || value.length < 200) return renderCell(row, column);
    const cut = value.length > LONGEST ? html`<p>The first part of it; the CSV has all.</p>` : "";
    return html`${cut}<textarea readonly rows="6" aria-label="${column}">
${value.slice(0, LONGEST)}</textarea>`;
  };
  return html`<p class="small">
      <a href="/tables">Tables</a> › <a href="${writeQuery(relation, {})}">${relation.name}</a> ›
    </p>
    <h1>${title === "" ? "A row" : title}</h1>
    <div class="frame">
      <table class="fields">
        <caption class="hidden-label">
          Columns of the row
        </caption>
        <tbody>
          ${relation.columns.map(
            ({ name, note }) =>
              html`<tr>
                <th scope="row">${name}${note === "" ? "" : html`<small>${note}</small>`}</th>
                <td>${cell(name)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${tables
      .listReferrers(relations, relation, row)
      .map((referrers) => renderReferrers(tables, relations, referrers))}`;
}

function renderReferrers(
  tables: Tables,
  relations: readonly Relation[],
  { relation, filters, rows, page }: Referrers,
): Html {
  const columns = filters.map(({ column }) => column).join(", ");
  const all = html`<a href="${writeQuery(relation, { filters })}"
    >${rows.length > 0 ? "All of them" : "Look further"}</a
  >`;
  return html`<h2>${relation.name} <span class="muted">by ${columns}</span></h2>
    <p class="muted">${describe(rows.length, page)} ${page.next === null ? "" : all}</p>
    ${renderGrid({
      tables,
      relations,
      relation,
      rows,
      caption: `Rows of ${relation.name} that refer to this one`,
      head: (column) => html`<th scope="col">${column}</th>`,
    })}`;
}

function describe(rows: number, { next, looked }: Referrers["page"]): string {
  if (next === null) return rows === 0 ? "No row refers to this one." : `${plural(rows, "row")}.`;
  if (looked === rows) return `The first ${formatCount(rows)}.`;
  if (rows === 0) return `None among the first ${formatCount(looked)} rows.`;
  return `The first ${formatCount(rows)}, of ${formatCount(looked)} rows that were looked at.`;
}
