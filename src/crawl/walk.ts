import type { Polygon } from "../store/frontier.ts";
import { KINDS } from "../types.ts";
import type { Kind, Month } from "../types.ts";
import type { Agenda } from "./agenda.ts";
import { askPolygon } from "./ask.ts";
import type { Answer, Guide } from "./ask.ts";
import type { Context } from "./context.ts";
import type { Job } from "./jobs.ts";
import { runPool } from "./pool.ts";

export type WalkOptions = {
  agenda: Agenda;
  guide: Guide;
  /** Called when all of a month is there; answers what became of rows that were staged. */
  onDone: (job: Job) => Promise<Changes | undefined>;
};

/** Rows that a walk added, changed and removed, by kind. */
export type Changes = Record<Kind, { added: number; changed: number; removed: number }>;

/** Asks for every polygon of the agenda and commits each reply; answers what was written. */
export async function walkMonths(context: Context, options: WalkOptions): Promise<Changes> {
  const { agenda, guide, onDone } = options;
  const { store, signal, concurrency, abandon } = context;
  const tally = noChanges();

  const work = async (polygon: Polygon) => {
    const { ring, area } = polygon;
    const whole = ring === null && area !== null ? store.areas.findBoundary(area) : undefined;
    const answer = await askPolygon(context, guide, polygon, ring ?? whole);
    account(tally, agenda, polygon, answer);
    showMonth(context, agenda, polygon.month);
    const finished = "saved" in answer && answer.saved.finished;
    const job = finished ? agenda.findDone(polygon.month) : undefined;
    if (job !== undefined) addTo(tally, (await onDone(job)) ?? noChanges());
  };

  await runPool({
    next: () => (signal.aborted ? undefined : agenda.next()),
    work,
    limit: concurrency + 2,
    abandon,
  });
  return tally;
}

export function noChanges(): Changes {
  return {
    crimes: { added: 0, changed: 0, removed: 0 },
    outcomes: { added: 0, changed: 0, removed: 0 },
  };
}

/** Adds up what two parts of a run did. */
export function addTo(tally: Changes, more: Changes): void {
  for (const kind of KINDS) {
    tally[kind].added += more[kind].added;
    tally[kind].changed += more[kind].changed;
    tally[kind].removed += more[kind].removed;
  }
}

function account(tally: Changes, agenda: Agenda, polygon: Polygon, answer: Answer): void {
  const state = agenda.state(polygon.month);
  if ("pieces" in answer) return agenda.replace(polygon, answer.pieces);
  if ("failed" in answer) {
    state.failed += 1;
    return;
  }
  state.done += 1;
  state.records += answer.records;
  if (polygon.refresh) return; // what is staged counts when it is put in place
  tally[polygon.kind].added += answer.saved.added;
  tally[polygon.kind].changed += answer.saved.changed;
}

function showMonth({ reporter }: Context, agenda: Agenda, month: Month): void {
  reporter.progress({ part: "month", month, ...agenda.state(month) });
}
