import { TRANSPORT_POLICE } from "../../police-api.ts";
import type { Connection } from "../database.ts";
import { createFindId } from "./names.ts";

/** Names that are remembered: as many streets as the country has. */
const KEPT = 500_000;

export type ArchiveParents = ReturnType<typeof createArchiveParents>;

/** What rows of the archive refer to: inserted before the row that needs it, and remembered. */
export function createArchiveParents(db: Connection) {
  const streets = createStreets(db);
  const crimeTypes = remember(createFindId(db, "crime_categories"));
  const outcomeTypes = remember(createFindId(db, "outcome_categories"));
  const insertForce = db.prepare(
    `insert into forces (id, name, listed) values (?, ?, ?)
     on conflict (id) do update set name = excluded.name
       where name = id and excluded.name <> id`,
  );
  const hasList = db
    .prepare<[], number>("select exists (select 1 from facts where name = 'forces_at')")
    .pluck();
  return {
    streetId: streets.find,
    crimeTypeId: crimeTypes.find,
    outcomeTypeId: outcomeTypes.find,
    /**
     * A force is called as its file says, unless the API has named it. What the API's list lacks, once
     * there is one, is none of the forces that a crawl asks for.
     */
    saveForce(id: string, name: string | null): void {
      const isTransport = id === TRANSPORT_POLICE.id;
      const isListed = !isTransport && hasList.get() !== 1;
      insertForce.run(id, name ?? (isTransport ? TRANSPORT_POLICE.name : id), Number(isListed));
    },
    /** Forgets what is stored: a rollback may have taken it away. */
    forget(): void {
      for (const kept of [streets, crimeTypes, outcomeTypes]) kept.forget();
    },
  };
}

/** The archive gives names alone: each has one id of ours, negative, whatever is called so. */
function createStreets(db: Connection) {
  const select = db
    .prepare<[string], number>("select id from streets where name = ? and id < 0")
    .pluck();
  const selectLowest = db
    .prepare<[], number>("select ifnull(min(id), 0) from streets where id < 0")
    .pluck();
  const insert = db.prepare("insert into streets (id, name) values (?, ?)");
  let lowest: number | undefined;
  const { find, forget } = remember((name: string): number => {
    const found = select.get(name);
    if (found !== undefined) return found;
    lowest = (lowest ?? selectLowest.get() ?? 0) - 1;
    insert.run(lowest, name);
    return lowest;
  });
  return {
    find,
    forget(): void {
      forget();
      lowest = undefined;
    },
  };
}

function remember<Id>(find: (name: string) => Id) {
  const ids = new Map<string, Id>();
  return {
    find(name: string): Id {
      const known = ids.get(name);
      if (known !== undefined) return known;
      const id = find(name);
      if (ids.size >= KEPT) ids.clear();
      ids.set(name, id);
      return id;
    },
    forget: () => ids.clear(),
  };
}
