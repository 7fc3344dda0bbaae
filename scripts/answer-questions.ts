/**
 * Writes the answers of docs/questions.md anew, from the sandbox's database:
 *   npx ukpolice crawl --sandbox && npx tsx scripts/answer-questions.ts && npx oxfmt
 * The answer of a query is the table that follows it.
 */
import { readFileSync, writeFileSync } from "node:fs";
import Database from "better-sqlite3";

const PAGE = new URL("../docs/questions.md", import.meta.url);
const QUESTION = /(```sql\n(.*?)```\n)(\n\|[^\n]*)*/gs;

const db = new Database("sandbox/ukpolice.db", { readonly: true });
const page = readFileSync(PAGE, "utf8");
writeFileSync(
  PAGE,
  page.replaceAll(QUESTION, (_, block: string, sql: string) => `${block}\n${answer(sql)}`),
);

function answer(sql: string): string {
  const statement = db.prepare<[], unknown[]>(sql).raw();
  const names = statement.columns().map(({ name }) => name);
  const rule = names.map(() => "---");
  const row = (cells: readonly unknown[]) => `| ${cells.join(" | ")} |`;
  return [row(names), row(rule), ...statement.all().map(row)].join("\n");
}
