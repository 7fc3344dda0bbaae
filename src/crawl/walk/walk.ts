import type { Question } from "../../store/frontier.ts";
import { byKind, KINDS } from "../../types.ts";
import type { Kind, Month } from "../../types.ts";
import type { Context } from "../context.ts";
import { runPool } from "../pool.ts";
import type { Agenda } from "./agenda.ts";
import { askQuestion } from "./ask.ts";
import type { Answer, Guide } from "./ask.ts";

export type WalkOptions = {
  agenda: Agenda;
  guide: Guide;
  /** Called when all of a month is there; adds what became of rows that were staged. */
  onDone: (month: Month, tally: Tally) => Promise<void>;
};

/** Rows that a walk added, changed and removed, by kind. */
export type Changes = Record<Kind, { added: number; changed: number; removed: number }>;

/** Cells whose answer of no record is not believed. */
export type Doubt = { month: Month; kind: Kind; forces: readonly string[] };

/** What a walk did. */
export type Tally = { changes: Changes; doubts: Doubt[] };

/** Asks every question of the agenda and commits each reply; returns what was written. */
export async function walkMonths(context: Context, options: WalkOptions): Promise<Tally> {
  const { agenda, guide, onDone } = options;
  const { store, signal, concurrency, abandon } = context;
  const tally = createTally();
  const endMonths = async () => {
    for (const month of agenda.takeDone()) await onDone(month, tally);
  };

  const work = async (question: Question) => {
    const { ring, area } = question;
    const whole = ring === null && area !== null ? store.areas.findBoundary(area) : undefined;
    const answer = await askQuestion(context, guide, question, ring ?? whole);
    account(tally, agenda, question, answer);
    showMonth(context, agenda, question.month);
    await endMonths();
  };

  await runPool({
    next: () => (signal.aborted ? undefined : agenda.next()),
    work,
    limit: concurrency + 2,
    abandon,
  });
  // What was all staged before a kill, or needed no request at all, ends here.
  if (!signal.aborted) await endMonths();
  return tally;
}

export function createTally(): Tally {
  return { changes: byKind(() => ({ added: 0, changed: 0, removed: 0 })), doubts: [] };
}

/** Adds up what two parts of a run did. */
export function addTo(tally: Tally, { changes, doubts }: Tally): void {
  for (const kind of KINDS) {
    tally.changes[kind].added += changes[kind].added;
    tally.changes[kind].changed += changes[kind].changed;
    tally.changes[kind].removed += changes[kind].removed;
  }
  tally.doubts.push(...doubts);
}

/** Notes cells whose answer is not believed; none is none. */
export function addDoubt({ doubts }: Tally, doubt: Doubt): void {
  if (doubt.forces.length > 0) doubts.push(doubt);
}

function account(tally: Tally, agenda: Agenda, question: Question, answer: Answer): void {
  const { month, kind, staged } = question;
  const state = agenda.state(month);
  if ("pieces" in answer) return agenda.replace(question, answer.pieces);
  if ("failed" in answer) {
    state.failed += 1;
    return;
  }
  const { added, changed, completed } = answer.saved;
  state.done += 1;
  state.records += answer.records;
  if (completed !== undefined) {
    agenda.complete(month);
    addDoubt(tally, { month, kind, forces: completed.doubted });
  }
  if (staged) return; // what is staged counts when it is put in place
  tally.changes[kind].added += added;
  tally.changes[kind].changed += changed;
}

function showMonth({ reporter }: Context, agenda: Agenda, month: Month): void {
  reporter.progress({ part: "month", month, ...agenda.state(month) });
}
