import { CRIME_CATEGORIES, OUTCOME_CODES } from "../../police-api.ts";
import type { Connection } from "../database.ts";

/** Crime types of the months before May 2013, which the API's list of categories lacks by now. */
const FORMER_TYPES: Record<string, string> = {
  "Public disorder and weapons": "public-disorder-weapons",
  // The API has its id for violence and sexual offences: the name would be lost.
  "Violent crime": "violent-crime-to-2013",
};

const CRIME_TYPES: Record<string, string> = {
  ...Object.fromEntries(Object.entries(CRIME_CATEGORIES).map(([id, name]) => [name, id])),
  ...FORMER_TYPES,
};

/** The tables that name what a file names, and the ids that the API has for the names. */
export const NAMED = {
  crime_categories: CRIME_TYPES,
  outcome_categories: OUTCOME_CODES,
} as const;

/**
 * Finds the id of a name in one of these tables: the API's, or one of our own for a name that it
 * does not have, which no other has. What the table lacks is inserted.
 */
export function createFindId(db: Connection, table: keyof typeof NAMED): (name: string) => string {
  const selectId = db
    .prepare<[string], string>(
      `select min(id) from ${table} where name = ? having min(id) not null`,
    )
    .pluck();
  const selectName = db.prepare<[string], string>(`select name from ${table} where id = ?`).pluck();
  const save = db.prepare(
    `insert into ${table} (id, name) values (?, ?)
     on conflict (id) do update set name = excluded.name`,
  );
  /** A category that only a record has named so far is called by its id. */
  const isFree = (id: string): boolean => [undefined, id].includes(selectName.get(id));

  return (name) => {
    const known = new Map(Object.entries(NAMED[table])).get(name);
    const found = selectId.get(name);
    if (found !== undefined && (known === undefined || found === known)) return found;
    const wanted = known ?? toId(name);
    const id = listIds(wanted).find(isFree) ?? wanted;
    save.run(id, name);
    return id;
  };
}

/** The id that is wanted, and others in its place. */
function listIds(id: string): string[] {
  const others = Array.from({ length: 1000 }, (_, index) => `${id}-archive-${index + 1}`);
  return [id, ...others];
}

function toId(name: string): string {
  const id = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
  return id === "" ? "unnamed" : id;
}
