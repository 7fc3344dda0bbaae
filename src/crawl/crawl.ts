import { setMaxListeners } from "node:events";
import { StoppedError, throwIfStopped } from "../errors.ts";
import type { Api } from "../fetch/api.ts";
import { RefusedError } from "../fetch/errors.ts";
import { boundingBox } from "../geo/box.ts";
import type { PlanName } from "../store/frontier.ts";
import type { Aim } from "../store/last-update.ts";
import type { Releases } from "../store/coverage.ts";
import type { Store } from "../store/store.ts";
import type { Month, Ring } from "../types.ts";
import { describeArea, refreshAreas } from "./areas.ts";
import type { Context } from "./context.ts";
import { fillMonths, isNewest, isOpen } from "./fill.ts";
import { createHealth, patiently } from "./health.ts";
import { beginJobs, chooseJobs, listOutdated } from "./jobs.ts";
import { findStart, keepLastUpdate } from "./last-update.ts";
import { chooseAgain, chooseMonths } from "./months.ts";
import { choosePlan } from "./plans.ts";
import type { PolygonFailure, Reporter } from "./reporter.ts";
import { addTo, noChanges } from "./walk.ts";
import type { Changes } from "./walk.ts";

/** A run that follows a kill believes for so long what was learnt of the API's releases. */
const KNOWN_MS = 120_000;

export type CrawlOptions = {
  since?: Month | undefined;
  until?: Month | undefined;
  /** Only months after the one in last_update.json. */
  fromLastUpdate?: boolean | undefined;
  forces: readonly string[] | "all";
  /** Which polygons are asked; 'auto' takes the plan that needs fewer requests. */
  plan: PlanName | "auto";
  refreshBoundaries: boolean;
  /** How many of the newest complete months to fetch again; none unless said. */
  refresh?: number | undefined;
  /** Requests in flight at once. */
  concurrency: number;
  /** How long to wait for an API that is down. */
  patienceMs: number;
};

export type CrawlTools = { api: Api; store: Store; reporter: Reporter; signal: AbortSignal };

/** What a crawl did and what it found. */
export type CrawlResult = Changes & {
  /** The months asked for, oldest first. */
  months: Month[];
  /** Those of them that were not complete before. */
  crawled: Month[];
  /** Complete months that were fetched again. */
  refreshed: Month[];
  /** Months of these that are not complete yet, or whose refresh is not. */
  incomplete: Month[];
  /** Complete months of an earlier release than the API's newest. */
  outdated: Month[];
  /** The API's newest release, `YYYY-MM-DD`. */
  release: string;
  lastUpdate: Month | null;
  forces: number;
  neighbourhoods: number;
  /** Neighbourhoods of which the API has no boundary; they keep no month from being complete. */
  withoutBoundary: string[];
  failures: PolygonFailure[];
};

/**
 * The walk: forces, neighbourhoods, boundaries, then every month's crimes and outcomes.
 * A run that follows a kill begins with what the killed one knew of the API, and checks at its end
 * that this still holds. What a release in the midst makes untrue is fetched again. Throws a StoppedError when the signal was given; what was committed until
 * then is kept.
 */
export async function crawl(tools: CrawlTools, options: CrawlOptions): Promise<CrawlResult> {
  const context = createContext(tools, options);
  const { store, reporter } = context;
  const known = store.run.resumes() ? store.coverage.findReleases(KNOWN_MS) : undefined;
  const before = noChanges();
  let releases = known ?? (await learnReleases(context));
  for (let isFresh = known === undefined; ; isFresh = true) {
    const { result, superseded } = await crawlReleases(context, options, releases);
    addTo(before, result);
    const isOver = !superseded && (isFresh || (await isNewest(context, releases.release)));
    if (isOver) return { ...result, ...before };
    reporter.note("the API was released anew meanwhile");
    releases = await learnReleases(context);
  }
}

async function learnReleases(context: Context): Promise<Releases> {
  const releases = await askReleases(context);
  context.store.coverage.saveReleases(releases);
  return releases;
}

