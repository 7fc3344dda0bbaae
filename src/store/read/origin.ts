import type { Connection } from "../database.ts";

/** Makes what tells whether a database was filled from the bundled sample. */
export function createIsSample(db: Connection): () => boolean {
  const select = db
    .prepare<[], number>(
      "select exists (select 1 from facts where name = 'origin' and value = 'sandbox')",
    )
    .pluck();
  return () => select.get() === 1;
}
