import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { KINDS, openDatabase, runCrawl, UkpoliceError } from "../../src/index.ts";
import type { CrawlSettings } from "../../src/index.ts";
import { databaseOf } from "../support/exported.ts";
import { failureOf } from "../support/http.ts";
import { crimeOf, openTestStore } from "../support/stored.ts";
import { createFolder } from "../support/temp.ts";

/** A crawl of one force and month of the sample, which takes a second or two. */
const SMALL: Omit<CrawlSettings, "db"> = {
  sandbox: true,
  forces: ["city-of-london"],
  since: "2018-05",
};

function newFile(): string {
  return join(createFolder(), "ukpolice.db");
}

/** What a library must leave alone. */
function lookAtProcess() {
  const events = ["SIGINT", "SIGTERM", "SIGTSTP", "exit", "uncaughtException"];
  return {
    listeners: events.map((event) => process.listenerCount(event)),
    exitCode: process.exitCode,
    environment: { ...process.env },
  };
}

describe("a database that is opened", () => {
  const open = () => {
    const others = [crimeOf(2, { month: "2018-04" }), crimeOf(3)];
    return openDatabase(databaseOf({ crimes: [crimeOf(1), ...others] }));
  };

  test("tells its months, forces, cover and status", () => {
    const db = open();
    expect(db.months("crimes")).toEqual(["2018-04", "2018-05"]);
    expect(db.forces()).toContainEqual({ id: "kent", name: "Kent" });
    expect(db.cover()).toEqual([]);
    expect(db.status()).toMatchObject({ database: db.file, next: { command: expect.any(String) } });
    expect(db.status({ kinds: ["stops"] }).kinds).toEqual(["stops"]);
    db.close();
  });

  test("answers SQL with rows, all at once or one by one, its values bound", () => {
    const db = open();
    const sql = "select id, month from crimes where month = :month order by id";
    expect(db.query(sql, { month: "2018-05" })).toEqual([
      { id: 1, month: "2018-05" },
      { id: 3, month: "2018-05" },
    ]);
    const ids: number[] = [];
    for (const { id } of db.iterate<{ id: number }>(sql, { month: "2018-05" })) {
      ids.push(id);
      break;
    }
    expect(ids).toEqual([1]);
    expect(db.query(sql, { month: "2018-04" })).toHaveLength(1);
    db.close();
  });

  test.each([
    "delete from crimes",
    "insert into facts values ('a', 'b') returning name",
    "attach 'other.db' as other",
    "pragma query_only = off",
    "select 1; delete from crimes",
  ])("refuses what does not read alone: %s", (sql) => {
    const db = open();
    expect(() => db.query(sql)).toThrow(UkpoliceError);
    expect(db.query("select count(*) as n from crimes")).toEqual([{ n: 3 }]);
    db.close();
  });

  test("is read while it is written to, and sees what was committed", () => {
    const store = openTestStore();
    const db = openDatabase(store.file);
    expect(db.forces()).toHaveLength(2);
    store.areas.saveForces([{ id: "essex", name: "Essex" }], "2018-07-02T00:00:00Z");
    expect(db.query("select id from forces where id = 'essex'")).toHaveLength(1);
    db.close();
  });

  test("has to be there", () => {
    const missing = newFile();
    const expected = expect.objectContaining({
      exitCode: 4,
      hint: expect.stringContaining("crawl"),
    });
    expect(() => openDatabase(missing)).toThrow(expected);
  });
});

describe("a crawl that is run", () => {
  test("fills a database, tells its reporter, and leaves the process as it was", async () => {
    const before = lookAtProcess();
    const db = newFile();
    const notes: string[] = [];
    const months = new Set<string>();
    const result = await runCrawl(
      { ...SMALL, db },
      {
        reporter: {
          note: (text) => notes.push(text),
          progress: (at) => at.part === "months" && months.add(at.month),
        },
      },
    );
    expect(result).toMatchObject({ crawled: ["2018-05"], failures: [], incomplete: [] });
    expect(result.changes.crimes.added).toBeGreaterThan(50);
    expect(notes).toContainEqual(expect.stringContaining("2018-05 is complete"));
    expect([...months]).toEqual(["2018-05"]);
    const opened = openDatabase(db);
    expect(opened.status().runs).toMatchObject([{ state: "done", exit_code: 0 }]);
    expect(opened.months("crimes")).toEqual(["2018-05"]);
    opened.close();
    expect(lookAtProcess()).toEqual(before);
    expect(await runCrawl({ ...SMALL, db })).toMatchObject({ crawled: [] });
  });

  test("ends when its signal is given, and goes on with the next one", async () => {
    const db = newFile();
    const controller = new AbortController();
    const reporter = { progress: () => controller.abort() };
    const error = await failureOf(
      runCrawl({ ...SMALL, db }, { reporter, signal: controller.signal }),
    );
    expect(error).toMatchObject({ exitCode: 130, message: "stopped by its caller" });
    expect(await runCrawl({ ...SMALL, db })).toMatchObject({ crawled: ["2018-05"] });
  });

  test.each<[string, Partial<CrawlSettings>]>([
    ["a rate above the API's", { rate: 16 }],
    ["no rate", { rate: Number.NaN }],
    ["a month that is none", { since: "2018-13" }],
    ["months in the wrong order", { since: "2018-05", until: "2018-04" }],
    ["no requests at all", { concurrency: 0 }],
    ["an address that is none", { apiUrl: "data.police.uk" }],
  ])("refuses %s, and makes no database", async (_, wrong) => {
    const db = newFile();
    const error = await failureOf(runCrawl({ ...SMALL, db, ...wrong }));
    expect(error).toMatchObject({ exitCode: 2 });
    expect(() => openDatabase(db)).toThrow("there is no database");
  });
});

test("a force that the API does not know is named, with the nearest one that it knows", async () => {
  const error = await failureOf(runCrawl({ ...SMALL, db: newFile(), forces: ["metropolitain"] }));
  expect(error).toMatchObject({ exitCode: 2, hint: expect.stringContaining("metropolitan") });
});

test("what can be imported is this, and no more", async () => {
  const names = Object.keys(await import("../../src/index.ts")).sort();
  expect(names).toEqual(["KINDS", "UkpoliceError", "VERSION", "openDatabase", "runCrawl"]);
  expect(KINDS).toEqual(["crimes", "outcomes", "stops"]);
});
