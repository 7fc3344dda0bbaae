import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, it, test } from "vitest";
import { createLocator } from "../../src/geo/locate.ts";
import { loadSample } from "../../src/sandbox/sample.ts";
import type { RawCrime, RawOutcome, RawPoint, World } from "../../src/sandbox/world.ts";
import { LONDON_RING } from "../support/open-sandbox.ts";

const SAMPLE = new URL("../../sample/", import.meta.url);
const RECORDED = new URL("../../../shared/data/london/", import.meta.url);
const isRecordedHere = existsSync(RECORDED);

const MONTHS: [string, number][] = [
  ["2018-04", 15_707],
  ["2018-05", 16_475],
];
const FORCES: [string, number][] = [
  ["city-of-london", 4],
  ["metropolitan", 156],
];

type Boundaries = Record<string, Record<string, RawPoint[]>>;

let world: World;
beforeAll(() => {
  world = loadSample();
});

function unpackCrimes(month: string): RawCrime[] {
  const packed = readFileSync(new URL(`crimes-${month}.json.br`, SAMPLE));
  return JSON.parse(brotliDecompressSync(packed).toString("utf8"));
}

function unpackBoundaries(): Boundaries {
  const packed = readFileSync(new URL("boundaries.json.br", SAMPLE));
  return JSON.parse(brotliDecompressSync(packed).toString("utf8"));
}

function readRecorded(name: string) {
  return JSON.parse(gunzipSync(readFileSync(new URL(`${name}.json.gz`, RECORDED))).toString());
}

describe("the bundled sample", () => {
  it("is smaller than 4 MB", () => {
    const bytes = readdirSync(SAMPLE).map((name) => statSync(new URL(name, SAMPLE)).size);
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(4_000_000);
  });

  it("names its source and licence", () => {
    const text = readFileSync(new URL("README.md", SAMPLE), "utf8").replaceAll(/\s+/g, " ");
    expect(text).toContain("Contains public sector information licensed under the");
    expect(text).toContain("Open Government Licence v3.0");
  });

  it.each(MONTHS)("has the crimes of %s: %i", (month, count) => {
    const crimes = unpackCrimes(month);
    expect(crimes).toHaveLength(count);
    expect(new Set(crimes.map(({ id }) => id)).size).toBe(count);
    expect(crimes.every((crime) => crime.month === month)).toBe(true);
    const records = world.records("crimes", month);
    const served = records?.find(LONDON_RING).map((at): RawCrime => JSON.parse(records.json(at)));
    const byId = (a: RawCrime, b: RawCrime) => a.id - b.id;
    expect(served?.toSorted(byId)).toEqual(crimes.toSorted(byId));
  });

  it.each(FORCES)("has real neighbourhoods of %s: %i", (force, count) => {
    const listed = world.neighbourhoods(force)?.filter(({ id }) => !id.startsWith("sandbox-"));
    expect(listed).toHaveLength(count);
    for (const { id } of listed ?? []) {
      expect(world.boundary(force, id)?.length).toBeGreaterThanOrEqual(4);
    }
  });

  it("says of what is made up that it is", () => {
    const areas = world
      .neighbourhoods("metropolitan")
      ?.filter(({ id }) => id.startsWith("sandbox"));
    expect(areas).toHaveLength(2);
    for (const { name } of areas ?? []) expect(name.toLowerCase()).toContain("made up");
    const force = world.forces.find(({ id }) => id.startsWith("sandbox"));
    expect(force?.name).toContain("made up");
    expect(world.boundary("metropolitan", "sandbox-empty")).toEqual([]);
    expect(world.boundary("metropolitan", "sandbox-missing")).toBeUndefined();
  });

  it("has crimes in one, in several and in no neighbourhood", () => {
    const boundaries = Object.entries(unpackBoundaries()).flatMap(([forceId, areas]) =>
      Object.entries(areas).map(([neighbourhoodId, points]) => {
        return { forceId, neighbourhoodId, ring: points.map(toNumbers) };
      }),
    );
    expect(boundaries).toHaveLength(160);
    const locate = createLocator(boundaries);
    const counts = unpackCrimes("2018-05").map(({ location }) =>
      location === null ? 0 : Math.min(2, locate(toNumbers(location)).length),
    );
    expect(new Set(counts)).toEqual(new Set([0, 1, 2]));
  });

  it.each(MONTHS)("derives the outcomes of %s from every crime that has one then", (month) => {
    const crimes = MONTHS.flatMap(([each]) => unpackCrimes(each));
    const expected = crimes.filter(({ outcome_status: status }) => status?.date === month);
    const records = world.records("outcomes", month);
    const served = records?.find(LONDON_RING).map((at): RawOutcome => JSON.parse(records.json(at)));
    expect(expected.length).toBeGreaterThan(1000);
    expect(served).toHaveLength(expected.length);
    const names = new Map(expected.map((crime) => [crime.id, crime.outcome_status?.category]));
    for (const { category, crime, date } of served ?? []) {
      expect(date).toBe(month);
      expect(category.name).toBe(names.get(Number(crime["id"])));
    }
  });
});

describe("a record of the sample", () => {
  test.skipIf(!isRecordedHere).each(MONTHS)("is as it was recorded: crimes of %s", (month) => {
    const recorded: RawCrime[] = readRecorded(`crimes-${month}`);
    const byId = new Map(recorded.map((crime) => [crime.id, JSON.stringify(crime)]));
    const changed = unpackCrimes(month).filter((crime) => {
      return byId.get(crime.id) !== JSON.stringify(crime);
    });
    expect(changed).toEqual([]);
  });

  test.skipIf(!isRecordedHere)("is as it was recorded: boundaries", () => {
    const recorded: Boundaries = readRecorded("boundaries");
    for (const [force, areas] of Object.entries(unpackBoundaries())) {
      for (const [id, points] of Object.entries(areas))
        expect(points).toEqual(recorded[force]?.[id]);
    }
  });
});

function toNumbers({ latitude, longitude }: RawPoint): { latitude: number; longitude: number } {
  return { latitude: Number(latitude), longitude: Number(longitude) };
}
