import type { Polygon } from "../store/frontier.ts";
import type { Store } from "../store/store.ts";
import { KINDS } from "../types.ts";
import type { Kind, Month } from "../types.ts";
import type { Plan } from "./plan.ts";

/** How far a month is, in polygons known so far, and the records that they brought. */
export type MonthState = { total: number; done: number; failed: number; records: number };

export type AgendaOptions = {
  store: Store;
  plan: Plan;
  months: readonly Month[];
  /** Ids of the forces that every month shall be complete for. */
  forces: readonly string[];
  /** The API's newest release, `YYYY-MM-DD`. */
  release: string;
};

/**
 * What is left to ask, oldest month first. A sweep is opened when the polygons of the one
 * before have all been taken, not when they are all done: the queue is never idle.
 */
export class Agenda {
  readonly #options: AgendaOptions;
  readonly #legs: Iterator<{ month: Month; kind: Kind }, undefined>;
  readonly #todo: Polygon[] = [];
  readonly #states = new Map<Month, MonthState>();

  constructor(options: AgendaOptions) {
    this.#options = options;
    this.#legs = listLegs(options.months);
  }

  /** The next polygon; undefined when all are taken. */
  next(): Polygon | undefined {
    while (this.#todo.length === 0) {
      const leg = this.#legs.next();
      if (leg.done) return undefined;
      this.#todo.push(...this.#open(leg.value.month, leg.value.kind).reverse());
    }
    return this.#todo.pop();
  }

  /** Puts the pieces of a polygon in its place; they are asked next. */
  replace({ month }: Polygon, pieces: readonly Polygon[]): void {
    this.#todo.push(...pieces);
    this.state(month).total += pieces.length - 1;
  }

  state(month: Month): MonthState {
    let state = this.#states.get(month);
    if (state === undefined) {
      state = { total: 0, done: 0, failed: 0, records: 0 };
      this.#states.set(month, state);
    }
    return state;
  }

  /** Whether a month is complete, crimes and outcomes both, for every selected force. */
  isComplete(month: Month): boolean {
    return KINDS.every((kind) => this.#missing(month, kind).length === 0);
  }

  #open(month: Month, kind: Kind): Polygon[] {
    const { store, plan, release } = this.#options;
    const state = this.state(month);
    return plan.scopes(this.#missing(month, kind)).flatMap((scope) => {
      const sweep = { month, kind, plan: plan.name, scope, release };
      const id = store.frontier.openSweep(sweep, () => plan.seeds(scope, kind, month));
      const { open, done } = store.frontier.countStates(id);
      state.total += open + done;
      state.done += done;
      return store.frontier.listOpen(id);
    });
  }

  #missing(month: Month, kind: Kind): string[] {
    const covered = new Set(this.#options.store.coverage.listForces(month, kind));
    return this.#options.forces.filter((force) => !covered.has(force));
  }
}

function* listLegs(months: readonly Month[]): Generator<{ month: Month; kind: Kind }, undefined> {
  for (const month of months) for (const kind of KINDS) yield { month, kind };
  return undefined;
}
