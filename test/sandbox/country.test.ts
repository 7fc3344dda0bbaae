import { describe, expect, it } from "vitest";
import { createCountry } from "../../bench/country.ts";
import { contains } from "../../src/geo/contain.ts";
import type { RawCrime, RawStop } from "../../src/sandbox/world.ts";
import type { Ring } from "../../src/types.ts";
import { jsonOf, openSandbox } from "../support/open-sandbox.ts";

const MONTHS = ["2024-01", "2024-06"];
const small = (seed = 7) => createCountry({ seed, months: MONTHS, scale: 0.02 });
const country = small();
const full = createCountry({ seed: 1, months: MONTHS });
const everyForce = [...country.forces.map(({ id }) => id), "btp"];

const stopsOf = (force: string, month: string) => {
  const drawn = country.drawnStops(force, month);
  return Array.from({ length: drawn?.total ?? 0 }, (_, at) => drawn?.draw(at));
};

describe("the stand-in country's stops", () => {
  it("are as many as in the field, of as many forces, and in as large replies", () => {
    expect(Math.abs(full.total("stops", "2024-06") - 33_000)).toBeLessThan(2000);
    const forces = full.stopForces?.("2024-06") ?? [];
    expect(forces).toHaveLength(41);
    expect(forces).toContain("btp");
    expect(forces).toEqual(forces.toSorted());
    const met = full.stops?.("metropolitan", "2024-06");
    expect(Math.abs((met?.count ?? 0) - 12_000)).toBeLessThan(1300);
    const bytes = Array.from({ length: 500 }, (_, at) => met?.json(at).length ?? 0);
    expect(Math.abs(bytes.reduce((sum, size) => sum + size, 0) / 500 - 687)).toBeLessThan(30);
  });

  it("are served as they were drawn, row by row", async () => {
    const { get, seen } = await openSandbox({ world: country });
    let served = 0;
    for (const force of everyForce) {
      const rows = await jsonOf<RawStop[]>(get(`/stops-force?force=${force}&date=2024-06`));
      expect(rows).toEqual(stopsOf(force, "2024-06").map((drawn) => drawn?.stop));
      served += rows.length;
    }
    expect(served).toBe(country.total("stops", "2024-06"));
    expect(served).toBe(seen.reduce((sum, { records }) => sum + records, 0));
    expect(served).toBeGreaterThan(500);
  });

  it("stand at the points of their force", () => {
    for (const { stop, point } of stopsOf("kent", "2024-06").flatMap((drawn) => drawn ?? [])) {
      expect(stop.location === null).toBe(point === null);
      if (point === null || stop.location === null) continue;
      const area = country.areaOf(point);
      if (area === null) continue;
      expect(area.forceId).toBe("kent");
      const ring: Ring = (country.boundary("kent", area.neighbourhoodId) ?? []).map(toNumbers);
      expect(contains(ring, toNumbers(stop.location))).toBe(true);
    }
  });

  it("have the oddities of the field: equal rows, no place, each way of no outcome, 15 keys", () => {
    const all = everyForce.flatMap((force) => stopsOf(force, "2024-06"));
    const stops = all.flatMap((drawn) => drawn?.stop ?? []);
    const equal = stopsOf("metropolitan", "2024-06").map((drawn) => JSON.stringify(drawn?.stop));
    expect(equal.length - new Set(equal).size).toBeGreaterThan(1);
    const values = new Set(stops.map(({ outcome }) => outcome));
    for (const none of ["", null, false] as const) expect(values).toContain(none);
    expect(new Set(stops.map((stop) => Object.keys(stop).length))).toEqual(new Set([15, 16]));
    expect(stops.some(({ location }) => location === null)).toBe(true);
  });

  it("are of a month in Britain: in summer it begins an hour before that of UTC", () => {
    const moments = (month: string) =>
      everyForce.flatMap((force) => stopsOf(force, month)).map((drawn) => drawn?.stop.datetime);
    const first = "2024-05-31T23:00:00+00:00";
    const june = moments("2024-06").map(String);
    expect(june.every((at) => at >= first && at < "2024-06-30T23:00:00+00:00")).toBe(true);
    expect(moments("2024-01").every((at) => at?.startsWith("2024-01-"))).toBe(true);
    const early = createCountry({ seed: 7, months: MONTHS, scale: 0.2 });
    const list = early.stops?.("metropolitan", "2024-06");
    const rows = Array.from({ length: list?.count ?? 0 }, (_, at) => list?.json(at) ?? "");
    expect(rows.filter((row) => row.includes('"2024-05-31T23:')).length).toBeGreaterThan(0);
  });

  it("are the same of one seed, and others of another, whichever month is asked for first", () => {
    const [same, other] = [small(), small(8)];
    const jsonOfMet = ({ stops }: typeof country, month: string) =>
      stops?.("metropolitan", month)?.json(0);
    for (const month of MONTHS.toReversed()) {
      expect(jsonOfMet(same, month)).toBe(jsonOfMet(country, month));
      expect(jsonOfMet(other, month)).not.toBe(jsonOfMet(country, month));
    }
    expect(jsonOfMet(country, "2024-01")).not.toBe(jsonOfMet(country, "2024-06"));
    expect(country.stops?.("metropolitan", "2024-02")).toBeUndefined();
    expect(country.stops?.("force-38", "2024-06")).toBeUndefined();
  });
});

describe("the stand-in country's crimes without location", () => {
  it("are 1.8% of all, and a sixth in some forces", () => {
    const crimes = full.drawn("crimes", "2024-06");
    const located = new Map<string | undefined, number>();
    for (const point of crimes?.pointOf ?? []) {
      const force = full.areaOf(point)?.forceId;
      located.set(force, (located.get(force) ?? 0) + 1);
    }
    const shares = full.forces.map(({ id }) => {
      const unlocated = full.drawnUnlocated(id, "2024-06")?.total ?? 0;
      return unlocated / (unlocated + (located.get(id) ?? 0));
    });
    expect(shares.filter((share) => share > 0.12 && share < 0.21)).toHaveLength(3);
    const all = full.total("unlocated", "2024-06");
    expect(all / (all + (crimes?.total ?? 0))).toBeCloseTo(0.018, 2);
  });

  it("are served as they were drawn, and have ids of their own", async () => {
    const { get } = await openSandbox({ world: country });
    const ids: number[] = [];
    for (const force of everyForce) {
      const path = `/crimes-no-location?category=all-crime&force=${force}&date=2024-06`;
      const rows = await jsonOf<RawCrime[]>(get(path));
      const drawn = country.drawnUnlocated(force, "2024-06");
      const expected = Array.from({ length: drawn?.total ?? 0 }, (_, at) => drawn?.draw(at));
      expect(rows.map(readUnlocated)).toEqual(expected);
      for (const row of rows) expect([row.location, row["location_type"]]).toEqual([null, null]);
      ids.push(...rows.map(({ id }) => id));
      if (force === "btp") expect(rows).toEqual([]);
    }
    expect(ids).toHaveLength(country.total("unlocated", "2024-06"));
    const crimes = country.drawn("crimes", "2024-06");
    for (let at = 0; at < (crimes?.total ?? 0); at += 1) ids.push(crimes?.crime(at).id ?? 0);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

function readUnlocated(crime: RawCrime) {
  const { id, month, category, persistent_id: persistentId, outcome_status: outcome } = crime;
  return { id, persistentId, category, month, outcome };
}

function toNumbers({ latitude, longitude }: { latitude: string; longitude: string }) {
  return { latitude: Number(latitude), longitude: Number(longitude) };
}
