import { CRIME_CATEGORIES } from "../../src/police-api.ts";
import { outcomeCode } from "../../src/sandbox/categories.ts";
import { createRandom } from "../../src/sandbox/shares.ts";
import { indexRecords } from "../../src/sandbox/world.ts";
import type {
  RawCrime,
  RawOutcome,
  RawPoint,
  RecordIndex,
  World,
} from "../../src/sandbox/world.ts";
import type { Month } from "../../src/types.ts";
import { listPublishers, listStops, listUnlocated } from "./released-by-force.ts";

export type Releases = {
  world: World;
  /** Publishes a new release: records of all months change, vanish and appear. */
  advance(options?: { newMonth?: boolean; newIds?: boolean }): void;
};

export type ReleasesOptions = {
  /** Crimes a month. */
  records?: number;
  months?: number;
};

type Result = { date: Month; name: string; person: number | null };
type Case = { key: number; month: Month; category: string; place: number; results: Result[] };
type Random = { below(count: number): number; chance(share: number): boolean };

const CATEGORIES = Object.keys(CRIME_CATEGORIES).filter((id) => id !== "all-crime");
const RESULTS = ["Under investigation", "Local resolution", "Suspect charged", "Offender fined"];

/** Neighbourhoods that overlap (A1 and A2), leave gaps, touch (K 1 and K2), or have no boundary. */
const AREAS: Record<string, Record<string, readonly RawPoint[] | undefined>> = {
  avon: { A1: rectangle(0, 0.5), A2: rectangle(0.4, 0.8), A3: [], A4: undefined },
  kent: { "K 1": rectangle(1, 1.3), K2: rectangle(1.3, 1.6) },
  rutland: {},
};
const WIDTH = 1.8;

/**
 * A small country whose data is revised from release to release, the same for the same seed.
 * What it published earlier is forgotten, as it is by the API.
 */
export function createReleases(
  seed: number,
  { records = 60, months = 2 }: ReleasesOptions = {},
): Releases {
  const draw = createRandom(seed);
  const random: Random = {
    below: (count) => Math.floor(draw() * count),
    chance: (share) => draw() < share,
  };
  const places = Array.from({ length: Math.ceil(records / 3) }, () => toPlace(random));
  const published: Month[] = [];
  let cases: Case[] = [];
  let lastKey = 0;
  let firstId = 1_000_000;
  let release = 0;
  let index = new Map<string, RecordIndex>();

  const openCase = (month: Month): Case => {
    lastKey += 1;
    const category = CATEGORIES[random.below(CATEGORIES.length)] ?? "";
    const one = { key: lastKey, month, category, place: random.below(places.length), results: [] };
    return { ...one, results: resultsOf(one, published, random) };
  };
  const publishMonth = () => {
    const month = monthAfter("2018-01", published.length);
    published.push(month);
    for (let count = 0; count < records; count += 1) cases.push(openCase(month));
  };
  const publish = () => {
    release += 1;
    index = indexCases({ cases, places, published, firstId });
  };
  const revise = (one: Case): Case[] => {
    if (random.chance(0.05)) return [];
    const appeared = random.chance(0.05) ? [openCase(one.month)] : [];
    if (random.chance(0.8)) return [one, ...appeared];
    const place = random.chance(0.3) ? random.below(places.length) : one.place;
    const changed = { ...one, place, results: resultsOf(one, published, random) };
    return [changed, ...appeared];
  };

  const edition = () => ({ seed, release, months: published, places, firstId });

  for (let count = 0; count < months; count += 1) publishMonth();
  publish();
  return {
    world: {
      forces: Object.keys(AREAS).map((id) => ({ id, name: `Force of ${id}` })),
      neighbourhoods: (force) =>
        AREAS[force] && Object.keys(AREAS[force]).map((id) => ({ id, name: `Area ${id}` })),
      boundary: (force, id) => AREAS[force]?.[id],
      months: published,
      categories: CRIME_CATEGORIES,
      get released() {
        return `${monthAfter("2019-01", release)}-15`;
      },
      records: (kind, month) => index.get(`${kind} ${month}`),
      stopForces: (month) => listPublishers(edition(), month),
      stops: (force, month) => listStops(edition(), force, month),
      unlocated: (force, month) => listUnlocated(edition(), force, month),
    },
    advance({ newMonth = false, newIds = release % 2 === 0 } = {}) {
      cases = cases.flatMap(revise);
      if (newMonth) publishMonth();
      if (newIds) firstId += 1_000_000;
      publish();
    },
  };
}

