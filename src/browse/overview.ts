import type { Context, Hono } from "hono";
import { html } from "hono/html";
import { fillMonths } from "../months.ts";
import { formatCount, plural } from "../text.ts";
import { createOverview } from "../store/read/overview.ts";
import type { Overview, OverviewForce, Totals } from "../store/read/overview.ts";
import { KINDS } from "../types.ts";
import type { Force, Kind, Month } from "../types.ts";
import { nameMonth } from "./months.ts";
import { renderCoverage } from "./overview-coverage.ts";
import { renderMonths, renderShares } from "./overview-months.ts";
import { renderNotice, renderPage } from "./page.ts";
import type { Html } from "./page.ts";
import type { BrowseTools } from "./tools.ts";

const STYLES = ["/vendor/uplot.css", "/assets/overview.css"];
const SCRIPTS = ["/assets/overview.js"];

/** What has no chart. */
const REST = KINDS.filter((kind) => kind !== "crimes");

/** The page Overview: `?force=ID` for one force, `?coverage=outcomes` for the other table. */
export function addOverview(app: Hono, { db, file }: BrowseTools): void {
  const overview = createOverview(db);
  // one snapshot: a crawl that commits meanwhile would make the parts disagree
  const render = db.transaction((chosen: Choice) => renderBody(overview, file, chosen));
  app.get("/", (context) => {
    const chosen = choose(context, overview.listForces());
    if (chosen === undefined) {
      const body = renderNotice(
        "Nothing of that name",
        html`<a href="/">The overview of all forces</a>`,
      );
      return context.html(
        renderPage({ title: "Nothing of that name", active: "overview", body }),
        400,
      );
    }
    const body = render(chosen);
    return context.html(
      renderPage({ title: "Overview", active: "overview", body, styles: STYLES, scripts: SCRIPTS }),
    );
  });
}

type Choice = { force: Force | null; coverage: Kind; forces: OverviewForce[] };

/** What the address asks for; undefined where there is no such thing. */
function choose(context: Context, forces: OverviewForce[]): Choice | undefined {
  const id = context.req.query("force") ?? "";
  const force = id === "" ? null : forces.find((candidate) => candidate.id === id);
  const asked = context.req.query("coverage") ?? "crimes";
  const coverage = KINDS.find((kind) => kind === asked);
  return force === undefined || coverage === undefined ? undefined : { force, coverage, forces };
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
  return html`${renderForm(choice)}
    <div id="of-force">
      ${renderMonths(overview, months, choice.force)}
      ${REST.map((kind) => renderShares(overview, kind, choice.force))}
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

function renderTotals(totals: Totals): Html {
  const cards: [number, string][] = [
    ...KINDS.map((kind): [number, string] => [totals.records[kind], kind]),
    [totals.months, totals.months === 1 ? "month" : "months"],
    [totals.forces, totals.forces === 1 ? "force" : "forces"],
    [totals.neighbourhoods, totals.neighbourhoods === 1 ? "neighbourhood" : "neighbourhoods"],
  ];
  return html`<ul class="cards" id="totals">
    ${cards.map(
      ([count, noun]) =>
        html`<li class="card">
          <span class="figure">${formatCount(count)}</span> <span class="caption">${noun}</span>
        </li>`,
    )}
  </ul>`;
}

function renderNothing({ forces, neighbourhoods }: Totals): Html {
  if (forces === 0)
    return html`<p class="message">
      The database is empty. <code>ukpolice crawl</code> fills it; <a href="/progress">Progress</a>
      shows how far it is.
    </p>`;
  return html`<p class="message">
    ${plural(forces, "force")} and ${plural(neighbourhoods, "neighbourhood")} are here, but no month
    is complete yet. Records are counted when the last question of a month is answered:
    <a href="/progress">Progress</a> shows how far the crawl is.
  </p>`;
}

function renderForm({ force, forces, coverage }: Choice): Html {
  const option = ({ id, name }: Force) =>
    html`<option value="${id}" ${id === force?.id ? "selected" : ""}>${name}</option>`;
  return html`<form class="row" id="choose" method="get" action="/">
    <div>
      <label for="force">Force</label>
      <select id="force" name="force">
        <option value="">All forces</option>
        ${forces.filter(({ isListed }) => isListed).map(option)}
      </select>
    </div>
    <input type="hidden" name="coverage" value="${coverage}" />
    <button>Show</button>
    <p class="hidden-label" id="shown" role="status"></p>
  </form>`;
}
