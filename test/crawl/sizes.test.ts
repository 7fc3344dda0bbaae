import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createCuts } from "../../src/crawl/plan/cuts.ts";
import { createPatience } from "../../src/crawl/plan/patience.ts";
import { createSizes } from "../../src/crawl/plan/sizes.ts";
import type { Question } from "../../src/store/frontier.ts";
import type { TileSizes } from "../../src/store/tile-sizes.ts";

/** Nothing takes long. */
const QUICK = { fitting: () => Infinity };

function open(known: TileSizes = {}) {
  const saved: TileSizes[] = [];
  const sizes = createSizes({ known, save: (all) => saved.push(all), patience: QUICK });
  return { sizes, saved };
}

type Server = { limit: number; faults?: number; random: () => number };

/** Asks for a month of 400,000 records in tiles; the forecast errs by a tenth and more. */
function planMonth(sizes: ReturnType<typeof open>["sizes"], server: Server) {
  const { limit, faults = 0, random } = server;
  const noise = () => Math.exp(0.08 * (random() + random() + random() - 1.5) * 2);
  let left = 400_000;
  const counts = { asked: 0, refused: 0 };
  const ask = (expected: number, isPiece = false): number => {
    const target = sizes.targetOf("crimes");
    const records = Math.round(expected * (isPiece ? 1 : noise()));
    counts.asked += 1;
    if (records <= limit && random() >= faults) {
      sizes.answered("crimes", records);
      return records;
    }
    counts.refused += 1;
    if (expected >= target / 2 && expected <= 1.15 * target) sizes.missed("crimes");
    const share = 0.35 + 0.3 * random();
    const sum = ask(share * records, true) + ask((1 - share) * records, true);
    sizes.refused("crimes", sum);
    return sum;
  };
  sizes.age("crimes");
  const planned = sizes.targetOf("crimes");
  let mayTry = true;
  for (let isFirst = true; left > 0; isFirst = false) {
    const target = sizes.targetOf("crimes");
    const step = mayTry && (isFirst || target > 1.2 * planned) ? sizes.stepOf("crimes") : undefined;
    const { refused } = counts;
    left -= ask(Math.min(left, step ?? target));
    if (step !== undefined && counts.refused > refused) mayTry = false;
  }
  return counts;
}

