import { html } from "hono/html";
import { capitalize, formatCount, formatShare, plural, singular } from "../text.ts";
import type { CategoryCount, Overview } from "../store/read/overview.ts";
import type { Force, Kind, Month } from "../types.ts";
import { nameMonth } from "./months.ts";
import type { Html } from "./page.ts";

/**
 * Crimes by month and category, as a table that the script draws the chart from. A month that is
 * not complete for the force has no figures; zero is a figure.
 */
export function renderMonths(overview: Overview, months: Month[], force: Force | null): Html {
  // in the same order for every force, so that a category keeps its colour
  const categories = overview.listCategoryCounts("crimes", null);
  const whose = force === null ? "all forces" : force.name;
  const title = html`<h2 id="months-title">Crimes per month by category, ${whose}</h2>`;
  if (categories.length === 0)
    return html`${title}
      <p class="muted">No month of crimes was counted for ${whose} yet.</p>`;
  return html`${title}
    <figure
      class="chart"
      id="chart"
      aria-labelledby="months-title"
      data-noun="crime"
      data-none="not complete in this database"
      hidden
    ></figure>
    <details id="months-details" open>
      <summary>The figures as a table</summary>
      ${renderTable(overview, months, { categories, force })}
    </details>`;
}

type Columns = { categories: CategoryCount[]; force: Force | null };

function renderTable(overview: Overview, months: Month[], { categories, force }: Columns): Html {
  const counts = new Map(
    overview
      .listMonthCounts("crimes", force?.id ?? null)
      .map(({ month, category, records }) => [`${month} ${category}`, records]),
  );
  const cover = overview.readCover();
  const complete = new Set(
    cover
      .listMonths("crimes")
      .filter(
        (month) =>
          force === null || cover.find({ month, kind: "crimes", forceId: force.id }) !== undefined,
      ),
  );
  const row = (month: Month) => {
    const figures = categories.map(({ id }) => counts.get(`${month} ${id}`) ?? 0);
    const isThere = complete.has(month);
    return html`<tr data-month="${month}">
      <th scope="row">${nameMonth(month)}</th>
      ${[...figures, figures.reduce((sum, figure) => sum + figure, 0)].map((figure) =>
        isThere
          ? html`<td class="number" data-records="${figure}">${formatCount(figure)}</td>`
          : html`<td class="number null"><abbr title="not complete in this database">–</abbr></td>`,
      )}
    </tr>`;
  };
  return html`<div class="frame" tabindex="0" role="region" aria-label="Crimes per month, a table">
    <table id="months">
      <thead>
        <tr>
          <th scope="col">Month</th>
          ${categories.map(({ name }) => html`<th scope="col" class="number" data-part>${name}</th>`)}
          <th scope="col" class="number">All</th>
        </tr>
      </thead>
      <tbody>
        ${months.map(row)}
      </tbody>
    </table>
  </div>`;
}

/** A kind by category, with a bar each as long as its share of the most frequent. */
export function renderShares(overview: Overview, kind: Kind, force: Force | null): Html {
  const title = html`<h2>${capitalize(kind)} by category</h2>`;
  const categories = overview.listCategoryCounts(kind, force?.id ?? null);
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
