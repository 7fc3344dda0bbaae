import { byKind, KINDS } from "../types.ts";
import type { Kind, Month } from "../types.ts";
import { createFindDoubted, sum } from "./completion.ts";
import { createCounts } from "./counts.ts";
import { createReplaceArchive } from "./archive/replace.ts";
import { createCovering } from "./coverage.ts";
import type { Connection } from "./database.ts";
import { keyTerm, TABLES } from "./kinds.ts";
import { createRevisions } from "./revisions.ts";

/** What replacing cells of a month did. */
export type Exchanged = {
  kind: Kind;
  /** Rows that were the same before. */
  kept: number;
  added: number;
  changed: number;
  removed: number;
  /** Forces that came without a record and had some: their rows stay. */
  doubted: readonly string[];
};

type StagedSweep = { id: number; kind: Kind; release: string };
type Target = { month: Month; cells: string };

/** Puts what staged sweeps brought in the place of their cells' rows. */
export function createExchange(db: Connection) {
  const selectSweeps = db.prepare<[Month], StagedSweep>(
    `select id, kind, release from sweeps
     where month = ? and staged = 1 and opened_at is not null
       and not exists (select 1 from questions where sweep_id = sweeps.id and state <> 'done')`,
  );
  const selectCells = db
    .prepare<[number], string>("select force_id from sweep_cells where sweep_id = ?")
    .pluck();
  const selectCounts = byKind((kind) =>
    db.prepare<[Month], { forceId: string; records: number }>(
      `select ${TABLES[kind].owner()} as forceId, count(*) as records
         from staged_${kind} where ${TABLES[kind].month} = ? group by 1`,
    ),
  );
  const swap = byKind((kind) =>
    (TABLES[kind].key.length > 0 ? createSwap : createKeylessSwap)(db, kind),
  );
  const remove = db.prepare("delete from sweeps where id = ?");
  const forgetOpen = createForgetOpen(db);
  const covering = createCovering(db);
  const findDoubted = createFindDoubted(db);
  const { recount } = createCounts(db);
  const compare = createRevisions(db);
  const archive = createReplaceArchive(db);

  /** Marks cells as covered, those alone whose staged rows are believed. */
  const exchangeSweep = (month: Month, { id, kind, release }: StagedSweep): Exchanged => {
    const counted = new Map(
      selectCounts[kind].all(month).map(({ forceId, records }) => [forceId, records]),
    );
    const cells = selectCells
      .all(id)
      .map((forceId) => ({ forceId, records: counted.get(forceId) ?? 0 }));
    const doubted = findDoubted(cells, { month, kind, total: sum(counted.values()) });
    if (archive.isSource(month, kind)) {
      const isWhole = doubted.length === 0;
      const changes = isWhole ? archive.replace(kind, month) : archive.keep(kind, month);
      for (const cell of isWhole ? cells : [])
        covering.cover({ month, kind, source: "api", release, ...cell });
      remove.run(id);
      if (isWhole) recount(kind, month);
      return { kind, ...changes, doubted };
    }
    const believed = cells.filter(({ forceId }) => !doubted.includes(forceId));
    const target = { month, cells: JSON.stringify(believed.map(({ forceId }) => forceId)) };
    const revision = compare({ ...target, kind, release });
    const { taken, ...changes } = swap[kind](target, {
      staged: sum(believed.map(({ records }) => records)),
      added: revision.added,
    });
    covering.uncover(month, kind, taken);
    for (const cell of believed) covering.cover({ month, kind, source: "api", release, ...cell });
    remove.run(id);
    forgetOpen(month, kind, target.cells);
    recount(kind, month);
    revision.write();
    return { kind, ...changes, doubted };
  };

  /** What is staged of these kinds of a month, and all there, takes its place in one transaction. */
  return db.transaction((month: Month, kinds: readonly Kind[] = KINDS): Exchanged[] => {
    const sweeps = selectSweeps.all(month);
    // Crimes first: how many there are tells whether no outcome can be.
    const inOrder = kinds.flatMap((kind) => sweeps.filter((sweep) => sweep.kind === kind));
    return inOrder.map((sweep) => exchangeSweep(month, sweep));
  });
}

