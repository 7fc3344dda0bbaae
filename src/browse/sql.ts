import type { Context, Hono } from "hono";
import { html } from "hono/html";
import { formatCount, plural } from "../text.ts";
import type { Relation, SqlValue } from "../store/read/relations.ts";
import { createTables } from "../store/read/tables.ts";
import { downloadHeaders } from "./csv.ts";
import { isNumber, renderValue } from "./grid.ts";
import { mayRun } from "./guard.ts";
import { renderNotice, renderPage } from "./page.ts";
import type { Html } from "./page.ts";
import { createQuestions } from "./questions.ts";
import { EXAMPLES } from "./sql-examples.ts";
import type { SqlReply } from "./sql-worker.ts";
import type { BrowseTools } from "./tools.ts";

/** Longest statement, in characters: it travels in an address. */
const LONGEST = 6000;
const SHOWN = { timeoutMs: 5000, limits: { rows: 1000, bytes: 3_000_000 } };
const SAVED = { timeoutMs: 30_000, limits: { rows: 200_000, bytes: 50_000_000 } };

/** The section SQL: a box for one statement that reads, its result, and that as CSV. */
export function addSql(app: Hono, { db, file, signal }: BrowseTools): void {
  const tables = createTables(db);
  const questions = createQuestions(file, signal);
  const show = (sql: string, reply: SqlReply | typeof NOT_RUN | undefined) =>
    renderPage({
      title: "SQL",
      active: "sql",
      body: renderSql(sql, reply, tables.list()),
      styles: ["/assets/sql.css"],
      scripts: ["/assets/sql.js"],
    });

  app.get("/sql", async (context) => {
    const sql = readStatement(context);
    if (sql.trim() === "") {
      questions.warm();
      return context.html(show(sql, undefined));
    }
    if (!mayRun(context.req.raw)) return context.html(show(sql, NOT_RUN));
    const gone = context.req.raw.signal;
    const reply =
      tooLong(sql) ?? (await questions.ask({ sql, as: "rows", signal: gone, ...SHOWN }));
    return context.html(show(sql, reply), reply.as === "error" ? 400 : 200);
  });

  app.get("/sql/csv", async (context) => {
    const sql = readStatement(context);
    if (!mayRun(context.req.raw)) return context.text(NOT_OURS, 403);
    const gone = context.req.raw.signal;
    const reply = tooLong(sql) ?? (await questions.ask({ sql, as: "csv", signal: gone, ...SAVED }));
    if (signal.aborted) return context.text(ENDED, 503);
    if (reply.as === "csv" && !reply.isCut)
      return context.body(reply.text, 200, downloadHeaders("result"));
    if (reply.as === "error") return context.html(show(sql, reply), 400);
    return context.html(renderPage({ title: "Too much", active: "sql", body: TOO_MUCH }), 413);
  });
}

/** What is shown of a statement that a page of elsewhere brought. */
const NOT_RUN = { as: "note" } as const;
const NOT_OURS = "only the page SQL of ukpolice browse may save this\n";

const ENDED = "the database went away, or the server ends";

const TOO_MUCH = renderNotice(
  "Too much for one file",
  html`The result has more than ${formatCount(SAVED.limits.rows)} rows or is larger than 50 MB.`,
  html`Ask for less, or take whole months with <code>ukpolice export</code>.`,
);

/** Browsers send the lines of a form with CR and LF: places in the text are counted without. */
function readStatement({ req }: Context): string {
  return (req.query("sql") ?? "").replaceAll("\r\n", "\n");
}

function tooLong(sql: string): SqlReply | undefined {
  if (sql.length <= LONGEST) return undefined;
  const message = `the statement is longer than ${formatCount(LONGEST)} characters`;
  return { as: "error", message };
}

