import Database from "better-sqlite3";
import { reported } from "./figure.ts";
import type { Figure } from "./figure.ts";

/** Bytes of a database per crime: its tables and indexes, and the columns of a crime. */
export function weigh(file: string): Figure[] {
  const db = new Database(file, { readonly: true });
  const crimes = db.prepare<[], number>("select count(*) from crimes").pluck().get() ?? 1;
  const parts = db
    .prepare<[], { name: string; bytes: number }>(
      "select name, sum(pgsize) as bytes from dbstat group by name order by bytes desc",
    )
    .all();
  const total = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  const each = (bytes: number) => (bytes / crimes).toFixed(1);
  const columns = db.pragma("table_info(crimes)");
  const names = Array.isArray(columns) ? columns.map(({ name }: { name: string }) => name) : [];
  const sizes = names.map((name) => {
    const size = `case typeof(${name}) when 'text' then length(${name}) when 'real' then 8
      when 'integer' then 4 else 0 end`;
    const bytes = db.prepare(`select avg(${size}) from (select ${name} from crimes limit 100000)`);
    return `${name} ${Number(bytes.pluck().get()).toFixed(1)}`;
  });
  db.close();
  return [
    reported(
      "bytes of database per crime, indexes and outcomes included",
      each(total),
      parts
        .filter(({ bytes }) => bytes / total > 0.005)
        .map(({ name, bytes }) => `${name} ${each(bytes)}`)
        .join(", "),
    ),
    reported(
      "bytes of a crime's columns",
      each(parts.find(({ name }) => name === "crimes")?.bytes ?? 0),
      sizes.join(", "),
    ),
  ];
}
