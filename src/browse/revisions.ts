import type { Context, Hono } from "hono";
import { html } from "hono/html";
import { isMonth } from "../months.ts";
import { describeChanges, nameRelease } from "../report/status-revisions.ts";
import { createRevisionReader } from "../store/read/revisions.ts";
import type { Revision, RevisionReader } from "../store/read/revisions.ts";
import { KINDS } from "../types.ts";
import type { Month } from "../types.ts";
import { nameMonth } from "./months.ts";
import { renderNotice, renderPage } from "./page.ts";
import type { Html } from "./page.ts";
import { renderOutcomes, renderParts, renderRevisions } from "./revisions-tables.ts";
import type { BrowseTools } from "./tools.ts";

/** Months of a page: the lines of all of them would be millions after some years. */
const MONTHS = 12;
const LAST: Month = "9999-12";

/**
 * The page Revisions: `?until=YYYY-MM` for the months up to one, `?month=…&release=…` for what a
 * release changed of a month.
 */
export function addRevisions(app: Hono, { db }: BrowseTools): void {
  const reader = createRevisionReader(db);
  // one snapshot: a crawl that commits meanwhile would make the parts disagree
  const render = db.transaction((asked: Asked) => renderBody(reader, asked));
  app.get("/revisions", (context) => {
    const asked = readAsked(context);
    const body = asked === undefined ? undefined : render(asked);
    const found =
      body ?? renderNotice("No such revision", html`<a href="/revisions">All of them</a>`);
    const page = renderPage({
      title: "Revisions",
      active: "revisions",
      body: found,
      styles: ["/assets/revisions.css"],
    });
    return context.html(page, body === undefined ? 400 : 200);
  });
}

type Asked = { until: Month; month: Month | undefined; release: string | undefined };

/** What the address asks for; undefined where it makes no sense. */
function readAsked(context: Context): Asked | undefined {
  const month = context.req.query("month");
  const until = context.req.query("until") ?? month ?? LAST;
  if (!isMonth(until) || (month !== undefined && !isMonth(month))) return undefined;
  return { until, month, release: context.req.query("release") };
}

/** Undefined where there is no such revision. */
function renderBody(reader: RevisionReader, { until, month, release }: Asked): Html | undefined {
  const found = reader.list({ until, months: MONTHS + 1 });
  const months = [...new Set(found.map((revision) => revision.month))];
  const next = months[MONTHS];
  const shown = found.filter((revision) => revision.month !== next);
  const [newest] = shown;
  if (newest === undefined) return until === LAST ? renderNothing() : undefined;
  const chosen = shown.find(
    (one) => one.month === (month ?? newest.month) && one.to === (release ?? one.to),
  );
  if (chosen === undefined) return undefined;
  return html`<h1>Revisions</h1>
    <p class="lead">
      The police revise past months. Whenever a month was fetched again, it was compared with what
      was here before.
    </p>
    ${renderRevisions(shown, chosen)}
    <p>
      ${next === undefined ? "" : html`<a href="/revisions?until=${next}">Older months</a> · `}
      <a href="/revisions">Newest months</a> · <a href="/tables/revisions">All of it as a table</a>
    </p>
    ${renderChosen(reader, shown, chosen)}`;
}

function renderNothing(): Html {
  return html`<h1>Revisions</h1>
    <p class="message">
      Nothing was revised yet. The police revise past months; one that is fetched again is compared
      with what was here before: <code>ukpolice crawl --refresh</code>.
    </p>`;
}

/** What a release changed of a month, of all kinds. */
function renderChosen(reader: RevisionReader, shown: Revision[], { month, to }: Revision): Html {
  const outcomes = reader.listOutcomes(month, to);
  const categories = reader.listCategories(month, to);
  const forces = reader.listForces(month, to);
  const kinds = shown.filter((one) => one.month === month && one.to === to);
  return html`<section id="chosen">
    <h2>${nameMonth(month)}, as of ${nameRelease(to)}</h2>
    <ul>
      ${kinds.map(({ kind, ...changes }) => html`<li>${kind}: ${describeChanges(changes)}</li>`)}
    </ul>
    ${outcomes.length === 0 ? "" : renderOutcomes(outcomes)}
    ${KINDS.map((kind) => renderParts("category", kind, categories))}
    ${KINDS.map((kind) => renderParts("force", kind, forces))}
  </section>`;
}
