import { describe, expect, test } from "vitest";
import { STEADY_KINDS } from "../../src/completeness.ts";
import { UkpoliceError } from "../../src/errors.ts";
import type { Month } from "../../src/types.ts";
import { ALL, cover, CRIMES, MONTHS, NEW, OLD, OUTCOMES, refresh, todo } from "../support/todo.ts";
import type { Covered } from "../support/todo.ts";

describe("a refresh", () => {
  const again = MONTHS;
  const complete = cover(["2018-04", ALL], ["2018-05", ALL]);
  const both = (month: Month, how: string) =>
    STEADY_KINDS.map((kind) => `${month} ${kind} ["avon","kent",""] ${how}`);

  test("begins for complete months, and others are asked for as ever", () => {
    const months = ["2018-03", "2018-04"];
    const { tasks, discard, notes } = todo({ months, again: months }, complete);
    expect(tasks).toEqual([
      `2018-03 crimes ["avon","kent",""]`,
      `2018-03 outcomes ["avon","kent",""]`,
      ...both("2018-04", "staged"),
    ]);
    expect({ discard, notes }).toEqual({ discard: [], notes: [] });
  });

  test("takes all of a month that lacks a force, where the others are of an older release", () => {
    const state = cover(["2018-05", ["avon", ""]]);
    expect(todo({ again: ["2018-05"] }, state).tasks).toEqual(both("2018-05", "staged"));
    expect(todo({}, state).tasks).toEqual(STEADY_KINDS.map((kind) => `2018-05 ${kind} ["kent"]`));
  });

  test("begins for months that are to be fetched again alone", () => {
    const { tasks } = todo({ months: again, again: ["2018-05"] }, cover(...MONTHS.map(wholeMonth)));
    expect(tasks).toEqual(both("2018-05", "staged"));
  });

  test("goes on, with or without asking for it, and no other begins meanwhile", () => {
    const state = { ...complete, sweeps: refresh(1) };
    const note = "going on with the refresh of 2018-05";
    for (const wanted of [{ again: ["2018-04", "2018-05"] }, { again: [] }]) {
      const { tasks, discard, notes } = todo(wanted, state);
      expect(tasks).toEqual([`${CRIMES} staged #1`, `${OUTCOMES} staged #2`]);
      expect({ discard, notes }).toEqual({ discard: [], notes: [note] });
    }
  });

  test("goes on for all of its months, when it is asked for some", () => {
    const sweeps = [...refresh(1, { month: "2018-03" }), ...refresh(3)];
    const { tasks, notes } = todo({ again: ["2018-05"] }, { ...complete, sweeps });
    expect(tasks).toEqual([
      `2018-03 crimes ["avon","kent",""] staged #1`,
      `2018-03 outcomes ["avon","kent",""] staged #2`,
      `${CRIMES} staged #3`,
      `${OUTCOMES} staged #4`,
    ]);
    expect(notes).toEqual(["going on with the refresh of 2018-03, 2018-05"]);
  });

  test("waits, where a run is for other months and asks for none", () => {
    const sweeps = refresh(1, { month: "2018-04" });
    const { tasks, discard, notes } = todo({}, { ...complete, sweeps });
    expect({ tasks, discard, notes }).toEqual({ tasks: [], discard: [], notes: [] });
  });

  test("begins again on a new release: what it staged is of the old one", () => {
    const sweeps = refresh(1, { release: OLD });
    const { tasks, whole, discard, notes } = todo({ again }, { ...complete, sweeps });
    expect(tasks).toEqual([`${CRIMES} staged`, `${OUTCOMES} staged`]);
    expect(whole[0]?.release).toBe(NEW);
    expect(discard).toEqual([1, 2]);
    expect(notes).toEqual(["the API was released anew; the refresh of 2018-05 begins again"]);
  });

  test("goes on where the newest release is not known", () => {
    const state = { ...complete, sweeps: refresh(1, { release: OLD }), release: "" };
    expect(todo({ again }, state).tasks).toEqual([`${CRIMES} staged #1`, `${OUTCOMES} staged #2`]);
  });

  test("begins again by another plan, and does not say that the API was released anew", () => {
    const forces = ["avon", "kent"];
    const wanted = { forces, plan: "neighbourhoods" } as const;
    const { whole, discard, notes } = todo(wanted, { ...complete, sweeps: refresh(1, { forces }) });
    expect(whole).toMatchObject([
      { kind: "crimes", plan: "neighbourhoods", staged: true, sweepId: null },
      { kind: "outcomes", plan: "neighbourhoods", staged: true, sweepId: null },
    ]);
    expect(discard).toEqual([1, 2]);
    expect(notes).toEqual([expect.stringMatching(/plan; the refresh of 2018-05 begins again/)]);
  });

  test("is given up for a month that is no longer published, whoever's it is", () => {
    const sweeps = [
      ...refresh(1, { month: "2015-01" }),
      ...refresh(3, { forces: ["kent"], month: "2015-02" }),
    ];
    const { tasks, discard, notes } = todo({ again: ["2018-05"] }, { ...complete, sweeps });
    expect(tasks).toEqual(both("2018-05", "staged"));
    expect(discard).toEqual([1, 2, 3, 4]);
    expect(notes).toEqual([
      "2015-01 is no longer published; its refresh is given up, and its rows stay",
      "2015-02 is no longer published; its refresh is given up, and its rows stay",
    ]);
  });

  test.each([
    ["of some forces", ["kent", "avon"], ALL, "kent, avon", "--refresh --force kent avon"],
    ["of all forces", ALL, ["kent"], "all forces", "--refresh"],
    [
      "of a force called like two",
      ["avon,kent"],
      ["avon", "kent"],
      "avon,kent",
      "--force avon,kent",
    ],
  ])(
    "%s is in the way of another one: exit code 2, and a hint to finish it",
    (_, theirs, ours, whose, hint) => {
      const state = { ...complete, sweeps: refresh(1, { forces: theirs }) };
      const failure = failureOf(() => todo({ again, forces: ours }, state));
      expect(failure).toMatchObject({
        exitCode: 2,
        message: `a refresh of 2018-05 for ${whose} is not finished`,
      });
      expect(failure.hint).toMatch(new RegExp(`^finish it first: ukpolice crawl .*${hint}$`));
    },
  );

  test("of some forces is in nobody's way who asks for no refresh", () => {
    const sweeps = refresh(1, { forces: ["kent"] });
    const { tasks, discard } = todo({ months: ["2018-03"] }, { ...complete, sweeps });
    expect(tasks).toEqual(
      ["2018-03 crimes", "2018-03 outcomes"].map((at) => `${at} ["avon","kent",""]`),
    );
    expect(discard).toEqual([]);
    expect(todo({ months: ["2018-05"] }, { ...complete, sweeps }).tasks).toEqual([]);
  });

  test("of one force is taken over by that of all, where what lies in none is lacking", () => {
    const sweeps = refresh(1, { forces: ["kent"] });
    const state = { sweeps, ...cover(["2018-05", ["kent"]]) };
    const { tasks, discard, notes } = todo({}, state);
    expect(tasks).toEqual([`${CRIMES} staged`, `${OUTCOMES} staged`]);
    expect(discard).toEqual([1, 2]);
    expect(notes).toEqual(["the refresh of 2018-05 for some forces is taken over by that of all"]);
  });

  test("is its month's covering, too: what it lacks is not asked for beside it", () => {
    const state = { ...cover(["2018-05", ["kent"]]), sweeps: refresh(1) };
    expect(todo({}, state).tasks).toEqual([`${CRIMES} staged #1`, `${OUTCOMES} staged #2`]);
  });
});

function wholeMonth(month: Month): Covered {
  return [month, ALL];
}

function failureOf(act: () => unknown): UkpoliceError {
  try {
    act();
  } catch (error) {
    if (error instanceof UkpoliceError) return error;
    throw error;
  }
  throw new Error("nothing failed");
}
