import type { Polygon } from "../store/frontier.ts";
import type { Store } from "../store/store.ts";
import { KINDS } from "../types.ts";
import type { Kind, Month } from "../types.ts";
import { isDone, listLacking } from "./jobs.ts";
import type { Job } from "./jobs.ts";
import type { Plan } from "./plan.ts";

/** How far a month is, in polygons known so far, and the records that they brought. */
export type MonthState = {
  total: number;
  /** The part of `total` that is only estimated: outcomes, before their sweep is opened. */
  outlook: number;
  done: number;
  failed: number;
  records: number;
};

export type AgendaOptions = {
  store: Store;
  plan: Plan;
  jobs: readonly Job[];
  /** The API's newest release, `YYYY-MM-DD`. */
  release: string;
};

/**
 * What is left to ask, oldest month first. A sweep is opened when the polygons of the one
 * before have all been taken, not when they are all done: the queue is never idle.
 */
export class Agenda {
  readonly #options: AgendaOptions;
  readonly #legs: Iterator<Leg, undefined>;
  readonly #todo: Polygon[] = [];
  #isOver = false;
  readonly #states = new Map<Month, MonthState>();

  constructor(options: AgendaOptions) {
    this.#options = options;
    this.#legs = listLegs(options.jobs);
  }

  /** The next polygon; undefined when all are taken. One that is forecast too large is cut first. */
  next(): Polygon | undefined {
    const { store, plan } = this.#options;
    while (!this.#isOver) {
      const polygon = this.#todo.pop();
      if (polygon === undefined) {
        const leg = this.#legs.next();
        if (leg.done) return undefined;
        this.#todo.push(...this.#open(leg.value.job, leg.value.kind).reverse());
        continue;
      }
      const pieces = plan.foresee(polygon);
      if (pieces.length === 0) return polygon;
      this.replace(polygon, store.frontier.replacePolygon(polygon, pieces));
    }
    return undefined;
  }

  /** Takes back all that was not taken yet. */
  end(): void {
    this.#isOver = true;
  }

  /** Puts the pieces of a polygon in its place; they are asked next. */
  replace({ month }: Polygon, pieces: readonly Polygon[]): void {
    this.#todo.push(...pieces.toReversed());
    this.state(month).total += pieces.length - 1;
  }

  /** The job of a month, once all is there that it is for. */
  findDone(month: Month): Job | undefined {
    return this.#options.jobs.find(
      (job) => job.month === month && isDone(this.#options.store, job),
    );
  }

  state(month: Month): MonthState {
    let state = this.#states.get(month);
    if (state === undefined) {
      state = { total: 0, outlook: 0, done: 0, failed: 0, records: 0 };
      this.#states.set(month, state);
    }
    return state;
  }

  #open(job: Job, kind: Kind): Polygon[] {
    const { store, plan, release } = this.#options;
    const { month, refresh } = job;
    const state = this.state(month);
    state.total -= state.outlook;
    const before = state.total;
    const polygons = plan.scopes(listLacking(store, job, kind)).flatMap((scope) => {
      const sweep = { month, kind, plan: plan.name, scope, release, refresh };
      const id = store.frontier.openSweep(sweep, () => plan.seeds(scope, kind, month));
      const { open, done } = store.frontier.countStates(id);
      state.total += open + done;
      state.done += done;
      return store.frontier.listOpen(id);
    });
    state.outlook = kind === "crimes" ? Math.round((state.total - before) * plan.outcomesShare) : 0;
    state.total += state.outlook;
    return polygons;
  }
}

type Leg = { job: Job; kind: Kind };

function* listLegs(jobs: readonly Job[]): Generator<Leg, undefined> {
  for (const job of jobs) for (const kind of KINDS) yield { job, kind };
  return undefined;
}
