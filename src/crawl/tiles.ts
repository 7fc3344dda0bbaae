import { boundingBox, boxRing, cutBox, intersection, middleCuts, surround } from "../geo/box.ts";
import type { Box } from "../geo/box.ts";
import { coverBox } from "../geo/cover.ts";
import { Density } from "../geo/density.ts";
import { divide, sizeOf, toCloud } from "../geo/cloud.ts";
import type { Polygon, Seed } from "../store/frontier.ts";
import type { Store } from "../store/store.ts";
import type { Kind, Month } from "../types.ts";
import { forecast } from "./forecast.ts";
import type { Plan } from "./plan.ts";

/** Records that a tile is meant to hold, when an earlier month tells where they are. */
export const TARGET = 8600;
/** The same when only the boundaries tell: the forecast errs by a factor of two and more. */
export const BLIND_TARGET = 5000;
/** A tile that is expected to hold more is cut before it is asked. */
const FORESEEN = 9400;
/** What a refused tile is taken to hold at least, and what its parts are meant to hold. */
const REFUSED = 13_000;
const PART_TARGET = 7500;
/** Records without a neighbourhood lie this far from all boundaries, in degrees. */
const MARGIN = 0.5;

export type TileOptions = {
  store: Store;
  /** The forces that were selected; 'all' keeps what lies in no boundary, too. */
  selected: readonly string[] | "all";
};

/**
 * Rectangles as large as the API allows: the records say nothing of neighbourhoods that we do
 * not find out ourselves. Every month starts from where the records of the month before were.
 */
export function createTilePlan({ store, selected }: TileOptions): Plan {
  const boxes = store.areas
    .listBoundaries()
    .map(({ forceId, ring }) => ({ forceId, box: boundingBox(ring) }));
  const wanted = boxes.filter(({ forceId }) => selected === "all" || selected.includes(forceId));
  const root = surround(
    wanted.map(({ box }) => box),
    selected === "all" ? MARGIN : 0,
  );
  const densities = new Map<Kind, { density: Density; target: number }>();
  const ratios = new Map<string, Ratio>();

  function densityOf(kind: Kind, month: Month) {
    let known = densities.get(kind);
    if (known === undefined) {
      const crimes =
        kind === "outcomes" ? densities.get("crimes")?.density.within(root) : undefined;
      const { cloud, blind } = forecast({ store, kind, month, crimes });
      const target = blind ? BLIND_TARGET : TARGET;
      known = { density: new Density(root, cloud), target };
      learnDone(known.density, kind, month);
      densities.set(kind, known);
    }
    return known;
  }

  /** What a killed crawl had fetched of the month already tells more than any forecast. */
  function learnDone(density: Density, kind: Kind, month: Month): void {
    const boxesDone = store.frontier.listDoneRings(kind, month).map(boundingBox);
    if (boxesDone.length === 0) return;
    const points = store.records.listPoints(kind, month);
    for (const box of boxesDone) density.replace(box, divide(points, box).inside);
  }

  function ratioOf({ kind, month }: { kind: Kind; month: Month }): Ratio {
    const key = `${kind} ${month}`;
    let ratio = ratios.get(key);
    if (ratio === undefined) ratios.set(key, (ratio = new Ratio()));
    return ratio;
  }

  const expect = (polygon: Polygon) => (polygon.expected ?? 0) * ratioOf(polygon).value;

  function pieces(polygon: Polygon, box: Box, total: number, parts: number): Seed[] {
    const { density } = densityOf(polygon.kind, polygon.month);
    const tiles = coverBox(box, density.within(box), parts);
    const [cut] = tiles.length > 1 ? [] : middleCuts(box);
    const halves = cut === undefined ? [] : Object.values(cutBox(box, cut));
    const known = tiles.reduce((sum, { cloud }) => sum + sizeOf(cloud), 0);
    const rest = { area: null, depth: polygon.depth + 1 };
    if (tiles.length === 1)
      return halves.map((half) => ({ ...rest, ring: boxRing(half), expected: null }));
    return tiles.map((tile) => ({
      ...rest,
      ring: boxRing(tile.box),
      expected: (total * sizeOf(tile.cloud)) / known / ratioOf(polygon).value,
    }));
  }

  return {
    name: "tiles",
    outcomesShare: 0.6,
    scopes: (forces) => {
      if (forces.length === 0) return [];
      const withArea = forces.some((force) => wanted.some(({ forceId }) => forceId === force));
      return [selected === "all" && withArea ? "all" : [...forces].sort().join(",")];
    },

    seeds(scope, kind, month) {
      const forces = scope.split(",");
      const within = wanted.filter(({ forceId }) => scope === "all" || forces.includes(forceId));
      if (within.length === 0) return [];
      const known = densityOf(kind, month);
      const tiles = known.density.cover(known.target);
      known.target = TARGET;
      return tiles
        .flatMap(({ box, cloud }) => {
          if (scope === "all") return [{ box, cloud }];
          const trimmed = trim(
            box,
            within.map((area) => area.box),
          );
          return trimmed === undefined
            ? []
            : [{ box: trimmed, cloud: divide(cloud, trimmed).inside }];
        })
        .map(({ box, cloud }) => ({
          area: null,
          ring: boxRing(box),
          depth: 0,
          expected: sizeOf(cloud),
        }))
        .sort((a, b) => b.expected - a.expected);
    },

    foresee(polygon) {
      const expected = expect(polygon);
      if (polygon.ring === null || expected <= FORESEEN) return [];
      const found = pieces(
        polygon,
        boundingBox(polygon.ring),
        expected,
        Math.ceil(expected / TARGET),
      );
      return found.length > 1 && found.every((piece) => piece.expected !== null) ? found : [];
    },

    split(polygon, ring) {
      const total = Math.max(expect(polygon), REFUSED);
      ratioOf(polygon).add(total, polygon.expected);
      return pieces(polygon, boundingBox(ring), total, Math.ceil(total / PART_TARGET));
    },

    learn(polygon, ring, points) {
      ratioOf(polygon).add(points.length, polygon.expected);
      const { density } = densityOf(polygon.kind, polygon.month);
      density.replace(boundingBox(ring), toCloud(points));
    },
  };
}

/** How many records a month brings for each one that was expected. */
class Ratio {
  #got = TARGET;
  #expected = TARGET;

  get value(): number {
    return this.#got / this.#expected;
  }

  add(got: number, expected: number | null): void {
    if (expected === null) return;
    this.#got += got;
    this.#expected += expected;
  }
}

/** The part of a tile that the boundaries fill; undefined where none reaches into it. */
function trim(tile: Box, boundaries: readonly Box[]): Box | undefined {
  const parts = boundaries.flatMap((box) => intersection(tile, box) ?? []);
  return parts.length === 0 ? undefined : intersection(surround(parts, 0), tile);
}
