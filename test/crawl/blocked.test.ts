import { describe, expect, test } from "vitest";
import type { TestContext } from "vitest";
import { crawlServed } from "../support/crawled.ts";
import { isArea, mostInASecond, startField } from "../support/field.ts";
import type { Asked, Trouble } from "../support/field.ts";
import { countRows } from "../support/temp.ts";

const CRIMES = 2000;
const TILES = { plan: "tiles" } as const;
const PAGE: Trouble = { status: 403, body: "<html>Are you human?</html>" };

type Blocks = (asked: Asked, sinceMs: number) => Trouble | undefined;

/** A field that blocks from its 25th request on, asked at the rate of the API. */
async function openBlocked(blocks: Blocks, { onTestFinished }: TestContext, crimes = CRIMES) {
  let fromMs = Infinity;
  const field = await startField({
    crimes,
    months: ["2018-04", "2018-05"],
    client: { rate: 15 },
    onTestFinished,
    decide: (asked) => {
      if (asked.count === 25) fromMs = asked.atMs;
      return asked.atMs < fromMs ? undefined : blocks(asked, asked.atMs - fromMs);
    },
  });
  const into = () => field.asked.filter(({ trouble }) => trouble !== "");
  return { field, into };
}

const forAWhile =
  (trouble: Trouble): Blocks =>
  (_, sinceMs) =>
    sinceMs < 5000 ? trouble : undefined;

describe.concurrent("a block for a while", () => {
  test.for<[string, Trouble]>([
    ["403 and a page", PAGE],
    ["429", { status: 429 }],
    ["429 with Retry-After of 0", { status: 429, headers: { "retry-after": "0" } }],
    ["429 with one below 0", { status: 429, headers: { "retry-after": "-30" } }],
    ["429 with one in words", { status: 429, headers: { "retry-after": "soon" } }],
    [
      "429 with one that is past",
      { status: 429, headers: { "retry-after": "Tue, 01 May 2018 12:00:00 GMT" } },
    ],
    ["429 with Retry-After", { status: 429, headers: { "retry-after": "2" } }],
    ["503 with Retry-After", { status: 503, headers: { "retry-after": "2" } }],
    ["500 with Retry-After", { status: 500, headers: { "retry-after": "2" } }],
    ["404 with Retry-After", { status: 404, headers: { "retry-after": "2" } }],
    ["a page in the place of JSON", { status: 200, body: "<html>Wait</html>" }],
    ["405 and a page", { status: 405, body: "<html>No</html>" }],
  ])(
    "by %s is waited out, with few requests into it, and all comes",
    async ([, trouble], context) => {
      const { field, into } = await openBlocked(forAWhile(trouble), context);
      const { file, result } = await crawlServed(field, { options: TILES });
      expect(result).toMatchObject({ failures: [], unanswered: [], incomplete: [] });
      expect(countRows(file, "crimes")).toBe(2 * CRIMES);
      expect(mostInASecond(into())).toBeLessThanOrEqual(7);
      expect(into().length).toBeLessThan(20);
    },
  );

  test("is followed by slow questions at first", async (context) => {
    const { field, into } = await openBlocked(forAWhile(PAGE), context, 12_000);
    await crawlServed(field, { options: TILES });
    const lastMs = into().at(-1)?.atMs ?? 0;
    const after = field.asked.filter(({ atMs }) => atMs > lastMs);
    expect(after.filter(({ atMs }) => atMs < lastMs + 4000).length).toBeLessThan(14);
    expect(mostInASecond(after.slice(-40))).toBeGreaterThan(9);
  });
});

