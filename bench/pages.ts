import { startBrowse } from "../src/browse/server.ts";
import type { Figure } from "./figure.ts";

const MOST_MS = 300;
const ROUNDS = 5;

/** Every section, and of the tables what is dear: ends, filters that no index serves, references. */
const PAGES = [
  "/",
  "/map",
  "/data/map/shapes",
  "/data/map/counts?month=2018-05",
  "/data/map/area?force=kent&id=N005&month=2018-05",
  "/data/map/points?month=2018-05&south=51&north=51.2&west=-0.4&east=0&zoom=14",
  "/progress",
  "/revisions",
  "/sql",
  "/tables",
  "/tables/crimes",
  "/tables/crimes?_sort=month&_desc=1",
  "/tables/crimes?month=2018-05&category=burglary",
  "/tables/crimes?force_id=kent&neighbourhood_id=N005",
  "/tables/crimes?street_id=-1",
  "/tables/crimes?context__contains=nothing",
  "/tables/outcomes?category=nothing&_sort=id&_desc=1",
  "/tables/neighbourhoods?boundary__contains=nothing",
  "/tables/neighbourhoods/row?force_id=kent&id=N005",
  "/tables/crime_categories/row?id=burglary",
  "/tables/neighbourhood_counts?force_id=kent",
];

/** How long the pages of `ukpolice browse` take on a full database, after a first look at each. */
export async function timePages(file: string, on = "on 6 months"): Promise<Figure> {
  const fail = (error: unknown) => {
    throw error;
  };
  const server = await startBrowse({ file, port: 0, onError: fail });
  const medians: { path: string; ms: number }[] = [];
  try {
    for (const path of PAGES) medians.push({ path, ms: await timePage(new URL(path, server.url)) });
  } finally {
    await server.close();
  }
  const [slowest] = medians.toSorted((a, b) => b.ms - a.ms);
  const ms = slowest?.ms ?? 0;
  return {
    name: `time of the slowest page of browse ${on}`,
    must: `< ${MOST_MS} ms`,
    value: `${Math.round(ms)} ms`,
    ok: ms < MOST_MS,
    note: `${slowest?.path}, of ${PAGES.length} pages; each the median of ${ROUNDS} after one more`,
  };
}

async function timePage(url: URL): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const startMs = performance.now();
    const reply = await fetch(url);
    await reply.text();
    if (reply.status !== 200) throw new Error(`${url.href} answered ${reply.status}`);
    if (round > 0) times.push(performance.now() - startMs);
  }
  return times.toSorted((a, b) => a - b)[ROUNDS >> 1] ?? 0;
}
