import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Polygon, Seed, Sweep } from "../../src/store/frontier.ts";
import type { Store } from "../../src/store/store.ts";
import { crimeOf, HERE, openTestStore, outcomeOf, seedOf } from "../support/stored.ts";
import { SWEEP, THERE, TRIANGLE } from "../support/stored.ts";
import { countRows, createFolder, queryColumn } from "../support/temp.ts";

const FORCES = ["avon", "kent"];
/** Two months, two kinds, and a month that two plans and two scopes compete for. */
const SWEEPS: readonly Sweep[] = [
  { ...SWEEP, scope: "avon" },
  { ...SWEEP, scope: "kent", month: "2018-04" },
  { ...SWEEP, scope: "all", plan: "tiles" },
  { ...SWEEP, scope: "avon", plan: "tiles" },
  { ...SWEEP, scope: "all", plan: "tiles", kind: "outcomes" },
];

type State = "open" | "done" | "failed";

/** What the frontier should know: the state of every polygon of the sweeps that are begun. */
class Model {
  readonly sweeps = new Map<Sweep, Map<number, State>>();
  readonly covered = new Set<string>();

  /** Of a sweep that goes on, or one that would cover something new. */
  isOpenable(sweep: Sweep): boolean {
    return !coveredBy(sweep).every((key) => this.covered.has(key));
  }

  open(): { sweep: Sweep; id: number }[] {
    return [...this.sweeps].flatMap(([sweep, states]) =>
      [...states].flatMap(([id, state]) => (state === "open" ? [{ sweep, id }] : [])),
    );
  }

  /** Whether that completed the sweep. What a complete sweep makes needless goes with it. */
  finish(sweep: Sweep): boolean {
    const states = this.sweeps.get(sweep) ?? new Map<number, State>();
    if ([...states.values()].some((state) => state !== "done")) return false;
    for (const key of coveredBy(sweep)) this.covered.add(key);
    for (const other of this.sweeps.keys()) {
      if (!this.isOpenable(other)) this.sweeps.delete(other);
    }
    return true;
  }
}

function coveredBy({ month, kind, scope }: Sweep): string[] {
  const forces = scope === "all" ? FORCES : scope.split(",");
  return forces.map((force) => `${month} ${kind} ${force}`);
}

type Real = { store: Store; records: number };
type Command = fc.Command<Model, Real>;

/** A sweep begins, or goes on with what is open and what failed. */
function opening(sweep: Sweep, seeds: number): Command {
  return {
    check: (model) => model.isOpenable(sweep),
    run(model, { store }) {
      const id = store.frontier.openSweep(sweep, () => seedsOf(seeds));
      const open = store.frontier.listOpen(id).map((polygon) => polygon.id);
      const known = model.sweeps.get(sweep);
      if (known === undefined) {
        expect(open).toHaveLength(seeds);
        model.sweeps.set(sweep, new Map(open.map((polygon) => [polygon, "open"])));
        if (seeds === 0) model.finish(sweep);
        return;
      }
      for (const [polygon, state] of known) if (state === "failed") known.set(polygon, "open");
      expectStates(model, store, sweep);
    },
    toString: () => `open ${nameOf(sweep)} with ${seeds}`,
  };
}

/** One of the open polygons is answered, cut, or fails. */
function asking(pick: number, what: "answered" | "failed" | number): Command {
  const choose = (model: Model) => {
    const open = model.open();
    return open[pick % open.length];
  };
  return {
    check: (model) => choose(model) !== undefined,
    run(model, real) {
      const chosen = choose(model);
      if (chosen === undefined) throw new Error("none is open");
      const { sweep, id } = chosen;
      const states = model.sweeps.get(sweep);
      const polygon = findPolygon(real.store, sweep, id);
      if (what === "answered") {
        states?.set(id, "done");
        const finished = model.finish(sweep);
        expect(answer(real, polygon).finished).toBe(finished);
        if (finished) expectCovered(model, real.store);
      } else if (what === "failed") {
        states?.set(id, "failed");
        real.store.frontier.failPolygon(polygon, "it had to");
      } else {
        states?.delete(id);
        const pieces = real.store.frontier.replacePolygon(polygon, seedsOf(what));
        expect(pieces).toHaveLength(what);
        for (const piece of pieces) states?.set(piece.id, "open");
      }
      if (model.sweeps.has(sweep)) expectStates(model, real.store, sweep);
    },
    toString: () => `polygon ${pick} is ${typeof what === "number" ? `cut in ${what}` : what}`,
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
      expectCovered(model, real.store);
    },
    toString: () => `the process ${how}`,
  };
}

