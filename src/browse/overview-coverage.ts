import { html } from "hono/html";
import { sortStops } from "../completeness.ts";
import { describeShortfall, toShortfallStatus } from "../report/shortfalls.ts";
import { listArchiveMonths } from "../report/status-archive.ts";
import { span } from "../report/summary.ts";
import { listShortfalls } from "../shortfalls.ts";
import type { Shortfall } from "../shortfalls.ts";
import { capitalize, formatCount, plural } from "../text.ts";
import { findKnownGap, KNOWN_GAPS } from "../police-api.ts";
import type { KnownGap } from "../police-api.ts";
import type { Overview, OverviewForce } from "../store/read/overview.ts";
import { KINDS } from "../types.ts";
import type { Category, Force, Kind, Month } from "../types.ts";
import { nameMonth } from "./months.ts";
import type { Html } from "./page.ts";

/** Shades of the table; 1 is the fewest records, so that zero has none. */
const SHADES = 5;
const MOST_SHORTFALLS = 5;

/** What a cell of the table says; `open`: a crawl has begun it and not ended. */
type CoverageCell =
  | { is: "counted"; records: number; shade: number }
  | { is: "gap"; records: number }
  | { is: "zero" | "open" | "missing" | "unpublished" };

type Asked = {
  areas: readonly Force[];
  categories: readonly Category[];
  forces: OverviewForce[];
  coverage: Kind;
};

