import { CRIME_CATEGORIES } from "../src/police-api.ts";
import { createRandom } from "../src/sandbox/shares.ts";
import type { AreaKind, Subject } from "../src/sandbox/subjects.ts";
import type { RawPoint, World } from "../src/sandbox/world.ts";
import type { Area, Force, Month, Neighbourhood } from "../src/types.ts";
import Flatbush from "flatbush";
import { createByForce } from "./by-force.ts";
import type { ByForce, ForcePoints } from "./by-force.ts";
import type { Ids } from "./record.ts";
import { outline, splitCell, warp } from "./mesh.ts";
import type { Cell } from "./mesh.ts";
import { makeCrimes, makeOutcomes } from "./month.ts";
import type { MadeMonth, Snap } from "./month.ts";

/** Neighbourhoods and crimes a month of forces as in the field, and how large an area they have. */
const BIG: [string, number, number, number][] = [
  ["metropolitan", 660, 94_000, 0.12],
  ["kent", 306, 15_500, 0.8],
  ["north-wales", 283, 6000, 1.6],
  ["west-midlands", 190, 31_000, 0.2],
  ["west-yorkshire", 160, 28_000, 0.4],
  ["city-of-london", 5, 800, 0.02],
];
const FORCES = 44;
const NEIGHBOURHOODS = 4652;
const TOTALS: Record<AreaKind, number> = { crimes: 528_000, outcomes: 310_000 };
const SNAP_POINTS = 700_000;
/** The share of records that lie in no neighbourhood. */
const OUTSIDE = 0.01;
/** Months of records that are kept; the walk overlaps two. */
const KEPT = 6;

export type CountryOptions = {
  seed: number;
  months: readonly Month[];
  /** The share of the full size, for tests. */
  scale?: number;
  ids?: Ids;
};

export type Country = World &
  Omit<ByForce, "total"> & {
    /** How many records of a month there are. */
    total(subject: Subject, month: Month): number;
    /** The records of a month before they are written as JSON. */
    drawn(kind: AreaKind, month: Month): MadeMonth | undefined;
    /** The neighbourhood that a snap point lies in; null: in none. */
    areaOf(point: number): Area | null;
    /** How many snap points there are; each has a street of its own. */
    points: number;
  };

/** A stand-in country: as many forces, neighbourhoods, records as the field has, and as uneven. */
export function createCountry({
  seed,
  months,
  scale = 1,
  ids = "scattered",
}: CountryOptions): Country {
  const random = createRandom(seed);
  const forces = planForces(random, scale);
  const cells = layOut(forces, random);
  const snap = scatter(cells, random, scale);
  const made = new Map<string, MadeMonth>();

  function monthOf(kind: AreaKind, month: Month): MadeMonth | undefined {
    const index = months.indexOf(month);
    return index < 0 ? undefined : make(kind, month, index);
  }

  function make(kind: AreaKind, month: Month, index: number): MadeMonth {
    const key = `${kind} ${month}`;
    let found = made.get(key);
    if (found === undefined) {
      const draw = createRandom(seed * 1000 + index * 2 + (kind === "crimes" ? 0 : 1));
      const season = 1 + 0.08 * Math.sin(index * 0.9);
      const wanted = TOTALS[kind] * scale * season;
      const count = Math.round(wanted + Math.sqrt(wanted) * gauss(draw));
      if (kind === "crimes") found = makeCrimes({ snap, draw, count, month, index, ids });
      else {
        const earlier = make("crimes", before(month), index - 1);
        const same = make("crimes", month, index);
        found = makeOutcomes({ snap, draw, count, month, crimes: [earlier, same] });
      }
      made.set(key, found);
      const [oldest] = made.keys();
      if (made.size > KEPT && oldest !== undefined) made.delete(oldest);
    }
    return found;
  }

  const byForce = groupByForce(cells);
  const owned = forces.map((force) => ownPoints(force, cells, snap));
  const lists = createByForce({ seed, months, scale, ids, forces: owned, snap });
  return {
    forces: forces.map(({ id }): Force => ({ id, name: `${id} police` })),
    months,
    categories: CRIME_CATEGORIES,
    neighbourhoods: (forceId) =>
      byForce.get(forceId)?.map(({ id }): Neighbourhood => ({ id, name: `Ward ${id}` })),
    boundary: (forceId, id) => {
      const cell = byForce.get(forceId)?.find((candidate) => candidate.id === id);
      return cell === undefined ? undefined : outline(cell.cell).map(toRaw);
    },
    records: (kind, month) => monthOf(kind, month)?.records,
    ...lists,
    total: (subject, month) =>
      subject === "stops" || subject === "unlocated"
        ? lists.total(subject, month)
        : (monthOf(subject, month)?.total ?? 0),
    drawn: monthOf,
    points: snap.latitude.length,
    areaOf: (point) => snap.areas[point] ?? null,
  };
}

type ForcePlan = { id: string; neighbourhoods: number; crimes: number; area: number };