type Publication = { cases: Case[]; places: Place[]; published: Month[]; firstId: number };
type Place = { point: RawPoint; street: { id: number; name: string } };

function indexCases({ cases, places, published, firstId }: Publication): Map<string, RecordIndex> {
  const crimeOf = ({ key, month, category, place, results }: Case): RawCrime => {
    const latest = results.at(-1);
    const where = places[place];
    return {
      category,
      location_type: "Force",
      location: where === undefined ? null : { ...where.point, street: where.street },
      context: "",
      outcome_status: latest === undefined ? null : { category: latest.name, date: latest.date },
      persistent_id: category === "anti-social-behaviour" ? "" : `${key}`.padStart(64, "0"),
      id: firstId + key,
      location_subtype: "",
      month,
    };
  };
  const outcomesOf = (one: Case): RawOutcome[] => {
    const { outcome_status: _status, ...crime } = crimeOf(one);
    return one.results.map(({ date, name, person }) => {
      return { category: { code: outcomeCode(name), name }, date, person_id: person, crime };
    });
  };
  const outcomes = cases.flatMap(outcomesOf);
  return new Map(
    published.flatMap((month) => {
      const crimes = cases.filter((one) => one.month === month).map(crimeOf);
      const dated = outcomes.filter(({ date }) => date === month);
      const placesOfOutcomes = dated.map(({ crime }) => crime["location"]);
      return [
        [
          `crimes ${month}`,
          toRecords(
            crimes.map(({ location }) => location),
            crimes,
          ),
        ],
        [`outcomes ${month}`, toRecords(placesOfOutcomes, dated)],
      ] as const;
    }),
  );
}

function toRecords(locations: readonly unknown[], records: readonly unknown[]): RecordIndex {
  const points = locations.map((location) => {
    if (!isPoint(location)) throw new Error("every record here has a place");
    return { latitude: Number(location.latitude), longitude: Number(location.longitude) };
  });
  return indexRecords(points, (index) => JSON.stringify(records[index]));
}

function isPoint(value: unknown): value is RawPoint {
  return typeof value === "object" && value !== null && "latitude" in value && "longitude" in value;
}

/** None, one, or two results, of the case's own month or later ones; two persons of one month. */
function resultsOf({ month }: Case, published: readonly Month[], random: Random): Result[] {
  const later = published.filter((date) => date >= month);
  const result = (person: number | null): Result => ({
    date: later[random.below(later.length)] ?? month,
    name: RESULTS[random.below(RESULTS.length)] ?? "",
    person,
  });
  const results = [result(null), result(1000 + random.below(1000))].slice(random.below(3));
  return results.sort((a, b) => (a.date < b.date ? -1 : 1));
}

function toPlace(random: Random): Place {
  const id = random.below(500);
  const degrees = (from: number, span: number) =>
    (from + random.below(span * 1e6) / 1e6).toFixed(6);
  const point = { latitude: degrees(50.9, 1.2), longitude: degrees(-0.1, WIDTH) };
  return { point, street: { id, name: `On or near Street ${id}` } };
}

function rectangle(west: number, east: number): RawPoint[] {
  const at = (latitude: number, longitude: number) => ({
    latitude: latitude.toFixed(6),
    longitude: longitude.toFixed(6),
  });
  return [at(51, west), at(51, east), at(52, east), at(52, west), at(51, west)];
}

function monthAfter(first: Month, by: number): Month {
  const date = new Date(`${first}-01T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + by);
  return date.toISOString().slice(0, 7);
}
