import { html } from "hono/html";
import { formatCount, formatDuration, plural } from "../text.ts";
import type {
  FailedQuestion,
  MonthRow,
  CrawlState,
  SweepProgress,
} from "../store/read/progress.ts";
import type { RunRow } from "../store/read/runs.ts";
import type { PartName } from "./messages.ts";
import type { Html } from "./page.ts";
import type { Sight } from "./progress-hub.ts";
import { judgeRun } from "./run-state.ts";
import type { Around } from "./run-state.ts";

/** A run this short has no rate to speak of. */
const SHORT_MS = 1000;

/** The parts of the page, each replaced in it when it changed. */
export const PARTS: readonly PartName[] = ["run", "areas", "sweeps", "failures", "months", "runs"];

export type Parts = Record<PartName, Html | string>;

/** Draws what was read. */
export function renderParts({ progress, speed, leftMs }: Sight, around: Around): Parts {
  const { runs, sweeps, failures, months } = progress;
  return {
    run: renderRun({ progress, speed, leftMs }, around),
    areas: renderAreas(progress, around),
    sweeps: renderSweeps(sweeps, months),
    failures: renderFailures(failures),
    months: renderMonths(progress),
    runs: renderRuns(runs, around),
  };
}

function renderRun({ progress, speed, leftMs }: Sight, around: Around): Html {
  const [run] = progress.runs;
  if (run === undefined)
    return html`<p class="message">No crawl ran yet. <code>ukpolice crawl</code> begins one.</p>`;
  const { tone, word, meaning } = judgeRun(run, true, around);
  const isOver = run.endedAt !== null || word === "killed";
  const endMs = Date.parse(run.endedAt ?? run.seenAt);
  const ms = (isOver ? endMs : around.nowMs) - Date.parse(run.startedAt);
  const rate = speed === null || ms < SHORT_MS ? "–" : speed.toFixed(1);
  const left = leftMs === null || isOver ? "–" : formatDuration(leftMs);
  return html`<p class="lead">
      <span class="tag ${tone}">${word}</span> Run ${run.id},
      ${run.command === "crawl" ? "" : "an import, "}process ${run.pid}, began
      ${renderTime(run.startedAt)}: ${meaning}.
    </p>
    ${renderWay(run, isOver)}
    <ul class="cards">
      ${renderCard(formatCount(run.records), "records")}
      ${renderCard(formatCount(run.requests), "requests")}
      ${renderCard(rate, isOver ? "requests a second, on the whole" : "requests a second")}
      ${renderCard(formatCount(countLeft(run)), "questions left")}
      ${renderCard(left, "left for all of it")}
      ${renderCard(formatDuration(Math.max(0, ms)), isOver ? "it took" : "so far")}
    </ul>`;
}

/** Which month of how many it is at, and a bar for all of them. */
function renderWay({ month, nth, months, ...run }: RunRow, isOver: boolean): Html | string {
  const { questions, questionsDone } = run;
  if (month === null || questions === null || questionsDone === null || isOver) return "";
  return html`<p>
      Month ${nth} of ${months}: ${month}; ${formatCount(questionsDone)} of
      ${plural(questions, "question")} done.
    </p>
    <progress
      class="way"
      max="${Math.max(1, questions)}"
      value="${questionsDone}"
      aria-label="All months"
    ></progress>`;
}

function countLeft({ questions, questionsDone, questionsFailed }: RunRow): number {
  return (questions ?? 0) - (questionsDone ?? 0) - (questionsFailed ?? 0);
}

function renderCard(figure: string, caption: string): Html {
  return html`<li class="card">
    <span class="figure">${figure}</span> <span class="caption">${caption}</span>
  </li>`;
}

/** How far lists and boundaries are; a bar while they are fetched, which is before any month is. */
function renderAreas({ areas, runs: [run], sweeps }: CrawlState, around: Around): Html | string {
  const { forces, listed, neighbourhoods, bounded } = areas;
  if (forces === 0 || (listed === forces && bounded === neighbourhoods)) return "";
  const missing = neighbourhoods - bounded;
  const isOn = run?.endedAt === null && judgeRun(run, true, around).word !== "killed";
  const bar = html`<progress
    max="${neighbourhoods}"
    value="${bounded}"
    aria-label="Boundaries"
  ></progress>`;
  return html`<h2>Areas</h2>
    <p>
      ${formatCount(listed)} of ${plural(forces, "force")} listed; ${formatCount(bounded)} of
      ${plural(neighbourhoods, "neighbourhood")} with a boundary, ${formatCount(missing)} without.
    </p>
    ${isOn && sweeps.length === 0 ? bar : ""}`;
}

