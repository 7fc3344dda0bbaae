import { describe, expect, test } from "vitest";
import { ALL, cover, CRIMES, NEW, OLD, OUTCOMES, sweep, todo } from "../support/todo.ts";

describe("what there is to do", () => {
  test("is all that is wanted, where nothing is covered: one sweep a kind, of the newest release", () => {
    const { tasks, whole, discard, notes } = todo();
    expect(tasks).toEqual([CRIMES, OUTCOMES]);
    expect(whole[0]).toEqual({
      month: "2018-05",
      kind: "crimes",
      plan: "tiles",
      release: NEW,
      staged: false,
      forces: ALL,
      sweepId: null,
      left: null,
    });
    expect({ discard, notes }).toEqual({ discard: [], notes: [] });
  });

  test("is nothing, where all is covered, of whatever release", () => {
    expect(todo({}, cover(["2018-05", ALL])).tasks).toEqual([]);
  });

  test("is nothing, where all that is wanted is covered, and other cells are not", () => {
    const some = { forces: ["kent"] };
    expect(todo(some, cover(["2018-05", ["kent"]])).tasks).toEqual([]);
  });

  test("is the one kind that is not covered", () => {
    expect(todo({}, cover(["2018-05", ALL, ["crimes"]])).tasks).toEqual([OUTCOMES]);
  });

  test("is the one force that is lacking, though all are wanted", () => {
    const { tasks } = todo({}, cover(["2018-05", ["avon", ""]]));
    expect(tasks).toEqual([`2018-05 crimes ["kent"]`, `2018-05 outcomes ["kent"]`]);
  });

  test("is the oldest month first, and crimes before outcomes", () => {
    const months = ["2018-03", "2018-04", "2018-05"];
    const open = [sweep(1, { kind: "outcomes" }), sweep(2, { month: "2018-04", kind: "outcomes" })];
    const { tasks } = todo({ months }, { sweeps: open, ...cover(["2018-04", ALL, ["crimes"]]) });
    expect(tasks).toEqual([
      `2018-03 crimes ["avon","kent",""]`,
      `2018-03 outcomes ["avon","kent",""]`,
      `2018-04 outcomes ["avon","kent",""] #2`,
      CRIMES,
      `${OUTCOMES} #1`,
    ]);
  });

  test("leaves a month that is no longer published, and gives up what was begun for it", () => {
    const { tasks, discard, notes } = todo({}, { sweeps: [sweep(1, { month: "2018-02" })] });
    expect({ tasks, discard }).toEqual({ tasks: [CRIMES, OUTCOMES], discard: [1] });
    expect(notes.join()).toContain("2018-02 is no longer published");
  });

  test("is a sweep a force by neighbourhoods", () => {
    const wanted = { plan: "neighbourhoods", forces: ["avon", "kent", "surrey"] } as const;
    const { tasks } = todo(wanted, cover(["2018-05", ["kent"]], ["2018-05", ["avon"], ["crimes"]]));
    expect(tasks).toEqual([
      `2018-05 crimes ["surrey"]`,
      `2018-05 outcomes ["avon"]`,
      `2018-05 outcomes ["surrey"]`,
    ]);
  });
});

describe("what lies in no force", () => {
  test("has the whole month asked again, staged, where some of it is covered", () => {
    const { tasks } = todo({}, cover(["2018-05", ["avon", "kent"]]));
    expect(tasks).toEqual([`${CRIMES} staged`, `${OUTCOMES} staged`]);
  });

  test("has it staged even where only a force is covered that is not wanted any more", () => {
    const { tasks } = todo({}, cover(["2018-05", ["gone"], ["outcomes"]]));
    expect(tasks).toEqual([CRIMES, `${OUTCOMES} staged`]);
  });

  test("has it asked and not staged, where nothing is covered, whatever was begun", () => {
    const { tasks } = todo({}, { sweeps: [sweep(1, { forces: ["avon"] })] });
    expect(tasks).toEqual([CRIMES, OUTCOMES]);
  });
});

describe("an open sweep", () => {
  const forces = ["avon", "kent"];
  const two = { forces };

  test("goes on, where all of its cells are lacking", () => {
    const { tasks, whole } = todo({}, { sweeps: [sweep(1)] });
    expect(tasks).toEqual([`${CRIMES} #1`, OUTCOMES]);
    expect(whole[0]).toMatchObject({ left: 3 });
  });

  test("goes on with what it has, and another begins for the rest", () => {
    const { tasks } = todo(two, { sweeps: [sweep(1, { forces: ["kent"] })] });
    expect(tasks).toEqual([
      `2018-05 crimes ["kent"] #1`,
      `2018-05 crimes ["avon"]`,
      `2018-05 outcomes ["avon","kent"]`,
    ]);
  });

  test("goes on beside others of its month", () => {
    const sweeps = [sweep(1, { forces: ["kent"] }), sweep(2, { forces: ["avon", ""] })];
    expect(todo({}, { sweeps }).tasks).toEqual([
      `2018-05 crimes ["kent"] #1`,
      `2018-05 crimes ["avon",""] #2`,
      OUTCOMES,
    ]);
  });

  test("goes on where the newest release is not known", () => {
    const state = { sweeps: [sweep(1, { release: OLD })], release: "" };
    expect(todo({}, state).tasks).toEqual([`${CRIMES} #1`, OUTCOMES]);
  });

  test.each([
    ["of another plan", { plan: "neighbourhoods" }],
    ["of an older release", { release: OLD }],
    ["of another month", { month: "2018-04" }],
    ["that was begun when no release was known", { release: "" }],
    ["of more cells than are wanted", { forces: ["avon", "kent", "surrey"] }],
    ["of cells of which some are covered", { forces: ["avon", "essex"] }],
  ] as const)("%s does not go on", (_, other) => {
    const state = { sweeps: [sweep(1, { ...two, ...other })], ...cover(["2018-05", ["essex"]]) };
    const { tasks, discard } = todo({ forces: [...forces, "essex"] }, state);
    expect(tasks).toEqual([`2018-05 crimes ["avon","kent"]`, `2018-05 outcomes ["avon","kent"]`]);
    expect(discard).toEqual([]);
  });

  test.each([
    ["a", ["a,b"]],
    ["a", ["all"]],
    ["a,b", ["a", "b"]],
    ["all", ["a"]],
    ["all", ALL],
    ["von", ["avon"]],
    ["", ["avon", "kent"]],
  ])("is never taken for one of a force called %j when it is for %j", (forceId, others) => {
    const state = { sweeps: [sweep(1, { forces: others })] };
    const { whole } = todo({ forces: [forceId] }, state);
    expect(whole).toMatchObject([
      { kind: "crimes", forces: [forceId], sweepId: null },
      { kind: "outcomes", forces: [forceId], sweepId: null },
    ]);
    const covered = cover(["2018-05", others]);
    expect(todo({ forces: [forceId] }, covered).whole.map((task) => task.forces)).toEqual([
      [forceId],
      [forceId],
    ]);
  });
});