async function crawlReleases(
  context: Context,
  options: CrawlOptions,
  { published, release }: Releases,
): Promise<{ result: CrawlResult; superseded: boolean }> {
  const { store, reporter } = context;
  const after = options.fromLastUpdate ? findStart(store, options.forces, published) : undefined;
  const { months, notes } = chooseMonths(published, { ...options, after });
  for (const note of notes) reporter.note(note);

  const forces = await refreshAreas(context, options);
  store.frontier.dropSweeps(store.areas.listMovedForces());
  const again = chooseAgain(published, options);
  const selected = options.forces;
  const plan = choosePlan(options.plan, countAreas(store, forces));
  const asked = { store, published, release, selected, forces };
  const work = chooseJobs({ ...asked, months, again, plan });
  for (const note of work.notes) reporter.note(note);
  beginJobs(store, work);

  const aim: Aim = { since: months[0] ?? published[0] ?? "", forces: selected };
  const keep = () => keepLastUpdate(store, aim, published);
  const filling = { plan, selected, jobs: work.jobs, release, keep };
  const { changes, superseded } = await fillMonths(context, filling);
  throwIfStopped(context.signal);
  const open = work.jobs.filter((job) => isOpen(store, job)).map(({ month }) => month);
  const result = {
    ...changes,
    months,
    crawled: work.jobs.filter(({ refresh }) => !refresh).map(({ month }) => month),
    refreshed: work.jobs.filter(({ refresh }) => refresh).map(({ month }) => month),
    incomplete: open,
    outdated: listOutdated(asked),
    release,
    lastUpdate: keep(),
    ...describe(store, forces, open),
  };
  return { result, superseded };
}

/** Puts together what the walk works with. */
export function createContext(
  { api, signal, ...tools }: CrawlTools,
  options: CrawlOptions,
): Context {
  const { concurrency, patienceMs } = options;
  const abandoned = new AbortController();
  const either = AbortSignal.any([signal, abandoned.signal]);
  setMaxListeners(0, either); // every request that waits is one
  return {
    ...tools,
    api,
    concurrency,
    signal: either,
    health: createHealth({ api, reporter: tools.reporter, patienceMs }),
    abandon(error) {
      if (error instanceof StoppedError) return;
      abandoned.abort();
      void api.close();
    },
  };
}

/**
 * The published months and the newest release. The first question of a run is asked without
 * patience: an address may be wrong.
 */
export async function askReleases({ api, health, signal }: Context): Promise<Releases> {
  const published = await api.fetchMonths(signal).catch((error: unknown) => {
    if (!(error instanceof RefusedError)) throw error;
    return patiently(health, signal, () => api.fetchMonths(signal));
  });
  const release = await patiently(health, signal, () => api.fetchLastUpdated(signal));
  return { published, release };
}

function countAreas(store: Store, forces: readonly string[]): number {
  return forces.flatMap((id) => store.areas.listNeighbourhoods(id)).length;
}

/** Failures count where they keep a month, one of those still open, from being complete. */
function describe(store: Store, forces: readonly string[], open: readonly Month[]) {
  const areas = forces.flatMap((id) => store.areas.listNeighbourhoods(id));
  return {
    forces: forces.length,
    neighbourhoods: areas.length,
    withoutBoundary: areas.filter(({ hasBoundary }) => !hasBoundary).map(describeArea),
    failures: store.frontier
      .listFailures()
      .filter(({ month, scope }) => open.includes(month) && concerns(scope, forces))
      .map(({ month, kind, area, ring, reason }) => ({
        month,
        kind,
        where: area === null ? describeTile(ring ?? []) : describeArea(area),
        reason,
      })),
  };
}

function concerns(scope: string, forces: readonly string[]): boolean {
  return scope === "all" || scope.split(",").some((force) => forces.includes(force));
}

/** A tile has no name but its corners, south-west and north-east. */
function describeTile(ring: Ring): string {
  const { south, west, north, east } = boundingBox(ring);
  return `the tile ${south},${west} to ${north},${east}`;
}