function renderSql(
  sql: string,
  reply: SqlReply | typeof NOT_RUN | undefined,
  relations: readonly Relation[],
): Html {
  const mark = reply?.as === "error" ? findMark(sql, reply.message) : undefined;
  const failed = reply?.as === "error" ? renderError(sql, reply.message, mark) : "";
  return html`<h1>SQL</h1>
    <p class="lead">
      One statement that reads, for at most ${SHOWN.timeoutMs / 1000} seconds and
      ${formatCount(SHOWN.limits.rows)} rows. Its address can be kept and shared.
    </p>
    <div class="desk">
      <form id="question" action="/sql">
        <label for="sql">Statement</label>
        <textarea
          id="sql"
          name="sql"
          rows="9"
          maxlength="${LONGEST}"
          spellcheck="false"
          autocapitalize="off"
          autocomplete="off"
          aria-describedby="keys${failed === "" ? "" : " failure"}"
          aria-invalid="${failed === "" ? "false" : "true"}"
          data-from="${mark?.from ?? ""}"
          data-to="${mark?.to ?? ""}"
        >
${sql}</textarea>
        ${failed} ${reply?.as === "note" ? renderNotRun() : ""}
        <div class="row">
          <button class="primary" id="run">Run</button>
          <span class="muted small" id="keys" role="status"
            ><kbd>Ctrl</kbd> + <kbd>Enter</kbd> runs it</span
          >
        </div>
      </form>
      ${reply?.as === "rows" ? renderResult(sql, reply) : ""} ${renderAside(relations)}
    </div>`;
}

function renderAside(relations: readonly Relation[]): Html {
  const examples = EXAMPLES.map(
    ({ title, sql }) => html`<li><a href="/sql?${new URLSearchParams({ sql })}">${title}</a></li>`,
  );
  return html`<aside>
    <h2>Examples</h2>
    <ul class="examples">
      ${examples}
    </ul>
    <details class="schema">
      <summary>Tables and columns</summary>
      ${relations.map(renderColumns)}
    </details>
  </aside>`;
}

function renderColumns({ name, columns }: Relation): Html {
  return html`<details>
    <summary><code>${name}</code></summary>
    <ul>
      ${columns.map(
        (column) =>
          html`<li title="${column.note}">
            <code>${column.name}</code> <small class="muted">${column.type}</small>
          </li>`,
      )}
    </ul>
  </details>`;
}

type Mark = { from: number; to: number };

/** SQLite names the word at which it gave up; it is marked where it stands only once. */
function findMark(sql: string, message: string): Mark | undefined {
  const [, near, missing] = /near "(.+)": |no such \w+: (?:\w+\.)?(\S+)/.exec(message) ?? [];
  const word = near ?? missing;
  if (word === undefined) return undefined;
  const from = sql.indexOf(word);
  if (from < 0 || sql.indexOf(word, from + 1) >= 0) return undefined;
  return { from, to: from + word.length };
}

function renderError(sql: string, message: string, mark: Mark | undefined): Html {
  const line = mark === undefined ? 0 : sql.slice(0, mark.from).split("\n").length;
  const where = line > 0 && sql.includes("\n") ? `Line ${line}: ` : "";
  return html`<p class="message bad" id="failure" role="alert">${where}${message}</p>`;
}

function renderNotRun(): Html {
  return html`<p class="message warn" role="alert">
    A page of elsewhere led here, so this statement has not been run. Read it; then Run runs it.
  </p>`;
}

function renderResult(sql: string, reply: Extract<SqlReply, { as: "rows" }>): Html {
  const { columns, rows, isCut, ms } = reply;
  const count = isCut ? `The first ${formatCount(rows.length)} rows` : plural(rows.length, "row");
  return html`<section class="result" aria-labelledby="result">
    <h2 id="result">Result</h2>
    <p class="row">
      <span>${count}, in ${formatCount(Math.ceil(ms))} ms.</span>
      <a class="button" href="/sql/csv?${new URLSearchParams({ sql })}" download="result.csv"
        >Download CSV</a
      >
    </p>
    <div class="frame tall" tabindex="0" role="region" aria-labelledby="result">
      <table>
        <thead>
          <tr>
            ${columns.map((name, index) => html`<th scope="col" class="${classOf(rows[0]?.[index])}">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                ${row.map(
                  (value) => html`<td class="${classOf(value)}">${renderValue(value)}</td>`,
                )}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

function classOf(value: SqlValue | undefined): string {
  return isNumber(value) ? "number" : "";
}