describe.concurrent("a block for good", () => {
  test.for<[string, Trouble]>([
    ["403", PAGE],
    ["429", { status: 429 }],
    ["pages", { status: 200, body: "<html>Wait</html>" }],
  ])(
    "by %s ends with exit code 3 and what to do, few requests into it",
    async ([, trouble], context) => {
      const { field, into } = await openBlocked(() => trouble, context);
      const run = crawlServed(field, { options: { ...TILES, patienceMs: 4000 } });
      await expect(run).rejects.toMatchObject({
        exitCode: 3,
        message: expect.stringContaining("blocking us"),
        hint: expect.stringMatching(/wait an hour.*--rate 5/),
      });
      expect(mostInASecond(into())).toBeLessThanOrEqual(7);
      expect(into().length).toBeLessThan(25);
    },
  );

  test("of areas alone ends so too, though cheap questions are answered", async (context) => {
    const { field, into } = await openBlocked(
      ({ path }) =>
        path.endsWith("/boundary") || path.includes("-at-") || path.includes("street/")
          ? PAGE
          : undefined,
      context,
    );
    const run = crawlServed(field, { options: { ...TILES, patienceMs: 4000 } });
    await expect(run).rejects.toMatchObject({ exitCode: 3 });
    expect(mostInASecond(into())).toBeLessThanOrEqual(7);
  });

  test("with a wish to wait longer than there is patience ends at once, and says how long", async (context) => {
    const trouble = { status: 429, headers: { "retry-after": "3600" } };
    const { field } = await openBlocked(() => trouble, context);
    const run = crawlServed(field, { options: TILES });
    await expect(run).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining("60 minutes"),
    });
  });

  test("with a wish of 10^9 seconds does so, too", async (context) => {
    const trouble = { status: 429, headers: { "retry-after": "1000000000" } };
    const { field } = await openBlocked(() => trouble, context);
    const run = crawlServed(field, { options: TILES });
    await expect(run).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining("a day or more"),
    });
  });

  test("with such a wish in reply to a cheap question alone does so, too", async (context) => {
    const isCheap = (path: string) => /crime-last-updated|forces$/.test(path);
    const headers = { "retry-after": "3600" };
    const { field } = await openBlocked(
      ({ path }) => ({ status: 429, ...(isCheap(path) ? { headers } : {}) }),
      context,
    );
    const run = crawlServed(field, { options: TILES });
    await expect(run).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining("60 minutes"),
    });
  });
});

/** Whether an area holds a place. */
function holds({ params }: Asked, place: { lat: number; lng: number }): boolean {
  const pairs = params.get("poly")?.split(":") ?? [];
  const ring = pairs.map((pair) => pair.split(",").map(Number));
  const [lats = [], lngs = []] = [0, 1].map((at) => ring.map((pair) => pair[at] ?? NaN));
  const isWithin = (values: number[], value: number) =>
    Math.min(...values) < value && Math.max(...values) > value;
  return isWithin(lats, place.lat) && isWithin(lngs, place.lng);
}

test("one area that is answered 403 alone is named, and all else comes", async () => {
  const field = await startField({
    crimes: CRIMES,
    forces: 2,
    decide: (asked) =>
      asked.kind === "crimes" && holds(asked, { lat: 51.61, lng: 0.41 })
        ? { status: 403 }
        : undefined,
  });
  const { result, warnings } = await crawlServed(field);
  expect(result.failures).toMatchObject([
    { kind: "crimes", reason: expect.stringContaining("403") },
  ]);
  expect(warnings.join()).not.toMatch(/block|down/);
  expect(field.asked.filter(isArea).length).toBeGreaterThan(20);
});

test("many areas that are answered 403 alone are named without long pauses", async () => {
  const isNorthern = ({ params }: Asked) => Number(params.get("poly")?.split(",")[0]) > 51.8;
  const field = await startField({
    crimes: CRIMES,
    forces: 2,
    decide: (asked) => (asked.kind === "crimes" && isNorthern(asked) ? { status: 403 } : undefined),
  });
  const startMs = performance.now();
  const { result } = await crawlServed(field);
  expect(result.failures.length).toBeGreaterThanOrEqual(6);
  expect(performance.now() - startMs).toBeLessThan(20_000);
});

test("boundaries of a force that are answered 403 for good are named without long pauses", async () => {
  const field = await startField({
    crimes: CRIMES,
    forces: 2,
    decide: ({ path }) =>
      path.startsWith("/f0/") && path.endsWith("/boundary") ? { status: 403 } : undefined,
  });
  const startMs = performance.now();
  const { result } = await crawlServed(field, { options: TILES });
  expect(result.unanswered.length).toBeGreaterThanOrEqual(6);
  expect(performance.now() - startMs).toBeLessThan(10_000);
});
