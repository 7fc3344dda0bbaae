import { usageError } from "../errors.ts";
import type { PlanName } from "../store/frontier.ts";
import type { Refresh } from "../store/refreshes.ts";
import type { Store } from "../store/store.ts";
import { KINDS } from "../types.ts";
import type { Kind, Month } from "../types.ts";

/** A month to bring up to date for some forces: what it lacks, or all of it again. */
export type Job = {
  month: Month;
  forces: readonly string[];
  refresh: boolean;
  /** Whether what lies in no force's boundaries is wanted, too. */
  whole: boolean;
};

export type JobOptions = {
  store: Store;
  published: readonly Month[];
  /** The API's newest release, `YYYY-MM-DD`. */
  release: string;
  /** The months asked for, oldest first. */
  months: readonly Month[];
  /** Those of which complete ones shall be fetched again, oldest first. */
  again: readonly Month[];
  selected: readonly string[] | "all";
  /** The ids of the selected forces. */
  forces: readonly string[];
  plan: PlanName;
};

/** The work of a run, oldest month first, and what has to be written before it begins. */
export type Jobs = {
  jobs: Job[];
  /** Refreshes that begin. */
  begin: Refresh[];
  /** Months of which what is staged is of no use any more. */
  discard: Month[];
  notes: string[];
};

/**
 * Chooses what a run has to do: the months that are not complete, and those to be fetched again.
 * An interrupted refresh goes on; a new one begins only when none is open.
 */
export function chooseJobs(options: JobOptions): Jobs {
  const { store, release, months, again, forces } = options;
  const scope = nameScope(options.selected);
  const { over, going, own, restarted, notes } = sortOpen(options, scope);
  const isOwn = (month: Month) => own.some((refresh) => refresh.month === month);
  const whole = wantsWhole(options);
  const asked = own.length > 0 ? [] : again.filter((month) => isComplete(store, month, forces));
  const lacking = months.filter(
    (month) => !isOwn(month) && !asked.includes(month) && !isDone(store, toJob(month, false)),
  );
  const stale = whole ? lacking.filter((month) => isMixed(options, toJob(month, false))) : [];
  const others = going.filter(({ scope: of, month }) => of !== scope && stale.includes(month));
  if (others.length > 0) {
    notes.push(`the refresh of ${nameMonths(others)} for some forces is taken over by that of all`);
  }
  const fresh = [...stale, ...asked, ...restarted.map(({ month }) => month)];
  const refreshed = [...new Set([...own.map(({ month }) => month), ...fresh])];
  const jobs = [
    ...lacking.filter((month) => !stale.includes(month)).map((month) => toJob(month, false)),
    ...refreshed.map((month) => toJob(month, true)),
  ];
  return {
    jobs: jobs.sort((a, b) => (a.month < b.month ? -1 : 1)),
    begin: fresh.map((month) => ({ month, scope, release })),
    discard: [...over, ...restarted, ...others].map(({ month }) => month),
    notes,
  };

  function toJob(month: Month, refresh: boolean): Job {
    return { month, forces, refresh, whole };
  }
}

/** The refreshes that are open: those of months that left, of others, and this run's own to go on with. */
function sortOpen({ store, published, release, months, again }: JobOptions, scope: string) {
  const notes: string[] = [];
  const open = store.refreshes.list();
  const over = open.filter(({ month }) => !published.includes(month));
  for (const { month } of over) {
    notes.push(`${month} is no longer published; its refresh is given up, and its rows stay`);
  }
  const going = open.filter((refresh) => published.includes(refresh.month));
  if (again.length > 0) checkScope(going, scope);
  const own = going.filter(
    (refresh) => refresh.scope === scope && (again.length > 0 || months.includes(refresh.month)),
  );
  const restarted = own.filter((refresh) => refresh.release !== release);
  if (restarted.length > 0) {
    notes.push(`the API was released anew; the refresh of ${nameMonths(restarted)} begins again`);
  } else if (own.length > 0) {
    notes.push(`going on with the refresh of ${nameMonths(own)}`);
  }
  return { over, going, own, restarted, notes };
}

/** Writes down which refreshes begin, before the first of their requests. */
export function beginJobs({ refreshes }: Store, { begin, discard }: Jobs): void {
  refreshes.begin(discard, begin);
}

/** Whether a month is complete, crimes and outcomes both, for every one of these forces. */
export function isComplete(store: Store, month: Month, forces: readonly string[]): boolean {
  return KINDS.every(
    (kind) =>
      listLacking(store, { month, forces, refresh: false, whole: false }, kind).length === 0,
  );
}

/** Whether all is there that a job is for; of a refresh: whether all is staged. */
export function isDone(store: Store, job: Job): boolean {
  return KINDS.every((kind) => listLacking(store, job, kind).length === 0);
}

/** The forces of which a job still has to fetch something. */
export function listLacking(store: Store, job: Job, kind: Kind): readonly string[] {
  const { month, forces, refresh, whole } = job;
  if (!refresh && whole && !store.coverage.isWhole(month, kind)) return forces;
  const there = new Set(
    refresh
      ? store.refreshes.listStagedForces(month, kind)
      : store.coverage.listForces(month, kind),
  );
  return forces.filter((force) => !there.has(force));
}

/** Complete months whose rows are of an earlier release than the API's newest. */
export function listOutdated(options: Omit<JobOptions, "months" | "again" | "plan">): Month[] {
  const { store, published, release, forces } = options;
  return [...published].sort().filter(
    (month) =>
      isComplete(store, month, forces) &&
      KINDS.some((kind) => {
        const releases = store.coverage.listReleases(month, kind);
        return forces.some((force) => (releases.get(force) ?? release) < release);
      }),
  );
}

/**
 * A month of which some forces are there, and that is to be covered as a whole: ids may have changed
 * since, so that what is there has to be replaced, and not added to.
 */
function isMixed({ store }: JobOptions, job: Job): boolean {
  const { month } = job;
  return KINDS.some((kind) => {
    const { isWhole, listForces } = store.coverage;
    const isCovered = listForces(month, kind).length > 0;
    const lacks = listLacking(store, job, kind).some((force) => hasArea(store, force));
    return (
      isCovered && (lacks || !isWhole(month, kind)) && !store.frontier.isBegun(month, kind, "all")
    );
  });
}

function hasArea(store: Store, forceId: string): boolean {
  return store.areas.listNeighbourhoods(forceId).some((area) => area.hasBoundary);
}

/** Forces one by one never bring what lies between them: tiles for all of them do. */
function wantsWhole({ store, selected, forces, plan }: JobOptions): boolean {
  if (selected !== "all" || plan !== "tiles") return false;
  return forces.some((id) => hasArea(store, id));
}

function checkScope(open: readonly Refresh[], scope: string): void {
  const other = open.find((refresh) => refresh.scope !== scope);
  if (other === undefined) return;
  const option = other.scope === "all" ? "" : ` --force ${other.scope}`;
  throw usageError(
    `a refresh of ${other.month} for ${other.scope === "all" ? "all forces" : other.scope} is not finished`,
    `finish it first: ukpolice crawl --refresh${option}`,
  );
}

function nameScope(selected: readonly string[] | "all"): string {
  return selected === "all" ? "all" : [...new Set(selected)].sort().join(",");
}

function nameMonths(refreshes: readonly Refresh[]): string {
  return refreshes.map(({ month }) => month).join(", ");
}
