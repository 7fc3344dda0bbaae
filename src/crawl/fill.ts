import { createLocator } from "../geo/locate.ts";
import type { Locate } from "../geo/locate.ts";
import type { PlanName } from "../store/frontier.ts";
import type { Store } from "../store/store.ts";
import { Agenda } from "./agenda.ts";
import { nameCategories } from "./categories.ts";
import type { Context } from "./context.ts";
import { patiently } from "./health.ts";
import { isDone } from "./jobs.ts";
import type { Job } from "./jobs.ts";
import { createPlan } from "./plans.ts";
import { addTo, noChanges, walkMonths } from "./walk.ts";
import type { Changes } from "./walk.ts";

export type Filling = {
  plan: PlanName;
  selected: readonly string[] | "all";
  jobs: readonly Job[];
  /** The API's newest release when the run began, `YYYY-MM-DD`. */
  release: string;
  /** Writes down how far the database is. */
  keep: () => void;
};

/** What was written; `superseded` when the API was released anew, and refreshed months have to begin again. */
export type Filled = { changes: Changes; superseded: boolean };

/** Fetches what the jobs are for, and puts refreshed months in place. */
export async function fillMonths(context: Context, filling: Filling): Promise<Filled> {
  const { store, reporter } = context;
  const { jobs, release, keep } = filling;
  const moved = store.areas.listMovedForces().length > 0;
  if (jobs.length === 0 && !moved) return { changes: noChanges(), superseded: false };
  const locate = createLocator(store.areas.listBoundaries());
  if (moved) store.records.relocate((point) => locate(point)[0] ?? null);
  const plan = createPlan(filling.plan, { store, selected: filling.selected });
  const agenda = new Agenda({ store, plan, jobs, release });
  let superseded = false;
  const onDone = async (job: Job) => {
    if (job.refresh && !(await isNewest(context, release))) {
      superseded = true;
      agenda.end();
      return undefined;
    }
    const changes = job.refresh ? replaceMonth(store, job, locate) : undefined;
    keep();
    reporter.note(`${job.month} is ${job.refresh ? "refreshed" : "complete"}`);
    return changes;
  };
  await nameCategories(context, jobs.at(-1)?.month);
  const changes = await walkMonths(context, { agenda, guide: { plan, locate }, onDone });
  // What was staged before a kill, or needed no request at all, is put in place now.
  for (const job of jobs.filter((one) => one.refresh && isOpen(store, one) && isDone(store, one))) {
    if (!superseded) addTo(changes, (await onDone(job)) ?? noChanges());
  }
  await nameCategories(context, jobs[0]?.month);
  return { changes, superseded };
}

/** Whether the API's newest release is still the one that a run works on. */
export async function isNewest(context: Context, release: string): Promise<boolean> {
  const { api, health, signal } = context;
  return (await patiently(health, signal, () => api.fetchLastUpdated(signal))) === release;
}

/** Whether a job's month is still being worked on; a refresh is, until its rows are in place. */
export function isOpen(store: Store, job: Job): boolean {
  if (!job.refresh) return !isDone(store, job);
  return store.refreshes.list().some(({ month }) => month === job.month);
}

/** What was fetched again, unless it is the whole country, is what lies within the forces. */
function replaceMonth(store: Store, { month, forces }: Job, locate: Locate): Changes {
  const own = new Set(forces);
  return store.refreshes.replaceMonth(
    month,
    (place) => place !== null && locate(place).some(({ forceId }) => own.has(forceId)),
  );
}
