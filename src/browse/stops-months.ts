import { html } from "hono/html";
import { sortStops } from "../completeness.ts";
import type { Cover, StopsOfMonth } from "../completeness.ts";
import { fillMonths } from "../months.ts";
import type { StopSpan, StopsReader } from "../store/read/stops.ts";
import { formatCount } from "../text.ts";
import type { Month } from "../types.ts";
import { nameMonth } from "./months.ts";
import type { Html } from "./page.ts";

type Around = { cover: Cover; sorted: Map<Month, StopsOfMonth | undefined> };

/** Stops by month and kind of search, as a table that the script draws the chart from. */
export function renderStopMonths(reader: StopsReader, span: StopSpan, whose: string): Html {
  const counted = reader.listMonthTypes(span);
  const around = readAround(reader, span);
  const types = [...new Set(counted.map(({ type }) => type))].sort();
  const counts = new Map(counted.map(({ month, type, records }) => [`${month} ${type}`, records]));
  const row = (month: Month) => {
    const figures = types.map((type) => counts.get(`${month} ${type}`) ?? 0);
    const why = whyNone(month, span.force, around);
    return html`<tr data-month="${month}">
      <th scope="row">${nameMonth(month)}</th>
      ${[...figures, figures.reduce((sum, figure) => sum + figure, 0)].map((figure) =>
        why === undefined
          ? html`<td class="number" data-records="${figure}">${formatCount(figure)}</td>`
          : html`<td class="number null"><abbr title="${why}">–</abbr></td>`,
      )}
      <td class="number">${countForces(month, around)}</td>
    </tr>`;
  };
  return html`<h2 id="months-title">Stops per month by kind of search, ${whose}</h2>
    <figure
      class="chart"
      id="chart"
      aria-labelledby="months-title"
      data-noun="stop"
      data-none="not published, or not in this database"
      hidden
    ></figure>
    <details id="months-details" open>
      <summary>The figures as a table</summary>
      <div class="frame" tabindex="0" role="region" aria-label="Stops per month, a table">
        <table id="months">
          <thead>
            <tr>
              <th scope="col">Month</th>
              ${types.map(
                (type) =>
                  html`<th scope="col" class="number" data-part>
                    ${type === "" ? "not told" : type}
                  </th>`,
              )}
              <th scope="col" class="number">All</th>
              <th scope="col" class="number">Forces, of those that publish</th>
            </tr>
          </thead>
          <tbody>
            ${listSpan(span).map(row)}
          </tbody>
        </table>
      </div>
    </details>
    ${renderUnpublished(reader, around, span)}`;
}

const listSpan = ({ since, until }: StopSpan): Month[] => fillMonths([since, until]);

function readAround(reader: StopsReader, span: StopSpan): Around {
  const cover = reader.readCover();
  const listed = reader.readListed();
  return {
    cover,
    sorted: new Map(listSpan(span).map((month) => [month, sortStops(month, cover, listed)])),
  };
}

/** Why a month has no figures; undefined: it has. */
function whyNone(month: Month, force: string | null, { cover, sorted }: Around) {
  const cells = cover.listCells(month, "stops");
  const isHere = force === null ? cells.length > 0 : cells.some(({ forceId }) => forceId === force);
  if (isHere) return undefined;
  const isUnpublished = force !== null && sorted.get(month)?.unpublished.includes(force) === true;
  return isUnpublished ? "not published" : "not in this database";
}

function countForces(month: Month, { cover, sorted }: Around): string {
  const here = cover.listCells(month, "stops").length;
  const lacking = sorted.get(month)?.lacking.length;
  return lacking === undefined ? String(here) : `${here} of ${here + lacking}`;
}

/** Forces of which nothing is published, and of which something is and not here. */
function renderUnpublished(reader: StopsReader, { sorted }: Around, { force }: StopSpan): Html {
  const names = new Map(reader.listAllForces().map(({ id, name }) => [id, name]));
  const known = [...sorted].flatMap(([month, of]) => (of === undefined ? [] : { month, ...of }));
  const list = (which: "unpublished" | "lacking") => {
    const forces = [...new Set(known.flatMap((month) => month[which]))].sort();
    return forces
      .filter((id) => force === null || id === force)
      .map((id) => {
        const months = known.filter((month) => month[which].includes(id));
        const first = months[0]?.month ?? "";
        const last = months.at(-1)?.month ?? "";
        const span = first === last ? first : `${months.length} months, ${first} to ${last}`;
        return `${names.get(id) ?? id} (${months.length === known.length ? "no month" : span})`;
      });
  };
  const unpublished = list("unpublished");
  const lacking = list("lacking");
  return html`${
    unpublished.length === 0
      ? ""
      : html`<p class="small" id="unpublished">
          Not published, which is not none: ${unpublished.join("; ")}. The newest months are short
          at first: some forces publish later.
        </p>`
  }
  ${
    lacking.length === 0
      ? ""
      : html`<p class="small" id="lacking">
          Published, and not in this database: ${lacking.join("; ")}. <code>ukpolice crawl</code>
          brings them.
        </p>`
  }`;
}
