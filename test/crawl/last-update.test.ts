import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { findStart, keepLastUpdate } from "../../src/crawl/todo/last-update.ts";
import type { Store } from "../../src/store/store.ts";
import { crimeOf, openTestStore, seedOf, TRIANGLE } from "../support/stored.ts";

const EVERY = ["avon", "kent", ""];

/** Makes months complete for some forces, crimes and outcomes both; each has one crime. */
function complete(store: Store, months: readonly string[], forces = EVERY): void {
  for (const month of months) {
    for (const kind of ["crimes", "outcomes"] as const) {
      const plan = "tiles";
      const id = store.sweeps.begin({ month, kind, plan, release: "", staged: false, forces });
      store.frontier.openSweep(id, () => [seedOf(null, TRIANGLE)]);
      const [question] = store.frontier.listOpen(id);
      if (question === undefined) throw new Error("there is nothing to ask");
      const crimes = [crimeOf(1, { month })];
      store.saveReply(question, kind === "crimes" ? { kind, rows: crimes } : { kind, rows: [] });
    }
  }
}

/** Takes back what is covered of a force, as a refresh of another one that takes its records does. */
function uncover({ lastUpdate }: Store, force: string): void {
  const db = new Database(join(dirname(lastUpdate.path), lastUpdate.name));
  db.prepare("delete from coverage where force_id = ?").run(force);
  db.close();
}

/** What last_update.json says now: month, first month and forces. */
function sidecarOf({ lastUpdate }: Store): unknown[] | null {
  const found = lastUpdate.read();
  return found && [found.month, found.since, found.forces];
}

const usage = (message: RegExp) =>
  expect.objectContaining({ exitCode: 2, message: expect.stringMatching(message) });

describe("-u", () => {
  test("begins at the beginning without the file", () => {
    expect(findStart(openTestStore(), "all")).toBeUndefined();
  });

  test("begins after the month in the file", () => {
    const store = openTestStore();
    complete(store, ["2018-03", "2018-04"]);
    store.lastUpdate.write({ month: "2018-04", since: "2018-03", forces: "all" });
    expect(findStart(store, "all")).toBe("2018-04");
  });

  test("takes the same forces in any order, once or twice", () => {
    const store = openTestStore();
    complete(store, ["2018-03"]);
    store.lastUpdate.write({ month: "2018-03", since: "2018-03", forces: ["avon", "kent"] });
    expect(findStart(store, ["kent", "avon", "kent"])).toBe("2018-03");
  });

  test.each([
    ["fewer", ["avon"], "all"],
    ["more", "all", ["avon"]],
    ["others", ["kent"], ["avon"]],
  ] as const)("for %s forces is wrong usage, with a hint", (_, asked, kept) => {
    const store = openTestStore();
    complete(store, ["2018-03"]);
    store.lastUpdate.write({ month: "2018-03", since: "2018-03", forces: kept });
    expect(() => findStart(store, asked)).toThrow(usage(/last_update.json is for/));
    expect(() => findStart(store, asked)).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("without -u") }),
    );
  });

  test("beside the file of another database is wrong usage that names it", () => {
    const store = openTestStore();
    complete(store, ["2018-03"]);
    const other = { last_update: "2018-03", since: "2018-03", forces: "all", database: "b.db" };
    writeFileSync(store.lastUpdate.path, JSON.stringify(other));
    expect(() => findStart(store, "all")).toThrow(usage(/b\.db/));
  });

  test("beside a file that claims more than the database holds is wrong usage", () => {
    const store = openTestStore();
    complete(store, ["2018-03"]);
    store.lastUpdate.write({ month: "2018-04", since: "2018-03", forces: "all" });
    expect(() => findStart(store, "all")).toThrow(usage(/only up to 2018-03/));
    store.lastUpdate.write({ month: "2018-05", since: "2018-05", forces: "all" });
    expect(() => findStart(store, "all")).toThrow(usage(/for no month/));
  });

  test("believes a file whose months have left the window since", () => {
    const store = openTestStore();
    complete(store, ["2018-03", "2018-04"]);
    store.lastUpdate.write({ month: "2018-04", since: "2018-03", forces: "all" });
    expect(findStart(store, "all")).toBe("2018-04");
  });

  test("beside a damaged file fails with exit code 4", () => {
    const store = openTestStore();
    writeFileSync(store.lastUpdate.path, "{");
    expect(() => findStart(store, "all")).toThrow(expect.objectContaining({ exitCode: 4 }));
  });
});

