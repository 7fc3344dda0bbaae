import type { Question } from "../../store/frontier.ts";
import { byKind, KINDS } from "../../types.ts";
import type { Month } from "../../types.ts";
import type { Change, Doubt, Tally } from "../crawl-result.ts";
import type { Context } from "../context.ts";
import { runPool } from "../pool.ts";
import type { Agenda, Batch } from "./agenda.ts";
import { askForce } from "./ask-force.ts";
import { askQuestion } from "./ask.ts";
import type { Answer, Guide } from "./ask.ts";

export type WalkOptions = {
  agenda: Agenda;
  guide: Omit<Guide, "isGone">;
  /** Called when all of a batch is there; adds what became of rows that were staged. */
  onDone: (batch: Batch, tally: Tally) => Promise<void>;
};

/** Asks every question of the agenda and commits each reply; returns what was written. */
export async function walkMonths(context: Context, options: WalkOptions): Promise<Tally> {
  const { agenda, onDone } = options;
  const { store, signal, concurrency, abandon } = context;
  const tally = createTally();
  const guide = { ...options.guide, isGone: (month: Month) => tally.gone.includes(month) };
  const account = createAccount(context, agenda, tally);
  const endMonths = async () => {
    for (const batch of agenda.takeDone()) await onDone(batch, tally);
  };

  const work = async (question: Question) => {
    const { forceId, ring, area } = question;
    showHeadway(context, agenda);
    const whole = ring === null && area !== null ? store.areas.findBoundary(area) : undefined;
    const answer =
      forceId === null
        ? await askQuestion(context, guide, question, ring ?? whole)
        : await askForce(context, guide, { ...question, forceId });
    if ("gone" in answer) giveUp(context, agenda, tally, question.month);
    else account(question, answer);
    showHeadway(context, agenda);
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
  return {
    changes: byKind(() => ({ kept: 0, added: 0, changed: 0, removed: 0 })),
    doubts: [],
    gone: [],
  };
}

/** Adds up what two parts of a run did. */
export function addTo(tally: Tally, { changes, doubts, gone }: Tally): void {
  for (const kind of KINDS) addChange(tally.changes[kind], changes[kind]);
  tally.doubts.push(...doubts);
  tally.gone.push(...gone);
}

export function addChange(sum: Change, { kept, added, changed, removed }: Change): void {
  sum.kept += kept;
  sum.added += added;
  sum.changed += changed;
  sum.removed += removed;
}

/** A month that is no longer published cannot be completed: it is given up as a whole. */
function giveUp({ store, reporter }: Context, agenda: Agenda, { gone }: Tally, month: Month): void {
  if (gone.includes(month)) return;
  gone.push(month);
  agenda.giveUp(month);
  store.sweeps.giveUp(month);
  reporter.note(`${month} is no longer published; it is given up, and what is there stays`);
}

/** Notes cells whose answer is not believed; none is none. */
export function addDoubt({ doubts }: Tally, doubt: Doubt): void {
  if (doubt.forces.length > 0) doubts.push(doubt);
}

/** Keeps count of what became of each question. */
function createAccount({ store }: Context, agenda: Agenda, tally: Tally) {
  /** Rows that this run wrote of a sweep that is not complete. */
  const written = new Map<number, number>();
  /** Where areas overlap, a record comes twice: that alone does not make it one that was kept. */
  const countKept = ({ kind, month, forces, sweepId }: Question): number =>
    Math.max(0, store.records.countCells(kind, month, forces) - (written.get(sweepId) ?? 0));

  return (question: Question, answer: Exclude<Answer, { gone: true }>): void => {
    const { month, kind, staged, sweepId } = question;
    if ("pieces" in answer) return agenda.replace(question, answer.pieces);
    agenda.headway.settle(sweepId, "failed" in answer ? undefined : answer.records);
    if ("failed" in answer) return;
    const { added, changed, completed } = answer.saved;
    written.set(sweepId, (written.get(sweepId) ?? 0) + added + changed);
    if (completed !== undefined) {
      agenda.complete(question);
      addDoubt(tally, { month, kind, forces: completed.doubted });
    }
    if (staged) return; // what is staged counts when it is put in place
    const kept = completed === undefined ? 0 : countKept(question);
    addChange(tally.changes[kind], { kept, added, changed, removed: 0 });
  };
}

function showHeadway({ store, reporter }: Context, agenda: Agenda): void {
  const progress = agenda.headway.read();
  store.run.noteProgress(progress);
  store.run.touch();
  reporter.progress(progress);
}
