import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Question, Seed } from "../../src/store/frontier.ts";
import type { Saved, Store } from "../../src/store/store.ts";
import type { Sweep } from "../../src/store/sweeps.ts";
import type { Area, Kind, Month } from "../../src/types.ts";
import { AT, crimeOf, HERE, listCovered, openTestStore, outcomeOf } from "../support/stored.ts";
import { saveCrimes, saveOutcomes, seedOf, SWEEP, THERE, TRIANGLE } from "../support/stored.ts";
import { countRows, createFolder, queryColumn, queryRows } from "../support/temp.ts";

/** Avon and Kent have neighbourhoods; the third is called like both, and has none. */
const FORCES = ["avon", "kent", "avon,kent", ""];
const IN_KENT: Area = { forceId: "kent", neighbourhoodId: "K1" };
const PLACES: Record<string, Area | null> = { avon: HERE, kent: IN_KENT, "": null };
/** Two months, two kinds, and a month that two plans and several sets of forces compete for. */
const SWEEPS: readonly Sweep[] = [
  { ...SWEEP, forces: ["avon"] },
  { ...SWEEP, forces: ["kent"], month: "2018-04" },
  { ...SWEEP, forces: ["avon,kent"] },
  { ...SWEEP, forces: ["avon", "kent"], plan: "tiles" },
  { ...SWEEP, forces: FORCES, plan: "tiles" },
  { ...SWEEP, forces: FORCES, plan: "tiles", kind: "outcomes" },
];
/** Every cell of the months and kinds of the sweeps. */
const WANTED = [
  { month: "2018-04", kind: "crimes" },
  { month: "2018-05", kind: "crimes" },
  { month: "2018-05", kind: "outcomes" },
] as const;

type State = "open" | "done" | "failed";
type At = { month: Month; kind: Kind };
type Known = At & { id: number; forces: Set<string>; questions: Map<number, State> | null };

/** What the store should know: sweeps with their cells and questions, rows by cell, what is covered. */
class Model {
  readonly sweeps = new Map<number, Known>();
  readonly covered = new Set<string>();
  readonly #rows = new Map<string, number>();
  /** Rows by cell when a sweep of their month and kind was last complete. */
  readonly #counted = new Map<string, number>();

  isLacking({ month, kind }: At, forces: Iterable<string>): boolean {
    return [...forces].every((force) => !this.covered.has(nameOf({ month, kind }, force)));
  }

  /** A new sweep takes its cells from any other, and what they held is gone. */
  begin(id: number, { month, kind, forces }: Sweep): void {
    for (const other of this.sweeps.values()) {
      if (other.month !== month || other.kind !== kind) continue;
      for (const force of forces) other.forces.delete(force);
      if (other.forces.size === 0) this.sweeps.delete(other.id);
    }
    for (const force of forces) this.#rows.delete(nameOf({ month, kind }, force));
    this.sweeps.set(id, { month, kind, id, forces: new Set(forces), questions: null });
  }

  add(at: At, force: string): void {
    const name = nameOf(at, force);
    this.#rows.set(name, (this.#rows.get(name) ?? 0) + 1);
  }

  count(at: At, force: string): number {
    return this.#rows.get(nameOf(at, force)) ?? 0;
  }

  countAll(at: At): number {
    return FORCES.reduce((sum, force) => sum + this.count(at, force), 0);
  }

  /** The forces in doubt, when that completed the sweep: a month of no record is not believed. */
  finish({ id, month, kind, forces, questions }: Known): string[] | undefined {
    if ([...(questions ?? [])].some(([, state]) => state !== "done")) return undefined;
    const at = { month, kind };
    for (const force of FORCES) this.#counted.set(nameOf(at, force), this.count(at, force));
    const asked = [...forces].filter((force) => force in PLACES);
    const crimes = FORCES.map(
      (force) => this.#counted.get(nameOf({ month, kind: "crimes" }, force)) ?? 0,
    ).reduce((sum, records) => sum + records, 0);
    const isNone = this.countAll(at) === 0 && (kind === "crimes" || crimes === 0);
    const doubted = isNone && asked.some((force) => force !== "") ? asked : [];
    for (const force of forces) {
      if (!doubted.includes(force)) this.covered.add(nameOf(at, force));
    }
    this.sweeps.delete(id);
    return doubted.sort();
  }

  open(): { sweep: Known; question: number }[] {
    return [...this.sweeps.values()].flatMap((sweep) =>
      [...(sweep.questions ?? [])].flatMap(([question, state]) =>
        state === "open" ? [{ sweep, question }] : [],
      ),
    );
  }
}

function nameOf({ month, kind }: At, force: string): string {
  return `${month} ${kind} ${force}`;
}

type Real = { store: Store; records: number };
type Command = fc.Command<Model, Real>;

