import { createLocator } from "../geo/locate.ts";
import { formatCount } from "../text.ts";
import { nameCategories } from "./areas/categories.ts";
import type { Tally } from "./crawl-result.ts";
import type { Context } from "./context.ts";
import { createCuts } from "./plan/cuts.ts";
import { createNeighbourhoodPlan } from "./plan/plan.ts";
import { recallSizes } from "./plan/recall.ts";
import { createTilePlan } from "./plan/tiles.ts";
import { findNewestRelease } from "./releases.ts";
import { Agenda, isOf } from "./walk/agenda.ts";
import type { Batch } from "./walk/agenda.ts";
import { addChange, addDoubt, createTally, walkMonths } from "./walk/walk.ts";
import type { Task } from "./todo/todo.ts";
import type { Work } from "./work.ts";

/** What was written; `superseded` when the API was released anew, and staged months have to begin again. */
export type Filled = Tally & { superseded: boolean };

/** Does the work of a run: covers its cells, and puts what is staged in place. */
export async function fillCells(
  context: Context,
  work: Work,
  keepLastUpdate: () => void,
): Promise<Filled> {
  const { store, reporter } = context;
  const tasks = beginStaged(context, work);
  if (tasks.length === 0) return { ...createTally(), superseded: false };
  const locate = createLocator(store.areas.listBoundaries());
  const { patience, sizes } = recallSizes(store);
  const plan =
    work.plan === "tiles"
      ? createTilePlan({ store, sizes, forces: work.forces })
      : createNeighbourhoodPlan(store);
  const agenda = new Agenda({ store, plan, tasks });
  let superseded = false;
  const onDone = async (batch: Batch, tally: Tally) => {
    const isStaged = tasks.some((task) => isOf(batch, task) && task.staged);
    if (isStaged) {
      const release = await findNewestRelease(context);
      if (release === undefined) return;
      superseded ||= tasks.some((task) => task.staged && task.release !== release);
      if (superseded) return agenda.end();
      exchangeBatch(context, batch, tally);
    }
    keepLastUpdate();
    const isDoubted = tally.doubts.some((doubt) => isOf(batch, doubt));
    reporter.note(describeDone(batch, { isStaged, isPartial: work.isPartial, isDoubted }));
  };
  await nameCategories(context, tasks.at(-1)?.month);
  const tally = await walkMonths(context, {
    agenda,
    guide: { plan, sizes, patience, locate, cuts: createCuts(sizes.refused) },
    onDone,
  });
  await nameCategories(context, tasks[0]?.month);
  return { ...tally, superseded };
}

/** From so many records on, finding where they lie takes long enough to be told of. */
const MANY = 1_000_000;

/** Finds where stored records lie anew, after boundaries changed. */
export function relocateMoved({ store, reporter }: Context): void {
  const moved = store.areas.listMovedForces();
  if (moved.length === 0) return;
  const cells = store.coverage.readCover().listAll();
  const records = cells.reduce((sum, cell) => sum + cell.records, 0);
  if (records >= MANY)
    reporter.note(`finding the areas of ${formatCount(records)} records, since boundaries changed`);
  store.sweeps.forgetQuestions(moved);
  const locate = createLocator(store.areas.listBoundaries());
  store.records.relocate((point) => locate(point)[0] ?? null);
}

/** All months of a refresh begin together, so that one that is killed goes on, and ends. */
function beginStaged({ store }: Context, { tasks, discard }: Work): Task[] {
  const fresh = tasks.filter(({ staged, sweepId }) => staged && sweepId === null);
  const ids = store.sweeps.exchange(discard, fresh);
  return tasks.map((task) => {
    const at = fresh.indexOf(task);
    return at < 0 ? task : { ...task, sweepId: ids[at] ?? null };
  });
}

function describeDone(
  { month, kinds }: Batch,
  { isStaged, isPartial, isDoubted }: Record<"isStaged" | "isPartial" | "isDoubted", boolean>,
): string {
  const isStops = kinds.includes("stops");
  const lacking = [
    ...(isDoubted ? ["what is not believed"] : []),
    ...(isPartial && !isStops ? ["what lies in no force's area"] : []),
  ];
  const butFor = lacking.length === 0 ? "" : `, but for ${lacking.join(" and ")}`;
  const what = isStops ? `the stops of ${month} are` : `${month} is`;
  return `${what} ${isStaged ? "refreshed" : "complete"}${butFor}`;
}

function exchangeBatch({ store }: Context, { month, kinds }: Batch, tally: Tally): void {
  for (const { kind, doubted, ...change } of store.exchangeMonth(month, kinds)) {
    addChange(tally.changes[kind], change);
    addDoubt(tally, { month, kind, forces: doubted });
  }
}
