import { onTestFinished } from "vitest";
import { createApi } from "../../src/fetch/api.ts";
import type { Api } from "../../src/fetch/api.ts";
import { CRIME_CATEGORIES } from "../../src/police-api.ts";
import { listRecords } from "../../src/sandbox/record-list.ts";
import { startSandbox } from "../../src/sandbox/server.ts";
import type { SandboxOptions, Seen } from "../../src/sandbox/server.ts";
import { recordsOfCrimes, recordsOfOutcomes } from "../../src/sandbox/world.ts";
import type { RawCrime, RawPoint, RawStop, World } from "../../src/sandbox/world.ts";
import type { Month, Point } from "../../src/types.ts";

/** A boundary; `empty` for a reply without points, `missing` for a 404. */
export type AreaShape = readonly RawPoint[] | "empty" | "missing";

export type WorldParts = {
  /** Neighbourhoods by force. They may be changed while the world is served. */
  areas: Record<string, Record<string, AreaShape>>;
  crimes: readonly RawCrime[];
  months?: readonly Month[];
  /** By month, and by force: those that are named have published. */
  stops?: ByMonthAndForce<RawStop>;
  /** Crimes without location. */
  unlocated?: ByMonthAndForce<RawCrime>;
};

type ByMonthAndForce<R> = Record<Month, Record<string, readonly R[]>>;

/** A small world of our making; its outcomes are derived from its crimes. */
export function createWorld({
  areas,
  crimes,
  months = ["2018-05"],
  stops = {},
  unlocated = {},
}: WorldParts): World {
  const crimesOf = (month: Month) => crimes.filter((crime) => crime.month === month);
  const records = new Map(
    months.flatMap((month) => [
      [`crimes ${month}`, recordsOfCrimes(crimesOf(month))],
      [`outcomes ${month}`, recordsOfOutcomes(crimes, month)],
    ]),
  );
  return {
    forces: Object.keys(areas).map((id) => ({ id, name: `Force of ${id}` })),
    neighbourhoods: (force) =>
      areas[force] && Object.keys(areas[force]).map((id) => ({ id, name: `Area ${id}` })),
    boundary(force, id) {
      const shape = areas[force]?.[id];
      if (shape === undefined || shape === "missing") return undefined;
      return shape === "empty" ? [] : shape;
    },
    months,
    categories: CRIME_CATEGORIES,
    records: (kind, month) => records.get(`${kind} ${month}`),
    stopForces: (month) => Object.keys(stops[month] ?? {}),
    stops: (force, month) => listOf(stops[month], force),
    unlocated: (force, month) => listOf(unlocated[month], force),
  };
}

/** Names come from requests: only an object's own keys count. */
function listOf(byForce: Record<string, readonly unknown[]> = {}, force: string) {
  return Object.hasOwn(byForce, force) ? listRecords(byForce[force] ?? []) : undefined;
}

/** A square boundary with sides of `side` degrees, counted from its south-west corner. */
export function square(south: number, west: number, side: number): RawPoint[] {
  const at = (latitude: number, longitude: number) => ({
    latitude: latitude.toFixed(6),
    longitude: longitude.toFixed(6),
  });
  const north = south + side;
  const east = west + side;
  return [at(south, west), at(south, east), at(north, east), at(north, west), at(south, west)];
}

/** A crime as the API gives it; every third has an outcome in its own month. */
export function rawCrime(id: number, { latitude, longitude }: Point, other = {}): RawCrime {
  const month = "2018-05";
  return {
    id,
    month,
    category: "burglary",
    location_type: "Force",
    location: {
      latitude: latitude.toFixed(6),
      longitude: longitude.toFixed(6),
      street: { id: 100 + (id % 7), name: `On or near Street ${id % 7}` },
    },
    context: "",
    outcome_status:
      id % 3 === 0
        ? { category: "Investigation complete; no suspect identified", date: month }
        : null,
    persistent_id: `${id}`.padStart(64, "0"),
    location_subtype: "",
    ...other,
  };
}

/** A stop as the API gives it, in May 2018 and without a place unless it is said. */
export function rawStop(other: Partial<RawStop> = {}): RawStop {
  return {
    type: "Person search",
    datetime: "2018-05-15T12:00:00+00:00",
    involved_person: true,
    operation: false,
    operation_name: null,
    location: null,
    gender: "Male",
    age_range: "18-24",
    self_defined_ethnicity: "Other ethnic group - Not stated",
    officer_defined_ethnicity: "White",
    legislation: "Misuse of Drugs Act 1971 (section 23)",
    object_of_search: "Controlled drugs",
    outcome: "A no further action disposal",
    outcome_object: { id: "bu-no-further-action", name: "A no further action disposal" },
    outcome_linked_to_object_of_search: false,
    removal_of_more_than_outer_clothing: false,
    ...other,
  };
}

/** So many crimes, each at a point of its own on a grid that fills the inside of a square. */
export function gridOfCrimes(count: number, south: number, west: number, side: number): RawCrime[] {
  const columns = Math.ceil(Math.sqrt(count));
  const step = side / (columns + 1);
  return Array.from({ length: count }, (_, index) =>
    rawCrime(index + 1, {
      latitude: south + step * (1 + Math.floor(index / columns)),
      longitude: west + step * (1 + (index % columns)),
    }),
  );
}

export type Served = { url: string; api: Api; seen: Seen[] };

/** Serves a world without a limit to the rate until the test ends, and opens a quick client to it. */
export async function serve(
  world: World,
  options: Omit<SandboxOptions, "world"> = {},
): Promise<Served> {
  const seen: Seen[] = [];
  const sandbox = await startSandbox({
    world,
    limited: false,
    onRequest: (request) => void seen.push(request),
    ...options,
  });
  const baseUrl = new URL(sandbox.url);
  const api = createApi({ baseUrl, rate: 1000, concurrency: 8, userAgent: "ukpolice/test" });
  onTestFinished(async () => {
    await api.close();
    await sandbox.close();
  });
  return { url: sandbox.url, api, seen };
}
