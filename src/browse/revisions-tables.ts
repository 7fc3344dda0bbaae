import { html } from "hono/html";
import { nameRelease, shareOf } from "../report/status-revisions.ts";
import type { Changes, OutcomePair, RevisedPart, Revision } from "../store/read/revisions.ts";
import { capitalize, formatCount, formatShare } from "../text.ts";
import type { Kind, Month } from "../types.ts";
import { nameMonth } from "./months.ts";
import type { Html } from "./page.ts";

/** Pairs of outcomes that are told apart; the rest is rare. */
const PAIRS = 40;

const FIGURES: { name: string; of: (changes: Changes) => number }[] = [
  { name: "Added", of: ({ added }) => added },
  { name: "Outcomes changed", of: ({ outcomesChanged }) => outcomesChanged },
  { name: "Changed otherwise", of: ({ changed, outcomesChanged }) => changed - outcomesChanged },
  { name: "Removed", of: ({ removed }) => removed },
  { name: "Kept", of: ({ kept }) => kept },
];

/** What each release changed of each month; one of them is marked as chosen. */
export function renderRevisions(revisions: readonly Revision[], chosen: Revision): Html {
  const row = (revision: Revision) => {
    const { month, kind, from, to } = revision;
    const isChosen = month === chosen.month && to === chosen.to;
    const address = addressOf(revision, revisions[0]?.month ?? month);
    const link = html`<a href="${address}">${nameMonth(month)}</a>`;
    return html`<tr ${isChosen ? html`aria-current="true"` : ""}>
      <th scope="row">${link}</th>
      <td>${kind}</td>
      <td>${nameRelease(to)}</td>
      <td>${from === "" ? "–" : from}</td>
      ${renderFigures(revision)}
      <td class="number">${formatShare(shareOf(revision))}</td>
    </tr>`;
  };
  const head = html`<th scope="col">Month</th>
    <th scope="col">Kind</th>
    <th scope="col">As of</th>
    <th scope="col">Before</th>
    ${renderHeads()}
    <th scope="col" class="number">Differing</th>`;
  return renderTable("What releases changed", head, revisions.map(row));
}

/** Where a revision is shown in full, below the same list. */
function addressOf({ month, to }: Revision, until: Month): string {
  const query = new URLSearchParams({ until, month, release: to });
  return `/revisions?${query.toString()}#chosen`;
}

/** What was revised of a kind by its parts; those of which nothing changed are left out. */
export function renderParts(by: string, kind: Kind, parts: readonly RevisedPart[]): Html | string {
  const revised = parts.filter((part) => part.kind === kind && shareOf(part) > 0);
  if (revised.length === 0) return "";
  const row = (part: RevisedPart) =>
    html`<tr>
      <th scope="row">${part.name === "" ? "In no force’s area" : part.name}</th>
      ${renderFigures(part)}
    </tr>`;
  const title = `${capitalize(kind)} by ${by}`;
  const head = html`<th scope="col">${capitalize(by)}</th>
    ${renderHeads()}`;
  return html`<h3>${title}</h3>
    ${renderTable(title, head, revised.map(row))}`;
}

/** From which latest outcome to which crimes went. */
export function renderOutcomes(pairs: readonly OutcomePair[]): Html {
  const rest = pairs.slice(PAIRS).reduce((sum, { crimes }) => sum + crimes, 0);
  const name = (outcome: string | null) =>
    outcome === null ? html`<span class="muted">none</span>` : outcome;
  const row = ({ from, to, crimes }: OutcomePair) =>
    html`<tr>
      <td>${name(from)}</td>
      <td>${name(to)}</td>
      <td class="number">${formatCount(crimes)}</td>
    </tr>`;
  const head = html`<th scope="col">From</th>
    <th scope="col">To</th>
    <th scope="col" class="number">Crimes</th>`;
  return html`<h3>Latest outcomes of crimes, from and to</h3>
    ${renderTable("Latest outcomes, from and to", head, pairs.slice(0, PAIRS).map(row))}
    ${rest === 0 ? "" : html`<p class="muted">And ${formatCount(rest)} crimes of rarer pairs.</p>`}`;
}

function renderTable(label: string, head: Html, rows: readonly Html[]): Html {
  return html`<div class="frame" tabindex="0" role="region" aria-label="${label}">
    <table class="revised">
      <thead>
        <tr>
          ${head}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

function renderHeads(): Html[] {
  return FIGURES.map(({ name }) => html`<th scope="col" class="number">${name}</th>`);
}

function renderFigures(changes: Changes): Html[] {
  return FIGURES.map(({ of }) => html`<td class="number">${formatCount(of(changes))}</td>`);
}
