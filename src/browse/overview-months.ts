import { html } from "hono/html";
import { capitalize, formatCount, formatShare, plural, singular } from "../text.ts";
import type { CategoryCount, Overview } from "../store/read/overview.ts";
import type { Category, Force, Kind, Month } from "../types.ts";
import { nameMonth } from "./months.ts";
import type { Html } from "./page.ts";

/** What is shown where no force is chosen; its id is that of none. */
export const ALL_FORCES: Force = { id: "", name: "All forces" };

/** The areas, and the categories, none of which are all. */
export type Shown = { areas: Force[]; categories: Category[] };

/** A column of the table, which the script draws: a category of one area, or one of some areas. */
type Column = { name: string; figures: (number | null)[] };

/**
 * Crimes by month, as a table that the script draws the chart from: of one area by category, of
 * several side by side. A month that is not complete has no figures; zero is a figure.
 */
export function renderMonths(overview: Overview, months: Month[], shown: Shown): Html {
  // in the same order for every force, so that a category keeps its colour
  const all = overview.listCategoryCounts("crimes", null);
  const categories = shown.categories.length === 0 ? all : shown.categories;
  const readers = shown.areas.map((area) => createReader(overview, area));
  const isOne = shown.areas.length === 1;
  const title = html`<h2 id="months-title">
    ${nameChart(shown, isOne && categories.length > 1)}
  </h2>`;
  if (all.length === 0)
    return html`${title}
      <p class="muted">No month of crimes was counted yet.</p>`;
  const [reader] = readers;
  const columns =
    isOne && reader !== undefined
      ? categories.map(({ id, name }) => ({
          name,
          figures: months.map((month) => reader(month, [id])),
        }))
      : shown.areas.map(({ name }, at) => ({
          name,
          figures: months.map((month) => readers[at]?.(month, categories.map(idOf)) ?? null),
        }));
  const sums = months.map(
    (month) => (isOne ? reader?.(month, categories.map(idOf)) : null) ?? null,
  );
  const before = months.map((month) => sums[months.indexOf(yearBefore(month))] ?? null);
  return html`${title}
    <figure
      class="chart"
      id="chart"
      aria-labelledby="months-title"
      data-noun="crime"
      data-chart="${isOne ? "stack" : "lines"}"
      data-none="not complete in this database"
      hidden
    ></figure>
    <details id="months-details" open>
      <summary>The figures as a table</summary>
      ${renderTable(months, { columns, sums: isOne ? sums : null, before: before.some((one) => one !== null) ? before : null })}
    </details>`;
}

const idOf = ({ id }: Category) => id;

function nameChart({ areas, categories }: Shown, byCategory: boolean): string {
  const names = categories.map(({ name }) => name);
  const what =
    names.length === 0
      ? "Crimes"
      : names.length < 3
        ? names.join(" and ")
        : `Crimes of ${names.length} categories`;
  const whose = areas.map(({ id, name }) => (id === "" ? "all forces" : name)).join(" beside ");
  return `${what} per month${byCategory ? " by category" : ""}, ${whose}`;
}

/** What there is of some categories in a month; null where the month is not complete for the area. */
function createReader(overview: Overview, { id }: Force) {
  const force = id === "" ? null : id;
  const counts = new Map(
    overview
      .listMonthCounts("crimes", force)
      .map(({ month, category, records }) => [`${month} ${category}`, records]),
  );
  const cover = overview.readCover();
  const complete = new Set(
    cover
      .listMonths("crimes")
      .filter((month) => force === null || cover.find({ month, kind: "crimes", forceId: force })),
  );
  return (month: Month, categories: readonly string[]): number | null => {
    if (!complete.has(month)) return null;
    return categories.reduce((sum, category) => sum + (counts.get(`${month} ${category}`) ?? 0), 0);
  };
}

function yearBefore(month: Month): Month {
  return `${Number(month.slice(0, 4)) - 1}${month.slice(4)}`;
}

type Table = {
  columns: Column[];
  sums: (number | null)[] | null;
  before: (number | null)[] | null;
};

function renderTable(months: Month[], { columns, sums, before }: Table): Html {
  const hasSums = sums !== null && columns.length > 1;
  const cell = (figure: number | null | undefined) =>
    typeof figure === "number"
      ? html`<td class="number" data-records="${figure}">${formatCount(figure)}</td>`
      : html`<td class="number null"><abbr title="not complete in this database">–</abbr></td>`;
  return html`<div class="frame" tabindex="0" role="region" aria-label="Crimes per month, a table">
    <table id="months">
      <thead>
        <tr>
          <th scope="col">Month</th>
          ${columns.map(({ name }) => html`<th scope="col" class="number" data-part>${name}</th>`)}
          ${hasSums ? html`<th scope="col" class="number">All</th>` : ""}
          ${before === null ? "" : html`<th scope="col" class="number" data-before>The year before</th>`}
        </tr>
      </thead>
      <tbody>
        ${months.map(
          (month, at) =>
            html`<tr data-month="${month}">
              <th scope="row">${nameMonth(month)}</th>
              ${columns.map(({ figures }) => cell(figures[at]))} ${hasSums ? cell(sums[at]) : ""}
              ${before === null ? "" : cell(before[at])}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** A kind by category, with a bar each as long as its share of the most frequent. */
export function renderShares(overview: Overview, kind: Kind, force: Force): Html {
  const title = html`<h2>${capitalize(kind)} by category</h2>`;
  const categories = overview.listCategoryCounts(kind, force.id === "" ? null : force.id);
  const total = categories.reduce((sum, { records }) => sum + records, 0);
  const most = categories[0]?.records ?? 0;
  if (total === 0)
    return html`${title}
      <p class="muted">No month of ${kind} was counted yet, or there were none.</p>`;
  const row = ({ name, records }: CategoryCount) =>
    html`<tr>
      <th scope="row">${name}</th>
      <td class="number">${formatCount(records)}</td>
      <td class="number">${formatShare(records / total)}</td>
      <td class="bar">
        <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
          <rect width="${((100 * records) / most).toFixed(2)}" height="10" />
        </svg>
      </td>
    </tr>`;
  return html`${title}
    <div class="frame">
      <table class="shares" id="${kind}">
        <caption>
          ${plural(total, singular(kind))} of all months here
        </caption>
        <thead>
          <tr>
            <th scope="col">Category</th>
            <th scope="col" class="number">Records</th>
            <th scope="col" class="number">Share</th>
            <td class="bar"></td>
          </tr>
        </thead>
        <tbody>
          ${categories.map(row)}
        </tbody>
      </table>
    </div>`;
}
