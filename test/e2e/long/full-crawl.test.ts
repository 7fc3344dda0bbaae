import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { createLocator } from "../../../src/geo/locate.ts";
import { loadSample } from "../../../src/sandbox/sample.ts";
import type { RawCrime, RawOutcome, RawPoint } from "../../../src/sandbox/world.ts";
import type { Kind } from "../../../src/types.ts";
import { runCli, startCli } from "../../support/cli.ts";
import type { Finished } from "../../support/cli.ts";
import { createFolder, queryRows, readContent } from "../../support/temp.ts";

const CRAWL = ["crawl", "--sandbox", "--plan", "neighbourhoods"];
/** About the middle: the boundaries are asked before the 170th, the last polygon is the 806th. */
const KILLED_AFTER = 450;

const undisturbed = createFolder();
const disturbed = createFolder();
const databaseIn = (cwd: string) => join(cwd, "sandbox", "ukpolice.db");
let whole: Finished;
let killed: Finished;
let resumed: Finished;

async function killAndResume(): Promise<void> {
  const running = startCli([...CRAWL, "--verbose"], { cwd: disturbed });
  await running.said(/^(GET|POST) /gm, KILLED_AFTER);
  running.child.kill("SIGKILL");
  killed = await running.finished;
  resumed = await runCli([...CRAWL, "--json"], { cwd: disturbed });
}

beforeAll(async () => {
  const crawl = async () => (whole = await runCli([...CRAWL, "--json"], { cwd: undisturbed }));
  await Promise.all([crawl(), killAndResume()]);
});

type Found = { key: (string | number | null)[]; force: string; area: string };

/** What the sample holds of a kind inside its boundaries, each in the first by key. */
function recordsInside(kind: Kind): Found[] {
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

function readRecord(kind: Kind, json: string) {
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
      databaseIn(undisturbed),
      "select id, month, force_id, neighbourhood_id from crimes",
    );
    const inside = recordsInside("crimes");
    expect(inside.length).toBeGreaterThan(20_000);
    expect(inOrder(crimes.map(Object.values))).toEqual(
      inOrder(inside.map(({ key, force, area }) => [...key, force, area])),
    );
    const outcomes = queryRows(
      databaseIn(undisturbed),
      "select crime_id, category, date, person_id, force_id, neighbourhood_id from outcomes",
    );
    expect(inOrder(outcomes.map(Object.values))).toEqual(
      inOrder(recordsInside("outcomes").map(({ key, force, area }) => [...key, force, area])),
    );
    expect(queryRows(databaseIn(undisturbed), "pragma foreign_key_check")).toEqual([]);
  });

  test("says what it found, and which neighbourhoods have no boundary", () => {
    expect(JSON.parse(whole.out)).toMatchObject({
      database: "sandbox/ukpolice.db",
      last_update: "2018-05",
      months: ["2018-04", "2018-05"],
      without_boundary: ["metropolitan/sandbox-empty", "metropolitan/sandbox-missing"],
      failures: [],
    });
  });

  test("that is killed in its middle and started again ends with the same rows", () => {
    expect(killed.signal).toBe("SIGKILL");
    expect(resumed.code).toBe(0);
    const all: { requests: number } = JSON.parse(whole.out);
    const rest: { requests: number } = JSON.parse(resumed.out);
    // Each run begins with about ten questions, and up to twelve were on the wire.
    expect(rest.requests).toBeLessThan(all.requests - KILLED_AFTER + 30);
    const content = readContent(databaseIn(disturbed));
    expect(content.map((rows) => rows.length)).toEqual(
      readContent(databaseIn(undisturbed)).map((rows) => rows.length),
    );
    expect(content).toEqual(readContent(databaseIn(undisturbed)));
  });

  test("started again at once makes fewer than 10 requests, and changes no row", async () => {
    const before = readContent(databaseIn(undisturbed));
    const { code, out } = await runCli([...CRAWL, "--json"], { cwd: undisturbed });
    expect(code).toBe(0);
    const again: { requests: number } = JSON.parse(out);
    expect(again.requests).toBeLessThan(10);
    expect(again).toMatchObject({
      crimes: { added: 0, changed: 0 },
      outcomes: { added: 0, changed: 0 },
      crawled: [],
    });
    expect(readContent(databaseIn(undisturbed))).toEqual(before);
  });
});