function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe("the size of tiles", () => {
  test("begins below what the documented limit allows", () => {
    expect(open().sizes.targetOf("crimes")).toBe(8800);
    expect(open().sizes.targetOf("outcomes")).toBe(8800);
  });

  test("comes below any limit, and near to it, with few refusals a month", () => {
    const property = fc.property(
      fc.integer({ min: 1000, max: 50_000 }),
      fc.nat(),
      (limit, seed) => {
        const random = randomOf(seed);
        const { sizes } = open();
        const months = Array.from({ length: 12 }, () => planMonth(sizes, { limit, random }));
        const target = sizes.targetOf("crimes");
        expect(target).toBeLessThan(limit);
        expect(target).toBeGreaterThan(0.6 * Math.min(limit, 25_000));
        for (const { asked, refused } of months.slice(1)) {
          expect(refused).toBeLessThanOrEqual(3 + 0.12 * asked);
        }
      },
    );
    fc.assert(property, { numRuns: 300 });
  });

  test("does not shrink for good by faults of 5% that look like refusals", () => {
    const property = fc.property(fc.nat(), (seed) => {
      const random = randomOf(seed);
      const { sizes } = open();
      const server = { limit: 10_000, faults: 0.05, random };
      const asked = Array.from({ length: 36 }, () => planMonth(sizes, server).asked);
      const all = asked.reduce((sum, count) => sum + count, 0);
      expect(all).toBeLessThan(2.5 * 36 * (400_000 / 8800));
      for (let month = 0; month < 12; month += 1) planMonth(sizes, { ...server, faults: 0 });
      expect(sizes.targetOf("crimes")).toBeGreaterThan(6000);
    });
    fc.assert(property, { numRuns: 300 });
  });

  test("follows a limit that falls, and one that rises again", () => {
    const random = randomOf(1);
    const { sizes } = open();
    for (const [limit, months] of [
      [10_000, 6],
      [3000, 3],
      [20_000, 12],
    ] as const) {
      for (let month = 0; month < months; month += 1) planMonth(sizes, { limit, random });
      expect(sizes.targetOf("crimes")).toBeLessThan(limit);
      expect(sizes.targetOf("crimes")).toBeGreaterThan(0.6 * limit);
    }
  });

  test("learns nothing from refusals alone: an outage of areas says nothing of their size", () => {
    const { sizes } = open();
    for (let times = 0; times < 100; times += 1) sizes.missed("crimes");
    expect(sizes.targetOf("crimes")).toBe(8800);
  });

  test("takes what was answered for larger than what was refused", () => {
    const { sizes } = open();
    sizes.answered("crimes", 9000);
    sizes.refused("crimes", 8900);
    expect(sizes.targetOf("crimes")).toBe(8800);
    sizes.refused("crimes", 9100);
    expect(sizes.targetOf("crimes")).toBeCloseTo(0.88 * Math.sqrt(9000 * 9100), -1);
  });

  test("is kept for the next run, each kind's its own", () => {
    const { sizes, saved } = open();
    sizes.refused("crimes", 3000);
    const next = open(saved.at(-1)).sizes;
    expect(next.targetOf("crimes")).toBe(2640);
    expect(next.targetOf("outcomes")).toBe(8800);
  });

  test("tries larger areas, and none that is known to be too large for half a year", () => {
    const { sizes } = open();
    expect(sizes.stepOf("crimes")).toBe(13_200);
    sizes.refused("crimes", 3000);
    const later = Array.from({ length: 8 }, () => {
      sizes.age("crimes");
      return sizes.stepOf("crimes");
    });
    expect(later.map((size) => size !== undefined)).toEqual(
      [0, 0, 0, 0, 0, 0, 1, 1].map((one) => one === 1),
    );
  });

  test("doubles with each larger area that is answered, up to what a reply may hold", () => {
    const { sizes } = open();
    const steps = Array.from({ length: 4 }, () => {
      const step = sizes.stepOf("crimes");
      sizes.answered("crimes", step ?? 0);
      return step;
    });
    expect(steps).toEqual([13_200, 26_400, undefined, undefined]);
    expect(sizes.targetOf("crimes")).toBe(Math.round((0.88 * 12 * 2 ** 20) / 395));
  });

  test("is tried beyond a refusal of more than a reply may hold", () => {
    const { sizes } = open();
    sizes.answered("crimes", 13_000);
    sizes.refused("crimes", 35_000);
    expect(sizes.stepOf("crimes")).toBe(26_000);
  });

  test("is such that replies take 15 s, where the API is ten times as slow as it was", () => {
    const patience = createPatience();
    const sizes = createSizes({ known: {}, save: () => {}, patience });
    for (let times = 0; times < 30; times += 1) {
      const records = Math.min(8800, sizes.targetOf("crimes"));
      patience.took(records, 10 * (450 + 1.1 * records));
    }
    const target = sizes.targetOf("crimes");
    expect(10 * (450 + 1.1 * target)).toBeLessThan(15_000);
    expect(10 * (450 + 1.1 * target)).toBeGreaterThan(11_000);
  });

  test("is soon as before after one reply that took a minute", () => {
    const patience = createPatience();
    const sizes = createSizes({ known: {}, save: () => {}, patience });
    const took = (ms: number) => patience.took(8800, ms);
    for (let times = 0; times < 10; times += 1) took(9910);
    took(60_000);
    expect(sizes.targetOf("crimes")).toBeGreaterThan(4000);
    for (let times = 0; times < 5; times += 1) took(9910);
    expect(sizes.targetOf("crimes")).toBeGreaterThan(7000);
  });
});

describe("the patience with a reply", () => {
  test("is two minutes until it is known how fast the API is", () => {
    expect(createPatience().waitMs(0)).toBe(120_000);
  });

  test("is a few times what its size leads to expect, from 20 to 120 seconds", () => {
    const patience = createPatience();
    for (let times = 0; times < 40; times += 1) patience.took(5000, 5950);
    expect(patience.waitMs(0)).toBe(20_000);
    expect(patience.waitMs(8800)).toBeGreaterThan(35_000);
    expect(patience.waitMs(8800)).toBeLessThan(45_000);
    expect(patience.waitMs(100_000)).toBe(120_000);
  });

  test("grows with an API that is slow, and the pace is kept for the next run", () => {
    const saved: number[] = [];
    const patience = createPatience({ save: (pace) => saved.push(pace) });
    for (let times = 0; times < 40; times += 1) patience.took(900, 14_400);
    expect(patience.waitMs(900)).toBeGreaterThan(50_000);
    expect(saved.at(-1)).toBeGreaterThan(8);
    expect(saved.length).toBeLessThan(40);
    expect(createPatience({ known: saved.at(-1) ?? 1 }).fitting(15_000)).toBeLessThan(1300);
  });
});

describe("the size of an area that was cut", () => {
  const question = (id: number) => ({ id, kind: "crimes" }) as Question;

  test("is known when all of its pieces are answered, those of pieces included", () => {
    const known: number[] = [];
    const cuts = createCuts((_, records) => known.push(records));
    const [whole, a, b, c, d] = [1, 2, 3, 4, 5].map(question) as [Question, ...Question[]];
    cuts.cut(
      whole,
      [a, b].flatMap((one) => one ?? []),
    );
    cuts.answered(a ?? whole, 100);
    cuts.cut(
      b ?? whole,
      [c, d].flatMap((one) => one ?? []),
    );
    cuts.answered(c ?? whole, 20);
    expect(known).toEqual([]);
    cuts.answered(d ?? whole, 3);
    expect(known).toEqual([23, 123]);
  });
});
