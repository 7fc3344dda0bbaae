import { byKind } from "../types.ts";
import type { Kind, Month } from "../types.ts";
import type { Connection } from "./database.ts";
import { createCompare } from "./differences.ts";
import type { Differences } from "./differences.ts";

/** Cells of a month and kind whose rows are replaced, and the release that they are of then. */
export type Replacement = {
  month: Month;
  kind: Kind;
  /** The forces of the cells, as a JSON array. */
  cells: string;
  release: string;
};

/** What became of the records of a force and category. */
export type Line = {
  forceId: string;
  category: string;
  kept: number;
  added: number;
  changed: number;
  outcomesChanged: number;
  removed: number;
};

export type Count = { forceId: string; category: string; records: number };

type Cell = { forceId: string; release: string };

/** What was there before, and how what is staged differs from it. */
type Compared = {
  /** Of the cells that were covered, by force. */
  releases: ReadonlyMap<string, string>;
  before: readonly Count[];
  differences: Differences;
};

type Counted = Omit<Compared, "releases"> & { after: readonly Count[] };

/** Writes down what replacing cells changed; the caller holds the transaction. */
export function createRevisions(db: Connection) {
  const compare = byKind((kind) => createCompare(db, kind));
  const ofCells =
    "where month = @month and kind = @kind and force_id in (select value from json_each(@cells))";
  const selectCounts = db.prepare<Replacement, Count>(
    `select force_id as forceId, category, records from force_counts ${ofCells}`,
  );
  const selectCells = db.prepare<Replacement, Cell>(
    `select force_id as forceId, release from coverage ${ofCells}`,
  );
  const selectNth = db
    .prepare<[Month], number>("select ifnull(max(nth), 0) + 1 from revisions where month = ?")
    .pluck();
  const insertLine = db.prepare(
    `insert into revisions (month, nth, kind, force_id, category, from_release, to_release,
       revised_at, kept, added, changed, outcomes_changed, removed)
     values (@month, @nth, @kind, @forceId, @category, @from, @release,
       strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), @kept, @added, @changed, @outcomesChanged, @removed)`,
  );
  const insertOutcome = db.prepare(
    `insert into crime_outcome_history (month, crime_id, nth, from_category, from_date,
       to_category, to_date, from_release, to_release)
     values (@month, @crimeId, @nth, @fromCategory, @fromDate, @toCategory, @toDate, @from, @release)`,
  );

  const write = (replacement: Replacement, { releases, ...compared }: Compared): void => {
    const { month, kind, release } = replacement;
    const nth = selectNth.get(month) ?? 1;
    const after = selectCounts.all(replacement);
    for (const line of toLines({ ...compared, after })) {
      const from = releases.get(line.forceId);
      if (from === undefined || (from === release && !hasChange(line))) continue;
      insertLine.run({ month, nth, kind, from, release, ...line });
    }
    for (const { forceId, ...change } of compared.differences.outcomes) {
      const from = releases.get(forceId);
      if (from !== undefined) insertOutcome.run({ month, nth, from, release, ...change });
    }
  };

  /**
   * Compares what is staged of cells with what they hold: how many records are new, and what writes
   * down what changed. That is to be called when the staged rows are in place and counted.
   */
  return (replacement: Replacement): { added: number; write: () => void } => {
    const cells = selectCells.all(replacement);
    const compared = {
      releases: new Map(cells.map(({ forceId, release }) => [forceId, release])),
      before: selectCounts.all(replacement),
      differences: compare[replacement.kind](replacement),
    };
    const added = compared.differences.records.filter(({ was }) => was === null);
    return {
      added: added.reduce((sum, { records }) => sum + records, 0),
      write: () => write(replacement, compared),
    };
  };
}

function hasChange({ added, changed, removed }: Line): boolean {
  return added + changed + removed > 0;
}

/**
 * What is neither new nor changed was kept; what was there, and neither stayed nor went to another
 * force or category, was removed.
 */
export function toLines({ before, after, differences }: Counted): Line[] {
  const tallies = new Map<string, Tally>();
  const find = (forceId: string, category: string): Tally => {
    const key = `${forceId} ${category}`;
    const found = tallies.get(key) ?? { forceId, category, ...NOTHING };
    tallies.set(key, found);
    return found;
  };
  for (const { forceId, category, records } of before) find(forceId, category).before = records;
  for (const { forceId, category, records } of after) find(forceId, category).after = records;
  for (const { was, isChanged, hasOutcome, records, ...at } of differences.records) {
    const here = find(at.forceId, at.category);
    if (was === null) here.added += records;
    else if (isChanged) here.changed += records;
    if (hasOutcome) here.outcomesChanged += records;
    const there = was === null ? undefined : find(was.forceId, was.category);
    if (there === here) continue;
    here.came += records;
    if (there !== undefined) there.went += records;
  }
  return [...tallies.values()].map(({ before: had, after: has, came, went, ...line }) => ({
    ...line,
    kept: has - line.added - line.changed,
    removed: had - went - (has - came),
  }));
}

type Tally = Omit<Line, "kept" | "removed"> & {
  before: number;
  after: number;
  /** From another force or category, or new. */
  came: number;
  /** To another force or category. */
  went: number;
};

const NOTHING = { before: 0, after: 0, came: 0, went: 0, added: 0, changed: 0, outcomesChanged: 0 };
