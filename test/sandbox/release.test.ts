import { describe, expect, it } from "vitest";
import { reviseCrimes } from "../../src/sandbox/release.ts";
import { loadSample } from "../../src/sandbox/sample.ts";
import type { RawCrime } from "../../src/sandbox/world.ts";
import { rawCrime } from "../support/world.ts";

const HERE = { latitude: 51.05, longitude: 0.05 };

/** So many open cases of a month. */
function openCases(count: number, month: string): RawCrime[] {
  const status = { category: "Under investigation", date: month };
  return Array.from({ length: count }, (_, id) => ({
    ...rawCrime(id, HERE, { month }),
    outcome_status: status,
  }));
}

const countSolved = (crimes: readonly RawCrime[]) =>
  crimes.filter(({ outcome_status: status }) => status?.category !== "Under investigation").length;

describe("a later release", () => {
  it("is the same for the same day, and another for another", () => {
    const cases = openCases(500, "2018-05");
    const june = reviseCrimes(cases, "2018-06-05");
    expect(reviseCrimes(cases, "2018-06-05")).toEqual(june);
    expect(reviseCrimes(cases, "2018-06-06")).not.toEqual(june);
  });

  it("tells outcomes of its month, of younger cases more often", () => {
    const [april, may] = ["2018-04", "2018-05"].map((month) =>
      reviseCrimes(openCases(20_000, month), "2018-06-05"),
    );
    expect(countSolved(may ?? []) / 20_000).toBeCloseTo(0.1, 2);
    expect(countSolved(april ?? []) / 20_000).toBeCloseTo(0.05, 2);
    const dates = new Set(may?.map(({ outcome_status: status }) => status?.date));
    expect([...dates].sort()).toEqual(["2018-05", "2018-06"]);
  });

  it("leaves other cases as they are, but for a few that are gone or have another id", () => {
    const cases = openCases(20_000, "2018-05").map((crime) => ({ ...crime, outcome_status: null }));
    const revised = reviseCrimes(cases, "2018-06-05");
    const gone = cases.length - revised.length;
    expect(gone).toBeGreaterThan(0);
    expect(gone).toBeLessThan(40);
    const isOld = ({ id }: RawCrime) => id < cases.length;
    expect(revised.filter(isOld)).toEqual(
      cases.filter(({ id }) => revised.some((one) => one.id === id)),
    );
    expect(revised.every((crime) => isOld(crime) || crime.id >= 1_000_000_000)).toBe(true);
    expect(revised.filter((crime) => !isOld(crime)).length).toBeGreaterThan(0);
  });

  it("is what the sandbox serves, where it is asked for", () => {
    expect(loadSample().released).toBeUndefined();
    const world = loadSample({ release: "2018-06-05" });
    expect(world.released).toBe("2018-06-05");
    const [recorded, revised] = [loadSample(), world].map(({ records }) =>
      Array.from({ length: 1000 }, (_, index) => records("crimes", "2018-05")?.json(index)),
    );
    const same = revised?.filter((text) => recorded?.includes(text)) ?? [];
    expect(same.length).toBeGreaterThan(850);
    expect(same.length).toBeLessThan(1000);
  });
});
