import Database from "better-sqlite3";

type Definition = { type: "table" | "view"; name: string; sql: string };

const SELECT = "select type, name, sql from sqlite_schema where type in ('table', 'view')";

/**
 * A table or view that has a name of ours and is not what the schema makes: a view in the place of
 * a table, or a computed column, would run SQL of whoever made the file wherever we read ours.
 */
export function findAltered(db: Database.Database, schema: string): Definition | undefined {
  const ours = readDefinitions(schema);
  for (const found of db.prepare<[], Definition>(SELECT).iterate()) {
    const sql = ours.get(found.name.toLowerCase());
    if (sql !== undefined && sql !== found.sql) return found;
  }
  return undefined;
}

function readDefinitions(schema: string): Map<string, string> {
  const db = new Database(":memory:");
  try {
    db.exec(schema);
    const rows = db.prepare<[], Definition>(SELECT).all();
    return new Map(rows.map(({ name, sql }) => [name, sql]));
  } finally {
    db.close();
  }
}
