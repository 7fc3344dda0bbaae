import type { Question } from "../../store/frontier.ts";
import type { Completed } from "../../store/completion.ts";
import type { Store } from "../../store/store.ts";
import { STEADY_KINDS } from "../../completeness.ts";
import type { Kind, Month } from "../../types.ts";
import type { Plan } from "../plan/plan.ts";
import { listSeeds } from "../plan/seeds.ts";
import type { Task } from "../todo/todo.ts";
import { Headway } from "./headway.ts";

/** Kinds of a month that are complete together; stops hold up nothing else, and nothing them. */
export type Batch = { month: Month; kinds: readonly Kind[] };

const BATCHES: readonly (readonly Kind[])[] = [STEADY_KINDS, ["stops"]];

export type AgendaOptions = { store: Store; plan: Plan; tasks: readonly Task[] };

/**
 * What is left to ask, oldest month first. A sweep is opened when the questions of the one
 * before have all been taken, not when they are all done: the queue is never idle.
 */
export class Agenda {
  /** How far all of it is. */
  readonly headway: Headway;
  readonly #options: AgendaOptions;
  readonly #tasks: Iterator<Task, undefined>;
  readonly #todo: Question[] = [];
  /** How many tasks of a batch are not done. */
  #left: (Batch & { tasks: number })[];
  readonly #gone = new Set<Month>();
  #isOver = false;

  constructor(options: AgendaOptions) {
    this.#options = options;
    this.headway = new Headway(options.tasks, options.plan.outcomesShare);
    this.#tasks = options.tasks[Symbol.iterator]();
    const months = [...new Set(options.tasks.map(({ month }) => month))];
    this.#left = months
      .flatMap((month) => BATCHES.map((kinds) => ({ month, kinds, tasks: 0 })))
      .map((batch) => ({
        ...batch,
        tasks: options.tasks.filter((task) => isOf(batch, task)).length,
      }))
      .filter(({ tasks }) => tasks > 0);
  }

  /** The next question; undefined when all are taken. One that is forecast too large is cut first. */
  next(): Question | undefined {
    const { store, plan } = this.#options;
    while (!this.#isOver) {
      const question = this.#todo.pop();
      if (question === undefined) {
        const task = this.#tasks.next();
        if (task.done) return undefined;
        if (!this.#gone.has(task.value.month)) {
          this.#todo.push(...this.#open(task.value).reverse());
        }
        continue;
      }
      if (this.#gone.has(question.month)) continue;
      const pieces = plan.foresee(question);
      if (pieces.length === 0) return this.#join(question);
      this.replace(question, store.frontier.replaceQuestion(question, pieces));
    }
    return undefined;
  }

  /** Takes back what is left of a month. */
  giveUp(month: Month): void {
    this.#gone.add(month);
    this.#left = this.#left.filter((batch) => batch.month !== month);
    this.headway.forget(month);
  }

  /** Takes back all that was not taken yet. */
  end(): void {
    this.#isOver = true;
  }

  /** Puts the pieces of a polygon in its place; they are asked next. */
  replace({ sweepId }: Question, pieces: readonly Question[]): void {
    this.#todo.push(...pieces.toReversed());
    this.headway.add(sweepId, pieces.length - 1);
  }

  /** Notes that a task is done. */
  complete(task: Pick<Task, "month" | "kind">): void {
    const found = this.#left.find((batch) => isOf(batch, task));
    if (found !== undefined) found.tasks -= 1;
  }

  /** The batches of which every task is done now, each once. */
  takeDone(): Batch[] {
    const done = this.#left.filter(({ tasks }) => tasks === 0);
    this.#left = this.#left.filter(({ tasks }) => tasks > 0);
    return done;
  }

  /** Where larger areas are known to be answered by now, others are asked with it. */
  #join(question: Question): Question {
    const { store, plan } = this.#options;
    const joined = plan.join(question, this.#todo);
    if (joined === undefined) return question;
    for (const other of joined.others) this.#todo.splice(this.#todo.indexOf(other), 1);
    this.headway.add(question.sweepId, -joined.others.length);
    const [whole = question] = store.frontier.joinQuestions(question, joined.others, joined.whole);
    return whole;
  }

  #open(task: Task): Question[] {
    const { store, plan } = this.#options;
    const id = task.sweepId ?? store.sweeps.begin(task);
    const completed = store.frontier.openSweep(id, () => listSeeds(plan, task));
    this.headway.open(task, id, store.frontier.countStates(id));
    if (isOver(completed)) this.complete(task);
    return store.frontier.listOpen(id);
  }
}

function isOver(completed: Completed | undefined): completed is Completed {
  return completed !== undefined;
}

export function isOf({ month, kinds }: Batch, task: Pick<Task, "month" | "kind">): boolean {
  return task.month === month && kinds.includes(task.kind);
}
