import { setMaxListeners } from "node:events";
import { StoppedError, throwIfStopped } from "../errors.ts";
import type { Api } from "../fetch/api.ts";
import { RefusedError } from "../fetch/errors.ts";
import { createLocator } from "../geo/locate.ts";
import type { Aim } from "../store/last-update.ts";
import type { Store } from "../store/store.ts";
import type { Month } from "../types.ts";
import { Agenda } from "./agenda.ts";
import { describeArea, refreshAreas } from "./areas.ts";
import { nameCategories } from "./categories.ts";
import type { Context } from "./context.ts";
import { createHealth, patiently } from "./health.ts";
import { findStart, keepLastUpdate } from "./last-update.ts";
import { chooseMonths } from "./months.ts";
import { createNeighbourhoodPlan } from "./plan.ts";
import type { PolygonFailure, Reporter } from "./reporter.ts";
import { walkMonths } from "./walk.ts";
import type { Tally } from "./walk.ts";

export type CrawlOptions = {
  since?: Month | undefined;
  until?: Month | undefined;
  /** Only months after the one in last_update.json. */
  fromLastUpdate?: boolean | undefined;
  forces: readonly string[] | "all";
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
  const plan = createNeighbourhoodPlan(store);
  const agenda = new Agenda({ store, plan, months, forces, release });
  const crawled = months.filter((month) => !agenda.isComplete(month));
  const aim: Aim = { since: months[0] ?? published[0] ?? "", forces: options.forces };
  const keep = () => keepLastUpdate(store, aim, published);
  const tally = await fill(context, { agenda, crawled, published, keep });
  throwIfStopped(context.signal);
  return { ...tally, months, crawled, lastUpdate: keep(), ...describe(store, forces, months) };
}

function createContext({ api, signal, ...tools }: CrawlTools, options: CrawlOptions): Context {
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

/** The first question of a run is asked without patience: an address may be wrong. */
async function askReleases({ api, health, signal }: Context) {
  const published = await api.fetchMonths(signal).catch((error: unknown) => {
    if (!(error instanceof RefusedError)) throw error;
    return patiently(health, signal, () => api.fetchMonths(signal));
  });
  const release = await patiently(health, signal, () => api.fetchLastUpdated(signal));
  return { published, release };
}

type Work = {
  agenda: Agenda;
  crawled: readonly Month[];
  published: readonly Month[];
  keep: () => void;
};

async function fill(context: Context, { agenda, crawled, published, keep }: Work): Promise<Tally> {
  const { store, reporter } = context;
  const none = { added: 0, changed: 0 };
  if (crawled.length === 0 && !store.areas.boundariesMoved()) {
    return { crimes: none, outcomes: none };
  }
  const boundaries = store.areas.listBoundaries();
  const locate = createLocator(boundaries);
  if (store.areas.boundariesMoved()) store.relocate((point) => locate(point)[0] ?? null);
  const onComplete = (month: Month) => {
    keep();
    reporter.note(`${month} is complete`);
  };
  if (crawled.length > 0) await nameCategories(context, published[0] ?? "");
  const tally = await walkMonths(context, { agenda, boundaries, locate, onComplete });
  if (crawled.length > 0) await nameCategories(context, crawled[0] ?? "");
  return tally;
}

function describe(store: Store, forces: readonly string[], months: readonly Month[]) {
  const areas = forces.flatMap((id) => store.areas.listNeighbourhoods(id));
  return {
    forces: forces.length,
    neighbourhoods: areas.length,
    withoutBoundary: areas.filter(({ hasBoundary }) => !hasBoundary).map(describeArea),
    failures: store.frontier
      .listFailures()
      .filter(({ month }) => months.includes(month))
      .map(({ month, kind, area, reason }) => ({
        month,
        kind,
        where: area === null ? "a tile" : describeArea(area),
        reason,
      })),
  };
}
