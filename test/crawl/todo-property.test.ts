import fc from "fast-check";
import { expect, test } from "vitest";
import { createCover } from "../../src/completeness.ts";
import { listTodo } from "../../src/crawl/todo/todo.ts";
import type { Task, Todo } from "../../src/crawl/todo/todo.ts";
import type { State, Wanted } from "../../src/crawl/todo/wanted.ts";
import type { OpenSweep } from "../../src/store/sweeps.ts";
import { KINDS } from "../../src/types.ts";
import type { Kind, Month } from "../../src/types.ts";
import { MONTHS, NEW, OLD, toWanted } from "../support/todo.ts";

/** Names that look like lists, parts or all of others. */
const NAMES = ["a", "b", "a,b", "all", ""];
const names = fc.subarray(NAMES);
/** The newest month is short: some publish their stops later. */
const STOPS = new Map(
  MONTHS.map((month, at) => [
    month,
    NAMES.filter((name, nth) => name !== "" && (at < 2 || nth < 2)),
  ]),
);
const at = fc.record({ month: fc.constantFrom(...MONTHS), kind: fc.constantFrom(...KINDS) });
const covered = fc.array(fc.record({ at, forces: names }), { maxLength: 6 });
const plan = fc.constantFrom("tiles" as const, "neighbourhoods" as const);
const release = fc.constantFrom(OLD, NEW, "");
const begun = fc.array(
  fc.record({
    at,
    forces: fc.subarray(NAMES, { minLength: 1 }),
    plan,
    release,
    staged: fc.boolean(),
  }),
  { maxLength: 8 },
);
const wanted = fc.record({
  months: fc.subarray(MONTHS, { minLength: 1 }),
  isRefresh: fc.boolean(),
  forces: fc.subarray(NAMES, { minLength: 1 }),
  plan,
});

/** Sweeps as the store keeps them: a cell is in one at most, and one of a month and kind is staged. */
function toSweeps(
  list: readonly {
    at: { month: Month; kind: Kind };
    forces: string[];
    plan: "tiles" | "neighbourhoods";
    release: string;
    staged: boolean;
  }[],
): OpenSweep[] {
  const taken = new Set<string>();
  return list.flatMap(({ at: { month, kind }, ...one }, id) => {
    const key = (force: string) => JSON.stringify([month, kind, one.staged ? "staged" : force]);
    const forces = one.forces.filter((force) => !taken.has(key(force)));
    for (const force of one.forces) taken.add(key(force));
    const named = kind === "stops" ? forces.filter((force) => force !== "") : forces;
    const plan = kind === "stops" ? ("forces" as const) : one.plan;
    return named.length === 0 ? [] : [{ ...one, plan, month, kind, forces: named, id, left: null }];
  });
}

function keysOf(tasks: readonly Task[]): string[] {
  return tasks.flatMap(({ month, kind, forces }) =>
    forces.map((force) => JSON.stringify([month, kind, force])),
  );
}

/** Every cell that is wanted and not covered is in some task. */
function expectAllThere(
  { monthsOf, forcesOf }: Wanted,
  { cover }: State,
  tasks: readonly Task[],
): void {
  const there = new Set(keysOf(tasks));
  const lacking = KINDS.flatMap((kind) =>
    monthsOf(kind).flatMap((month) =>
      cover
        .listLacking(month, kind, forcesOf(month, kind))
        .map((force) => JSON.stringify([month, kind, force])),
    ),
  );
  expect(lacking.filter((key) => !there.has(key))).toEqual([]);
}

/** No cell is in two tasks that are not staged, nor in one that is and one that is not. */
function expectOnce({ cover }: State, tasks: readonly Task[]): void {
  const unstaged = tasks.filter(({ staged }) => !staged);
  expect(new Set(keysOf(unstaged)).size).toBe(keysOf(unstaged).length);
  for (const { month, kind, forces } of unstaged) {
    expect(cover.listLacking(month, kind, forces)).toEqual(forces);
    const staged = tasks.filter(
      (task) => task.staged && task.month === month && task.kind === kind,
    );
    const shared = forces.filter((force) => staged.some((task) => task.forces.includes(force)));
    expect(kind === "stops" ? shared : staged).toEqual([]);
  }
}

/** What is begun has room in the store: of a month and kind, one sweep at most is staged. */
function expectRoom({ sweeps }: State, { tasks, discard }: Todo): void {
  const left = sweeps.filter(({ id, staged }) => staged && !discard.includes(id));
  const fresh = tasks.filter(({ staged, sweepId }) => staged && sweepId === null);
  const staged = [...left, ...fresh].map(({ month, kind }) => `${month} ${kind}`);
  expect(new Set(staged).size).toBe(staged.length);
  const open = sweeps.filter(({ id }) => !discard.includes(id)).map(({ id }) => id);
  for (const { sweepId } of tasks) expect([...open, null]).toContain(sweepId);
}

function listOrRefuse(options: Wanted, state: State): Todo | undefined {
  try {
    return listTodo(options, state);
  } catch (error) {
    expect(error).toMatchObject({ exitCode: 2 });
    expect(options.again.length > 0 && state.sweeps.some(({ staged }) => staged)).toBe(true);
    return undefined;
  }
}

test("tasks cover what is wanted and lacking, ask nothing twice, and touch nothing that is covered", () => {
  let refused = 0;
  const property = fc.property(wanted, covered, begun, release, (options, cells, list, newest) => {
    const { months, isRefresh, plan: name } = options;
    const forces = options.forces.filter((force) => name === "tiles" || force !== "");
    fc.pre(forces.length > 0);
    const again = isRefresh ? months : [];
    const asked = toWanted({ kinds: KINDS, months, forces, plan: name, again, stops: STOPS });
    const cover = createCover(
      cells.flatMap(({ at: place, forces: ids }) =>
        ids.map((forceId) => ({
          ...place,
          forceId,
          source: "api" as const,
          release: OLD,
          records: 1,
        })),
      ),
    );
    const state = { published: MONTHS, release: newest, cover, sweeps: toSweeps(list) };
    const found = listOrRefuse(asked, state);
    if (found === undefined) return void (refused += 1);
    expectAllThere(asked, state, found.tasks);
    expectOnce(state, found.tasks);
    expectRoom(state, found);
    const order = found.tasks.map(({ month, kind }) => `${month} ${KINDS.indexOf(kind)}`);
    expect(order).toEqual([...order].sort());
  });
  fc.assert(property, { numRuns: 2000 });
  expect(refused).toBeGreaterThan(0);
});
