import { setMaxListeners } from "node:events";
import { StoppedError, throwIfStopped } from "../errors.ts";
import type { Api } from "../fetch/api.ts";
import { RefusedError } from "../fetch/errors.ts";
import { boundingBox } from "../geo/box.ts";
import { createLocator } from "../geo/locate.ts";
import type { PlanName } from "../store/frontier.ts";
import type { Aim } from "../store/last-update.ts";
import type { Store } from "../store/store.ts";
import type { Month, Ring } from "../types.ts";
import { Agenda, isComplete } from "./agenda.ts";
import { describeArea, refreshAreas } from "./areas.ts";
import { nameCategories } from "./categories.ts";
import type { Context } from "./context.ts";
import { createHealth, patiently } from "./health.ts";
import { findStart, keepLastUpdate } from "./last-update.ts";
import { chooseMonths } from "./months.ts";
import { choosePlan, createPlan } from "./plans.ts";
import type { PolygonFailure, Reporter } from "./reporter.ts";
import { walkMonths } from "./walk.ts";
import type { Tally } from "./walk.ts";

export type CrawlOptions = {
  since?: Month | undefined;
  until?: Month | undefined;
  /** Only months after the one in last_update.json. */
  fromLastUpdate?: boolean | undefined;
  forces: readonly string[] | "all";
  /** Which polygons are asked; 'auto' takes the plan that needs fewer requests. */
  plan: PlanName | "auto";
  refreshBoundaries: boolean;
  /** Requests in flight at once. */
  concurrency: number;
  /** How long to wait for an API that is down. */
  patienceMs: number;
};

export type CrawlTools = { api: Api; store: Store; reporter: Reporter; signal: AbortSignal };

/** What a crawl did and what it found. */
export type CrawlResult = Tally & {
  /** The months asked for, oldest first. */
  months: Month[];
  /** Those of them that were not complete before. */
  crawled: Month[];
  lastUpdate: Month | null;
  forces: number;
  neighbourhoods: number;
  /** Neighbourhoods of which the API has no boundary; they keep no month from being complete. */
  withoutBoundary: string[];
  failures: PolygonFailure[];
};

/**
 * The walk: forces, neighbourhoods, boundaries, then every month's crimes and outcomes.
 * Throws a StoppedError when the signal was given; what was committed until then is kept.
 */
export async function crawl(tools: CrawlTools, options: CrawlOptions): Promise<CrawlResult> {
  const context = createContext(tools, options);
  const { store, reporter } = context;
  const { published, release } = await askReleases(context);
  const after = options.fromLastUpdate ? findStart(store, options.forces, published) : undefined;
  const { months, notes } = chooseMonths(published, { ...options, after });
  for (const note of notes) reporter.note(note);

  const forces = await refreshAreas(context, options);
  const crawled = months.filter((month) => !isComplete(store, month, forces));
  const aim: Aim = { since: months[0] ?? published[0] ?? "", forces: options.forces };
  const keep = () => keepLastUpdate(store, aim, published);
  const tally = await fill(context, options, { forces, crawled, release, keep });
  throwIfStopped(context.signal);
  const open = crawled.filter((month) => !isComplete(store, month, forces));
  return { ...tally, months, crawled, lastUpdate: keep(), ...describe(store, forces, open) };
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
export async function askReleases({ api, health, signal }: Context) {
  const published = await api.fetchMonths(signal).catch((error: unknown) => {
    if (!(error instanceof RefusedError)) throw error;
    return patiently(health, signal, () => api.fetchMonths(signal));
  });
  const release = await patiently(health, signal, () => api.fetchLastUpdated(signal));
  return { published, release };
}

type Work = {
  forces: string[];
  /** The months that are not complete. */
  crawled: Month[];
  release: string;
  keep: () => void;
};

async function fill(context: Context, options: CrawlOptions, work: Work): Promise<Tally> {
  const { store, reporter } = context;
  const { forces, crawled, release, keep } = work;
  const none = { added: 0, changed: 0 };
  const moved = store.areas.boundariesMoved();
  if (crawled.length === 0 && !moved) return { crimes: none, outcomes: none };
  const locate = createLocator(store.areas.listBoundaries());
  if (moved) store.records.relocate((point) => locate(point)[0] ?? null);
  const areas = forces.flatMap((id) => store.areas.listNeighbourhoods(id));
  const name = choosePlan(options.plan, areas.length);
  const plan = createPlan(name, { store, selected: options.forces });
  const agenda = new Agenda({ store, plan, months: crawled, forces, release });
  const onComplete = (month: Month) => {
    keep();
    reporter.note(`${month} is complete`);
  };
  await nameCategories(context, crawled.at(-1));
  const guide = { plan, locate };
  const tally = await walkMonths(context, { agenda, guide, onComplete });
  await nameCategories(context, crawled[0]);
  return tally;
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
