import fc from "fast-check";
import type { FaultRates } from "../../src/sandbox/faults.ts";
import type { RawCrime, RawPoint, World } from "../../src/sandbox/world.ts";
import type { Month, Point, Ring } from "../../src/types.ts";
import { sideOfRing, toWhole } from "./exact.ts";
import { createWorld, rawCrime, rawStop } from "./world.ts";
import type { AreaShape } from "./world.ts";

const MONTHS = ["2018-04", "2018-05"] as const;
const FORCES = ["avon", "kent", "rutland"] as const;
/** Everything lies in a square of this many millionths of a degree, mostly on a coarse grid. */
const SIZE = 300_000;
const GRID = 20_000;

const STREET = { id: 9, name: "On or near Stop Street" };
const ANYWHERE = { latitude: 51, longitude: 0 };

/** Coarse, so that points fall together, areas touch, and overlap, and leave gaps. */
const coordinate = fc.integer({ min: 0, max: SIZE / GRID }).map((step) => step * GRID);
const vertex = fc.record({ x: coordinate, y: coordinate });
/** Never on the grid of the areas' vertices, though now and then on a slanting edge. */
const place = fc
  .record({ x: coordinate, y: coordinate, dx: fc.nat(9), dy: fc.nat(9) })
  .map(({ x, y, dx, dy }) => toPoint({ x: x + 1 + dx * 777, y: y + 1 + dy * 777 }));

const rectangle = fc.tuple(vertex, vertex).map(([a, b]) => {
  const [west, east] = [Math.min(a.x, b.x), Math.max(a.x, b.x) + GRID];
  const [south, north] = [Math.min(a.y, b.y), Math.max(a.y, b.y) + GRID];
  return [
    { x: west, y: south },
    { x: east, y: south },
    { x: east, y: north },
    { x: west, y: north },
  ].map(toPoint);
});
const wild = fc.array(vertex, { minLength: 3, maxLength: 8 }).map((ring) => ring.map(toPoint));
const shape: fc.Arbitrary<Ring | "empty" | "missing"> = fc.oneof(
  { weight: 5, arbitrary: rectangle },
  { weight: 3, arbitrary: wild },
  { weight: 1, arbitrary: fc.constantFrom("empty" as const, "missing" as const) },
);

const RESULTS = ["Under investigation", "Suspect charged", "Local resolution"];
const crime = fc.record({
  place,
  month: fc.constantFrom(...MONTHS),
  result: fc.option(
    fc.record({ category: fc.constantFrom(...RESULTS), date: fc.constantFrom(...MONTHS) }),
  ),
  category: fc.constantFrom("burglary", "drugs", "a-category-of-our-own"),
});

/** Few ways to be, so that some are equal to the letter. */
const stop = fc.record({
  month: fc.constantFrom(...MONTHS),
  force: fc.constantFrom(...FORCES, "btp"),
  place: fc.option(place),
  outcome: fc.constantFrom("Arrest", "", null, false as const),
  hour: fc.constantFrom("01", "02"),
});
const nowhere = fc.record({
  month: fc.constantFrom(...MONTHS),
  force: fc.constantFrom(...FORCES),
  category: fc.constantFrom("burglary", "drugs"),
});

export type RandomWorld = { world: World; forces: readonly string[] };

/** A small world: areas that overlap, touch and cross themselves, and records in and out of them. */
export const randomWorld: fc.Arbitrary<RandomWorld> = fc
  .record({
    first: rectangle,
    areas: fc.array(fc.array(shape, { maxLength: 3 }), { minLength: 1, maxLength: FORCES.length }),
    crimes: fc.array(crime, { maxLength: 40 }),
    stops: fc.array(stop, { maxLength: 20 }),
    unlocated: fc.array(nowhere, { maxLength: 8 }),
  })
  .map(({ first, areas, crimes, stops, unlocated }) => {
    const [own = [], ...others] = areas;
    const rings = [[first, ...own], ...others];
    const all = rings.flat().flatMap((ring) => (typeof ring === "string" ? [] : [toWhole(ring)]));
    // On an edge, the last bit of a cut edge's corner would decide.
    const isClear = (at: Point) => all.every((whole) => sideOfRing(whole, at) !== "edge");
    const clear = crimes.filter(({ place: at }) => isClear(at));
    const records = clear.map(({ place: at, result, ...rest }, index): RawCrime => {
      const status = result === null || result.date < rest.month ? null : result;
      return rawCrime(index + 1, at, { ...rest, outcome_status: status });
    });
    const entries = rings.map((list, force) => [FORCES[force] ?? "", nameAreas(list)] as const);
    const world = createWorld({
      areas: Object.fromEntries(entries),
      crimes: records,
      months: [...MONTHS] satisfies Month[],
      stops: group(stops, ({ month, place: at, outcome, hour }) =>
        rawStop({
          datetime: `${month}-15T${hour}:00:00+00:00`,
          outcome,
          location: at === null || !isClear(at) ? null : { ...toRaw(at), street: STREET },
        }),
      ),
      unlocated: group(unlocated, ({ month, category }, index) =>
        rawCrime(1000 + index, ANYWHERE, { month, category, location: null }),
      ),
    });
    const shown = JSON.stringify({ areas: Object.fromEntries(entries), crimes: records });
    return { world, forces: entries.map(([force]) => force), [fc.toStringMethod]: () => shown };
  });

/** None, or some of every kind, so that a request often meets one. */
export const randomFaults: fc.Arbitrary<FaultRates> = fc.record(
  {
    "500": share(0.05),
    "502": share(0.05),
    "503": share(0.08),
    reset: share(0.05),
    cut: share(0.05),
    html: share(0.05),
    length: share(0.05),
    hang: share(0.01),
  },
  { requiredKeys: [] },
);

/** How a crawl is disturbed: after so many requests it is told to stop, or dies. */
export const disturbances = fc.array(
  fc.record({ how: fc.constantFrom("stop", "die"), after: fc.integer({ min: 1, max: 25 }) }),
  { maxLength: 3 },
);

/** By month and force. */
function group<R extends { month: Month; force: string }, Raw>(
  records: readonly R[],
  toRecord: (record: R, index: number) => Raw,
): Record<Month, Record<string, Raw[]>> {
  const grouped: Record<Month, Record<string, Raw[]>> = {};
  for (const [index, record] of records.entries()) {
    const ofMonth = (grouped[record.month] ??= {});
    (ofMonth[record.force] ??= []).push(toRecord(record, index));
  }
  return grouped;
}

function share(most: number): fc.Arbitrary<number> {
  return fc.double({ min: 0, max: most, noNaN: true });
}

function nameAreas(shapes: readonly (Ring | "empty" | "missing")[]): Record<string, AreaShape> {
  return Object.fromEntries(
    shapes.map((ring, index) => [`A${index}`, typeof ring === "string" ? ring : ring.map(toRaw)]),
  );
}

function toPoint({ x, y }: { x: number; y: number }): Point {
  return { latitude: (51_000_000 + y) / 1e6, longitude: (x - 100_000) / 1e6 };
}

function toRaw({ latitude, longitude }: Point): RawPoint {
  return { latitude: latitude.toFixed(6), longitude: longitude.toFixed(6) };
}
