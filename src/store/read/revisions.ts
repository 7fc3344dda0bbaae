import { NOWHERE } from "../../completeness.ts";
import { KINDS } from "../../types.ts";
import type { Kind, Month } from "../../types.ts";
import type { Connection } from "../database.ts";
import { TABLES } from "../kinds.ts";

/** What became of records. */
export type Changes = {
  kept: number;
  added: number;
  changed: number;
  /** Those of the changed ones whose latest outcome differs. */
  outcomesChanged: number;
  removed: number;
};

/** What a release changed of a month; a release is '' where it was not known. */
export type Revision = Changes & {
  month: Month;
  kind: Kind;
  /** The oldest release that any of it was of. */
  from: string;
  to: string;
  revisedAt: string;
};

/** A part of what a release changed of a month: of a category or of a force. */
export type RevisedPart = Changes & { kind: Kind; name: string };

/** How many crimes went from one latest outcome to another; null: none. */
export type OutcomePair = { from: string | null; to: string | null; crimes: number };

export type RevisionSpan = {
  /** The newest month. */
  until?: Month;
  /** How many months that have revisions; all unless said. */
  months?: number;
};

type OfRelease = { month: Month; release: string };

export type RevisionReader = ReturnType<typeof createRevisionReader>;

const SUMS = `sum(kept) as kept, sum(added) as added, sum(changed) as changed,
  sum(outcomes_changed) as outcomesChanged, sum(removed) as removed`;

/** Reads what releases changed. */
export function createRevisionReader(db: Connection) {
  // Each month is found by one seek, so that not all lines are read for some of them.
  const months = `with recursive found (month) as (
      select max(month) from revisions where month <= @until
      union all
      select (select max(month) from revisions where month < found.month)
      from found where month is not null
      limit @months
    )`;
  // First by replacement, in the order of the key, so that nothing is sorted.
  const select = db.prepare<Required<RevisionSpan>, Revision>(
    `${months}, replacements as (
       select month, min(kind) as kind, min(from_release) as since, min(to_release) as release,
         max(revised_at) as at, ${SUMS}
       from found cross join revisions using (month)
       group by month, nth
     )
     select month, kind, min(since) as "from", release as "to", max(at) as revisedAt,
       sum(kept) as kept, sum(added) as added, sum(changed) as changed,
       sum(outcomesChanged) as outcomesChanged, sum(removed) as removed
     from replacements
     group by month, kind, release
     order by month desc, release desc, kind`,
  );
  const selectOutcomes = db.prepare<OfRelease, OutcomePair>(
    `select from_category as "from", to_category as "to", count(*) as crimes
     from (select distinct nth from revisions where month = @month and to_release = @release)
       cross join crime_outcome_history using (nth)
     where month = @month
     group by 1, 2
     order by crimes desc, 1, 2`,
  );
  const selectForces = db.prepare<OfRelease, RevisedPart>(
    `select kind, ifnull(name, force_id) as name, ${SUMS}
     from revisions left join forces on forces.id = force_id
     where month = @month and to_release = @release
     group by kind, force_id
     order by kind, force_id = '${NOWHERE}', name`,
  );
  const selectCategories = KINDS.map((kind) => prepareCategories(db, kind));
  return {
    /** Newest month first, and of a month the newest release. */
    list: ({ until = "9999-12", months = -1 }: RevisionSpan = {}): Revision[] =>
      select.all({ until, months }),
    listCategories: (month: Month, release: string): RevisedPart[] =>
      selectCategories.flatMap((statement) => statement.all({ month, release })),
    /** The name of what lies in no force's boundaries is ''. */
    listForces: (month: Month, release: string): RevisedPart[] =>
      selectForces.all({ month, release }),
    /** From which latest outcome to which, the most frequent first. */
    listOutcomes: (month: Month, release: string): OutcomePair[] =>
      selectOutcomes.all({ month, release }),
  };
}

function prepareCategories(db: Connection, kind: Kind) {
  const { categories } = TABLES[kind];
  const [name, join] =
    categories === null
      ? ["category", ""]
      : ["ifnull(name, category)", `left join ${categories} as named on named.id = category`];
  return db.prepare<OfRelease, RevisedPart>(
    `select kind, ${name} as name, ${SUMS}
     from revisions ${join}
     where month = @month and to_release = @release and kind = '${kind}'
     group by category
     order by sum(added + changed + removed) desc, name`,
  );
}
