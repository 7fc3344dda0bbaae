import { existsSync } from "node:fs";
import { createAreas } from "../store/areas.ts";
import { openForReading } from "../store/database.ts";
import { DATABASE_FILE, SANDBOX_FILE } from "../store/files.ts";

/** Ids, a line each, that are plain words: bash expands whatever it is given to choose from. */
export function printForces(
  file = existsSync(DATABASE_FILE) ? DATABASE_FILE : SANDBOX_FILE,
): string {
  const db = openForReading(file);
  try {
    const ids = createAreas(db)
      .listForces()
      .map(({ id }) => id);
    return ids
      .filter((id) => /^[\w-]+$/.test(id))
      .map((id) => `${id}\n`)
      .join("");
  } finally {
    db.close();
  }
}
