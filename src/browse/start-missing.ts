import { html } from "hono/html";
import type { StatusDocument } from "../report/status-shape.ts";
import { plural } from "../text.ts";
import { nameMonth } from "./months.ts";
import type { Html } from "./page.ts";

/** Lines of each kind that are shown; the coverage has all. */
const MOST = 4;

/** What a database lacks, as far as it can know, and the one command that is right for it now. */
export function renderMissing(status: StatusDocument): Html {
  const lines = [...listUnfinished(status), ...listGaps(status)];
  return html`<h2>What is missing, and what to run</h2>
    ${
      lines.length === 0
        ? html`<p>Nothing that was asked for is missing.</p>`
        : html`<ul id="missing">
            ${lines.map((line) => html`<li>${line}</li>`)}
          </ul>`
    }
    <p>
      Months are told by force in the <a href="/overview#coverage">coverage</a>;
      <code>ukpolice status</code> says the same on a terminal.
    </p>
    <p id="next">Next: <code>${status.next.command}</code> – ${status.next.why}.</p>`;
}

function listUnfinished({ months, failures, neighbourhoods }: StatusDocument): string[] {
  const open = months.filter(({ state }) => state !== "complete");
  const failed = failures.reduce((sum, { questions }) => sum + questions, 0);
  const bare = neighbourhoods.without_boundary.length;
  return [
    ...(open.length === 0
      ? []
      : [
          `${plural(open.length, "month")} not complete: ${nameSome(open.map(({ month }) => nameMonth(month)))}.`,
        ]),
    ...(failed === 0 ? [] : [`${plural(failed, "question")} got no answer.`]),
    ...(bare === 0
      ? []
      : [
          `${plural(bare, "neighbourhood")} without a boundary, so that no record lies in them: ${nameSome(neighbourhoods.without_boundary)}.`,
        ]),
  ];
}

function listGaps({ gaps, coverage, sample }: StatusDocument): string[] {
  const names = new Map(coverage.map(({ force, name }) => [force, name]));
  const known = gaps.map(({ force, kind, from, to, known: why }) => {
    const span = from === to ? nameMonth(from) : `${nameMonth(from)} to ${nameMonth(to)}`;
    const says = why ?? (sample ? "has none in the sample" : "has none, though it is complete");
    return `${names.get(force) ?? force} ${says} (${kind}, ${span}).`;
  });
  if (known.length <= MOST) return known;
  return [
    ...known.slice(0, MOST),
    `${plural(known.length - MOST, "more gap")}, told in the coverage.`,
  ];
}

function nameSome(names: readonly string[]): string {
  const more = names.length > MOST ? ` and ${names.length - MOST} more` : "";
  return `${names.slice(0, MOST).join(", ")}${more}`;
}
