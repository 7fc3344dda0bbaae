import type { Polygon } from "../store/frontier.ts";
import type { StoredBoundary } from "../store/areas.ts";
import type { Kind, Month, Ring } from "../types.ts";
import type { Agenda } from "./agenda.ts";
import { describeArea } from "./areas.ts";
import { askPolygon } from "./ask.ts";
import type { Answer, Guide } from "./ask.ts";
import type { Context } from "./context.ts";
import { runPool } from "./pool.ts";

export type WalkOptions = {
  agenda: Agenda;
  guide: Guide;
  boundaries: readonly StoredBoundary[];
  /** Called when the last polygon of a month is done. */
  onComplete: (month: Month) => void;
};

/** Rows that a walk added and changed, by kind. */
export type Tally = Record<Kind, { added: number; changed: number }>;

/** Asks for every polygon of the agenda and commits each reply; answers what was written. */
export async function walkMonths(context: Context, options: WalkOptions): Promise<Tally> {
  const { agenda, guide, onComplete } = options;
  const { signal, concurrency, abandon } = context;
  const tally: Tally = { crimes: { added: 0, changed: 0 }, outcomes: { added: 0, changed: 0 } };
  const rings = indexRings(options.boundaries);

  const work = async (polygon: Polygon) => {
    const ring = polygon.ring ?? (polygon.area && rings.get(describeArea(polygon.area)));
    const answer = await askPolygon(context, guide, polygon, ring ?? undefined);
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

function indexRings(boundaries: readonly StoredBoundary[]): Map<string, Ring> {
  return new Map(boundaries.map((boundary) => [describeArea(boundary), boundary.ring]));
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
