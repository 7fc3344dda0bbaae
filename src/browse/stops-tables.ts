import { html } from "hono/html";
import type { StopField } from "../store/stop-counts.ts";
import type { StopCount } from "../store/read/stops.ts";
import { formatCount } from "../text.ts";
import type { Html } from "./page.ts";

export type Line = StopCount & { name: string };

const TITLES: Record<StopField, { title: string; none: string; note?: string }> = {
  type: { title: "By kind of search", none: "not told" },
  object_of_search: { title: "By object of search", none: "not told" },
  outcome: { title: "By outcome", none: "none given" },
  gender: { title: "By gender", none: "not told" },
  age_range: { title: "By age range", none: "not told" },
  officer_defined_ethnicity: {
    title: "By ethnicity as the officer defined it",
    none: "not told",
    note: "The officer's view, in five words. It is another vocabulary than the next one: the two do not add up, and are not to be mixed.",
  },
  self_defined_ethnicity: {
    title: "By self-defined ethnicity",
    none: "not told",
    note: "What the person said, in the words of the census. Many do not say: of them, “Not stated” is a value of its own.",
  },
};

/** Ages in their order; everything else by how often it occurs. What is not told comes last. */
function order(field: StopField, a: Line, b: Line): number {
  if ((a.name === "") !== (b.name === "")) return a.name === "" ? 1 : -1;
  if (field !== "age_range") return b.records - a.records || (a.name < b.name ? -1 : 1);
  return rankAge(a.name) - rankAge(b.name);
}

function rankAge(name: string): number {
  const age = Number(/\d+/.exec(name)?.[0] ?? 999);
  if (name.startsWith("under")) return age - 1;
  return name.startsWith("over") ? age + 1 : age;
}

/** Stops by the values of one field. */
export function renderField(field: StopField, lines: readonly Line[]): Html {
  const { title, none, note } = TITLES[field];
  const named = lines
    .toSorted((a, b) => order(field, a, b))
    .map((line) => ({ ...line, name: line.name === "" ? none : line.name }));
  return renderLines({ id: field, title, note, head: "" }, named);
}

/** Lines with their share of all, and the share with an outcome linked to the object of search. */
export function renderLines(
  { id, title, note, head }: { id: string; title: string; note?: string | undefined; head: string },
  lines: readonly Line[],
): Html {
  const total = lines.reduce((sum, { records }) => sum + records, 0);
  const most = Math.max(1, ...lines.map(({ records }) => records));
  return html`<section class="stops-part">
    <h2>${title}</h2>
    ${note === undefined ? "" : html`<p class="muted small">${note}</p>`}
    <div class="frame" tabindex="0" role="region" aria-label="${title}">
      <table class="shares" id="${id}">
        <thead>
          <tr>
            <th scope="col">
              ${head === "" ? html`<span class="hidden-label">Value</span>` : head}
            </th>
            <th scope="col" class="number">Stops</th>
            <th scope="col" class="number">Share</th>
            <th scope="col" class="number">Linked</th>
            <td class="bar"></td>
          </tr>
        </thead>
        <tbody>
          ${lines.map(
            (line) =>
              html`<tr>
                <th scope="row">${line.name}</th>
                <td class="number">${formatCount(line.records)}</td>
                <td class="number">${share(line.records, total)}</td>
                <td class="number">${renderLinked(line)}</td>
                <td class="bar">
                  <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                    <rect width="${((100 * line.records) / most).toFixed(2)}" height="10" />
                  </svg>
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

/** Of those of which it is told, and of how many that is: a share of few says little. */
export function renderLinked({ linked, unlinked }: StopCount): Html {
  const told = linked + unlinked;
  if (told === 0) return html`<abbr class="null" title="it is told of none of them">–</abbr>`;
  return html`${share(linked, told)} <small class="muted">of ${formatCount(told)}</small>`;
}

export function share(records: number, total: number): string {
  const percent = (100 * records) / total;
  return records > 0 && percent < 0.05 ? "< 0.1%" : `${percent.toFixed(1)}%`;
}