describe("the date that is kept", () => {
  const ALL = { since: "2018-03", forces: "all" } as const;

  test("is none, and no file is made, before a month is complete", () => {
    const store = openTestStore();
    complete(store, ["2018-04"]);
    expect(keepLastUpdate(store, ALL)).toBeNull();
    expect(existsSync(store.lastUpdate.path)).toBe(false);
  });

  test("follows the months, and stays before the first that is not complete", () => {
    const store = openTestStore();
    complete(store, ["2018-03"]);
    expect(keepLastUpdate(store, ALL)).toBe("2018-03");
    complete(store, ["2018-05"]);
    expect(keepLastUpdate(store, ALL)).toBe("2018-03");
    expect(sidecarOf(store)).toEqual(["2018-03", "2018-03", "all"]);
    complete(store, ["2018-04"]);
    expect(keepLastUpdate(store, ALL)).toBe("2018-05");
    expect(sidecarOf(store)).toEqual(["2018-05", "2018-03", "all"]);
  });

  test("of a narrower crawl leaves the wider one's alone", () => {
    const store = openTestStore();
    complete(store, ["2018-03"]);
    keepLastUpdate(store, ALL);
    complete(store, ["2018-04"], ["avon"]);
    expect(keepLastUpdate(store, { since: "2018-03", forces: ["avon"] })).toBe("2018-03");
    expect(keepLastUpdate(store, { since: "2018-04", forces: "all" })).toBe("2018-03");
    expect(sidecarOf(store)).toEqual(["2018-03", "2018-03", "all"]);
  });

  test("of a wider crawl takes the place of the narrower one's when it is true", () => {
    const store = openTestStore();
    complete(store, ["2018-03", "2018-04"], ["avon"]);
    keepLastUpdate(store, { since: "2018-03", forces: ["avon"] });
    expect(sidecarOf(store)).toEqual(["2018-04", "2018-03", ["avon"]]);
    expect(keepLastUpdate(store, ALL)).toBeNull();
    expect(sidecarOf(store)).toEqual(["2018-04", "2018-03", ["avon"]]);
    complete(store, ["2018-03"], ["kent", ""]);
    expect(keepLastUpdate(store, ALL)).toBe("2018-03");
    expect(sidecarOf(store)).toEqual(["2018-03", "2018-03", "all"]);
  });

  test("of a narrower crawl that left nothing of the wider one's true takes its place", () => {
    const store = openTestStore();
    complete(store, ["2018-03"]);
    keepLastUpdate(store, ALL);
    uncover(store, "kent");
    expect(keepLastUpdate(store, { since: "2018-03", forces: ["avon"] })).toBe("2018-03");
    expect(sidecarOf(store)).toEqual(["2018-03", "2018-03", ["avon"]]);
  });

  test("goes where nothing of it is true any more", () => {
    const store = openTestStore();
    complete(store, ["2018-03"]);
    keepLastUpdate(store, ALL);
    uncover(store, "kent");
    expect(keepLastUpdate(store, { since: "2018-03", forces: ["kent"] })).toBeNull();
    expect(existsSync(store.lastUpdate.path)).toBe(false);
  });

  test("never passes a month that left the window before it was complete", () => {
    const store = openTestStore();
    complete(store, ["2018-03"]);
    keepLastUpdate(store, ALL);
    complete(store, ["2018-05"]);
    expect(keepLastUpdate(store, ALL)).toBe("2018-03");
  });

  test("is written anew in the place of a damaged file, and of another database's", () => {
    const store = openTestStore();
    complete(store, ["2018-03"]);
    const other = '{"last_update":"2018-05","since":"2018-03","forces":"all","database":"b.db"}';
    for (const text of ["{", other]) {
      writeFileSync(store.lastUpdate.path, text);
      expect(keepLastUpdate(store, ALL)).toBe("2018-03");
      expect(sidecarOf(store)).toEqual(["2018-03", "2018-03", "all"]);
    }
  });

  test("is not written again when it is what the file says", () => {
    const store = openTestStore();
    complete(store, ["2018-03"]);
    keepLastUpdate(store, ALL);
    const own = readFileSync(store.lastUpdate.path, "utf8");
    writeFileSync(store.lastUpdate.path, own.replace("{", "{ "));
    keepLastUpdate(store, ALL);
    expect(readFileSync(store.lastUpdate.path, "utf8")).toMatch(/^\{ /);
  });
});
