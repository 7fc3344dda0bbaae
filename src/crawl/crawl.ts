import { setMaxListeners } from "node:events";
import { StoppedError, throwIfStopped } from "../errors.ts";
import type { Api } from "../fetch/api.ts";
import type { Cover, CoveredCell } from "../completeness.ts";
import type { Releases } from "../store/coverage.ts";
import { KINDS } from "../types.ts";
import type { Store } from "../store/store.ts";
import { createStaleness, updateAreas } from "./areas/areas.ts";
import { renewBoundaries } from "./areas/boundaries.ts";
import type { CrawlResult, Tally } from "./crawl-result.ts";
import type { Context } from "./context.ts";
import { fillCells, relocateMoved } from "./fill.ts";
import { createHealth } from "./health.ts";
import { askReleases, findNewestRelease, learnPublished, listPublishers } from "./releases.ts";
import type { Reporter } from "./reporter.ts";
import { describeResult } from "./result.ts";
import { keepLastUpdate } from "./todo/last-update.ts";
import type { Task } from "./todo/todo.ts";
import { createUnanswered } from "./unanswered.ts";
import { addTo, createTally } from "./walk/walk.ts";
import { prepareWork } from "./work.ts";
import type { Work, WorkAreas, WorkOptions } from "./work.ts";

/** A run that follows a kill believes for so long what was learnt of the API's releases. */
const KNOWN_MS = 120_000;

export type CrawlOptions = WorkOptions & {
  refreshBoundaries: boolean;
  /** Requests in flight at once. */
  concurrency: number;
  /** How long to wait for an API that is down. */
  patienceMs: number;
};

export type CrawlTools = { api: Api; store: Store; reporter: Reporter; signal: AbortSignal };

/**
 * The walk: forces, neighbourhoods, boundaries, then every month's records. A run that follows a
 * kill begins with what the killed one knew of the API, and checks at its end that this still
 * holds. What a release in the midst makes untrue is fetched again, and so is a cell that lost a
 * record to another one, which a release moved. Throws a StoppedError when the signal was given;
 * what was committed until then is kept.
 */
export async function crawl(tools: CrawlTools, options: CrawlOptions): Promise<CrawlResult> {
  const context = createContext(tools, options);
  const { store, reporter } = context;
  const known = store.run.resumes() ? store.coverage.findReleases(KNOWN_MS) : undefined;
  const tally = createTally();
  const before: Task[] = [];
  let releases = known ?? (await learnReleases(context));
  let wanted = options;
  for (let isFresh = known === undefined; ; isFresh = true) {
    const pass = { releases, tally, before };
    const { describe, superseded, hasLost } = await crawlReleases(context, wanted, pass);
    const isNews = superseded || !(isFresh || (await isNewest(context, releases)));
    if (isNews) {
      reporter.note("the API was released anew meanwhile");
      releases = await learnReleases(context);
    } else if (hasLost) wanted = { ...options, refresh: undefined, refreshBoundaries: false };
    else return describe();
  }
}

/** One pass of a run, and the tasks of the passes before it. */
type Pass = { releases: Releases; tally: Tally; before: Task[] };

async function crawlReleases(context: Context, options: CrawlOptions, pass: Pass) {
  const { releases, tally, before } = pass;
  const { store, reporter, signal } = context;
  const selected = await updateAreas(context, { ...options, publishers: listPublishers(releases) });
  store.coverage.noteAsked(options.forces, options.kinds ?? KINDS);
  relocateMoved(context);
  const areas = describeAreas(store, selected);
  const work = prepareWork(store, options, { ...releases, areas });
  for (const note of work.notes) reporter.note(note);
  const keep = () => keepLastUpdate(store, work.aim);
  const cover = store.coverage.readCover();
  const { superseded, ...filled } = await withRenewal(context, options, selected, () =>
    fillCells(context, work, keep),
  );
  addTo(tally, filled);
  throwIfStopped(signal);
  const lastUpdate = keep();
  before.push(...work.tasks);
  const done = { ...work, tasks: [...before] };
  const describe = () =>
    describeResult(context, { work: done, releases, tally, areas, lastUpdate });
  const lost = listLost(cover, store.coverage.readCover(), work);
  return {
    describe,
    superseded,
    hasLost: lost.some(({ release }) => release !== releases.release),
  };
}

/** Brings old boundaries up to date while something else is done; fails after both have ended. */
async function withRenewal<T>(
  context: Context,
  options: CrawlOptions,
  forces: readonly string[],
  fill: () => Promise<T>,
): Promise<T> {
  let isFilled = false;
  const isStale = createStaleness(options);
  const renewal = renewBoundaries(context, forces, { isStale, isShown: () => isFilled });
  const [filled, renewed] = await Promise.allSettled([
    fill().finally(() => (isFilled = true)),
    renewal,
  ]);
  if (filled.status === "rejected") throw filled.reason;
  if (renewed.status === "rejected") throw renewed.reason;
  relocateMoved(context);
  return filled.value;
}

/** The cells that are wanted, were covered before, and are no longer. */
function listLost(before: Cover, after: Cover, { months, forces }: Work): CoveredCell[] {
  return before
    .listAll()
    .filter(({ month, forceId }) => months.includes(month) && forces.includes(forceId))
    .filter((cell) => after.find(cell) === undefined);
}

async function learnReleases(context: Context): Promise<Releases> {
  const releases = await askReleases(context);
  context.store.coverage.saveReleases(releases);
  return releases;
}

/** What is not known is not news. */
async function isNewest(context: Context, { release }: Releases): Promise<boolean> {
  const newest = await findNewestRelease(context);
  return newest === undefined || newest === release;
}

/** A force whose list of neighbourhoods never came cannot be asked for. */
function describeAreas(store: Store, selected: readonly string[]): WorkAreas {
  const forces = store.areas.listForces().filter(({ id }) => selected.includes(id));
  const listed = forces.filter(({ listedAt }) => listedAt !== null).map(({ id }) => id);
  const neighbourhoods = listed.flatMap((id) => store.areas.listNeighbourhoods(id)).length;
  return { selected, listed, neighbourhoods };
}

/** Puts together what the walk works with. */
export function createContext(
  { api, signal, ...tools }: CrawlTools,
  options: Pick<CrawlOptions, "concurrency" | "patienceMs">,
): Context {
  const { concurrency, patienceMs } = options;
  const abandoned = new AbortController();
  const either = AbortSignal.any([signal, abandoned.signal]);
  setMaxListeners(0, either); // every request that waits is one
  const waits: Reporter["waits"] = (why) => {
    tools.store.run.wait(why !== undefined);
    tools.reporter.waits(why);
  };
  const health = createHealth({ api, reporter: { ...tools.reporter, waits }, patienceMs });
  const context = {
    ...tools,
    api,
    concurrency,
    signal: either,
    health,
    unanswered: createUnanswered(tools.reporter),
    abandon(error: unknown) {
      if (error instanceof StoppedError) return;
      abandoned.abort();
      void api.close();
    },
  };
  return { ...context, askPublished: share(() => learnPublished(context)) };
}

/** Lets all who call it while it runs wait for the same. */
function share<T>(ask: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => (running ??= ask().finally(() => (running = undefined)));
}
