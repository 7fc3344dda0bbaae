import { createRandom } from "../src/sandbox/shares.ts";
import type { RecordList } from "../src/sandbox/record-list.ts";
import type { Month } from "../src/types.ts";
import type { Snap } from "./month.ts";
import { drawUnlocated, writeUnlocated } from "./record.ts";
import type { Ids, UnlocatedCrime } from "./record.ts";
import { createStops } from "./stop.ts";
import type { DrawnStop } from "./stop.ts";

/** A force, its crimes a month, and which snap points are its own. */
export type ForcePoints = { id: string; crimes: number; points: { from: number; to: number } };

/** Records of a force and month before they are written as JSON. */
export type DrawnList<R> = { total: number; draw(record: number): R };

export type ByForce = {
  /** The forces that publish stops of a month, `btp` among them; all others never do. */
  stopForces(month: Month): readonly string[];
  stops(forceId: string, month: Month): RecordList | undefined;
  unlocated(forceId: string, month: Month): RecordList | undefined;
  drawnStops(forceId: string, month: Month): DrawnList<DrawnStop> | undefined;
  drawnUnlocated(forceId: string, month: Month): DrawnList<UnlocatedCrime> | undefined;
  total(what: "stops" | "unlocated", month: Month): number;
};

export type ByForceOptions = {
  seed: number;
  months: readonly Month[];
  scale: number;
  ids: Ids;
  forces: readonly ForcePoints[];
  snap: Snap;
};

/** Stops a month, as in the field: of all, of two forces, and how many forces have some. */
const STOPS = 33_000;
const OF_METROPOLITAN = 12_000;
const OF_TRANSPORT = 1000;
const PUBLISHERS = 41;
/** Crimes without location to each with one; in some forces they are a sixth of all. */
const UNLOCATED = 0.009;
const UNLOCATED_MANY = 1 / 5;
/** More than a month has crimes with a place: their ids are others. */
const FIRST_UNLOCATED = 1_000_000;

type Counted = { index: number; stops: number; unlocated: number; firstUnlocated: number };

/** What the stand-in country publishes by force; nothing of it is drawn before it is asked for. */
export function createByForce(options: ByForceOptions): ByForce {
  const { months, seed, snap, ids } = options;
  const forces = withTransport(options);
  const publishers = choosePublishers(forces);
  const counts = new Map<Month, Map<string, Counted>>();

  function countsOf(month: Month): Map<string, Counted> | undefined {
    const monthIndex = months.indexOf(month);
    if (monthIndex < 0) return undefined;
    const found = counts.get(month) ?? countMonth({ ...options, forces, publishers, monthIndex });
    counts.set(month, found);
    return found;
  }

  const drawnStops: ByForce["drawnStops"] = (forceId, month) => {
    const counted = countsOf(month)?.get(forceId);
    if (counted === undefined || !publishers.has(forceId)) return undefined;
    const { index: force, stops } = counted;
    const points = forces[force]?.points ?? { from: 0, to: 0 };
    return {
      total: stops,
      draw: createStops({ seed, month, force, snap, points }),
    };
  };
  const drawnUnlocated: ByForce["drawnUnlocated"] = (forceId, month) => {
    const counted = countsOf(month)?.get(forceId);
    if (counted === undefined) return undefined;
    const monthIndex = months.indexOf(month);
    const draw = (at: number) =>
      drawUnlocated({ month, monthIndex, record: counted.firstUnlocated + at, ids });
    return { total: counted.unlocated, draw };
  };
  return {
    stopForces: (month) => (months.includes(month) ? [...publishers].toSorted() : []),
    drawnStops,
    drawnUnlocated,
    stops: (forceId, month) =>
      toList(drawnStops(forceId, month), ({ stop }) => JSON.stringify(stop)),
    unlocated: (forceId, month) => toList(drawnUnlocated(forceId, month), writeUnlocated),
    total: (what, month) =>
      [...(countsOf(month)?.values() ?? [])].reduce((sum, counted) => sum + counted[what], 0),
  };
}

/** The country's forces and the British Transport Police, whose area is all of it. */
function withTransport({ forces, snap }: ByForceOptions): ForcePoints[] {
  const points = { from: 0, to: snap.latitude.length };
  return [...forces, { id: "btp", crimes: 0, points }];
}

function choosePublishers(forces: readonly ForcePoints[]): Set<string> {
  const listed = forces.slice(0, -1).map(({ id }) => id);
  return new Set([...listed.slice(0, PUBLISHERS - 1), "btp"]);
}

type MonthOptions = ByForceOptions & { publishers: ReadonlySet<string>; monthIndex: number };

function countMonth({ seed, scale, forces, publishers, monthIndex }: MonthOptions) {
  const random = createRandom(seed * 1000 + monthIndex + 500_000);
  const named: Record<string, number> = { metropolitan: OF_METROPOLITAN, btp: OF_TRANSPORT };
  const others = forces.filter(({ id }) => publishers.has(id) && named[id] === undefined);
  const crimes = others.reduce((sum, force) => sum + force.crimes, 0);
  const left = STOPS - OF_METROPOLITAN - OF_TRANSPORT;
  let firstUnlocated = FIRST_UNLOCATED;
  const counted = forces.map((force, index): [string, Counted] => {
    const stops = named[force.id] ?? (left * force.crimes) / crimes;
    const share = index % 15 === 10 ? UNLOCATED_MANY : UNLOCATED;
    const varied = (count: number) => Math.round(count * scale * (0.9 + 0.2 * random()));
    const first = firstUnlocated;
    const unlocated = varied(force.crimes * share);
    firstUnlocated += unlocated;
    const published = publishers.has(force.id) ? varied(stops) : 0;
    return [force.id, { index, stops: published, unlocated, firstUnlocated: first }];
  });
  return new Map(counted);
}

function toList<R>(
  drawn: DrawnList<R> | undefined,
  write: (record: R) => string,
): RecordList | undefined {
  return drawn && { count: drawn.total, json: (index) => write(drawn.draw(index)) };
}
