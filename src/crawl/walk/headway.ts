import { STEADY_KINDS } from "../../completeness.ts";
import { byKind } from "../../types.ts";
import type { Kind, Month } from "../../types.ts";
import type { MonthsProgress } from "../reporter.ts";
import { listForces } from "../plan/seeds.ts";
import type { Task } from "../todo/todo.ts";

/** A task as questions; before it is opened there are none yet. */
type Part = {
  month: Month;
  kind: Kind;
  forces: readonly string[];
  /** How many of them are asked for by their names. */
  named: number;
  isOpen: boolean;
  /** Questions of this run: those that were open when it was opened, and what cuts added. */
  asked: number;
  done: number;
  failed: number;
  /** The same and what an earlier run had done. */
  size: number;
};

/**
 * How far the whole walk is. Questions that are not chosen yet are estimated: a force takes as
 * many of a kind as it took in the month of this run that was opened last.
 */
export class Headway {
  readonly #months: Month[];
  readonly #parts: Map<Task, Part>;
  readonly #bySweep = new Map<number, Part>();
  /** Questions that a force took, by kind. */
  readonly #sizes = byKind(() => new Map<string, number>());
  readonly #outcomesShare: number;
  #expected: number | undefined;
  #records = 0;

  /** `outcomesShare`: questions for outcomes, for each one for crimes, until some were chosen. */
  constructor(tasks: readonly Task[], outcomesShare: number) {
    this.#months = [...new Set(tasks.map(({ month }) => month))];
    this.#parts = new Map(tasks.map((task) => [task, toPart(task)]));
    this.#outcomesShare = outcomesShare;
  }

  /** Says which questions a task has. */
  open(task: Task, sweepId: number, { open, done }: { open: number; done: number }): void {
    const part = this.#parts.get(task);
    if (part === undefined) return;
    this.#bySweep.set(sweepId, part);
    Object.assign(part, { isOpen: true, asked: open, size: open + done });
    this.#learn(part);
  }

  /** Says that there are so many questions more. */
  add(sweepId: number, more: number): void {
    const part = this.#bySweep.get(sweepId);
    if (part === undefined) return;
    part.asked += more;
    part.size += more;
    this.#learn(part);
  }

  /** Says what became of a question; `records`: that it brought, undefined where it failed. */
  settle(sweepId: number, records: number | undefined): void {
    const part = this.#bySweep.get(sweepId);
    if (part === undefined) return;
    part[records === undefined ? "failed" : "done"] += 1;
    this.#records += records ?? 0;
  }

  /** Leaves out what was not asked of a month. */
  forget(month: Month): void {
    for (const part of this.#parts.values()) {
      if (part.month !== month) continue;
      part.isOpen = true;
      part.asked = part.done + part.failed;
    }
    this.#expected = undefined;
  }

  read(): MonthsProgress {
    const parts = [...this.#parts.values()];
    const month = parts.find(isLeft)?.month ?? this.#months.at(-1) ?? "";
    this.#expected ??= sum(parts.map((part) => (part.isOpen ? 0 : this.#expect(part))));
    return {
      part: "months",
      month,
      nth: this.#months.indexOf(month) + 1,
      months: this.#months.length,
      done: sum(parts.map(({ done }) => done)),
      failed: sum(parts.map(({ failed }) => failed)),
      total: Math.round(
        sum(parts.map(({ isOpen, asked }) => (isOpen ? asked : 0))) + this.#expected,
      ),
      isEstimate: parts.some(({ isOpen }) => !isOpen),
      records: this.#records,
    };
  }

  #learn({ kind, forces, size, named }: Part): void {
    for (const force of forces) this.#sizes[kind].set(force, (size - named) / forces.length);
    this.#expected = undefined;
  }

  /** What was begun before knows its questions. */
  #expect({ kind, forces, asked, named }: Part): number {
    if (asked > 0) return asked;
    return kind === "stops" ? named : named + Math.max(1, this.#expectAll(kind, forces));
  }

  #expectAll(kind: Kind, forces: readonly string[]): number {
    const sizes = this.#sizes[kind];
    const [other] = STEADY_KINDS.filter((one) => one !== kind && this.#sizes[one].size > 0);
    if (sizes.size === 0) {
      if (other === undefined) return 0;
      const share = kind === "crimes" ? 1 / this.#outcomesShare : this.#outcomesShare;
      return share * this.#expectAll(other, forces);
    }
    const mean = sum([...sizes.values()]) / sizes.size;
    return sum(forces.map((force) => sizes.get(force) ?? mean));
  }
}

function toPart({ month, kind, forces, left }: Task): Part {
  const asked = left ?? 0;
  const named = listForces({ kind, forces }).length;
  return { month, kind, forces, named, isOpen: false, asked, done: 0, failed: 0, size: 0 };
}

function isLeft({ isOpen, asked, done, failed }: Part): boolean {
  return !isOpen || done + failed < asked;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