function seedsOf(count: number): Seed[] {
  const each = [seedOf(HERE), seedOf(THERE), seedOf(null, TRIANGLE)];
  return Array.from({ length: count }, (_, index) => each[index % each.length] ?? seedOf(HERE));
}

function answer(real: Real, polygon: Polygon): { finished: boolean } {
  real.records += 1;
  const { month } = polygon;
  return polygon.kind === "crimes"
    ? real.store.saveReply(polygon, { kind: "crimes", rows: [crimeOf(real.records, { month })] })
    : real.store.saveReply(polygon, {
        kind: "outcomes",
        rows: [outcomeOf(real.records, { date: month })],
      });
}

function copyAsLeft(file: string): string {
  const copy = join(createFolder(), "ukpolice.db");
  for (const suffix of ["", "-wal"]) {
    if (existsSync(file + suffix)) cpSync(file + suffix, copy + suffix);
  }
  return copy;
}

/** The sweep's id, without opening it: that would reopen what failed. */
function idOf(store: Store, { month, kind, plan, scope }: Sweep): number {
  const where = `month = '${month}' and kind = '${kind}' and plan = '${plan}' and scope = '${scope}'`;
  return Number(queryColumn(store.file, `select id from sweeps where ${where}`)[0]);
}

function findPolygon(store: Store, sweep: Sweep, id: number): Polygon {
  const found = store.frontier.listOpen(idOf(store, sweep)).find((polygon) => polygon.id === id);
  if (found === undefined) throw new Error(`polygon ${id} is not open`);
  return found;
}

function expectStates(model: Model, store: Store, sweep: Sweep): void {
  const states = [...(model.sweeps.get(sweep) ?? [])];
  const ids = (wanted: State) => states.flatMap(([id, state]) => (state === wanted ? [id] : []));
  const id = idOf(store, sweep);
  expect(store.frontier.listOpen(id).map((polygon) => polygon.id)).toEqual(
    ids("open").sort((a, b) => a - b),
  );
  expect(store.frontier.countStates(id)).toEqual({
    open: ids("open").length,
    done: ids("done").length,
    failed: ids("failed").length,
  });
}

function expectCovered({ covered, sweeps }: Model, store: Store): void {
  const stored = "select month || ' ' || kind || ' ' || force_id from coverage order by 1";
  expect(queryColumn(store.file, stored)).toEqual([...covered].sort());
  expect(countRows(store.file, "sweeps")).toBe(sweeps.size);
}

function nameOf({ month, kind, plan, scope }: Sweep): string {
  return `${month} ${kind} by ${plan} for ${scope}`;
}

const COMMANDS = [
  fc.tuple(fc.constantFrom(...SWEEPS), fc.nat(4)).map(([sweep, seeds]) => opening(sweep, seeds)),
  fc.nat(20).map((pick) => asking(pick, "answered")),
  fc.nat(20).map((pick) => asking(pick, "failed")),
  fc.tuple(fc.nat(20), fc.integer({ min: 2, max: 4 })).map(([pick, n]) => asking(pick, n)),
  fc.constantFrom("ends" as const, "dies" as const).map(restarting),
];

/** Opens every sweep and answers what is open, as a crawl would that nothing disturbs any more. */
function drain(model: Model, real: Real): void {
  for (const sweep of SWEEPS) {
    if (!model.isOpenable(sweep)) continue;
    opening(sweep, 1).run(model, real);
    for (;;) {
      const at = model.open().findIndex((one) => one.sweep === sweep);
      if (at === -1) break;
      asking(at, "answered").run(model, real);
    }
  }
}

test("any order of replies, refusals, failures and restarts ends complete, with nothing asked twice", () => {
  const endMs = performance.now() + 8000;
  const property = fc.property(fc.commands(COMMANDS, { maxCommands: 60 }), (commands) => {
    if (performance.now() > endMs) return;
    const model = new Model();
    const real: Real = { store: openTestStore(), records: 0 };
    fc.modelRun(() => ({ model, real }), commands);
    drain(model, real);

    const { file } = real.store;
    const wanted = new Set(SWEEPS.flatMap(coveredBy));
    expect(model.covered).toEqual(wanted);
    expectCovered(model, real.store);
    expect(["sweeps", "polygons"].map((table) => countRows(file, table))).toEqual([0, 0]);
    const stored = countRows(file, "crimes") + countRows(file, "outcomes");
    expect(stored).toBe(real.records);
    const counted = queryColumn(file, "select sum(records) from force_counts")[0];
    expect(counted ?? 0).toBe(stored);
    expect(queryColumn(file, "pragma foreign_key_check")).toEqual([]);
    real.store.close();
  });
  fc.assert(property, { numRuns: 100 });
});
