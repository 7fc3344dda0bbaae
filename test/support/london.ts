import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { CRIME_CATEGORIES } from "../../src/police-api.ts";
import { recordsOfCrimes, recordsOfOutcomes } from "../../src/sandbox/world.ts";
import type { RawCrime, RawPoint, World } from "../../src/sandbox/world.ts";

const FOLDER = new URL("../../../shared/data/london/", import.meta.url);
const MONTHS = ["2018-04", "2018-05"];

/** All that was recorded of London; undefined where the recorded data is not at hand. */
export function loadLondon(): World | undefined {
  if (!existsSync(fileURLToPath(FOLDER))) return undefined;
  const boundaries: Record<string, Record<string, RawPoint[]>> = read("boundaries");
  const crimes = MONTHS.map((month): RawCrime[] => read(`crimes-${month}`));
  const records = new Map(
    MONTHS.flatMap((month, index) => [
      [`crimes ${month}`, recordsOfCrimes(crimes[index] ?? [])],
      [`outcomes ${month}`, recordsOfOutcomes(crimes.flat(), month)],
    ]),
  );
  return {
    forces: Object.keys(boundaries).map((id) => ({ id, name: id })),
    neighbourhoods: (force) => Object.keys(boundaries[force] ?? {}).map((id) => ({ id, name: id })),
    boundary: (force, id) => boundaries[force]?.[id],
    months: MONTHS,
    categories: CRIME_CATEGORIES,
    records: (kind, month) => records.get(`${kind} ${month}`),
  };
}

function read(name: string) {
  return JSON.parse(gunzipSync(readFileSync(new URL(`${name}.json.gz`, FOLDER))).toString());
}
