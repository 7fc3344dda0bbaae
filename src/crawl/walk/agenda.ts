import type { Question } from "../../store/frontier.ts";
import type { Completed } from "../../store/completion.ts";
import type { Store } from "../../store/store.ts";
import type { Kind, Month } from "../../types.ts";
import type { Plan } from "../plan/plan.ts";
import type { Task } from "../todo/todo.ts";

/** How far a month is, in questions known so far, and the records that they brought. */
export type MonthState = {
  total: number;
  /** The part of `total` that is only estimated: kinds whose questions are not chosen yet. */
  estimated: number;
  done: number;
  failed: number;
  records: number;
};

export type AgendaOptions = { store: Store; plan: Plan; tasks: readonly Task[] };

/**
 * What is left to ask, oldest month first. A sweep is opened when the questions of the one
 * before have all been taken, not when they are all done: the queue is never idle.
 */
export class Agenda {
  readonly #options: AgendaOptions;
  readonly #tasks: Iterator<Task, undefined>;
  readonly #todo: Question[] = [];
  readonly #states = new Map<Month, MonthState>();
  /** Tasks of a month that are not done. */
  readonly #left = new Map<Month, number>();
  #isOver = false;

  constructor(options: AgendaOptions) {
    this.#options = options;
    this.#tasks = options.tasks[Symbol.iterator]();
    for (const { month } of options.tasks) {
      this.#left.set(month, (this.#left.get(month) ?? 0) + 1);
    }
  }

  /** The next question; undefined when all are taken. One that is forecast too large is cut first. */
  next(): Question | undefined {
    const { store, plan } = this.#options;
    while (!this.#isOver) {
      const question = this.#todo.pop();
      if (question === undefined) {
        const task = this.#tasks.next();
        if (task.done) return undefined;
        this.#todo.push(...this.#open(task.value).reverse());
        continue;
      }
      const pieces = plan.foresee(question);
      if (pieces.length === 0) return question;
      this.replace(question, store.frontier.replaceQuestion(question, pieces));
    }
    return undefined;
  }

  /** Takes back all that was not taken yet. */
  end(): void {
    this.#isOver = true;
  }

  /** Puts the pieces of a polygon in its place; they are asked next. */
  replace({ month }: Question, pieces: readonly Question[]): void {
    this.#todo.push(...pieces.toReversed());
    this.state(month).total += pieces.length - 1;
  }

  /** Notes that a task of a month is done. */
  complete(month: Month): void {
    this.#left.set(month, (this.#left.get(month) ?? 0) - 1);
  }

  /** The months of which every task is done now, each once. */
  takeDone(): Month[] {
    const done = [...this.#left].flatMap(([month, left]) => (left === 0 ? month : []));
    for (const month of done) this.#left.delete(month);
    return done;
  }

  state(month: Month): MonthState {
    let state = this.#states.get(month);
    if (state === undefined) {
      state = { total: 0, estimated: 0, done: 0, failed: 0, records: 0 };
      this.#states.set(month, state);
    }
    return state;
  }

  #open(task: Task): Question[] {
    const { store, plan } = this.#options;
    const { month, kind } = task;
    const id = task.sweepId ?? store.sweeps.begin(task);
    const completed = store.frontier.openSweep(id, () => plan.seeds(task));
    const { open, done } = store.frontier.countStates(id);
    this.#count(month, kind, { open, done });
    if (isOver(completed)) this.complete(month);
    return store.frontier.listOpen(id);
  }

  #count(month: Month, kind: Kind, { open, done }: { open: number; done: number }): void {
    const state = this.state(month);
    const follows = this.#options.tasks.some((task) => task.month === month && task.kind !== kind);
    state.total += open + done - state.estimated;
    state.done += done;
    const share = kind === "crimes" && follows ? this.#options.plan.outcomesShare : 0;
    state.estimated = Math.round((open + done) * share);
    state.total += state.estimated;
  }
}

function isOver(completed: Completed | undefined): completed is Completed {
  return completed !== undefined;
}