function planForces(random: () => number, scale: number): ForcePlan[] {
  const big = BIG.map(([id, neighbourhoods, crimes, area]) => ({
    id,
    neighbourhoods,
    crimes,
    area,
  }));
  const rest = FORCES - big.length;
  const left = NEIGHBOURHOODS - total(big.map(({ neighbourhoods }) => neighbourhoods));
  const crimesLeft = TOTALS.crimes - total(big.map(({ crimes }) => crimes));
  const shares = Array.from({ length: rest }, () => Math.exp(0.7 * gauss(random)));
  const volumes = shares.map((share) => share * Math.exp(0.4 * gauss(random)));
  const plans = shares.map((share, index) => ({
    id: `force-${String(index + 1).padStart(2, "0")}`,
    neighbourhoods: Math.max(20, Math.floor((left * share) / total(shares))),
    crimes: Math.max(1500, (crimesLeft * (volumes[index] ?? 1)) / total(volumes)),
    area: 0.6 + 3 * random(),
  }));
  const [last] = plans;
  if (last !== undefined)
    last.neighbourhoods += left - total(plans.map((plan) => plan.neighbourhoods));
  return [...big, ...plans].map((plan) => ({
    ...plan,
    neighbourhoods: Math.max(1, Math.round(plan.neighbourhoods * Math.sqrt(scale))),
  }));
}

type AreaPlan = { forceId: string; id: string; cell: Cell; weight: number };

function layOut(forces: readonly ForcePlan[], random: () => number): AreaPlan[] {
  const square = { west: 0, east: 1, south: 0, north: 1 };
  const cells = splitCell(
    square,
    forces.map(({ neighbourhoods, area }) => neighbourhoods * area),
  );
  return forces.flatMap((force, index) => {
    const sizes = Array.from({ length: force.neighbourhoods }, () => Math.exp(0.6 * gauss(random)));
    const rates = sizes.map(() => Math.exp(0.9 * gauss(random)));
    return splitCell(cells[index] ?? square, sizes).map((cell, at) => ({
      forceId: force.id,
      id: `N${String(at + 1).padStart(3, "0")}`,
      cell,
      weight: (force.crimes * (rates[at] ?? 1)) / total(rates),
    }));
  });
}

function scatter(cells: readonly AreaPlan[], random: () => number, scale: number): Snap {
  const each = Math.max(4, Math.round((SNAP_POINTS * scale) / cells.length));
  const size = each * cells.length;
  const snap: Snap = {
    latitude: new Float64Array(size),
    longitude: new Float64Array(size),
    cumulative: new Float64Array(size),
    tree: new Flatbush(size),
    areas: [],
  };
  let sum = 0;
  cells.forEach(({ forceId, id, cell, weight }, index) => {
    const area = { forceId, neighbourhoodId: id };
    const zipf = 0.5 + 0.6 * random();
    const outside = random() < OUTSIDE * 2 ? 0.5 : 0;
    const norm = total(Array.from({ length: each }, (_, rank) => (rank + 1) ** -zipf));
    for (let rank = 0; rank < each; rank += 1) {
      const at = index * each + rank;
      const isOut = rank % 2 === 1 && outside > 0;
      const u = isOut ? -0.02 * random() : cell.west + (cell.east - cell.west) * spread(random);
      const v = cell.south + (cell.north - cell.south) * spread(random);
      const { latitude, longitude } = warp(u, v);
      snap.latitude[at] = Math.round(latitude * 1e6) / 1e6;
      snap.longitude[at] = Math.round(longitude * 1e6) / 1e6;
      const busiest = rank === 0 && index % 400 === 7 ? 3000 * scale : 0;
      sum += (weight * (rank + 1) ** -zipf) / norm + busiest;
      snap.cumulative[at] = sum;
      snap.areas.push(isOut ? null : area);
      snap.tree.add(snap.longitude[at], snap.latitude[at], snap.longitude[at], snap.latitude[at]);
    }
  });
  snap.tree.finish();
  return snap;
}

/** The points of a force: its cells stand in a row, and each has as many. */
function ownPoints({ id, crimes }: ForcePlan, cells: readonly AreaPlan[], snap: Snap): ForcePoints {
  const each = snap.latitude.length / cells.length;
  const first = cells.findIndex(({ forceId }) => forceId === id);
  const last = cells.findLastIndex(({ forceId }) => forceId === id);
  return { id, crimes, points: { from: first * each, to: (last + 1) * each } };
}

/** Within a cell, away from its edges, denser in the middle. */
function spread(random: () => number): number {
  return 0.04 + 0.92 * ((random() + random()) / 2);
}

function toRaw({ latitude, longitude }: { latitude: number; longitude: number }): RawPoint {
  return {
    latitude: latitude.toFixed(13).replace(/0+$/, ""),
    longitude: longitude.toFixed(13).replace(/0+$/, ""),
  };
}

function gauss(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

function before(month: Month): Month {
  const date = new Date(`${month}-01T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() - 1);
  return date.toISOString().slice(0, 7);
}

function groupByForce(cells: readonly AreaPlan[]): Map<string, AreaPlan[]> {
  const groups = new Map<string, AreaPlan[]>();
  for (const cell of cells) groups.set(cell.forceId, [...(groups.get(cell.forceId) ?? []), cell]);
  return groups;
}
