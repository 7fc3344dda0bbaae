import { byKind } from "../../types.ts";
import type { Kind, Month } from "../../types.ts";
import type { Connection } from "../database.ts";
import { TABLES } from "../kinds.ts";
import { isId, isSoundMonth } from "../sound.ts";
import type { NoteLeftOut } from "../sound.ts";
import { SOURCES } from "./exported.ts";
import type { Source } from "./exported.ts";

/** The records of one month that belong to one force; null: to none. */
export type Slice = { month: Month; forceId: string | null };

export type CountedSlice = Slice & { records: number };

/** Bytes of a force's id. */
const LONGEST_PART = 70;

export type IsOfArchive = (kind: Kind, month: Month) => boolean;

/** All of a month of a kind is of one source; what is from the archive belongs to who published it. */
export function createIsOfArchive(db: Connection): IsOfArchive {
  const select = db
    .prepare<[Month, Kind], string>("select source from coverage where month = ? and kind = ?")
    .pluck();
  return (kind, month) => select.get(month, kind) === "archive";
}

type SlicesQuery = { month: Month; categories?: string };

/** Months and owners of which there are records. Without categories an index has it all. */
export function createSlices(db: Connection, isOfArchive: IsOfArchive, note: NoteLeftOut) {
  const listImported = createImportedSlices(db);
  const statements = byKind((kind) => {
    const { month } = TABLES[kind];
    const { countSlices, crimeCategory }: Source = SOURCES[kind];
    const select = (condition: string) =>
      db.prepare<SlicesQuery, CountedSlice>(
        `select @month as month, forceId, sum(records) as records
         from (${countSlices(`r.${month} = @month ${condition}`)})
         group by forceId
         having sum(records) > 0
         order by forceId is null, forceId`,
      );
    const isWanted = `and ${crimeCategory} in (select value from json_each(@categories))`;
    return {
      months: createMonths(db, kind, month),
      all: select(""),
      some: select(crimeCategory === null ? "" : isWanted),
    };
  });
  return {
    listMonths(kind: Kind): Month[] {
      const { months, all } = statements[kind];
      return months.all().filter((month) => {
        if (isSoundMonth(month)) return true;
        const records = all.all({ month }).reduce((sum, slice) => sum + slice.records, 0);
        note(`${kind} of ${month} (month)`, records);
        return false;
      });
    },
    listSlices(kind: Kind, month: Month, categories?: readonly string[]): CountedSlice[] {
      const { all, some } = statements[kind];
      const wanted = categories === undefined ? undefined : JSON.stringify(categories);
      const ofApi = () =>
        wanted === undefined ? all.all({ month }) : some.all({ month, categories: wanted });
      const slices = isOfArchive(kind, month) ? listImported(kind, month, wanted) : ofApi();
      return slices.filter(({ forceId, records }) => {
        if (forceId === null || isPathPart(forceId)) return true;
        note(`${kind} of ${month} in ${forceId} (forceId)`, records);
        return false;
      });
    },
  };
}

/** The files of the archive of a month, as they were covered; of some categories, counted. */
function createImportedSlices(db: Connection) {
  const selectAll = db.prepare<[Month, Month, Kind], CountedSlice>(
    `select ? as month, force_id as forceId, records from coverage
     where month = ? and kind = ? and records > 0
     order by force_id`,
  );
  const selectSome = byKind((kind) => {
    const { crimeCategory }: Source = SOURCES[kind];
    if (crimeCategory === null) return undefined;
    return db.prepare<Required<SlicesQuery>, CountedSlice>(
      `select @month as month, reported_by as forceId, count(*) as records from ${kind} as r
       where r.${TABLES[kind].month} = @month
         and ${crimeCategory} in (select value from json_each(@categories))
       group by reported_by
       order by reported_by`,
    );
  });
  return (kind: Kind, month: Month, categories?: string): CountedSlice[] =>
    categories === undefined
      ? selectAll.all(month, month, kind)
      : (selectSome[kind]?.all({ month, categories }) ?? selectAll.all(month, month, kind));
}

/** A byte can become three characters of a file's name, which may have 255. */
function isPathPart(id: unknown): boolean {
  return isId(id) && Buffer.byteLength(String(id)) <= LONGEST_PART;
}

/** One search of the index for each month, where `distinct` would read all of it. */
function createMonths(db: Connection, table: string, month: string) {
  return db
    .prepare<[], string>(
      `with recursive found (month) as (
         select min(${month}) from ${table}
         union all
         select (select min(${month}) from ${table} where ${month} > found.month)
         from found
         where found.month is not null
       )
       select month from found where month is not null`,
    )
    .pluck();
}
