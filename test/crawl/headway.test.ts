import { describe, expect, test } from "vitest";
import { STEADY_KINDS } from "../../src/completeness.ts";
import type { Task } from "../../src/crawl/todo/todo.ts";
import { Headway } from "../../src/crawl/walk/headway.ts";

const BEGUN = { plan: "tiles", release: "", staged: false, sweepId: null } as const;

function tasksOf(months: readonly string[], forces = ["avon", "kent"], left: number | null = null) {
  return months.flatMap((month) =>
    STEADY_KINDS.map((kind): Task => ({ ...BEGUN, month, kind, forces, left })),
  );
}

describe("how far a walk is", () => {
  test("is estimated for months that are not opened, from the one opened last", () => {
    const tasks = tasksOf(["2018-03", "2018-04", "2018-05"]);
    const headway = new Headway(tasks, 0.5);
    const [crimes, outcomes, next] = tasks;
    if (crimes === undefined || outcomes === undefined || next === undefined) throw new Error();
    headway.open(crimes, 1, { open: 100, done: 0 });
    expect(headway.read()).toMatchObject({ nth: 1, months: 3, total: 447, isEstimate: true });
    headway.open(outcomes, 2, { open: 20, done: 0 });
    expect(headway.read().total).toBe(360);
    headway.add(1, 10);
    expect(headway.read().total).toBe(390);
    headway.open(next, 3, { open: 60, done: 0 });
    expect(headway.read().total).toBe(130 + 80 + 80);
  });

  test("is at the oldest month of which a question is left, done or failed ones aside", () => {
    const tasks = tasksOf(["2018-04", "2018-05"]);
    const headway = new Headway(tasks, 1);
    tasks.forEach((task, at) => headway.open(task, at, { open: 1, done: 0 }));
    headway.settle(2, 5);
    headway.settle(0, 7);
    expect(headway.read()).toMatchObject({ month: "2018-04", nth: 1, done: 2, records: 12 });
    headway.settle(1, undefined);
    expect(headway.read()).toMatchObject({ month: "2018-05", nth: 2, done: 2, failed: 1 });
    headway.settle(3, 0);
    expect(headway.read()).toMatchObject({ nth: 2, done: 3, total: 4, isEstimate: false });
  });

  test("counts what an earlier run left, not what it did", () => {
    const tasks = tasksOf(["2018-05"], ["avon"], 3);
    const headway = new Headway(tasks, 1);
    expect(headway.read()).toMatchObject({ done: 0, total: 6 });
    for (const [at, task] of tasks.entries()) headway.open(task, at, { open: 3, done: 7 });
    expect(headway.read()).toMatchObject({ done: 0, total: 6 });
  });

  test("leaves a month out that is given up", () => {
    const tasks = tasksOf(["2018-04", "2018-05"]);
    const headway = new Headway(tasks, 1);
    tasks.forEach((task, at) => headway.open(task, at, { open: 4, done: 0 }));
    headway.forget("2018-04");
    expect(headway.read()).toMatchObject({ month: "2018-05", total: 8 });
  });
});
