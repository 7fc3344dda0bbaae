import type { Kind, Month, Point } from "../types.ts";
import type { Connection } from "./database.ts";
import { CRIME_COLUMNS, OUTCOME_COLUMNS } from "./rows.ts";

/** Whether a stored record is one of those that were fetched again; it may have no place. */
export type Belongs = (place: Point | null) => boolean;

/** What replacing a month did; `takenFrom` are months that lost a record to this one. */
export type Swapped = { added: number; changed: number; removed: number; takenFrom: Month[] };

type Placed = { id: number; latitude: number | null; longitude: number | null };

type Target = {
  kind: Kind;
  /** The column that holds the month. */
  month: string;
  columns: readonly string[];
  /** What `on conflict` names, and how a row is found that is the same record. */
  key: string;
  same: string;
};

const TARGETS: Record<Kind, Target> = {
  crimes: {
    kind: "crimes",
    month: "month",
    columns: CRIME_COLUMNS,
    key: "id",
    same: "stored.id = staged.id",
  },
  outcomes: {
    kind: "outcomes",
    month: "date",
    columns: OUTCOME_COLUMNS,
    key: "crime_id, category, date, ifnull(person_id, -1)",
    same: `stored.crime_id = staged.crime_id and stored.category = staged.category
      and stored.date = staged.date and ifnull(stored.person_id, -1) = ifnull(staged.person_id, -1)`,
  },
};

/** Puts the staged rows of a month in place; the caller holds the transaction. */
export function createSwap(db: Connection) {
  return {
    crimes: createSwapOf(db, TARGETS.crimes),
    outcomes: createSwapOf(db, TARGETS.outcomes),
  };
}

function createSwapOf(db: Connection, { kind, month: at, columns, key, same }: Target) {
  const names = columns.join(", ");
  const excluded = columns.map((name) => `excluded.${name}`).join(", ");
  const own = columns.map((name) => `${kind}.${name}`).join(", ");
  const selectGone = db.prepare<{ month: Month }, Placed>(
    `select id, latitude, longitude from ${kind} as stored
     where ${at} = @month
       and not exists (
         select 1 from staged_${kind} as staged where ${same} and staged.${at} = @month)`,
  );
  const remove = db.prepare(`delete from ${kind} where id = ?`);
  const selectHomes = db.prepare<{ month: Month }, { home: Month | null; records: number }>(
    `select stored.${at} as home, count(*) as records
     from staged_${kind} as staged left join ${kind} as stored on ${same}
     where staged.${at} = @month
     group by 1`,
  );
  const upsert = db.prepare<{ month: Month }>(
    `insert into ${kind} (${names})
     select ${names} from staged_${kind} where ${at} = @month order by id
     on conflict (${key}) do update set (${names}) = (${excluded})
       where (${own}) is not (${excluded})`,
  );

  return (month: Month, belongs: Belongs): Swapped => {
    const gone: number[] = [];
    for (const { id, latitude, longitude } of selectGone.iterate({ month })) {
      const place = latitude === null || longitude === null ? null : { latitude, longitude };
      if (belongs(place)) gone.push(id);
    }
    for (const id of gone) remove.run(id);
    const homes = selectHomes.all({ month });
    const added = homes.find(({ home }) => home === null)?.records ?? 0;
    const written = upsert.run({ month }).changes;
    return {
      added,
      changed: written - added,
      removed: gone.length,
      takenFrom: homes.flatMap(({ home }) => (home === null || home === month ? [] : home)),
    };
  };
}
