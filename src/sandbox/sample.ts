import { readFileSync } from "node:fs";
import { brotliDecompressSync } from "node:zlib";
import type { Neighbourhood } from "../types.ts";
import { CRIME_CATEGORIES } from "../police-api.ts";
import { listRecords } from "./record-list.ts";
import type { RecordList } from "./record-list.ts";
import { reviseCrimes } from "./release.ts";
import { recordsOfCrimes, recordsOfOutcomes } from "./world.ts";
import type { RawCrime, RawPoint, RecordIndex, World } from "./world.ts";

const MONTHS = ["2018-04", "2018-05"];

const FORCE_NAMES: Record<string, string> = {
  "city-of-london": "City of London Police",
  metropolitan: "Metropolitan Police Service",
};

/** The force whose stops and crimes without location were derived from files of the archive. */
const DERIVED_FORCE = "city-of-london";

/** What the recorded data lacks and the field has; the names say that it is made up. */
const MADE_UP_FORCE = {
  id: "sandbox-constabulary",
  name: "Sandbox Constabulary (made up: a force without neighbourhoods)",
};
const MADE_UP_AREAS = new Map<string, { name: string; boundary: RawPoint[] | undefined }>([
  ["sandbox-empty", { name: "Made up: a neighbourhood with an empty boundary", boundary: [] }],
  ["sandbox-missing", { name: "Made up: a neighbourhood without a boundary", boundary: undefined }],
]);

/** By force and neighbourhood. Names come from requests, so these are maps and no plain objects. */
type Boundaries = Map<string, Map<string, RawPoint[]>>;

function indexBoundaries(raw: Record<string, Record<string, RawPoint[]>>): Boundaries {
  return new Map(Object.entries(raw).map(([id, areas]) => [id, new Map(Object.entries(areas))]));
}

/**
 * The bundled sample: the City and inner boroughs of London, as recorded, or as a later release
 * might have it. See sample/README.md.
 */
export function loadSample({ release }: { release?: string | undefined } = {}): World {
  const boundaries = indexBoundaries(read("boundaries"));
  const recorded = MONTHS.map((month): RawCrime[] => read(`crimes-${month}`));
  const crimes =
    release === undefined ? recorded : recorded.map((month) => reviseCrimes(month, release));
  const records = new Map<string, RecordIndex>();
  MONTHS.forEach((month, index) => {
    records.set(`crimes ${month}`, recordsOfCrimes(crimes[index] ?? []));
    records.set(`outcomes ${month}`, recordsOfOutcomes(crimes.flat(), month));
  });
  const stops = readByMonth("stops");
  const unlocated = readByMonth("unlocated");
  const named = Object.entries(FORCE_NAMES).map(([id, name]) => ({ id, name }));

  return {
    forces: [...named, MADE_UP_FORCE],
    neighbourhoods(forceId) {
      if (forceId === MADE_UP_FORCE.id) return [];
      const areas = boundaries.get(forceId);
      return areas && listNeighbourhoods(areas, forceId);
    },
    boundary(forceId, id) {
      const madeUp = forceId === "metropolitan" ? MADE_UP_AREAS.get(id) : undefined;
      return madeUp === undefined ? boundaries.get(forceId)?.get(id) : madeUp.boundary;
    },
    months: MONTHS,
    released: release,
    categories: CRIME_CATEGORIES,
    records: (kind, month) => records.get(`${kind} ${month}`),
    stopForces: (month) => (stops.has(month) ? [DERIVED_FORCE] : []),
    stops: (forceId, month) => (forceId === DERIVED_FORCE ? stops.get(month) : undefined),
    unlocated: (forceId, month) => (forceId === DERIVED_FORCE ? unlocated.get(month) : undefined),
  };
}

/** Names were not recorded: a neighbourhood is called by its id. */
function listNeighbourhoods(areas: Map<string, RawPoint[]>, forceId: string): Neighbourhood[] {
  const real = [...areas.keys()].map((id) => ({ id, name: id }));
  if (forceId !== "metropolitan") return real;
  const madeUp = [...MADE_UP_AREAS].map(([id, { name }]) => ({ id, name }));
  return [...real, ...madeUp];
}

function readByMonth(name: string): Map<string, RecordList> {
  return new Map(MONTHS.map((month) => [month, listRecords(read(`${name}-${month}`))]));
}

function read(name: string) {
  const file = new URL(`../../sample/${name}.json.br`, import.meta.url);
  return JSON.parse(brotliDecompressSync(readFileSync(file)).toString("utf8"));
}
