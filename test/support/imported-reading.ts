import { onTestFinished } from "vitest";
import { openForReading } from "../../src/store/database.ts";
import { createReadLsoas } from "../../src/store/read/lsoas.ts";
import type { Store } from "../../src/store/store.ts";

/** Reads of a store's database what is told of its LSOAs. */
export function openReading(store: Store) {
  const db = openForReading(store.file);
  onTestFinished(() => void db.close());
  return { lsoas: createReadLsoas(db) };
}
