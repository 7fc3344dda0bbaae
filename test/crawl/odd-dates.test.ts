import Database from "better-sqlite3";
import { describe, expect, onTestFinished, test } from "vitest";
import { createStatus } from "../../src/store/read/status.ts";
import { openStore } from "../../src/store/store.ts";
import { crawlServed } from "../support/crawled.ts";
import { queryColumn } from "../support/temp.ts";
import { createWorld, rawCrime, serve, square } from "../support/world.ts";

const HERE = { latitude: 51.05, longitude: 0.05 };
const WORLD = createWorld({
  areas: { avon: { A1: square(51, 0, 0.1), A2: square(51.1, 0, 0.1) } },
  crimes: [rawCrime(3, HERE), rawCrime(4, HERE)],
});
const RELEASES = "select distinct release from coverage";

describe("the date of the newest release", () => {
  test.each(["9999-99-99", "9999-12-31", "2018-02-30", "0001-01-01", "2018-05", "soon"])(
    "is not believed where it cannot be: %s",
    async (released) => {
      const { file, result } = await crawlServed(await serve(WORLD, { released }));
      expect(result.unanswered).toMatchObject([
        {
          question: "the date of the newest release",
          reason: expect.stringMatching(/not a day of a release; is the clock/),
        },
      ]);
      expect(queryColumn(file, "select count(*) from crimes")).toEqual([2]);
      expect(queryColumn(file, RELEASES)).toEqual([""]);
    },
  );

  test("in a database is no more believed: a real one is newer", async () => {
    const { file } = await crawlServed(await serve(WORLD));
    const db = new Database(file);
    db.exec("update coverage set release = '9999-99-99'");
    db.exec("update facts set value = '9999-99-99' where name = 'release'");
    onTestFinished(() => void db.close());
    expect(createStatus(db, file)()).toMatchObject({ release: null });
    const { result } = await crawlServed(await serve(WORLD), { file });
    expect(result).toMatchObject({ outdated: ["2018-05"], release: "2018-05-01" });
    await crawlServed(await serve(WORLD), { file, options: { refresh: Infinity } });
    expect(queryColumn(file, RELEASES)).toEqual(["2018-05-01"]);
  });

  test("is not taken over from a run that was killed, where it cannot be", async () => {
    const { file } = await crawlServed(await serve(WORLD));
    const store = openStore(file);
    onTestFinished(() => store.close());
    const published = ["2999-12", "2018-05", "0001-01"];
    store.coverage.saveReleases({ release: "9999-99-99", published, stops: new Map() });
    expect(store.coverage.findReleases(Infinity)).toMatchObject({
      release: "",
      published: ["2018-05"],
    });
  });
});

describe("the list of months", () => {
  const empty = ["0001-01", "2010-11", "2999-12"].map((month) => ({ month, seconds: Infinity }));

  test("is asked for without those that cannot be, which are named", async () => {
    const { file, result } = await crawlServed(
      await serve(WORLD, { empty, released: "2018-05-01" }),
    );
    expect(result).toMatchObject({
      months: ["2018-05"],
      incomplete: [],
      lastUpdate: "2018-05",
      unanswered: [
        {
          question: "the list of months",
          reason: expect.stringContaining("2999-12, 2010-11, 0001-01"),
        },
      ],
    });
    expect(queryColumn(file, "select value from facts where name = 'published'")).toEqual([
      '["2018-05"]',
    ]);
  });

  test("of none that can be says so, and of the clock", async () => {
    const world = createWorld({ areas: {}, crimes: [], months: ["2999-12"] });
    await expect(crawlServed(await serve(world))).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringMatching(/no month that there can be, as 2999-12; is the clock/),
    });
  });
});

test("what lists name twice is asked for once", async () => {
  const once = await serve(WORLD);
  const { result } = await crawlServed(once);
  const twice = await serve(WORLD, { twice: true });
  const again = await crawlServed(twice);
  expect(again.result).toEqual(result);
  const asked = ({ seen }: typeof once) => seen.map(({ path }) => path).sort();
  expect(asked(twice)).toEqual(asked(once));
});
