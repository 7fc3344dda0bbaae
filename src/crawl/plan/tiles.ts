import { NOWHERE } from "../../completeness.ts";
import { boundingBox, boxRing, cutBox, intersection, middleCuts, surround } from "../../geo/box.ts";
import type { Box } from "../../geo/box.ts";
import { coverBox } from "../../geo/cover.ts";
import { Density } from "../../geo/density.ts";
import { divide, sizeOf, toCloud } from "../../geo/cloud.ts";
import type { Question, Seed } from "../../store/frontier.ts";
import type { Store } from "../../store/store.ts";
import type { Kind, Month } from "../../types.ts";
import { forecast } from "./forecast.ts";
import { joinTiles } from "./join.ts";
import type { Sizes } from "./sizes.ts";
import { listUnknown, MOST_CUTS } from "./plan.ts";
import type { Plan } from "./plan.ts";

/** When only the boundaries tell where records are, the forecast errs by a factor of two and more. */
export const BLIND_SHARE = 0.567;
/** A tile that is expected to hold so much more than it is meant to is cut before it is asked. */
const FORESEEN = 1.1;
/** When tiles may be so much larger than those of a month, these are joined before they are asked. */
const GROWN = 1.2;
/** What a tile that was too large is taken to hold at least, and its parts to be meant to. */
const REFUSED = 1.5;
const PART_SHARE = 0.85;
/** Records without a neighbourhood lie this far from all boundaries, in degrees. */
const MARGIN = 0.5;

export type TileOptions = {
  store: Store;
  sizes: Sizes;
  /** The forces whose cells are wanted; '' among them: what lies in no boundary, too. */
  forces: readonly string[];
};

/**
 * Rectangles as large as the API allows: the records say nothing of neighbourhoods that we do
 * not find out ourselves. Every month starts from where the records of the month before were.
 */
