import { describe, expect, test } from "vitest";
import { crawlServed, polygonsAsked } from "../support/crawled.ts";
import { AFTER, BEFORE, crawlSome, createPublisher, NEW, OLD } from "../support/revised.ts";
import { REFRESH, TILES, truthOf } from "../support/revised.ts";
import { countRows, queryColumn, queryRows, readContent } from "../support/temp.ts";
import { rawCrime, serve } from "../support/world.ts";

const WALK = { plan: "neighbourhoods" } as const;

/** A database that is complete for the old release, and the new one published. */
async function openOld(options: object = TILES) {
  const { served, release } = createPublisher(BEFORE);
  const site = await serve(served);
  const { file } = await crawlServed(site, { options });
  release(NEW, AFTER);
  return { site, file };
}

const outside = (file: string) =>
  queryColumn(file, "select id from crimes where force_id is null order by 1");

describe("records in no neighbourhood", () => {
  test("are kept by a refresh by neighbourhoods, until one by tiles fetches them", async () => {
    const { site, file } = await openOld();
    const before = outside(file);
    await crawlServed(site, { file, options: { ...WALK, refresh: Infinity } });
    expect(outside(file)).toEqual(before);
    const plain = await crawlServed(site, { file, options: TILES });
    expect(plain.result).toMatchObject({ refreshed: [], outdated: ["2018-04", "2018-05"] });
    const { result } = await crawlServed(site, { file, options: REFRESH });
    expect(result.refreshed).toEqual(["2018-04", "2018-05"]);
    expect(readContent(file)).toEqual(await truthOf(AFTER));
  });

  test.each([
    ["by neighbourhoods", [{ ...WALK, refresh: Infinity }]],
    [
      "force by force",
      [
        { ...REFRESH, forces: ["avon"] },
        { ...REFRESH, forces: ["kent"] },
      ],
    ],
  ])("are replaced by the next refresh by tiles after one %s", async (_, refreshes) => {
    const { site, file } = await openOld();
    for (const options of refreshes) await crawlServed(site, { file, options });
    await crawlServed(site, { file, options: REFRESH });
    expect(readContent(file)).toEqual(await truthOf(AFTER));
    site.seen.length = 0;
    await crawlServed(site, { file, options: TILES });
    expect(polygonsAsked(site)).toEqual([]);
  });
});

test("a refresh by tiles that was begun is to be finished before one by neighbourhoods", async () => {
  const { site, file } = await openOld();
  await crawlSome(site, file, 0);
  const options = { ...WALK, refresh: Infinity };
  await expect(crawlServed(site, { file, options })).rejects.toMatchObject({
    exitCode: 2,
    hint: "finish it first: ukpolice crawl --refresh",
  });
});

test("a crawl of all takes over what was begun for one force", async () => {
  const { site, file } = await openOld({ ...TILES, forces: ["kent"] });
  await crawlSome(site, file, 1, { ...REFRESH, forces: ["kent"] });
  const { notes } = await crawlServed(site, { file, options: TILES });
  expect(notes.join()).toContain("is taken over by that of all");
  expect(readContent(file)).toEqual(await truthOf(AFTER));
});

test("a cell that loses a record to one of a later release is fetched again by the same crawl", async () => {
  const { served, release } = createPublisher(BEFORE);
  const site = await serve(served);
  const { file } = await crawlServed(site, { options: TILES });
  const inKent = BEFORE.findIndex((crime) => Number(crime.location?.longitude) > 0.22);
  const inNone = BEFORE.findIndex((crime) => crime.location?.latitude === "51.300000");
  const moveTo = (longitude: number) =>
    rawCrime(0, { latitude: 51.05, longitude }, { month: "2018-04" }).location;
  const moved = BEFORE.map((crime, at) => {
    if (at === inKent) return { ...crime, location: moveTo(0.05) };
    return at === inNone ? { ...crime, location: moveTo(0.22) } : crime;
  });
  release(NEW, moved);
  await crawlServed(site, { file, options: { ...REFRESH, forces: ["avon"] } });
  const covered = "select force_id from coverage where kind = 'crimes' and month = '2018-04'";
  expect(queryColumn(file, covered)).toEqual(["", "avon"]);
  const { result } = await crawlServed(site, { file, options: TILES });
  expect(result).toMatchObject({ incomplete: [], lastUpdate: "2018-05" });
  expect(queryColumn(file, covered)).toEqual(["", "avon", "kent"]);
  await crawlServed(site, { file, options: REFRESH });
  expect(readContent(file)).toEqual(await truthOf(moved));
});

test("a refresh leaves nothing behind that a later crawl would go on with", async () => {
  const { served, release } = createPublisher(BEFORE);
  const site = await serve(served);
  const file = (await crawlServed(site, { options: { ...TILES, until: "2018-04" } })).file;
  await crawlSome(site, file, 1, { ...TILES, refresh: 0 });
  await crawlServed(site, { file, options: WALK });
  release(NEW, AFTER);
  await crawlServed(site, { file, options: REFRESH });
  expect(countRows(file, "sweeps")).toBe(0);
  expect(readContent(file)).toEqual(await truthOf(AFTER));
});

test("counts are there for what is complete, though other work of the month is open", async () => {
  const { served } = createPublisher(BEFORE);
  const site = await serve(served);
  const options = { ...TILES, until: "2018-04" };
  const file = (await crawlServed(site, { options: { ...options, forces: ["kent"] } })).file;
  await crawlSome(site, file, 1, { ...options, refresh: 0, forces: ["avon"] });
  const counted = "select force_id, sum(records) as records from force_counts group by 1";
  const stored = "select force_id, count(*) as records from crimes group by 1";
  expect(queryRows(file, `${counted} having force_id = 'kent'`)).not.toEqual([]);
  await crawlServed(site, { file, options: { ...options, ...WALK } });
  const kind = " where kind = 'crimes' group by 1";
  expect(queryRows(file, counted.replace(" group by 1", kind))).toEqual(queryRows(file, stored));
});

test("what was begun for a force begins again when its boundaries moved", async () => {
  const { served, release, move } = createPublisher(BEFORE);
  const site = await serve(served);
  const { file } = await crawlServed(site, { options: TILES });
  release(NEW, AFTER);
  const kent = { ...REFRESH, forces: ["kent"] };
  await crawlSome(site, file, 1, kent);
  move();
  await crawlServed(site, { file, options: { ...kent, refreshBoundaries: true } });
  const releases = queryColumn(file, "select distinct release from coverage order by 1");
  expect(releases).toEqual([OLD, NEW]);
  await crawlServed(site, { file, options: REFRESH });
  const [crimes, outcomes] = ["crimes", "outcomes"].map((table) => countRows(file, table));
  expect([crimes, outcomes]).toEqual([
    AFTER.length,
    AFTER.filter(({ outcome_status: status }) => status !== null).length,
  ]);
});
