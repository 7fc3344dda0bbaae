import type { Hono } from "hono";
import { html } from "hono/html";
import { fillMonths } from "../months.ts";
import { toStatusDocument } from "../report/status-document.ts";
import type { StatusDocument } from "../report/status-shape.ts";
import { createOverview } from "../store/read/overview.ts";
import type { Overview, Totals } from "../store/read/overview.ts";
import { createStatus, measureFile } from "../store/read/status.ts";
import { formatBytes, formatCount, plural } from "../text.ts";
import { KINDS } from "../types.ts";
import type { Month } from "../types.ts";
import { nameMonth } from "./months.ts";
import { renderPage } from "./page.ts";
import type { Html } from "./page.ts";
import { renderMissing } from "./start-missing.ts";
import { listQuestions } from "./start-questions.ts";
import type { BrowseTools } from "./tools.ts";

/** What is missing is looked up anew so often at most, while a crawl writes. */
const KEPT_MS = 5000;

/** The page that a newcomer sees first: what is in here, what can be asked, and what is missing. */
export function addStart(app: Hono, { db, file }: BrowseTools): void {
  const overview = createOverview(db);
  const readStatus = createStatus(db, file);
  let kept: { version: unknown; atMs: number; status: StatusDocument } | undefined;
  const findStatus = (): StatusDocument => {
    const version = db.pragma("data_version", { simple: true });
    const isFresh = kept?.version === version || performance.now() - (kept?.atMs ?? 0) < KEPT_MS;
    if (kept !== undefined && isFresh) return kept.status;
    const around = { database: file, ...measureFile(file), now: new Date() };
    const status = toStatusDocument(readStatus(), around);
    kept = { version, atMs: performance.now(), status };
    return status;
  };
  const render = db.transaction(() => renderStart(overview, findStatus(), file));
  app.get("/", (context) =>
    context.html(
      renderPage({
        title: "Start",
        active: "start",
        body: render(),
        styles: ["/assets/overview.css", "/assets/start.css"],
      }),
    ),
  );
}

function renderStart(overview: Overview, status: StatusDocument, file: string): Html {
  const totals = overview.readTotals();
  const months = fillMonths(overview.listMonths());
  return html`<h1>What is in here</h1>
    <p class="lead">
      ${describe(months, totals)} In <code>${file}</code>, ${formatBytes(status.bytes)}.
    </p>
    ${status.sample ? OF_SAMPLE : ""} ${renderTotals(totals)}
    ${months.length === 0 ? renderNothing(totals) : renderQuestions(overview, months)}
    ${renderMissing(status)}`;
}

const OF_SAMPLE = html`<p class="message warn" id="sample">
  <strong>This is the bundled sample</strong>, to try things on: recorded data of eight inner
  boroughs of London and the City. It lacks neighbourhoods, so that they have no record at all:
  those of Tower Hamlets, most of Southwark, Hackney and the City, whose ten crimes on the map of
  April 2018 are the sample's and not the City's. Names of wards were not recorded.
  <code>ukpolice crawl</code> gets the real thing.
</p>`;

function describe(months: readonly Month[], { records, forces }: Totals): string {
  const [first] = months;
  const last = months.at(-1);
  if (first === undefined || last === undefined) return "No month is complete yet.";
  const span = first === last ? nameMonth(first) : `${nameMonth(first)} to ${nameMonth(last)}`;
  const kinds = KINDS.filter((kind) => records[kind] > 0);
  const what =
    kinds.length < 2
      ? kinds.join("")
      : `${kinds.slice(0, -1).join(", ")} and ${kinds.at(-1) ?? ""}`;
  return `${what === "" ? "No record" : `Police records of ${what}`} of ${plural(forces, "force")}, ${span}.`;
}

/** How much there is of each kind, and of how many months and places. */
export function renderTotals(totals: Totals): Html {
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

function renderQuestions(overview: Overview, months: readonly Month[]): Html {
  return html`<h2 id="ask">Ask something</h2>
    <ul class="questions" aria-labelledby="ask">
      ${listQuestions(overview, months).map(
        ({ href, question, how }) =>
          html`<li>
            <a href="${href}">${question}</a>
            <span class="muted small">${how}</span>
          </li>`,
      )}
    </ul>`;
}

/** What is said where no month is complete. */
export function renderNothing({ forces, neighbourhoods }: Totals): Html {
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