export function createTilePlan({ store, sizes, forces: selected }: TileOptions): Plan {
  const isWhole = selected.includes(NOWHERE);
  const boxes = store.areas
    .listBoundaries()
    .map(({ forceId, ring }) => ({ forceId, box: boundingBox(ring) }));
  const wanted = boxes.filter(({ forceId }) => isWhole || selected.includes(forceId));
  const root = surround(
    wanted.map(({ box }) => box),
    isWhole ? MARGIN : 0,
  );
  const densities = new Map<Kind, { density: Density; blind: boolean }>();
  const ratios = new Map<string, Ratio>();
  const targets = new Map<string, number>();
  const steps = new Map<string, number>();

  function densityOf(kind: Kind, month: Month) {
    let known = densities.get(kind);
    if (known === undefined) {
      const crimes = kind === "crimes" ? undefined : densities.get("crimes")?.density.within(root);
      const { cloud, blind } = forecast({ store, kind, month, crimes });
      known = { density: new Density(root, cloud), blind };
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

  function ratioOf(sweep: Swept): Ratio {
    let ratio = ratios.get(nameOf(sweep));
    if (ratio === undefined) ratios.set(nameOf(sweep), (ratio = new Ratio()));
    return ratio;
  }

  /** Whether it is the one tile of its month at hand that is larger than what is known to be answered. */
  const isStep = (question: Question) => steps.get(nameOf(question)) === question.expected;

  const expect = (question: Question) => (question.expected ?? 0) * ratioOf(question).value;

  function pieces(question: Question, box: Box, total: number, parts: number): Seed[] {
    const { density } = densityOf(question.kind, question.month);
    const tiles = coverBox(box, density.within(box), parts);
    const [cut] = tiles.length > 1 ? [] : middleCuts(box);
    const halves = cut === undefined ? [] : Object.values(cutBox(box, cut));
    const known = tiles.reduce((sum, { cloud }) => sum + sizeOf(cloud), 0);
    const rest = { area: null, depth: question.depth + 1 };
    if (tiles.length === 1)
      return halves.map((half) => ({ ...rest, ring: boxRing(half), expected: null }));
    return tiles.map((tile) => ({
      ...rest,
      ring: boxRing(tile.box),
      expected: (total * sizeOf(tile.cloud)) / known / ratioOf(question).value,
    }));
  }

  return {
    name: "tiles",
    outcomesShare: 0.6,

    seeds({ forces, kind, month }) {
      const isWhole = forces.includes(NOWHERE);
      const within = wanted.filter(({ forceId }) => isWhole || forces.includes(forceId));
      // The country's margin holds a neighbourhood beside others of its force, but not for certain
      // a force of which no boundary is known.
      const bounded = new Set(boxes.map(({ forceId }) => forceId));
      const unknown = listUnknown(
        store,
        isWhole ? forces.filter((forceId) => !bounded.has(forceId)) : forces,
      );
      if (within.length === 0) return unknown;
      const known = densityOf(kind, month);
      const target = sizes.targetOf(kind);
      sizes.age(kind);
      const step = isWhole ? sizes.stepOf(kind) : undefined;
      const tiles = known.density.cover(known.blind ? BLIND_SHARE * target : target, step);
      const [first] = tiles;
      const name = nameOf({ kind, month });
      targets.set(name, target);
      if (step !== undefined && first !== undefined) steps.set(name, sizeOf(first.cloud));
      known.blind = false;
      const parts = within.map(({ box }) => box);
      const trimmed = tiles.flatMap(({ box, cloud }) => {
        if (isWhole) return [{ box, cloud }];
        const part = trim(box, parts);
        return part === undefined ? [] : [{ box: part, cloud: divide(cloud, part).inside }];
      });
      const seeds = trimmed.map(({ box, cloud }) => ({
        area: null,
        ring: boxRing(box),
        depth: 0,
        expected: sizeOf(cloud),
      }));
      return [...seeds.sort((a, b) => b.expected - a.expected), ...unknown];
    },

    foresee(question) {
      const expected = expect(question);
      const target = sizes.targetOf(question.kind);
      if (question.ring === null || expected <= FORESEEN * target || isStep(question)) return [];
      const found = pieces(
        question,
        boundingBox(question.ring),
        expected,
        Math.ceil(expected / target),
      );
      return found.length > 1 && found.every((piece) => piece.expected !== null) ? found : [];
    },

    join(question, waiting) {
      const name = nameOf(question);
      const target = sizes.targetOf(question.kind);
      if (target < GROWN * (targets.get(name) ?? Infinity) || isStep(question)) return undefined;
      const step = steps.has(name) ? undefined : sizes.stepOf(question.kind);
      const joined = joinTiles(question, waiting, { most: step ?? target, expect });
      const expected = joined?.whole.expected ?? 0;
      if (expected * ratioOf(question).value > FORESEEN * target) steps.set(name, expected);
      return joined;
    },

    expect,

    split(question, ring, atLeast) {
      if (question.depth >= MOST_CUTS) return [];
      const target = PART_SHARE * sizes.targetOf(question.kind);
      const total = Math.max(expect(question), REFUSED * target, atLeast);
      ratioOf(question).add(total, question.expected);
      return pieces(question, boundingBox(ring), total, Math.ceil(total / target));
    },

    learn(question, ring, points) {
      if (isStep(question)) steps.delete(nameOf(question));
      ratioOf(question).add(points.length, question.expected);
      const { density } = densityOf(question.kind, question.month);
      density.replace(boundingBox(ring), toCloud(points));
    },
  };
}

type Swept = { kind: Kind; month: Month };

function nameOf({ kind, month }: Swept): string {
  return `${kind} ${month}`;
}

/** So many records weigh against a change of the ratio. */
const STEADY = 8600;

/** How many records a month brings for each one that was expected. */
class Ratio {
  #got = STEADY;
  #expected = STEADY;

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
