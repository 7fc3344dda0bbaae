import { NOWHERE } from "../../completeness.ts";
import type { OpenSweep, Sweep } from "../../store/sweeps.ts";
import { KINDS } from "../../types.ts";
import type { Kind, Month } from "../../types.ts";
import { createImported } from "./imported.ts";
import { sortStaged } from "./staged.ts";
import { planOf } from "./wanted.ts";
import type { State, Wanted } from "./wanted.ts";

/** Cells of a month and kind to cover by one sweep: a new one, or one that was begun before. */
export type Task = Sweep & { sweepId: number | null; left: number | null };

/** The work of a run, oldest month first, and the sweeps that are of no use any more. */
export type Todo = { tasks: Task[]; discard: number[]; notes: string[] };

/**
 * Work = the cells that are wanted − the cells that are covered. What was begun goes on; a refresh
 * begins only when none is open. Throws (exit 2) when an open refresh is in the way of another.
 */
export function listTodo(wanted: Wanted, state: State): Todo {
  const { over, going, restarted, foreign, ...staged } = sortStaged(wanted, state);
  const own = [...going, ...restarted];
  const notes = [...staged.notes];
  const gone = state.sweeps.filter(
    ({ staged: isStaged, month }) => !isStaged && !state.published.includes(month),
  );
  for (const { month } of gone) {
    notes.push(`${month} is no longer published; what it lacks is given up, and its rows stay`);
  }
  const discard = [...over, ...restarted, ...gone].map(({ id }) => id);
  const tasks = [
    ...going.map(toTask),
    ...restarted.map((at) => begin(wanted, state, { ...toTask(at), staged: true })),
  ];
  const imported = createImported(wanted, state);
  for (const at of listMonthKinds(wanted)) {
    const inHand = own.filter((sweep) => isAt(sweep, at));
    if (imported.has(at)) {
      const forces = own.length === 0 ? imported.listAgain(at) : [];
      if (forces.length > 0) tasks.push(begin(wanted, state, { ...at, forces, staged: true }));
      continue;
    }
    if (inHand.length > 0 && at.kind !== "stops") continue;
    const begun = inHand.flatMap(({ forces }) => forces);
    const forces = wanted.forcesOf(at.month, at.kind).filter((forceId) => !begun.includes(forceId));
    const lacking = state.cover.listLacking(at.month, at.kind, forces);
    const isAgain = own.length === 0 && wanted.again.includes(at.month);
    if (isAgain) {
      const again = listAgain(at.kind, forces, lacking);
      if (again.length > 0)
        tasks.push(begin(wanted, state, { ...at, forces: again, staged: true }));
    }
    if (lacking.length === 0 || !wanted.monthsOf(at.kind).includes(at.month)) continue;
    const found =
      isAgain && isStale(state, { ...at, forces })
        ? [begin(wanted, state, { ...at, forces, staged: true })]
        : listLacking(wanted, state, { ...at, forces, lacking });
    tasks.push(...found);
    const inTheWay = foreign.filter((sweep) => isAt(sweep, at));
    if (!found.some((task) => task.staged) || inTheWay.length === 0) continue;
    discard.push(...inTheWay.map(({ id }) => id));
    notes.push(`the refresh of ${at.month} for some forces is taken over by that of all`);
  }
  return {
    tasks: tasks.sort(byMonth),
    discard,
    notes: [...new Set([...notes, ...imported.listNotes()])],
  };
}

function listMonthKinds({ kinds, monthsOf, again }: Wanted): At[] {
  return kinds.flatMap((kind) =>
    [...new Set([...monthsOf(kind), ...again])].map((month) => ({ month, kind })),
  );
}

type At = { month: Month; kind: Kind };
type Cells = At & { forces: readonly string[] };

/** A month is replaced when it is complete; stops of the forces that published theirs before, too. */
function listAgain(kind: Kind, forces: readonly string[], lacking: readonly string[]) {
  if (kind !== "stops") return lacking.length === 0 ? forces : [];
  return forces.filter((forceId) => !lacking.includes(forceId));
}

/** Whether some of a month is of an older release, which what it lacks would not fit. */
function isStale({ cover, release }: State, { forces, kind, ...at }: Cells): boolean {
  if (kind === "stops" || release === "") return false;
  const covered = forces.map((forceId) => cover.find({ ...at, kind, forceId }));
  return covered.some((cell) => cell !== undefined && cell.release !== release);
}

/** The sweeps that cover what a month lacks of a kind. */
function listLacking(
  wanted: Wanted,
  state: State,
  { month, kind, forces, lacking }: Cells & { lacking: readonly string[] },
): Task[] {
  const open = listResumable(wanted, state, { month, kind }).filter((sweep) =>
    sweep.forces.every((force) => lacking.includes(force)),
  );
  const begun = new Set(open.flatMap((sweep) => sweep.forces));
  const rest = lacking.filter((force) => !begun.has(force));
  if (rest.includes(NOWHERE)) {
    // What lies between forces comes with the whole country alone. Where some of it is there, ids
    // may have changed since: then all of the month is replaced, and not added to.
    const isMixed =
      lacking.length < forces.length ||
      state.cover.listCells(month, kind).length > 0 ||
      state.sweeps.some((sweep) => sweep.staged && isAt(sweep, { month, kind }));
    return [begin(wanted, state, { month, kind, forces, staged: isMixed })];
  }
  const groups = planOf(kind, wanted.plan) === "tiles" ? [rest] : rest.map((force) => [force]);
  return [
    ...open.map(toTask),
    ...groups
      .filter((group) => group.length > 0)
      .map((group) => begin(wanted, state, { month, kind, forces: group, staged: false })),
  ];
}

/** Sweeps that can go on: chosen by the same plan, and of the release that is published. */
function listResumable({ plan }: Wanted, { release, sweeps }: State, at: At): OpenSweep[] {
  return sweeps.filter(
    (sweep) =>
      !sweep.staged &&
      isAt(sweep, at) &&
      sweep.plan === planOf(at.kind, plan) &&
      (release === "" || sweep.release === release),
  );
}

function begin(
  { plan }: Wanted,
  { release }: State,
  { month, kind, forces, staged }: Cells & { staged: boolean },
): Task {
  return {
    month,
    kind,
    plan: planOf(kind, plan),
    release,
    staged,
    forces,
    sweepId: null,
    left: null,
  };
}

function isAt(sweep: At, { month, kind }: At): boolean {
  return sweep.month === month && sweep.kind === kind;
}

function toTask({ id, ...sweep }: OpenSweep): Task {
  return { ...sweep, sweepId: id };
}

function byMonth(a: Task, b: Task): number {
  if (a.month !== b.month) return a.month < b.month ? -1 : 1;
  return KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind);
}
