import { join } from "node:path";
import { STEADY_KINDS } from "../src/completeness.ts";
import type { Month } from "../src/types.ts";
import type { Seen } from "../src/sandbox/server.ts";
import { createCountry } from "./country.ts";
import type { Country } from "./country.ts";
import { atLeast, atMost, reported } from "./figure.ts";
import type { Part } from "./figure.ts";
import { asksRecords, runCrawl } from "./run-crawl.ts";

const MONTHS = ["2018-01", "2018-02", "2018-03"];
const WINDOW = 36;
/** The API's latency as observed: so long, and so much more for each record. */
const LATENCY_S = 0.45;
const LATENCY_S_A_RECORD = 0.0011;
const CONCURRENCY = 12;
const RATE = 15;

/** How many requests both plans need, and how many hours at live latency that is. */
export const requests: Part = async (folder) => {
  const world = createCountry({ seed: 1, months: MONTHS });
  const tiles = await runCrawl({
    file: join(folder, "tiles.db"),
    sandbox: { world, limited: false },
  });
  const [first = 0, ...later] = MONTHS.map((month) => countAreas(tiles.seen, month));
  const byForce = Math.max(...MONTHS.map((month) => countForces(tiles.seen, month)));
  const probes = tiles.seen.filter(({ path }) => path === "/crime-last-updated").length - 1;
  const [firstBound = 1, ...laterBounds] = MONTHS.map((month) => lowerBound(world, month));
  const ratios = later.map((count, index) => count / (laterBounds[index] ?? 1));
  const refused = tiles.seen.filter(({ status }) => status === 503).length;

  const reference = await runCrawl({
    file: join(folder, "neighbourhoods.db"),
    sandbox: { world, limited: false },
    crawl: { plan: "neighbourhoods", until: MONTHS[0] },
  });
  const areas = reference.seen.filter(
    (seen) => !asksRecords(seen) && !seen.params.has("force"),
  ).length;
  const naive = countAreas(reference.seen, MONTHS[0] ?? "");
  const steady = Math.max(...later);
  const all = {
    tiles: areas + first + probes + (WINDOW - 1) * steady,
    kinds: areas + first + probes + (WINDOW - 1) * steady + WINDOW * byForce,
    walk: areas + WINDOW * naive,
  };
  const records = sum(STEADY_KINDS.map((kind) => world.total(kind, MONTHS[0] ?? "")));

  return [
    atMost(
      "requests for a month, tiles, from the second on, over the lower bound",
      Math.max(...ratios),
      1.3,
      `${later.join(" and ")} requests; bounds ${laterBounds.join(" and ")}`,
    ),
    atMost(
      "the same in the first month, on an empty database",
      (first + probes) / firstBound,
      2.5,
      `${first} requests, probes ${probes}; bound ${firstBound}; ${refused} refused in three months`,
    ),
    atLeast(
      "requests of neighbourhoods over those of tiles, 36 months, boundaries included",
      all.walk / all.tiles,
      30,
      `${all.walk} over ${all.tiles}; ${areas} of each for areas; months extrapolated from measured ones`,
    ),
    atMost(
      "requests for 36 months with all kinds, boundaries included",
      all.kinds,
      12_500,
      `${byForce} a month are of stops and of crimes without location; months extrapolated`,
    ),
    ...hours({ areas, first: first + probes, steady, naive, records }),
  ];
};

function countAreas(seen: readonly Seen[], month: Month): number {
  return seen.filter(({ params }) => params.has("poly") && params.get("date") === month).length;
}

function countForces(seen: readonly Seen[], month: Month): number {
  return seen.filter(({ params }) => params.has("force") && params.get("date") === month).length;
}

function lowerBound(world: Country, month: Month): number {
  return sum(STEADY_KINDS.map((kind) => Math.ceil(world.total(kind, month) / 10_000)));
}

type Volumes = { areas: number; first: number; steady: number; naive: number; records: number };

/** Computed, not run: measured requests at the observed latency, 12 in flight, 15 a second. */
function hours({ areas, first, steady, naive, records }: Volumes) {
  const inHours = (count: number, bytes: number, flights: number) => {
    const waiting = (count * LATENCY_S + bytes * LATENCY_S_A_RECORD) / flights;
    const seconds = flights === 1 ? waiting : Math.max(waiting, count / RATE);
    return `${(seconds / 3600).toFixed(2)} h`;
  };
  const plans: [string, number, number, number][] = [
    ["tiles", first + (WINDOW - 1) * steady, steady, CONCURRENCY],
    ["neighbourhoods", WINDOW * naive, naive, CONCURRENCY],
    ["neighbourhoods, one request at a time, no limit needed", WINDOW * naive, naive, 1],
  ];
  return plans.map(([name, window, month, flights]) => {
    const all = inHours(areas + window, WINDOW * records, flights);
    const note = `${areas + window} and ${month} requests; computed from measured requests and the latency model`;
    return reported(
      `hours for 36 months; for one new month: ${name}`,
      `${all}; ${inHours(month, records, flights)}`,
      note,
    );
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
