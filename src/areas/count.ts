import { setImmediate } from "node:timers/promises";
import { throwIfStopped } from "../errors.ts";
import { createFindArea } from "../geo/find-area.ts";
import { COUNTED } from "../store/layer-counts.ts";
import type { FindArea } from "../store/layer-counts.ts";
import type { Store } from "../store/store.ts";
import { readPolygons } from "./boundary.ts";

export type CountTools = {
  store: Pick<Store, "layers" | "verify">;
  signal: AbortSignal;
  /** How many months of all are counted, and for which layer one is now. */
  progress?: (done: number, total: number, layer: string) => void;
};

/** What came of counting: months of kinds, and the points that were located for it. */
export type Counted = { months: number; points: number };

/**
 * Counts for every layer the months that it has not: each in a transaction of its own, so that a
 * run that is stopped goes on. A point is located once a layer, however many records lie at it.
 */
export async function countLayers({ store, signal, progress }: CountTools): Promise<Counted> {
  const uncounted = store.layers.listUncounted();
  const own = uncounted.filter(({ layer }) => !COUNTED.includes(layer));
  const months = [
    ...new Map(
      uncounted
        .filter(({ layer }) => COUNTED.includes(layer))
        .map((of) => [`${of.kind} ${of.month}`, of]),
    ).values(),
  ];
  const total = own.length + months.length;
  const counted: Counted = { months: 0, points: 0 };
  const step = async (layer: string): Promise<void> => {
    progress?.(counted.months, total, layer);
    counted.months += 1;
    await setImmediate();
    throwIfStopped(signal);
    store.verify();
  };
  for (const { kind, month } of months) {
    await step("forces, districts, lsoas");
    store.layers.countOwn({ kind, month });
  }
  let finder: { layer: string; find: FindArea } | undefined;
  for (const of of own) {
    await step(of.layer);
    if (finder?.layer !== of.layer)
      finder = { layer: of.layer, find: openFindArea(store, of.layer) };
    counted.points += store.layers.countMonth(of, finder.find);
  }
  return counted;
}

/** The boundaries are read when the first point has to be found: most months bring none. */
function openFindArea(store: CountTools["store"], layer: string): FindArea {
  let find: FindArea | undefined;
  return (point) => {
    find ??= createFindArea(readNamed(store, layer));
    return find(point);
  };
}

function* readNamed(store: CountTools["store"], layer: string) {
  for (const { id, boundary } of store.layers.readBoundaries(layer)) {
    yield { id, polygons: readPolygons(boundary) };
  }
}
