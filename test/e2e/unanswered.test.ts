import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { expectFailure, runCli } from "../support/cli.ts";
import { polygonsAsked } from "../support/crawled.ts";
import { serveFailing } from "../support/failing.ts";
import type { FailPath } from "../support/failing.ts";
import { createFolder, queryColumn } from "../support/temp.ts";
import { createWorld, rawCrime, serve, square } from "../support/world.ts";

/** Two forces, and crimes in each neighbourhood and between. */
const WORLD = createWorld({
  areas: {
    avon: { A1: square(51, 0, 0.1), A2: square(51, 0.2, 0.1) },
    kent: { K1: square(51, 0.4, 0.1) },
  },
  crimes: [0.05, 0.15, 0.25, 0.45].map((longitude, index) =>
    rawCrime(3 * index, { latitude: 51.05, longitude }),
  ),
});
const ALL = [0, 3, 6, 9];

/** A crawl of an API of which one question fails, and then of one that is well. */
async function crawlFailing(fail: FailPath, world = WORLD) {
  const cwd = createFolder();
  const file = join(cwd, "ukpolice.db");
  const well = await serve(world);
  const failing = await serveFailing(well.url, fail);
  const crawl = (url: string) => runCli(["crawl", "--quiet", "--api-url", url], { cwd });
  const ids = () => queryColumn(file, "select id from crimes order by 1");
  const finished = await crawl(failing);
  const first = { finished, ids: ids(), hasSidecar: existsSync(join(cwd, "last_update.json")) };
  well.seen.length = 0;
  const { code } = await crawl(well.url);
  return { ...first, file, next: { code, ids: ids(), polygons: polygonsAsked(well) } };
}

test("the date of the release alone: it is named, all is there, and nothing is fetched again", async () => {
  const { finished, ids, hasSidecar, next, file } = await crawlFailing((path) =>
    path.includes("/crime-last-updated") ? 503 : undefined,
  );
  const says = /1 question could not be answered: the date of the newest release \(.*503/;
  expectFailure(finished, { exit: 5, says, hint: /all else is stored/ });
  expect(ids).toEqual(ALL);
  expect(hasSidecar).toBe(true);
  expect(queryColumn(file, "select distinct release from coverage")).toEqual([""]);
  expect(next).toEqual({ code: 0, ids: ALL, polygons: [] });
}, 120_000);

test("one boundary: it is named, all is there, and it alone is asked again", async () => {
  const { finished, ids, next, file } = await crawlFailing((path) =>
    path.includes("/avon/A2/boundary") ? 500 : undefined,
  );
  const says = /1 question could not be answered: the boundary of avon\/A2 \(.*500/;
  expectFailure(finished, { exit: 5, says, hint: /all else is stored/ });
  expect(ids).toEqual(ALL);
  expect(next).toEqual({ code: 0, ids: ALL, polygons: [] });
  const places = "select ifnull(neighbourhood_id, 'none') from crimes order by id";
  expect(queryColumn(file, places)).toEqual(["A1", "none", "A2", "K1"]);
}, 240_000);

test("every boundary of a force far from all others: it is not covered, and comes with the next run", async () => {
  const crimes = [0.05, 7.05].map((longitude, index) =>
    rawCrime(3 * index, { latitude: 51.05, longitude }),
  );
  const areas = { avon: { A1: square(51, 0, 0.1) }, kent: { K1: square(51, 7, 0.1) } };
  const { finished, ids, hasSidecar, next, file } = await crawlFailing(
    (path) => (path.includes("/kent/K1/boundary") ? 403 : undefined),
    createWorld({ areas, crimes }),
  );
  expectFailure(finished, { exit: 5, says: /kent\/K1/, hint: /all else is stored/ });
  expect(ids).toEqual([0]);
  expect(hasSidecar).toBe(false);
  expect(next).toMatchObject({ code: 0, ids: [0, 3] });
  const covered =
    "select force_id || ' ' || records from coverage where kind = 'crimes' order by 1";
  expect(queryColumn(file, covered)).toEqual([" 0", "avon 1", "kent 1"]);
}, 240_000);

test("the list of a force: it is named, all other forces are there, and the next run ends it", async () => {
  const { finished, ids, hasSidecar, next } = await crawlFailing((path) =>
    path.includes("/kent/neighbourhoods") ? 502 : undefined,
  );
  const says = /1 question could not be answered: the neighbourhoods of kent \(.*502/;
  expectFailure(finished, { exit: 5, says, hint: /all else is stored/ });
  expect(ids).toEqual([0, 6]);
  expect(hasSidecar).toBe(false);
  expect(next).toMatchObject({ code: 0, ids: ALL });
}, 240_000);
