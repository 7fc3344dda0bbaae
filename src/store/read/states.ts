import { createHash, randomUUID } from "node:crypto";
import { byKind } from "../../types.ts";
import type { Kind, Month } from "../../types.ts";
import type { Connection } from "../database.ts";

/** What tells that rows of a month are other ones than before, or have other values. */
const OF_MONTH = [
  // Completed, imported, replaced, or taken back.
  `select force_id, source, release, completed_at, records from coverage
   where month = @month and kind = @kind order by force_id`,
  // Moved to another area, after boundaries changed; of months that were counted, which are all others.
  `select category, force_id, neighbourhood_id, records from neighbourhood_counts
   where month = @month and kind = @kind order by category, force_id, neighbourhood_id`,
  // Given LSOAs, after points of them were learnt.
  "select located, found from lsoa_counts where month = @month and kind = @kind",
];

/** Whose names stand in rows beside their ids. Streets are not among them: there are 700,000. */
const NAMED: Record<Kind, readonly string[]> = {
  crimes: ["forces", "crime_categories"],
  outcomes: ["forces", "crime_categories", "outcome_categories"],
  stops: ["forces"],
};

/** Of a month that is not complete, rows come and move without a sign: it is never the same. */
const IS_OPEN = `select exists (
  select 1 from sweeps where month = @month and kind = @kind and staged = 0)`;

export type Digest = string;

/**
 * Reads a digest of what makes the records of a month what they are: while it is the same, an
 * export of them is the same, but for the names of streets and LSOAs.
 */
export function createReadState(db: Connection): (kind: Kind, month: Month) => Digest {
  const ofMonth = OF_MONTH.map((sql) => db.prepare<[{ kind: Kind; month: Month }]>(sql).raw());
  const isOpen = db.prepare<[{ kind: Kind; month: Month }], number>(IS_OPEN).pluck();
  const readNames = byKind((kind) => {
    const names = NAMED[kind].map((table) =>
      db.prepare(`select id, name from ${table} order by id`).raw(),
    );
    let digest: Digest | undefined;
    return () => (digest ??= digestOf(names.map((rows) => rows.all())));
  });
  const selectMonths = db
    .prepare<[Month], Month>(
      "select distinct month from coverage where kind = 'crimes' and month <= ? order by month",
    )
    .pluck();
  const known = new Map<string, Digest>();
  const readOwn = (kind: Kind, month: Month): Digest => {
    const key = `${kind} ${month}`;
    const wanted = { kind, month };
    const own = () =>
      isOpen.get(wanted) === 1 ? randomUUID() : ofMonth.map((rows) => rows.all(wanted));
    const digest = known.get(key) ?? digestOf(own());
    known.set(key, digest);
    return digest;
  };
  return (kind, month) => {
    // Whose an outcome is may be told by its crime alone, which is of the same month or an earlier.
    const crimes = kind === "outcomes" ? selectMonths.all(month) : [];
    return digestOf([
      readNames[kind](),
      readOwn(kind, month),
      crimes.map((one) => readOwn("crimes", one)),
    ]);
  };
}

/** A digest of anything that can be JSON; what is equal has the same. */
export function digestOf(value: unknown): Digest {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 32);
}
