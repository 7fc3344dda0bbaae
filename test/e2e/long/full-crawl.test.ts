import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { createLocator } from "../../../src/geo/locate.ts";
import { loadSample } from "../../../src/sandbox/sample.ts";
import type { AreaKind } from "../../../src/sandbox/subjects.ts";
import type { RawCrime, RawOutcome, RawPoint } from "../../../src/sandbox/world.ts";
import { runCli } from "../../support/cli.ts";
import type { Finished } from "../../support/cli.ts";
import { startElsewhere } from "../../support/sandbox.ts";
import type { SeenElsewhere } from "../../support/sandbox.ts";
import { createFolder, queryRows, readContent } from "../../support/temp.ts";

const cwd = createFolder();
const file = join(cwd, "ukpolice.db");
const crawlArgs = (url: string) => {
  return ["crawl", "--api-url", url, "--plan", "neighbourhoods", "--json"];
};
let whole: Finished;
let again: Finished;
let seen: SeenElsewhere[];
let before: ReturnType<typeof readContent>;

beforeAll(async () => {
  const sandbox = await startElsewhere();
  try {
    whole = await runCli(crawlArgs(sandbox.url), { cwd });
    before = readContent(file);
    again = await runCli(crawlArgs(sandbox.url), { cwd });
    seen = await sandbox.stop();
  } finally {
    sandbox.kill();
  }
});

type Found = { key: (string | number | null)[]; force: string; area: string };

/** What the sample holds of a kind inside its boundaries, each in the first by key. */
function recordsInside(kind: AreaKind): Found[] {
  const world = loadSample();
  const england = ["50,-6", "50,2", "56,2", "56,-6"].map((pair) => {
    const [latitude = 0, longitude = 0] = pair.split(",").map(Number);
    return { latitude, longitude };
  });
  const locate = createLocator(boundariesOf(world));
  return world.months.flatMap((month) => {
    const records = world.records(kind, month);
    return (records?.find(england) ?? []).flatMap((index) => {
      const { key, location } = readRecord(kind, records?.json(index) ?? "");
      const [first] = locate(toPoint(location));
      return first ? [{ key, force: first.forceId, area: first.neighbourhoodId }] : [];
    });
  });
}

function boundariesOf(world: ReturnType<typeof loadSample>) {
  const areas = world.forces.flatMap(({ id: forceId }) =>
    (world.neighbourhoods(forceId) ?? []).map(({ id }) => ({ forceId, neighbourhoodId: id })),
  );
  return areas
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    .flatMap((area) => {
      const ring = world.boundary(area.forceId, area.neighbourhoodId) ?? [];
      return ring.length === 0 ? [] : [{ ...area, ring: ring.map(toPoint) }];
    });
}

function keyOf({ forceId, neighbourhoodId }: { forceId: string; neighbourhoodId: string }) {
  return `${forceId}\0${neighbourhoodId}`;
}

function toPoint({ latitude, longitude }: RawPoint) {
  return { latitude: Number(latitude), longitude: Number(longitude) };
}

function readRecord(kind: AreaKind, json: string) {
  if (kind === "crimes") {
    const crime: RawCrime = JSON.parse(json);
    return { key: [crime.id, crime.month], location: placed(crime) };
  }
  const outcome: RawOutcome & { crime: RawCrime } = JSON.parse(json);
  const { crime, category, date, person_id: person } = outcome;
  return { key: [crime.id, category.code, date, person], location: placed(crime) };
}

function placed({ id, location }: RawCrime): RawPoint {
  if (location === null) throw new Error(`crime ${id} has no place`);
  return location;
}

const inOrder = (lines: unknown[]): string[] => lines.map((line) => JSON.stringify(line)).sort();

describe("a crawl of the whole sample", () => {
  test("stores what the sample holds inside its boundaries, id for id and place for place", () => {
    expect(whole.code).toBe(0);
    const crimes = queryRows(
      file,
      "select id, month, force_id, neighbourhood_id from crimes where latitude is not null",
    );
    const inside = recordsInside("crimes");
    expect(inside.length).toBeGreaterThan(20_000);
    expect(inOrder(crimes.map(Object.values))).toEqual(
      inOrder(inside.map(({ key, force, area }) => [...key, force, area])),
    );
    const outcomes = queryRows(
      file,
      "select crime_id, category, date, person_id, force_id, neighbourhood_id from outcomes",
    );
    expect(inOrder(outcomes.map(Object.values))).toEqual(
      inOrder(recordsInside("outcomes").map(({ key, force, area }) => [...key, force, area])),
    );
    expect(queryRows(file, "pragma foreign_key_check")).toEqual([]);
  });

  test("says what it found, and which neighbourhoods have no boundary", () => {
    expect(JSON.parse(whole.out)).toMatchObject({
      database: "ukpolice.db",
      last_update: "2018-05",
      months: ["2018-04", "2018-05"],
      without_boundary: ["metropolitan/sandbox-empty", "metropolitan/sandbox-missing"],
      failures: [],
    });
  });

  test("is at its rate, never over it, and asks no polygon twice", () => {
    const all: { requests: number } = JSON.parse(whole.out);
    const first = seen.slice(0, all.requests);
    expect(seen.filter(({ status }) => status === 429)).toEqual([]);
    const times = first.map(({ atMs }) => atMs).sort((a, b) => a - b);
    // These are arrivals, which a busy machine sees some milliseconds early or late; that never more
    // than 15 requests start in 1,000 ms is tested where they start.
    expect(mostWithin(970, times)).toBeLessThanOrEqual(15);
    const seconds = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1000;
    expect((times.length - 1) / seconds).toBeGreaterThanOrEqual(14.5);

    const polygons = seen.filter(({ params }) => params.includes("poly="));
    expect(polygons.length).toBeGreaterThan(600);
    const questions = polygons.map(({ path, params }) => `${path}?${params}`);
    expect(new Set(questions).size).toBe(questions.length);
  });

  test("started again at once makes fewer than 10 requests, and changes no row", () => {
    expect(again.code).toBe(0);
    const { requests, ...rest }: { requests: number } = JSON.parse(again.out);
    expect(requests).toBeLessThan(10);
    expect(rest).toMatchObject({
      crimes: { added: 0, changed: 0 },
      outcomes: { added: 0, changed: 0 },
      crawled: [],
    });
    expect(readContent(file)).toEqual(before);
  });
});

/** The most times that fall into any span of so many milliseconds. */
function mostWithin(ms: number, times: readonly number[]): number {
  let first = 0;
  return times.reduce((most, time, index) => {
    while ((times[first] ?? time) <= time - ms) first += 1;
    return Math.max(most, index - first + 1);
  }, 0);
}
