import type { Context, Hono } from "hono";
import { html } from "hono/html";
import { fillMonths } from "../months.ts";
import { formatCount } from "../text.ts";
import { createOverview } from "../store/read/overview.ts";
import type { CategoryCount, Overview, OverviewForce, Totals } from "../store/read/overview.ts";
import { KINDS } from "../types.ts";
import type { Force, Kind, Month } from "../types.ts";
import { nameMonth } from "./months.ts";
import { renderCoverage } from "./overview-coverage.ts";
import { ALL_FORCES, renderMonths, renderShares } from "./overview-months.ts";
import type { Shown } from "./overview-months.ts";
import { renderNotice, renderPage } from "./page.ts";
import type { Html } from "./page.ts";
import { renderNothing, renderTotals } from "./start.ts";
import type { BrowseTools } from "./tools.ts";

const STYLES = ["/vendor/uplot.css", "/assets/overview.css"];
const SCRIPTS = ["/assets/overview.js"];

/** What has no chart. */
const REST = KINDS.filter((kind) => kind !== "crimes");

/** Areas that are told apart side by side. */
const MOST_AREAS = 3;

/**
 * The page Overview: `?force=ID` for one force, several for some side by side, `&category=ID` for
 * some categories alone, `?coverage=outcomes` for the other table.
 */
export function addOverview(app: Hono, { db, file }: BrowseTools): void {
  const overview = createOverview(db);
  // one snapshot: a crawl that commits meanwhile would make the parts disagree
  const render = db.transaction((chosen: Choice) => renderBody(overview, file, chosen));
  app.get("/overview", (context) => {
    const chosen = choose(context, overview);
    const page = { title: "Overview", active: "overview" as const };
    if (chosen !== undefined)
      return context.html(
        renderPage({ ...page, body: render(chosen), styles: STYLES, scripts: SCRIPTS }),
      );
    const body = renderNotice(
      "Nothing of that name",
      html`<a href="/overview">The overview of all forces</a>`,
    );
    return context.html(renderPage({ ...page, title: "Nothing of that name", body }), 400);
  });
}

type Choice = Shown & { all: CategoryCount[]; coverage: Kind; forces: OverviewForce[] };

/** What the address asks for; undefined where there is no such thing. */
function choose({ req }: Context, overview: Overview): Choice | undefined {
  const forces = overview.listForces();
  const all = overview.listCategoryCounts("crimes", null);
  const ids = req.queries("force") ?? [];
  const named = [...new Set(ids.filter((id, at) => id !== "" || at === 0))].slice(0, MOST_AREAS);
  const areas = named.map((id) =>
    id === "" ? ALL_FORCES : forces.find((force) => force.id === id),
  );
  const wanted = new Set(req.queries("category")?.filter((id) => id !== ""));
  const categories = all.filter(({ id }) => wanted.has(id));
  const coverage = KINDS.find((kind) => kind === (req.query("coverage") ?? "crimes"));
  const found = areas.filter((area) => area !== undefined);
  if (found.length < areas.length || categories.length < wanted.size) return undefined;
  if (coverage === undefined) return undefined;
  return { areas: found.length === 0 ? [ALL_FORCES] : found, categories, all, coverage, forces };
}

function renderBody(overview: Overview, file: string, choice: Choice): Html {
  const totals = overview.readTotals();
  const months = fillMonths(overview.listMonths());
  return html`<h1>Overview</h1>
    <p class="lead">${describe(months, totals)} In <code>${file}</code>.</p>
    ${renderTotals(totals)} ${months.length === 0 ? renderNothing(totals) : ""}
    ${months.length > 0 ? renderParts(overview, months, choice) : ""}`;
}

function renderParts(overview: Overview, months: Month[], choice: Choice): Html {
  const [first, ...others] = choice.areas;
  return html`${renderForm(choice)}
    <div id="of-force">
      ${renderMonths(overview, months, choice)}
      ${
        others.length === 0
          ? REST.map((kind) => renderShares(overview, kind, first ?? ALL_FORCES))
          : ""
      }
    </div>
    ${renderCoverage(overview, months, choice)}`;
}

function describe(months: readonly Month[], { records }: Totals): string {
  const [first] = months;
  const last = months.at(-1);
  if (first === undefined || last === undefined) return "No month is complete yet.";
  if (first === last) return `One month: ${nameMonth(first)}.`;
  const span = `${nameMonth(first)} to ${nameMonth(last)}`;
  return `${span}, ${formatCount(Math.round(records.crimes / months.length))} crimes a month.`;
}

function renderForm({ areas, forces, categories, all, coverage }: Choice): Html {
  const listed = forces.filter(({ isListed }) => isListed);
  const select = (at: number, label: string, none: string) => {
    const option = ({ id, name }: Force) =>
      html`<option value="${id}" ${id === areas[at]?.id ? "selected" : ""}>${name}</option>`;
    return html`<div>
      <label for="force-${at}">${label}</label>
      <select id="force-${at}" name="force">
        <option value="">${none}</option>
        ${listed.map(option)}
      </select>
    </div>`;
  };
  const isChosen = new Set(categories.map(({ id }) => id));
  return html`<form id="choose" method="get" action="/overview">
    <div class="row">
      ${select(0, "Force", ALL_FORCES.name)} ${select(1, "Beside it", "none")}
      ${select(2, "And", "none")}
      <button>Show</button>
    </div>
    <details ${categories.length > 0 ? "open" : ""}>
      <summary>Some categories only</summary>
      <div class="picks">
        ${all.map(
          ({ id, name }) =>
            html`<label
              ><input
                type="checkbox"
                name="category"
                value="${id}"
                ${isChosen.has(id) ? "checked" : ""}
              />
              ${name}</label
            >`,
        )}
      </div>
    </details>
    <input type="hidden" name="coverage" value="${coverage}" />
    <p class="hidden-label" id="shown" role="status"></p>
  </form>`;
}