/** A sweep begins that covers what is lacking. */
function beginning(sweep: Sweep): Command {
  return {
    check: (model) => model.isLacking(sweep, sweep.forces),
    run(model, { store }) {
      model.begin(store.sweeps.begin(sweep), sweep);
      expectSweeps(model, store);
    },
    toString: () => `begin ${sweep.month} ${sweep.kind} for ${JSON.stringify(sweep.forces)}`,
  };
}

/** A sweep's questions are chosen, or it goes on with what is open and what failed. */
function opening(pick: number, seeds: number): Command {
  const choose = ({ sweeps }: Pick<Model, "sweeps">) => [...sweeps.values()][pick % sweeps.size];
  return {
    check: (model) => choose(model) !== undefined,
    run(model, { store }) {
      const sweep = choose(model);
      if (sweep === undefined) throw new Error("there is no sweep");
      let seeded = 0;
      const completed = store.frontier.openSweep(sweep.id, () => {
        seeded = seeds;
        return seedsOf(seeds);
      });
      const open = store.frontier.listOpen(sweep.id).map(({ id }) => id);
      if (sweep.questions === null) {
        expect(open).toHaveLength(seeds);
        sweep.questions = new Map(open.map((id) => [id, "open"]));
      } else {
        expect(seeded).toBe(0);
        for (const [id, state] of sweep.questions)
          if (state === "failed") sweep.questions.set(id, "open");
      }
      expectCompleted(completed, model.finish(sweep));
      expectSweeps(model, store);
    },
    toString: () => `open sweep ${pick} with ${seeds}`,
  };
}

/** One of the open questions is answered with a record or none, cut, or fails. */
function asking(pick: number, what: "answered" | "empty" | "failed" | number): Command {
  const choose = (model: Pick<Model, "open">) => {
    const open = model.open();
    return open[pick % open.length];
  };
  return {
    check: (model) => choose(model) !== undefined,
    run(model, real) {
      const chosen = choose(model);
      if (chosen === undefined) throw new Error("none is open");
      const { sweep } = chosen;
      const question = findQuestion(real.store, sweep.id, chosen.question);
      expect(question.forces).toEqual(sweep.forces);
      if (what === "answered" || what === "empty") {
        const placed = [...sweep.forces].filter((force) => force in PLACES);
        const force = what === "empty" ? undefined : placed[pick % placed.length];
        if (force !== undefined) model.add(sweep, force);
        sweep.questions?.set(question.id, "done");
        const { completed } = answer(real, question, force);
        expectCompleted(completed, model.finish(sweep));
      } else if (what === "failed") {
        sweep.questions?.set(question.id, "failed");
        real.store.frontier.failQuestion(question, "it had to");
      } else {
        sweep.questions?.delete(question.id);
        const pieces = real.store.frontier.replaceQuestion(question, seedsOf(what));
        expect(pieces).toHaveLength(what);
        for (const { id } of pieces) sweep.questions?.set(id, "open");
      }
      expectSweeps(model, real.store);
    },
    toString: () => `question ${pick} is ${typeof what === "number" ? `cut in ${what}` : what}`,
  };
}

/** The process ends in order, or dies: then what was committed is all there is. */
function restarting(how: "ends" | "dies"): Command {
  return {
    check: () => true,
    run(model, real) {
      const { file } = real.store;
      const next = how === "ends" ? file : copyAsLeft(file);
      real.store.close();
      real.store = openTestStore(next);
      expectSweeps(model, real.store);
    },
    toString: () => `the process ${how}`,
  };
}

function seedsOf(count: number): Seed[] {
  const each = [seedOf(HERE), seedOf(THERE), seedOf(null, TRIANGLE)];
  return Array.from({ length: count }, (_, index) => each[index % each.length] ?? seedOf(HERE));
}

/** Saves a record that lies in a force, or none. */
function answer(real: Real, question: Question, force: string | undefined): Saved {
  real.records += 1;
  const { month } = question;
  const area = PLACES[force ?? ""] ?? null;
  const of = force === undefined ? [] : [real.records];
  return question.kind === "crimes"
    ? saveCrimes(real.store, question, ...of.map((id) => crimeOf(id, { month, area })))
    : saveOutcomes(real.store, question, ...of.map((id) => outcomeOf(id, { date: month, area })));
}

function copyAsLeft(file: string): string {
  const copy = join(createFolder(), "ukpolice.db");
  for (const suffix of ["", "-wal"]) {
    if (existsSync(file + suffix)) cpSync(file + suffix, copy + suffix);
  }
  return copy;
}

function findQuestion(store: Store, sweepId: number, id: number): Question {
  const found = store.frontier.listOpen(sweepId).find((question) => question.id === id);
  if (found === undefined) throw new Error(`question ${id} is not open`);
  return found;
}

