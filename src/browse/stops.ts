import type { Context, Hono } from "hono";
import { html } from "hono/html";
import { STOP_FIELDS } from "../store/stop-counts.ts";
import { createStopsReader } from "../store/read/stops.ts";
import type { StopSpan, StopsReader } from "../store/read/stops.ts";
import { formatCount, plural } from "../text.ts";
import type { Force, Month } from "../types.ts";
import { nameMonth } from "./months.ts";
import { renderNotice, renderPage } from "./page.ts";
import type { Html } from "./page.ts";
import { renderStopMonths } from "./stops-months.ts";
import { renderField, renderLines, share } from "./stops-tables.ts";
import type { BrowseTools } from "./tools.ts";

const STYLES = ["/vendor/uplot.css", "/assets/overview.css", "/assets/stops.css"];
const SCRIPTS = ["/assets/stops.js"];

/** The page Stops: `?force=ID` for who published them, `?since=YYYY-MM&until=YYYY-MM` for months. */
export function addStops(app: Hono, { db }: BrowseTools): void {
  const reader = createStopsReader(db);
  // one snapshot: a crawl that commits meanwhile would make the parts disagree
  const render = db.transaction((context: Context) => {
    const months = reader.listMonths();
    const [first] = months;
    const last = months.at(-1);
    if (first === undefined || last === undefined) return renderNone();
    const span = choose(context, reader, { first, last });
    return span && renderStops(reader, months, span);
  });
  app.get("/stops", (context) => {
    const body = render(context);
    const page = { title: "Stops", active: "stops" as const, styles: STYLES };
    if (body !== undefined) return context.html(renderPage({ ...page, body, scripts: SCRIPTS }));
    const notice = renderNotice(
      "Nothing of that name",
      html`There is no such force or month among the stops here.
        <a href="/stops">The stops of all forces</a>`,
    );
    return context.html(renderPage({ ...page, body: notice }), 400);
  });
}

function renderNone(): Html {
  return renderNotice(
    "No stops yet",
    html`No stop and search is in this database. <code>ukpolice crawl</code> brings them, or
      <code>ukpolice crawl --what stops</code> them alone: a request a month for each force that
      publishes some.`,
  );
}

/** What the address asks for; undefined where there is no such thing. */
function choose(
  { req }: Context,
  reader: StopsReader,
  { first, last }: { first: Month; last: Month },
): StopSpan | undefined {
  const force = req.query("force") || null;
  const since = req.query("since") || first;
  const until = req.query("until") || last;
  const isThere = force === null || reader.listForces().some(({ id }) => id === force);
  const isSpan = since >= first && until <= last && since <= until;
  return isThere && isSpan ? { force, since, until } : undefined;
}

function renderStops(reader: StopsReader, months: readonly Month[], span: StopSpan): Html {
  const forces = reader.listForces();
  const whose = forces.find(({ id }) => id === span.force)?.name ?? "all forces";
  const publishers = reader.listPublishers(span);
  const values = reader.listValues(span);
  const linesOf = (field: (typeof STOP_FIELDS)[number]) =>
    values.flatMap((one) => (one.field === field ? { ...one, name: one.value } : []));
  return html`<h1>Stops</h1>
    <p class="lead">
      Stops and searches of people and vehicles, by the force that published them,
      ${nameSpan(span)}.
    </p>
    ${renderForm(forces, months, span)} ${renderFigures(publishers)} ${WORDS}
    ${renderStopMonths(reader, span, whose)}
    <div class="stops-parts">
      ${STOP_FIELDS.map((field) => renderField(field, linesOf(field)))}
      ${
        span.force === null
          ? renderLines({ id: "publishers", title: "By force", head: "" }, publishers)
          : ""
      }
    </div>`;
}

function nameSpan({ since, until }: StopSpan): string {
  return since === until ? nameMonth(since) : `${nameMonth(since)} to ${nameMonth(until)}`;
}

const WORDS = html`<div class="message" id="words">
  <p>
    <strong>Counts are no rates.</strong> A rate needs the people who were there: not the residents
    that the census counts, but those who were in the street then, whom nobody counts. In a city
    centre they are many more, and others, than live there. Who divides by residents has to say by
    which: of what area, year and vocabulary of ethnicity, and that visitors are left out.
  </p>
  <p>
    Small numbers say little: of ten searches, one more is ten per cent. <em>Linked</em> is the
    share with an outcome linked to the object of search, of those stops alone of which it is told;
    some forces never tell. The page counts stops, and not people: a person can be stopped again.
  </p>
</div>`;

function renderFigures(publishers: ReturnType<StopsReader["listPublishers"]>): Html {
  const sum = (of: "records" | "linked" | "unlinked") =>
    publishers.reduce((total, one) => total + one[of], 0);
  const all = { records: sum("records"), linked: sum("linked"), unlinked: sum("unlinked") };
  const told = all.linked + all.unlinked;
  return html`<ul class="cards">
    <li class="card">
      <span class="figure">${formatCount(all.records)}</span>
      <span class="caption">${all.records === 1 ? "stop" : "stops"}</span>
    </li>
    <li class="card">
      <span class="figure">${told === 0 ? "–" : share(all.linked, told)}</span>
      <span class="caption">linked to the object, of ${formatCount(told)} of which it is told</span>
    </li>
    <li class="card">
      <span class="figure">${formatCount(publishers.length)}</span>
      <span class="caption">${plural(publishers.length, "force").replace(/^\S+ /, "")}</span>
    </li>
  </ul>`;
}

function renderForm(forces: readonly Force[], months: readonly Month[], span: StopSpan): Html {
  const month = (chosen: Month) => (one: Month) =>
    html`<option value="${one}" ${one === chosen ? "selected" : ""}>${nameMonth(one)}</option>`;
  return html`<form class="row" id="choose" method="get" action="/stops">
    <div>
      <label for="force">Force</label>
      <select id="force" name="force">
        <option value="">All forces</option>
        ${forces.map(
          ({ id, name }) =>
            html`<option value="${id}" ${id === span.force ? "selected" : ""}>${name}</option>`,
        )}
      </select>
    </div>
    <div>
      <label for="since">From</label>
      <select id="since" name="since">
        ${months.map(month(span.since))}
      </select>
    </div>
    <div>
      <label for="until">To</label>
      <select id="until" name="until">
        ${months.map(month(span.until))}
      </select>
    </div>
    <button>Show</button>
  </form>`;
}
