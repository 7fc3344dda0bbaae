import type { Polygon } from "../store/frontier.ts";
import type { Kind, Month } from "../types.ts";
import type { Agenda } from "./agenda.ts";
import { askPolygon } from "./ask.ts";
import type { Answer, Guide } from "./ask.ts";
import type { Context } from "./context.ts";
import { runPool } from "./pool.ts";

export type WalkOptions = {
  agenda: Agenda;
  guide: Guide;
  /** Called when the last polygon of a month is done. */
  onComplete: (month: Month) => void;
};

/** Rows that a walk added and changed, by kind. */
export type Tally = Record<Kind, { added: number; changed: number }>;

/** Asks for every polygon of the agenda and commits each reply; answers what was written. */
export async function walkMonths(context: Context, options: WalkOptions): Promise<Tally> {
  const { agenda, guide, onComplete } = options;
  const { store, signal, concurrency, abandon } = context;
  const tally: Tally = { crimes: { added: 0, changed: 0 }, outcomes: { added: 0, changed: 0 } };

  const work = async (polygon: Polygon) => {
    const { ring, area } = polygon;
    const whole = ring === null && area !== null ? store.areas.findBoundary(area) : undefined;
    const answer = await askPolygon(context, guide, polygon, ring ?? whole);
    account(tally, agenda, polygon, answer);
    showMonth(context, agenda, polygon.month);
    const finished = "saved" in answer && answer.saved.finished;
    if (finished && agenda.isComplete(polygon.month)) onComplete(polygon.month);
  };

  await runPool({
    next: () => (signal.aborted ? undefined : agenda.next()),
    work,
    limit: concurrency + 2,
    abandon,
  });
  return tally;
}

function account(tally: Tally, agenda: Agenda, polygon: Polygon, answer: Answer): void {
  const state = agenda.state(polygon.month);
  if ("pieces" in answer) return agenda.replace(polygon, answer.pieces);
  if ("failed" in answer) {
    state.failed += 1;
    return;
  }
  state.done += 1;
  state.records += answer.records;
  tally[polygon.kind].added += answer.saved.added;
  tally[polygon.kind].changed += answer.saved.changed;
}

function showMonth({ reporter }: Context, agenda: Agenda, month: Month): void {
  reporter.progress({ part: "month", month, ...agenda.state(month) });
}
