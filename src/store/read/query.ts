import type { Statement } from "better-sqlite3";
import { usageError } from "../../errors.ts";
import type { Connection } from "../database.ts";
import type { Filter } from "./pages.ts";
import { quote } from "./relations.ts";
import type { SqlValue } from "./relations.ts";

const READING = /^(select|with|values|explain|pragma)\b/i;

/** Pragmas that only tell something. */
const TELLING = new Set([
  "application_id",
  "collation_list",
  "compile_options",
  "database_list",
  "encoding",
  "foreign_key_list",
  "freelist_count",
  "function_list",
  "index_info",
  "index_list",
  "index_xinfo",
  "journal_mode",
  "page_count",
  "page_size",
  "table_info",
  "table_list",
  "table_xinfo",
  "user_version",
]);

export type SqlAnswer = { columns: string[]; rows: Iterable<SqlValue[]> };

/**
 * Makes a read-only connection safe for questions of anyone, also through a view of the file. What
 * has to be sorted stays in memory, whose bound is the process's: on the disk it would have none.
 */
export function limitConnection(db: Connection): void {
  db.pragma("temp_store = memory");
  db.pragma("query_only = on");
  db.pragma("trusted_schema = off");
}

/** Runs one statement that reads; anything else is wrong usage, in words for the one who wrote it. */
export function answerSql(db: Connection, sql: string): SqlAnswer {
  const statement = prepareReading<[], SqlValue[]>(db, sql);
  statement.raw().safeIntegers();
  const columns = statement.columns().map(({ name }) => name);
  return { columns, rows: statement.iterate() };
}

/** Prepares one statement that reads; anything else is wrong usage. */
export function prepareReading<Values extends unknown[], Row>(
  db: Connection,
  sql: string,
): Statement<Values, Row> {
  checkKind(sql);
  const statement = prepare<Values, Row>(db, sql);
  if (statement.readonly && statement.reader) return statement;
  throw usageError("this statement would write, and everything here is read-only");
}

/** A statement that asks for the rows that some filters let through, to go on from. */
export function writeSelect(table: string, filters: readonly Filter[]): string {
  const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
  const tests = filters.map(({ column, test, value }) => {
    if (test === "null") return `${quote(column)} is null`;
    return test === "is"
      ? `${quote(column)} = ${literal(value)}`
      : `${quote(column)} like ${literal(`%${value}%`)}`;
  });
  const where = tests.length === 0 ? "" : `\nwhere ${tests.join("\n  and ")}`;
  return `select *\nfrom ${quote(table)}${where}\nlimit 100`;
}

function checkKind(sql: string): void {
  const text = withoutComments(sql);
  if (text === "") throw usageError("there is no statement");
  if (!READING.test(text))
    throw usageError("only statements that read are run here: select, with, values or explain");
  const [, pragma] = /^pragma\s+(?:\w+\s*\.\s*)?(\w+)/i.exec(text) ?? [];
  const tells = pragma === undefined || TELLING.has(pragma.toLowerCase());
  if (/^pragma\b/i.test(text) && (!tells || text.includes("=")))
    throw usageError("this pragma is not run here: it may change something");
}

function withoutComments(sql: string): string {
  return sql.replace(/^(\s|;|--[^\n]*(\n|$)|\/\*[\s\S]*?\*\/)+/, "");
}

function prepare<Values extends unknown[], Row>(
  db: Connection,
  sql: string,
): Statement<Values, Row> {
  try {
    return db.prepare<Values, Row>(sql);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const one = "there is more than one statement; they are run one at a time";
    throw usageError(error.message.includes("more than one") ? one : "there is no statement");
  }
}
