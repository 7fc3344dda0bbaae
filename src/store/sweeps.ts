import { NOWHERE } from "../completeness.ts";
import { byKind } from "../types.ts";
import type { Kind, Month, PlanName } from "../types.ts";
import type { Connection } from "./database.ts";
import { TABLES } from "./kinds.ts";

/** One covering of cells of a month and kind by questions. */
export type Sweep = {
  month: Month;
  kind: Kind;
  /** Which polygons are asked; 'forces' where none are. */
  plan: PlanName | "forces";
  /** /crime-last-updated when it began; '' where that was not known. */
  release: string;
  /** Whether what it brings waits for its whole month. */
  staged: boolean;
  /** The forces of its cells. */
  forces: readonly string[];
};

/** A sweep that is not done; `left` are its questions that are, null: they are not chosen yet. */
export type OpenSweep = Sweep & { id: number; left: number | null };

type SweepRow = Omit<OpenSweep, "staged" | "forces"> & { staged: number; forces: string };

/** The coverings that are under way. A cell is in one of them at most, and in one that is staged. */
export function createSweeps(db: Connection) {
  const select = db.prepare<[], SweepRow>(
    `select id, month, kind, plan, release, staged,
       (select json_group_array(force_id) from sweep_cells where sweep_id = sweeps.id) as forces,
       case when opened_at is not null then (
         select count(*) from questions where sweep_id = sweeps.id and state <> 'done'
       ) end as left
     from sweeps
     order by month, kind, id`,
  );
  const insert = db.prepare(
    "insert into sweeps (month, kind, plan, release, staged) values (?, ?, ?, ?, ?)",
  );
  const insertCell = db.prepare("insert into sweep_cells (sweep_id, force_id) values (?, ?)");
  const takeCell = db.prepare(
    `delete from sweep_cells
     where force_id = ?
       and sweep_id in (select id from sweeps where month = ? and kind = ? and staged = 0)`,
  );
  const removeEmpty = db.prepare(
    "delete from sweeps where id not in (select sweep_id from sweep_cells)",
  );
  const remove = db.prepare("delete from sweeps where id = ?");
  const selectOfMonth = db
    .prepare<[Month], number>("select id from sweeps where month = ?")
    .pluck();
  const clean = byKind((kind) =>
    db.prepare<[Month, string]>(
      `delete from ${kind}
       where ${TABLES[kind].month} = ?
         and ${TABLES[kind].owner()} in (select value from json_each(?))`,
    ),
  );
  const selectStaged = db.prepare<[number], { month: Month; kind: Kind }>(
    "select month, kind from sweeps where id = ? and staged = 1",
  );
  const unstage = byKind((kind) =>
    db.prepare<[Month]>(`delete from staged_${kind} where ${TABLES[kind].month} = ?`),
  );
  const selectTouched = db
    .prepare<[string], number>(
      `select sweep_id from sweep_cells as cell
       where force_id = ?
         and not exists (
           select 1 from sweep_cells where sweep_id = cell.sweep_id and force_id = '${NOWHERE}')`,
    )
    .pluck();
  const removeQuestions = db.prepare("delete from questions where sweep_id = ?");
  const close = db.prepare("update sweeps set opened_at = null where id = ?");

  /** What an earlier sweep left of the cells is of no release that is known: it is begun cleanly. */
  const claim = ({ month, kind, staged, forces }: Sweep): void => {
    if (staged) return;
    for (const forceId of forces) takeCell.run(forceId, month, kind);
    removeEmpty.run();
    clean[kind].run(month, JSON.stringify(forces));
  };
  const discard = (id: number): void => {
    const staged = selectStaged.get(id);
    if (staged !== undefined) unstage[staged.kind].run(staged.month);
    remove.run(id);
  };
  const begin = (sweep: Sweep): number => {
    const { month, kind, plan, release, staged, forces } = sweep;
    claim(sweep);
    const id = Number(insert.run(month, kind, plan, release, Number(staged)).lastInsertRowid);
    for (const forceId of forces) insertCell.run(id, forceId);
    return id;
  };

  return {
    list: (): OpenSweep[] =>
      select
        .all()
        .map((row) => ({ ...row, staged: row.staged === 1, forces: JSON.parse(row.forces) })),
    /** Begins a sweep, which takes its cells from any other; its questions are chosen later. */
    begin: db.transaction(begin),
    /** Gives up sweeps and what they staged, and begins others; returns the ids of these. */
    exchange: db.transaction((given: readonly number[], begun: readonly Sweep[]): number[] => {
      for (const id of given) discard(id);
      return begun.map(begin);
    }),
    /** Gives up all that is under way of a month, whose rows stay as they are. */
    giveUp: db.transaction((month: Month): void => {
      for (const id of selectOfMonth.all(month)) discard(id);
    }),
    /** Has questions chosen anew that were chosen by boundaries of these forces, which moved. */
    forgetQuestions: db.transaction((forces: readonly string[]): void => {
      for (const id of forces.flatMap((forceId) => selectTouched.all(forceId))) {
        removeQuestions.run(id);
        close.run(id);
      }
    }),
  };
}
