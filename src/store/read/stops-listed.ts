import * as v from "@badrap/valita";
import type { StopsListed } from "../../completeness.ts";
import type { Month } from "../../types.ts";
import { createReadStopsWanted, readStopsPublished } from "../coverage.ts";
import type { Connection } from "../database.ts";
import { isSoundMonth } from "../sound.ts";
import type { NoteLeftOut } from "../sound.ts";

/** Reads whose stops the API had when a crawl last asked, and whose the database is for. */
export function createReadStopsListed(
  db: Connection,
  note: NoteLeftOut = () => {},
): () => StopsListed {
  const published = db
    .prepare<[], string>("select value from facts where name = 'published'")
    .pluck();
  const forces = db
    .prepare<[], string>(
      "select id from forces union select distinct force_id from stops_published",
    )
    .pluck();
  const readWanted = createReadStopsWanted(db);
  return () => {
    return {
      months: readMonths(published.get(), note),
      byMonth: readStopsPublished(db),
      wanted: readWanted(),
      forces: forces.all(),
    };
  };
}

function readMonths(text: string | undefined, note: NoteLeftOut): Month[] | null {
  const parsed = v
    .array(v.string().assert(isSoundMonth))
    .nullable()
    .try(parseJson(text ?? "null"));
  if (parsed.ok) return parsed.value;
  note("fact published");
  return null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
