import type { Kind, Month } from "../types.ts";
import type { Connection } from "./database.ts";
import { keyTerm, TABLES } from "./kinds.ts";

/** Records that differ in the same way from what they take the place of. */
export type Difference = {
  forceId: string;
  category: string;
  /** The force and category that they were of; null: they are new. */
  was: { forceId: string; category: string } | null;
  /** Whether anything differs that the source says, and not only where boundaries put them. */
  isChanged: boolean;
  /** Whether their latest outcome differs. */
  hasOutcome: boolean;
  records: number;
};

/** A crime whose latest outcome differs, and the force that it lies in. */
export type OutcomeChange = {
  forceId: string;
  crimeId: number;
  fromCategory: string | null;
  fromDate: Month | null;
  toCategory: string | null;
  toDate: Month | null;
};

export type Differences = { records: Difference[]; outcomes: OutcomeChange[] };

/** Cells of a month; `cells` are their forces as a JSON array. */
type Target = { month: Month; cells: string };

type Row = {
  forceId: string;
  category: string;
  wasForceId: string | null;
  wasCategory: string;
  isChanged: 0 | 1;
  hasOutcome: 0 | 1;
} & OutcomeChange;

/** The columns that are found by the point: the source does not say them. */
const FOUND = ["force_id", "neighbourhood_id", "lsoa_code"];

/** Where a kind's records carry their latest outcome, it is remembered as it changes. */
const LATEST: Partial<Record<Kind, { id: string; category: string; date: string }>> = {
  crimes: { id: "id", category: "outcome_category", date: "outcome_date" },
};

/** Finds what is staged of cells and differs from what is stored, in one pass over both. */
export function createCompare(db: Connection, kind: Kind): (target: Target) => Differences {
  const write = TABLES[kind].key.length > 0 ? writeSelect : writeKeylessSelect;
  const select = db.prepare<Target, Row>(write(kind));
  return (target) => {
    const groups = new Map<string, Difference>();
    const outcomes: OutcomeChange[] = [];
    for (const row of select.iterate(target)) {
      const key = JSON.stringify(GROUPED.map((name) => row[name]));
      const group = groups.get(key);
      if (group === undefined) groups.set(key, toDifference(row));
      else group.records += 1;
      if (row.hasOutcome === 1) outcomes.push(toOutcome(row));
    }
    return { records: [...groups.values()], outcomes };
  };
}

const GROUPED = [
  "forceId",
  "category",
  "wasForceId",
  "wasCategory",
  "isChanged",
  "hasOutcome",
] as const;

function toDifference({ wasForceId, wasCategory, ...row }: Row): Difference {
  return {
    forceId: row.forceId,
    category: row.category,
    was: wasForceId === null ? null : { forceId: wasForceId, category: wasCategory },
    isChanged: row.isChanged === 1,
    hasOutcome: row.hasOutcome === 1,
    records: 1,
  };
}

function toOutcome({ forceId, crimeId, ...row }: Row): OutcomeChange {
  const { fromCategory, fromDate, toCategory, toDate } = row;
  return { forceId, crimeId, fromCategory, fromDate, toCategory, toDate };
}

function writeSelect(kind: Kind): string {
  const { month, columns, key, category, owner } = TABLES[kind];
  const latest = LATEST[kind];
  const list = (names: readonly string[], table: string) =>
    names.map((name) => `${table}.${name}`).join(", ");
  const differ = (names: readonly string[]) =>
    `(${list(names, "stored")}) is not (${list(names, "staged")})`;
  const said = columns.map(([name]) => name).filter((name) => !FOUND.includes(name));
  const same = key.map((name) => `${keyTerm(name, "stored.")} = ${keyTerm(name, "staged.")}`);
  const isThere = `stored.${month} is not null`;
  const outcome =
    latest === undefined
      ? ", 0 as hasOutcome"
      : `, ${isThere} and ${differ([latest.category, latest.date])} as hasOutcome,
         staged.${latest.id} as crimeId,
         stored.${latest.category} as fromCategory, stored.${latest.date} as fromDate,
         staged.${latest.category} as toCategory, staged.${latest.date} as toDate`;
  const [is, was] = [owner("staged."), owner("stored.")];
  return `select ${is} as forceId, staged.${category} as category,
      iif(${isThere}, ${was}, null) as wasForceId, stored.${category} as wasCategory,
      ${differ(said)} as isChanged${outcome}
    from staged_${kind} as staged left join ${kind} as stored on ${same.join(" and ")}
    where staged.${month} = @month
      and ${is} in (select value from json_each(@cells))
      and (${differ(said)} or ${was} <> ${is})`;
}

/** The same where nothing names a record: what is staged, and not there to the letter, is new. */
function writeKeylessSelect(kind: Kind): string {
  const { month, columns, category, owner } = TABLES[kind];
  const said = columns
    .map(([name]) => name)
    .filter((name) => !FOUND.includes(name))
    .join(", ");
  const rows = (table: string) =>
    `select ${said} from ${table}
     where ${month} = @month and ${owner()} in (select value from json_each(@cells))`;
  return `select ${owner()} as forceId, ${category} as category, null as wasForceId,
      null as wasCategory, 0 as isChanged, 0 as hasOutcome
    from (${rows(`staged_${kind}`)} except ${rows(kind)})`;
}