/** Takes cells that are covered now out of what was begun for them before. */
function createForgetOpen(db: Connection) {
  const takeCells = db.prepare<[string, Month, Kind]>(
    `delete from sweep_cells
     where force_id in (select value from json_each(?))
       and sweep_id in (select id from sweeps where month = ? and kind = ? and staged = 0)`,
  );
  const removeEmpty = db.prepare(
    "delete from sweeps where id not in (select sweep_id from sweep_cells)",
  );
  return (month: Month, kind: Kind, cells: string): void => {
    takeCells.run(cells, month, kind);
    removeEmpty.run();
  };
}

/** What a swap did, and the other cells that lost a record by it. */
type Swapped = Omit<Exchanged, "kind" | "doubted"> & { taken: string[] };

/** How many rows are staged, and how many of these are new. */
type Staged = { staged: number; added: number };

type Swap = (target: Target, staged: Staged) => Swapped;

/** Replaces the rows of some cells of a month by the staged ones of these cells. */
function createSwap(db: Connection, kind: Kind): Swap {
  const { month: at, columns, key, isKeyed, owner } = TABLES[kind];
  const list = (prefix = "") => columns.map(([name]) => `${prefix}${name}`).join(", ");
  const same = key
    .map((column) => `${keyTerm(column, "stored.")} = ${keyTerm(column, "staged.")}`)
    .join(" and ");
  const within = (table: string) =>
    `${table}.${at} = @month
     and ${owner(`${table}.`)} in (select value from json_each(@cells))`;
  const removeGone = db.prepare<Target>(
    `delete from ${kind} as stored
     where ${within("stored")}
       and not exists (select 1 from staged_${kind} as staged where ${same} and ${within("staged")})`,
  );
  const selectTaken = db
    .prepare<Target, string>(
      `select distinct ${owner("stored.")} as owner
       from staged_${kind} as staged join ${kind} as stored on ${same}
       where ${within("staged")}
         and ${owner("stored.")} not in (select value from json_each(@cells))`,
    )
    .pluck();
  const upsert = db.prepare<Target>(
    `insert into ${kind} (${list()})
     select ${list()} from staged_${kind} as staged where ${within("staged")} order by rowid
     on conflict (${key.map((column) => keyTerm(column)).join(", ")})
       ${isKeyed === null ? "" : `where ${isKeyed}`}
     do update set (${list()}) = (${list("excluded.")})
       where (${list(`${kind}.`)}) is not (${list("excluded.")})`,
  );
  const forget = db.prepare<[Month]>(`delete from staged_${kind} where ${at} = ?`);

  return (target, { staged, added }) => {
    const removed = removeGone.run(target).changes;
    const taken = selectTaken.all(target);
    const changed = upsert.run(target).changes - added;
    forget.run(target.month);
    return { kept: staged - added - changed, added, changed, removed, taken };
  };
}

/** The same where nothing names a row: all of them are. */
function createKeylessSwap(db: Connection, kind: Kind): Swap {
  const { month: at, columns, owner } = TABLES[kind];
  const list = columns.map(([name]) => name).join(", ");
  const within = `where ${at} = @month and ${owner()} in (select value from json_each(@cells))`;
  const remove = db.prepare<Target>(`delete from ${kind} ${within}`);
  const insert = db.prepare<Target>(
    `insert into ${kind} (${list}) select ${list} from staged_${kind} ${within} order by id`,
  );
  const forget = db.prepare<[Month]>(`delete from staged_${kind} where ${at} = ?`);

  return (target, { staged, added }) => {
    const kept = staged - added;
    const removed = remove.run(target).changes - kept;
    insert.run(target);
    forget.run(target.month);
    return { kept, added, changed: 0, removed, taken: [] };
  };
}
