/**
 * Runs statements in a process of its own: SQLite cannot be interrupted from JavaScript, and a
 * thread in the midst of a query cannot be ended. A process can, at any moment.
 */
import { openForReading } from "../store/database.ts";
import type { Connection } from "../store/database.ts";
import { answerSql, limitConnection } from "../store/read/query.ts";
import type { SqlValue } from "../store/read/relations.ts";
import { explain } from "../errors.ts";
import { toCsvLine } from "./csv.ts";
import { startWatchdog } from "./watchdog.ts";

/** Memory of the process: SQLite as it is built here cannot bound its own. */
const MOST_BYTES = 512 * 2 ** 20;
/** Whoever asked ends it in time; this is for when it cannot. */
const LATER_MS = 1000;
/** How long to wait for another program that holds the database: less than for an answer. */
const BUSY_MS = 1000;
/** Longest text of a cell that is shown, in characters. */
const CELL = 500;

export type SqlQuestion = {
  file: string;
  sql: string;
  as: "rows" | "csv";
  timeoutMs: number;
  limits: { rows: number; bytes: number };
};

export type SqlReply =
  | { as: "rows"; columns: string[]; rows: SqlValue[][]; isCut: boolean; ms: number }
  | { as: "csv"; text: string; isCut: boolean }
  | { as: "error"; message: string };

const watchdog = await startWatchdog({ mostBytes: MOST_BYTES });

process.on("message", (question: SqlQuestion) => {
  watchdog.allow(question.timeoutMs + LATER_MS);
  process.send?.(answer(question));
  watchdog.rest();
});

function answer(question: SqlQuestion): SqlReply {
  let db: Connection | undefined;
  try {
    db = openForReading(question.file, BUSY_MS);
    limitConnection(db);
    return question.as === "rows" ? answerRows(db, question) : answerCsv(db, question);
  } catch (error) {
    return { as: "error", message: explain(error) };
  } finally {
    db?.close();
  }
}

function answerRows(db: Connection, { sql, limits }: SqlQuestion): SqlReply {
  const startMs = performance.now();
  const { columns, rows } = answerSql(db, sql);
  const kept: SqlValue[][] = [];
  let bytes = 0;
  let isCut = false;
  for (const row of rows) {
    const cells = row.map(shorten);
    bytes += cells.reduce((sum: number, cell) => sum + Buffer.byteLength(String(cell)), 0);
    isCut = kept.length === limits.rows || bytes > limits.bytes;
    if (isCut) break;
    kept.push(cells);
  }
  return { as: "rows", columns, rows: kept, isCut, ms: performance.now() - startMs };
}

function shorten(value: SqlValue): SqlValue {
  if (typeof value === "string" && value.length > CELL) return `${value.slice(0, CELL)}…`;
  return Buffer.isBuffer(value) ? `${value.length} bytes` : value;
}

function answerCsv(db: Connection, { sql, limits }: SqlQuestion): SqlReply {
  const { columns, rows } = answerSql(db, sql);
  const lines = [toCsvLine(columns)];
  let bytes = 0;
  let isCut = false;
  for (const row of rows) {
    const line = toCsvLine(row);
    bytes += Buffer.byteLength(line);
    isCut = lines.length > limits.rows || bytes > limits.bytes;
    if (isCut) break;
    lines.push(line);
  }
  return { as: "csv", text: lines.join(""), isCut };
}