/** How many records there are of each force and month, and where there are none, why. */
export function renderCoverage(overview: Overview, months: Month[], asked: Asked): Html {
  const { coverage: kind } = asked;
  const forces = asked.forces.filter(({ isListed }) => isListed || kind === "stops");
  const find = createCells(overview, kind, months);
  const gaps = KNOWN_GAPS.filter(
    (gap) =>
      gap.kinds.includes(kind) &&
      forces.some(({ id }) => id === gap.forceId) &&
      months.some((month) => isWithin(month, gap) && find(gap.forceId, month).is === "gap"),
  );
  const names = new Map(forces.map(({ id, name }) => [id, name]));
  const notes = gaps.map(({ forceId, why }) => `${names.get(forceId) ?? forceId} ${why}`);
  const cover = overview.readCover();
  return html`<section id="coverage">
    <h2>Coverage: ${kind} by force and month</h2>
    <p class="tabs">${KINDS.map((one) => renderTab(one, asked))}</p>
    ${renderKey(notes, kind === "stops")} ${renderSource(listArchiveMonths(cover, [kind])[kind])}
    ${renderShortfalls(
      // One without any record is a 0 in the table.
      listShortfalls(cover.listAll()).filter((one) => one.kind === kind && one.records > 0),
    )}
    <div class="frame" tabindex="0" role="region" aria-label="Coverage, a table">
      <table class="heat">
        <thead>
          <tr>
            <th scope="col" rowspan="2">Force</th>
            ${renderYears(months)}
          </tr>
          <tr>
            ${months.map(
              (month) => html`<th scope="col" title="${nameMonth(month)}">${month.slice(5)}</th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${forces.map(
            ({ id, name }) =>
              html`<tr>
                <th scope="row">${name}</th>
                ${months.map((month) => renderCell(find(id, month)))}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

function isWithin(month: Month, { since, until }: KnownGap): boolean {
  return month >= (since ?? "") && month <= (until ?? "9999");
}

function renderTab(kind: Kind, { areas, categories, coverage }: Asked): Html {
  const query = new URLSearchParams();
  for (const { id } of areas) query.append("force", id);
  for (const { id } of categories) query.append("category", id);
  query.set("coverage", kind);
  const name = capitalize(kind);
  return kind === coverage
    ? html`<a class="tab" aria-current="true" href="/overview?${query.toString()}#coverage"
        >${name}</a
      > `
    : html`<a class="tab" href="/overview?${query.toString()}#coverage">${name}</a> `;
}

function renderKey(notes: readonly string[], isListed: boolean): Html {
  return html`<ul class="key">
      <li>
        <span class="swatch shade-1"></span><span class="swatch shade-3"></span
        ><span class="swatch shade-5"></span> fewer to more records
      </li>
      <li><span class="swatch zero">0</span> complete, and none published</li>
      <li><span class="swatch missing">–</span> not in this database</li>
      ${isListed ? html`<li><span class="swatch unpublished">/</span> not published</li>` : ""}
      <li><span class="swatch open">…</span> being fetched</li>
      ${notes.length === 0 ? "" : html`<li><span class="swatch gap">×</span> a known gap</li>`}
    </ul>
    ${notes.map((note) => html`<p class="small muted gap-note">× ${note}.</p>`)}`;
}

function renderSource(months: readonly Month[] = []): Html | string {
  if (months.length === 0) return "";
  return html`<p class="small muted">
    From the archive: ${span(months)}, ${plural(months.length, "month")} by who published them.
  </p>`;
}

/** What is there, and far below its neighbours: first what is newest. */
function renderShortfalls(shortfalls: readonly Shortfall[]): Html[] {
  const told = shortfalls.toReversed().slice(0, MOST_SHORTFALLS);
  const more = shortfalls.length - told.length;
  return [
    ...told.map(
      (shortfall) =>
        html`<p class="small muted shortfall">
          Far below its neighbours: ${describeShortfall(toShortfallStatus(shortfall))}.
        </p>`,
    ),
    ...(more > 0
      ? [
          html`<p class="small muted">
            And ${formatCount(more)} more: <code>ukpolice status</code>.
          </p>`,
        ]
      : []),
  ];
}

function createCells(
  overview: Overview,
  kind: Kind,
  months: readonly Month[],
): (forceId: string, month: Month) => CoverageCell {
  const cover = overview.readCover();
  const shadeOf = createShades(
    cover.listAll().flatMap((cell) => (cell.kind === kind ? cell.records : [])),
  );
  const open = new Set(overview.listOpen(kind).map(({ month, forceId }) => `${month} ${forceId}`));
  const listed = kind === "stops" ? overview.readStopsListed() : undefined;
  const unpublished = new Map(
    months.map((month) => [month, listed && sortStops(month, cover, listed)?.unpublished]),
  );
  return (forceId, month) => {
    const { records, source } = cover.find({ month, kind, forceId }) ?? {};
    if (findKnownGap({ forceId, kind, month, source }, records ?? 0) !== undefined)
      return { is: "gap", records: records ?? 0 };
    if (records !== undefined && records > 0)
      return { is: "counted", records, shade: shadeOf(records) };
    if (records !== undefined) return { is: "zero" };
    if (unpublished.get(month)?.includes(forceId) === true) return { is: "unpublished" };
    return { is: open.has(`${month} ${forceId}`) ? "open" : "missing" };
  };
}

/** Quantiles: forces differ a hundredfold, so that equal steps would leave all but one pale. */
function createShades(counts: readonly number[]): (records: number) => number {
  const sorted = counts.filter((records) => records > 0).toSorted((a, b) => a - b);
  return (records) => {
    const fewer = sorted.findIndex((other) => other >= records);
    return 1 + Math.round((fewer / Math.max(1, sorted.length - 1)) * (SHADES - 1));
  };
}

const SIGNS = {
  zero: { sign: "0", says: "complete, none published" },
  open: { sign: "…", says: "being fetched" },
  missing: { sign: "–", says: "not in this database" },
  unpublished: { sign: "/", says: "not published" },
};

function renderCell(cell: CoverageCell): Html {
  if (cell.is === "counted")
    return html`<td class="shade-${cell.shade}" title="${formatCount(cell.records)}">
      ${shortCount(cell.records)}
    </td>`;
  if (cell.is === "gap") return renderGap(cell.records);
  const { sign, says } = SIGNS[cell.is];
  return html`<td class="${cell.is}" title="${says}">
    <span aria-hidden="true">${sign}</span><span class="hidden-label">${says}</span>
  </td>`;
}

/** Some records may be there all the same: those of the British Transport Police. */
function renderGap(records: number): Html {
  const says = records === 0 ? "a known gap" : `a known gap: only ${formatCount(records)}`;
  return html`<td class="gap" title="${says}">
    <span aria-hidden="true">×</span><span class="hidden-label">${says}</span>
  </td>`;
}

/** `94k` of 94,123: the columns of three years stand side by side. */
function shortCount(count: number): string {
  return count < 1000 ? String(count) : `${Math.round(count / 1000)}k`;
}

function renderYears(months: readonly Month[]): Html[] {
  const years = [...new Set(months.map((month) => month.slice(0, 4)))];
  return years.map((year) => {
    const span = months.filter((month) => month.startsWith(year)).length;
    return html`<th scope="colgroup" colspan="${span}">
      ${span > 1 ? year : `’${year.slice(2)}`}
    </th>`;
  });
}
