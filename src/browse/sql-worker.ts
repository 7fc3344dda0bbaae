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

/** Longest text of a cell that is shown, in characters. */
const CELL = 500;

export type SqlQuestion = {
  file: string;
  sql: string;
  as: "rows" | "csv";
  limits: { rows: number; characters: number };
};

export type SqlReply =
  | { as: "rows"; columns: string[]; rows: SqlValue[][]; isCut: boolean; ms: number }
  | { as: "csv"; text: string; isCut: boolean }
  | { as: "error"; message: string };

process.on("message", (question: SqlQuestion) => {
  process.send?.(answer(question));
});

function answer(question: SqlQuestion): SqlReply {
  let db: Connection | undefined;
  try {
    db = openForReading(question.file);
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
  let characters = 0;
  let isCut = false;
  for (const row of rows) {
    isCut = kept.length === limits.rows || characters > limits.characters;
    if (isCut) break;
    const cells = row.map(shorten);
    characters += cells.reduce((sum: number, cell) => sum + String(cell).length, 0);
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
  let characters = 0;
  let isCut = false;
  for (const row of rows) {
    isCut = lines.length > limits.rows || characters > limits.characters;
    if (isCut) break;
    const line = toCsvLine(row);
    characters += line.length;
    lines.push(line);
  }
  return { as: "csv", text: lines.join(""), isCut };
}
