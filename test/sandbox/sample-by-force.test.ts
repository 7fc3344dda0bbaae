import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, it, test } from "vitest";
import { CRIME_CATEGORIES } from "../../src/police-api.ts";
import { loadSample } from "../../src/sandbox/sample.ts";
import type { RawCrime, RawStop, World } from "../../src/sandbox/world.ts";
import { jsonOf, LONDON_RING, openSandbox } from "../support/open-sandbox.ts";

const ARCHIVE = new URL("../../../shared/data/archive/", import.meta.url);
const CITY = "city-of-london";

/** Month, and how many stops and crimes without location it has. */
const MONTHS: [string, number, number][] = [
  ["2018-04", 110, 36],
  ["2018-05", 121, 40],
];
const KEYS = [
  "age_range",
  "datetime",
  "gender",
  "involved_person",
  "legislation",
  "location",
  "object_of_search",
  "officer_defined_ethnicity",
  "operation",
  "operation_name",
  "outcome",
  "outcome_linked_to_object_of_search",
  "outcome_object",
  "removal_of_more_than_outer_clothing",
  "self_defined_ethnicity",
  "type",
];

let world: World;
beforeAll(() => {
  world = loadSample();
});

async function stopsOf(month: string): Promise<RawStop[]> {
  const { get } = await openSandbox({ world });
  return jsonOf(get(`/stops-force?force=${CITY}&date=${month}`));
}

async function unlocatedOf(month: string): Promise<RawCrime[]> {
  const { get } = await openSandbox({ world });
  return jsonOf(get(`/crimes-no-location?category=all-crime&force=${CITY}&date=${month}`));
}

describe.each(MONTHS)("the sample's %s", (month, stops, unlocated) => {
  it("has stops of the City in the API's shape, and lists no other force", async () => {
    const rows = await stopsOf(month);
    expect(rows).toHaveLength(stops);
    for (const row of rows) {
      expect(Object.keys(row).toSorted()).toEqual(KEYS);
      expect(row.datetime.slice(0, 7)).toBe(month);
    }
    expect(world.stopForces?.(month)).toEqual([CITY]);
    expect(world.stops?.("metropolitan", month)).toBeUndefined();
  });

  it("has stops without place, outcome, person; and the ids of outcomes as recorded", async () => {
    const rows = await stopsOf(month);
    expect(rows.some(({ location }) => location === null)).toBe(true);
    expect(rows.some(({ gender }) => gender === null)).toBe(true);
    expect(rows.some(({ involved_person: person }) => !person)).toBe(true);
    const ids = new Map(rows.map(({ outcome, outcome_object: object }) => [outcome, object?.id]));
    expect(Object.fromEntries(ids)).toEqual({
      "": "",
      "A no further action disposal": "bu-no-further-action",
      Arrest: "bu-arrest",
      "Community resolution": "bu-community-resolution",
      "Khat or Cannabis warning": "bu-khat-or-cannabis-warning",
      "Penalty Notice for Disorder": "bu-penalty-notice-for-disorder",
    });
  });

  it("has one street at a point, whether stops or crimes are there", async () => {
    const streets = new Map<string, Set<string>>();
    const records = world.records("crimes", month);
    const crimes = (records?.find(LONDON_RING) ?? []).map((at): RawCrime =>
      JSON.parse(records?.json(at) ?? "null"),
    );
    for (const { location } of [...crimes, ...(await stopsOf(month))]) {
      if (location === null) continue;
      const point = `${location.latitude},${location.longitude}`;
      const here = streets.get(point) ?? new Set();
      streets.set(point, here.add(JSON.stringify(location.street)));
    }
    expect([...streets.values()].filter(({ size }) => size > 1)).toEqual([]);
  });

  it("has crimes without location, whose ids no other crime has", async () => {
    const rows = await unlocatedOf(month);
    expect(rows).toHaveLength(unlocated);
    for (const row of rows)
      expect(row).toMatchObject({ month, location: null, location_type: null });
    const records = world.records("crimes", month);
    const ids = (records?.find(LONDON_RING) ?? []).map(
      (at): number => JSON.parse(records?.json(at) ?? "null").id,
    );
    const all = [...ids, ...rows.map(({ id }) => id)];
    expect(new Set(all).size).toBe(all.length);
  });

  test.skipIf(!existsSync(ARCHIVE))("is as the archive has it, row for row", async () => {
    const street = readRows(month, "street.csv.gz").map((row) => row.split(","));
    const expected = street.filter((row) => row[6] === "No Location");
    expect((await unlocatedOf(month)).map(toStreetRow)).toEqual(expected);
    const searches = readRows(month, "stop-and-search.csv");
    expect((await stopsOf(month)).map(toSearchRow)).toEqual(searches);
  });
});

function readRows(month: string, kind: string): string[] {
  const bytes = readFileSync(new URL(`${month}/${month}-${CITY}-${kind}`, ARCHIVE));
  const text = (kind.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
  return text.trimEnd().split("\n").slice(1);
}

function toSearchRow(stop: RawStop): string {
  const { location } = stop;
  const flag = (value: boolean | null) => (value === null ? "" : value ? "True" : "False");
  return [
    stop.type,
    stop.datetime,
    flag(stop.operation),
    stop.operation_name,
    location?.latitude,
    location?.longitude,
    stop.gender,
    stop.age_range,
    stop.self_defined_ethnicity,
    stop.officer_defined_ethnicity,
    stop.legislation,
    stop.object_of_search,
    stop.outcome,
    flag(stop.outcome_linked_to_object_of_search),
    flag(stop.removal_of_more_than_outer_clothing),
  ].join(",");
}

function toStreetRow(crime: RawCrime): string[] {
  const force = "City of London Police";
  const category = CRIME_CATEGORIES[String(crime["category"])] ?? "";
  const outcome = crime.outcome_status?.category ?? "";
  const head = [String(crime["persistent_id"]), crime.month, force, force, "", "", "No Location"];
  return [...head, "", "", category, outcome, ""];
}
