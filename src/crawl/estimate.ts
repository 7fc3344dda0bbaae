import { LATENCY, SIZES } from "../police-api.ts";
import type { Store } from "../store/store.ts";
import type { Kind, Month, PlanName } from "../types.ts";
import { createStaleness, selectForces } from "./areas/areas.ts";
import type { AreasWanted } from "./areas/areas.ts";
import { chooseBoundaries } from "./areas/boundaries.ts";
import type { Context } from "./context.ts";
import { createContext } from "./crawl.ts";
import type { CrawlOptions, CrawlTools } from "./crawl.ts";
import { patiently } from "./health.ts";
import { nearest } from "./plan/forecast.ts";
import { recallSizes } from "./plan/recall.ts";
import { BLIND_SHARE } from "./plan/tiles.ts";
import { listForces } from "./plan/seeds.ts";
import { askReleases, listPublishers } from "./releases.ts";
import type { Task } from "./todo/todo.ts";
import { isFailedQuestion, nameFailure } from "./unanswered.ts";
import { prepareWork } from "./work.ts";
import type { WorkAreas } from "./work.ts";

/** Requests that meet refusals and uneven tiles, for each one that a perfect plan would need. */
const OVERHEAD = { known: 1.1, blind: 1.4 };

/** What a crawl would ask, before it does. Records, bytes and seconds are estimates. */
export type Estimate = {
  /** The months that are not complete, oldest first. */
  months: Month[];
  /** The complete months that it would fetch again. */
  refreshed: Month[];
  plan: PlanName;
  forces: number;
  neighbourhoods: number;
  requests: { areas: number; polygons: number; total: number };
  records: number;
  bytes: number;
  /** The longer of the time at the rate alone and of that at the API's known latency. */
  seconds: number;
};

export type EstimateOptions = CrawlOptions & { rate: number };

/** Tells what a crawl would do. Asks for the months, and for lists that are not stored. */
export async function estimateCrawl(
  tools: CrawlTools,
  options: EstimateOptions,
): Promise<Estimate> {
  const context = createContext(tools, options);
  const { store } = context;
  const releases = await askReleases(context);
  const publishers = listPublishers(releases);
  const areas = await learnAreas(context, { ...options, publishers });
  const { tasks, plan } = prepareWork(store, options, { ...releases, areas });
  const parts = tasks.map((task) => estimateTask(store, task, areas));
  const polygons = sum(parts.map(({ requests }) => requests));
  const records = sum(parts.map((part) => part.records));
  const total = areas.requests + polygons + 2;
  const waitMs = (total * LATENCY.baseMs + records * LATENCY.perRecordMs) / options.concurrency;
  const monthsOf = (staged: boolean) => [
    ...new Set(tasks.flatMap((task) => (task.staged === staged ? task.month : []))),
  ];
  return {
    months: monthsOf(false),
    refreshed: monthsOf(true),
    plan,
    forces: areas.selected.length,
    neighbourhoods: areas.neighbourhoods,
    requests: { areas: areas.requests, polygons, total },
    records,
    bytes: sum(parts.map(({ bytes }) => bytes)),
    seconds: Math.round(Math.max(total / options.rate, waitMs / 1000)),
  };
}

/** The areas as a crawl would have them, and the requests that it would need for that. */
async function learnAreas(
  context: Context,
  options: AreasWanted,
): Promise<WorkAreas & { requests: number }> {
  const { store } = context;
  const isStale = createStaleness(options);
  const { selected, fetched } = await selectForces(context, options);
  const listedAt = new Map(store.areas.listForces().map((force) => [force.id, force.listedAt]));
  const stored = selected.flatMap((id) => store.areas.listNeighbourhoods(id));
  let neighbourhoods = 0;
  let requests = (fetched === undefined ? 0 : 1) + chooseBoundaries(stored, isStale).length;
  for (const id of selected) {
    const known = stored.filter(({ forceId }) => forceId === id).length;
    const isOld = isStale(listedAt.get(id) ?? null);
    const listed = (isOld ? await countListed(context, id) : undefined) ?? known;
    neighbourhoods += listed;
    requests += (isOld ? 1 : 0) + Math.max(0, listed - known);
  }
  return { selected, listed: selected, neighbourhoods, requests };
}

async function countListed(context: Context, forceId: string): Promise<number | undefined> {
  const { api, health, signal, unanswered } = context;
  try {
    const ask = () => api.fetchNeighbourhoods(forceId, signal);
    return (await patiently(health, signal, ask)).length;
  } catch (error) {
    if (!isFailedQuestion(error)) throw error;
    unanswered.add(nameFailure(`the neighbourhoods of ${forceId}`, error));
    return undefined;
  }
}

/** What a task needs; of one that was begun, its questions that are left. */
function estimateTask(store: Store, { month, kind, plan, forces, left }: Task, areas: WorkAreas) {
  const share = Math.min(1, forces.length / Math.max(1, areas.listed.length));
  const { records, known } = expectRecords(store, { month, kind, areas });
  const named = listForces({ kind, forces }).length;
  if (kind === "stops") return estimateStops(store, { month, named, areas });
  const target = recallSizes(store).sizes.targetOf(kind);
  const tiles = known
    ? Math.ceil((records / target) * OVERHEAD.known)
    : Math.ceil((records / (BLIND_SHARE * target)) * OVERHEAD.blind);
  const whole = named + (plan === "tiles" ? tiles : Math.round(areas.neighbourhoods * share));
  const requests = left ?? whole;
  const rest = share * (whole === 0 ? 0 : Math.min(1, requests / whole));
  return {
    records: Math.round(records * rest),
    requests,
    bytes: Math.round(records * rest * SIZES[kind].bytes),
  };
}

/** One request for each force; small forces publish as many as large ones, on average. */
function estimateStops(
  store: Store,
  { month, named, areas }: { month: Month; named: number; areas: WorkAreas },
) {
  const { records } = expectRecords(store, { month, kind: "stops", areas });
  const expected = Math.round(records * Math.min(1, named / Math.max(1, areas.listed.length)));
  return { records: expected, requests: named, bytes: expected * SIZES.stops.bytes };
}

function expectRecords(
  store: Store,
  { month, kind, areas }: { month: Month; kind: Kind; areas: WorkAreas },
): { records: number; known: boolean } {
  const source = nearest(store.coverage.readCover().listMonths(kind), month);
  const counted = source === undefined ? 0 : store.records.countMonth(kind, source);
  const guessed = areas.neighbourhoods * SIZES[kind].perNeighbourhood;
  return { records: counted || guessed, known: counted > 0 || kind !== "crimes" };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
