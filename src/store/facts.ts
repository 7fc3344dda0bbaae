import type { Connection } from "./database.ts";

/** What is known once for the whole database, by name. */
export function createFacts(db: Connection) {
  const set = db.prepare("insert or replace into facts (name, value) values (?, ?)");
  const get = db.prepare<[string], string>("select value from facts where name = ?").pluck();
  return {
    get: (name: string): string | undefined => get.get(name),
    set: (name: string, value: string): void => void set.run(name, value),
  };
}