function expectCompleted(completed: Saved["completed"], doubted: string[] | undefined): void {
  expect(completed && [...completed.doubted].sort()).toEqual(doubted);
}

/** The store has the sweeps, cells and questions of the model, and has covered the same. */
function expectSweeps({ sweeps, covered }: Model, store: Store): void {
  expect(listCovered(store).sort()).toEqual([...covered].sort());
  const listed = store.sweeps.list().map(({ id, forces, left }) => ({ id, forces, left }));
  const known = [...sweeps.values()].map(({ id, forces, questions }) => {
    const left = questions && [...questions.values()].filter((state) => state !== "done").length;
    return { id, forces: [...forces].sort(), left };
  });
  expect(listed.sort((a, b) => a.id - b.id)).toEqual(known.sort((a, b) => a.id - b.id));
  for (const { id, questions } of sweeps.values()) {
    const states = [...(questions ?? [])];
    const ids = (wanted: State) =>
      states.flatMap(([one, state]) => (state === wanted ? [one] : []));
    const open = store.frontier.listOpen(id).map((question) => question.id);
    expect(open).toEqual(ids("open").sort((a, b) => a - b));
    expect(store.frontier.countStates(id)).toEqual({
      open: ids("open").length,
      done: ids("done").length,
      failed: ids("failed").length,
    });
  }
}

const COMMANDS = [
  fc.constantFrom(...SWEEPS).map(beginning),
  fc.tuple(fc.nat(20), fc.nat(4)).map(([pick, seeds]) => opening(pick, seeds)),
  fc.nat(20).map((pick) => asking(pick, "answered")),
  fc.nat(20).map((pick) => asking(pick, "empty")),
  fc.nat(20).map((pick) => asking(pick, "failed")),
  fc.tuple(fc.nat(20), fc.integer({ min: 2, max: 4 })).map(([pick, n]) => asking(pick, n)),
  fc.constantFrom("ends" as const, "dies" as const).map(restarting),
];

/** Ends what is begun and begins what is lacking, as a crawl would that nothing disturbs any more. */
function drain(model: Model, real: Real): void {
  for (const at of WANTED) {
    for (;;) {
      const names = [...model.sweeps.values()].map(({ month, kind }) =>
        nameOf({ month, kind }, ""),
      );
      const begun = names.indexOf(nameOf(at, ""));
      const forces = FORCES.filter((force) => model.isLacking(at, [force]));
      if (begun === -1 && forces.length === 0) break;
      if (begun === -1) beginning({ ...SWEEP, ...at, forces, plan: "tiles" }).run(model, real);
      else opening(begun, 1).run(model, real);
      for (const next of everyOpen(model, at)) asking(next, "answered").run(model, real);
    }
  }
}

function* everyOpen(model: Model, { month, kind }: At): Generator<number> {
  for (;;) {
    const at = model.open().findIndex(({ sweep }) => sweep.month === month && sweep.kind === kind);
    if (at === -1) return;
    yield at;
  }
}

test("any order of sweeps, replies, refusals, failures and restarts ends complete, with nothing asked twice", () => {
  const endMs = performance.now() + 8000;
  const property = fc.property(
    fc.commands(COMMANDS, { maxCommands: 60, size: "max" }),
    (commands) => {
      if (performance.now() > endMs) return;
      const model = new Model();
      const real: Real = { store: openKentToo(), records: 0 };
      fc.modelRun(() => ({ model, real }), commands);
      drain(model, real);

      const { file } = real.store;
      const wanted = WANTED.flatMap((at) => FORCES.map((force) => nameOf(at, force)));
      expect([...model.covered].sort()).toEqual(wanted.sort());
      expectSweeps(model, real.store);
      const tables = ["sweeps", "sweep_cells", "questions"];
      expect(tables.map((table) => countRows(file, table))).toEqual([0, 0, 0]);
      for (const { month, kind } of WANTED) {
        const sql = `select force_id, records from coverage
        where month = '${month}' and kind = '${kind}'`;
        for (const { force_id, records } of queryRows(file, sql)) {
          expect(records).toBe(model.count({ month, kind }, String(force_id)));
        }
      }
      const stored = WANTED.reduce((sum, at) => sum + model.countAll(at), 0);
      expect(countRows(file, "crimes") + countRows(file, "outcomes")).toBe(stored);
      const counted = queryColumn(file, "select sum(records) from force_counts")[0];
      expect(counted ?? 0).toBe(stored);
      expect(queryColumn(file, "pragma foreign_key_check")).toEqual([]);
      real.store.close();
    },
  );
  fc.assert(property, { numRuns: 100 });
});

function openKentToo(): Store {
  const store = openTestStore();
  store.areas.saveNeighbourhoods("kent", [{ id: "K1", name: "Area K1" }], AT);
  store.areas.saveBoundary(IN_KENT, TRIANGLE, AT);
  return store;
}