function renderSweeps(sweeps: readonly SweepProgress[], months: readonly MonthRow[]): Html {
  if (sweeps.length === 0)
    return html`<h2>Months at hand</h2>
      <p class="muted">No month is being fetched.</p>`;
  const isKnown = (month: string) => months.some((row) => row.month === month);
  return html`<h2>Months at hand</h2>
    <div class="frame">
      <table>
        <thead>
          <tr>
            <th scope="col">Month</th>
            <th scope="col">Kind</th>
            <th scope="col" class="wide">Questions</th>
            <th scope="col" class="number">Done</th>
            <th scope="col" class="number">Left</th>
            <th scope="col" class="number">Failed</th>
            <th scope="col" class="number">Records</th>
          </tr>
        </thead>
        <tbody>
          ${sweeps.map((sweep) => renderSweep(sweep, isKnown(sweep.month)))}
        </tbody>
      </table>
    </div>`;
}

function renderSweep({ month, kind, isStaged, ...sweep }: SweepProgress, isKnown: boolean): Html {
  const { open, done, failed, records } = sweep;
  const again = isStaged === 1 ? "again" : isKnown ? "the rest of it" : "";
  return html`<tr>
    <th scope="row" class="still">${month} <small class="muted">${again}</small></th>
    <td>${kind}</td>
    <td class="wide">
      <progress
        max="${open + done + failed}"
        value="${done}"
        aria-label="${kind} of ${month}"
      ></progress>
    </td>
    <td class="number">${formatCount(done)}</td>
    <td class="number">${formatCount(open)}</td>
    <td class="number">${failed > 0 ? html`<span class="tag bad">${failed}</span>` : "0"}</td>
    <td class="number">${formatCount(records)}</td>
  </tr>`;
}

function renderFailures(failures: readonly FailedQuestion[]): Html | string {
  if (failures.length === 0) return "";
  return html`<h2>Failed</h2>
    <p class="muted">The next crawl asks for these again.</p>
    <div class="frame">
      <table>
        <thead>
          <tr>
            <th scope="col">Month</th>
            <th scope="col">Kind</th>
            <th scope="col">Where</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          ${failures.map(
            ({ month, kind, reason, ...place }) =>
              html`<tr>
                <td>${month}</td>
                <td>${kind}</td>
                <td>${describePlace(place)}</td>
                <td>${reason ?? "unknown"}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

function describePlace({ forceId, neighbourhoodId, box }: Partial<FailedQuestion>): string {
  if (forceId) return neighbourhoodId ? `${forceId}/${neighbourhoodId}` : forceId;
  return box ? `the tile ${box.slice(1, -1).replaceAll(",", " ")}` : "a tile";
}

function renderMonths({ months, sweeps }: CrawlState): Html | string {
  if (months.length === 0) return "";
  const state = ({ month, isComplete, forces }: MonthRow) => {
    if (sweeps.some((sweep) => sweep.month === month))
      return { tone: "now", word: "being fetched" };
    if (isComplete) return { tone: "full", word: "complete" };
    return { tone: "part", word: `complete for ${plural(forces, "force")}` };
  };
  return html`<h2>Months that are there</h2>
    <ul class="months">
      ${months.map((row) => {
        const { tone, word } = state(row);
        return html`<li class="${tone}" title="${row.month}: ${word}">
          ${row.month}<span class="hidden-label">: ${word}</span>
        </li>`;
      })}
    </ul>`;
}

function renderRuns(runs: readonly RunRow[], around: Around): Html | string {
  if (runs.length === 0) return "";
  return html`<h2>Last runs</h2>
    <div class="frame">
      <table>
        <thead>
          <tr>
            <th scope="col" class="number">Run</th>
            <th scope="col">Began</th>
            <th scope="col">Took</th>
            <th scope="col">End</th>
            <th scope="col" class="number">Requests</th>
            <th scope="col" class="number">Records</th>
          </tr>
        </thead>
        <tbody>
          ${runs.map((run, index) => renderRunRow(run, index === 0, around))}
        </tbody>
      </table>
    </div>`;
}

function renderRunRow(run: RunRow, isNewest: boolean, around: Around): Html {
  const { tone, word, meaning } = judgeRun(run, isNewest, around);
  const ms = Date.parse(run.endedAt ?? run.seenAt) - Date.parse(run.startedAt);
  return html`<tr>
    <td class="number">${run.id}</td>
    <td class="still">${renderTime(run.startedAt)}</td>
    <td class="still">${formatDuration(Math.max(0, ms))}</td>
    <td class="end">
      <span class="tag ${tone}">${word}</span> <span class="muted">${meaning}</span>
    </td>
    <td class="number">${formatCount(run.requests)}</td>
    <td class="number">${formatCount(run.records)}</td>
  </tr>`;
}

/** In the time zone of this machine, which is the reader's, too. */
function renderTime(at: string): Html {
  const options = { dateStyle: "medium", timeStyle: "short" } as const;
  return html`<time datetime="${at}">${new Date(at).toLocaleString("en-GB", options)}</time>`;
}
