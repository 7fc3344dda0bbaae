import type { PlanName } from "../store/frontier.ts";
import type { Store } from "../store/store.ts";
import { KINDS } from "../types.ts";
import type { Kind, Month } from "../types.ts";
import { createStaleness, selectForces } from "./areas.ts";
import type { Context } from "./context.ts";
import { askReleases, createContext } from "./crawl.ts";
import type { CrawlOptions, CrawlTools } from "./crawl.ts";
import { nearest, PER_NEIGHBOURHOOD } from "./forecast.ts";
import { patiently } from "./health.ts";
import { chooseJobs, listLacking } from "./jobs.ts";
import type { Job } from "./jobs.ts";
import { findStart } from "./last-update.ts";
import { chooseAgain, chooseMonths } from "./months.ts";
import { choosePlan } from "./plans.ts";
import { BLIND_TARGET, TARGET } from "./tiles.ts";

/** Measured on recorded replies: bytes of JSON a record. */
const BYTES: Record<Kind, number> = { crimes: 395, outcomes: 470 };
/** As observed in the field: a reply takes this long, and this much more for each record. */
const LATENCY_MS = 450;
const LATENCY_MS_A_RECORD = 1.1;
/** Requests that meet refusals and uneven tiles, for each one that a perfect plan would need. */
const OVERHEAD = { known: 1.1, blind: 1.4 };

/** What a crawl would ask, before it does. Records, bytes and seconds are estimates. */
export type Outlook = {
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

export type OutlookOptions = CrawlOptions & { rate: number };

/** Tells what a crawl would do. Asks for the months, and for lists that are not stored. */
export async function foretell(tools: CrawlTools, options: OutlookOptions): Promise<Outlook> {
  const context = createContext(tools, options);
  const { store } = context;
  const { published, release } = await askReleases(context);
  const after = options.fromLastUpdate ? findStart(store, options.forces, published) : undefined;
  const { months } = chooseMonths(published, { ...options, after });
  const areas = await countAreas(context, options);
  const { forces } = areas;
  const plan = choosePlan(options.plan, areas.neighbourhoods);
  const again = chooseAgain(published, options);
  const selected = options.forces;
  const asked = { store, published, release, months, again, selected, forces, plan };
  const { jobs } = chooseJobs(asked);
  const parts = jobs.flatMap((job) =>
    KINDS.map((kind) => expectPart(store, { job, kind, plan, areas })),
  );
  const polygons = sum(parts.map(({ requests }) => requests));
  const records = sum(parts.map((part) => part.records));
  const total = areas.requests + polygons + 2;
  const waitMs = (total * LATENCY_MS + records * LATENCY_MS_A_RECORD) / options.concurrency;
  return {
    months: jobs.filter(({ refresh }) => !refresh).map(({ month }) => month),
    refreshed: jobs.filter(({ refresh }) => refresh).map(({ month }) => month),
    plan,
    forces: forces.length,
    neighbourhoods: areas.neighbourhoods,
    requests: { areas: areas.requests, polygons, total },
    records,
    bytes: sum(parts.map(({ bytes }) => bytes)),
    seconds: Math.round(Math.max(total / options.rate, waitMs / 1000)),
  };
}

type AreaCount = { forces: string[]; neighbourhoods: number; requests: number };

async function countAreas(context: Context, options: CrawlOptions): Promise<AreaCount> {
  const { api, store, signal, health } = context;
  const isStale = createStaleness(options);
  const { selected, fetched } = await selectForces(context, options);
  const listedAt = new Map(store.areas.listForces().map((force) => [force.id, force.listedAt]));
  const count = { forces: selected, neighbourhoods: 0, requests: fetched === undefined ? 0 : 1 };
  for (const id of selected) {
    const stored = store.areas.listNeighbourhoods(id);
    const stale = isStale(listedAt.get(id) ?? null);
    const ask = () => api.fetchNeighbourhoods(id, signal);
    const { length } = stale ? await patiently(health, signal, ask) : stored;
    const fresh = stored.filter(({ boundaryAt }) => !isStale(boundaryAt)).length;
    count.neighbourhoods += length;
    count.requests += (stale ? 1 : 0) + Math.max(0, length - fresh);
  }
  return count;
}

type Part = { job: Job; kind: Kind; plan: PlanName; areas: AreaCount };

/** What is left of a month in one kind: of one that was begun, its open polygons. */
function expectPart(store: Store, { job, kind, plan, areas }: Part) {
  const { month, refresh } = job;
  const source = nearest(store.coverage.listMonthsOf(kind), month);
  const counted = source === undefined ? 0 : store.records.countMonth(kind, source);
  const records = counted || areas.neighbourhoods * PER_NEIGHBOURHOOD[kind];
  const tiles =
    counted > 0 || kind === "outcomes"
      ? Math.ceil((records / TARGET) * OVERHEAD.known)
      : Math.ceil((records / BLIND_TARGET) * OVERHEAD.blind);
  const whole = plan === "tiles" ? tiles : areas.neighbourhoods;
  const lacks = listLacking(store, job, kind).length > 0;
  const requests = lacks ? (store.frontier.countLeft(month, kind, refresh) ?? whole) : 0;
  const share = whole === 0 ? 0 : Math.min(1, requests / whole);
  return {
    records: Math.round(records * share),
    requests,
    bytes: Math.round(records * share * BYTES[kind]),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
