import type { Month } from "../types.ts";
import { listRecords } from "./record-list.ts";
import type { RecordList } from "./record-list.ts";
import type { RawStop, World } from "./world.ts";

/** How stops are written: as the world has them, as in 2017, with all that has been seen, or unlisted. */
export const STOP_SHAPES = ["given", "old", "odd", "unlisted"] as const;
export type StopShape = (typeof STOP_SHAPES)[number];

const NONE = { id: "", name: "" };
/** How often the first stop of an odd reply stands in it, equal to the letter. */
const TIMES = 3;

/** A world whose stops are of a shape. */
export function shapeStops(world: World, shape: StopShape = "given"): World {
  if (shape === "given") return world;
  if (shape === "unlisted") {
    const { stopForces: _, ...unlisted } = world;
    return unlisted;
  }
  const write = shape === "old" ? writeOld : writeOdd;
  return {
    ...world,
    stops(force, month) {
      const list = world.stops?.(force, month);
      return list && listRecords(write(readAll(list), month));
    },
  };
}

function readAll({ count, json }: RecordList): RawStop[] {
  return Array.from({ length: count }, (_, index) => JSON.parse(json(index)));
}

/** The fifteen keys of 2017, when false was no outcome. */
function writeOld(stops: readonly RawStop[]): RawStop[] {
  return stops.map((stop) => {
    const { outcome_object: _, ...old } = stop;
    return { ...old, outcome: stop.outcome || false };
  });
}

/** Each way of no outcome, no place, the month's first half hour; and the first stop several times. */
function writeOdd(stops: readonly RawStop[], month: Month): RawStop[] {
  const odd = [
    (stop: RawStop) => stop,
    (stop: RawStop) => ({ ...stop, outcome: null, outcome_object: NONE }),
    (stop: RawStop) => ({ ...stop, outcome: false as const, outcome_object: NONE }),
    (stop: RawStop) => ({ ...stop, outcome: "", outcome_object: NONE }),
    (stop: RawStop) => ({ ...stop, location: null }),
    (stop: RawStop) => ({ ...stop, datetime: startOf(month) }),
  ];
  return stops.flatMap((stop, index) => {
    const changed = odd[index % odd.length]?.(stop) ?? stop;
    return index === 0 ? Array<RawStop>(TIMES).fill(changed) : [changed];
  });
}

/** Half past midnight in Britain on a month's first day: from April to October that is the day before in UTC. */
function startOf(month: Month): string {
  const isSummer = month.slice(5) >= "04" && month.slice(5) <= "10";
  const start = new Date(`${month}-01T00:30:00${isSummer ? "+01:00" : "Z"}`);
  return start.toISOString().replace(".000Z", "+00:00");
}
