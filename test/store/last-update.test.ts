import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Store } from "../../src/store/store.ts";
import { openTestStore } from "../support/stored.ts";

const PATH = (store: Store) => join(dirname(store.file), "last_update.json");

describe("last_update.json", () => {
  test("stands beside the database, in the fixed form", () => {
    const store = openTestStore();
    store.lastUpdate.write({ month: "2017-01", since: "2014-01", forces: "all" });
    const text = readFileSync(PATH(store), "utf8");
    expect(JSON.parse(text)).toEqual({
      last_update: "2017-01",
      since: "2014-01",
      forces: "all",
      database: "ukpolice.db",
    });
    expect(text.endsWith("\n")).toBe(true);
  });

  test("is read as it was written, and nothing of the writing is left behind", () => {
    const store = openTestStore();
    expect(store.lastUpdate.read()).toBeNull();
    const aim = { month: "2017-01", since: "2014-01", forces: ["avon", "kent"] };
    store.lastUpdate.write({ month: "2016-12", since: "2014-01", forces: "all" });
    store.lastUpdate.write(aim);
    expect(store.lastUpdate.read()).toEqual({ ...aim, database: "ukpolice.db" });
    const left = readdirSync(dirname(store.file)).filter((name) => name.startsWith("last_"));
    expect(left).toEqual(["last_update.json"]);
  });

  test("of another database is read as what it is", () => {
    const store = openTestStore();
    const other = { last_update: "2017-01", since: "2014-01", forces: "all", database: "b.db" };
    writeFileSync(PATH(store), JSON.stringify(other));
    expect(store.lastUpdate.read()).toMatchObject({ database: "b.db" });
    expect(store.lastUpdate.name).toBe("ukpolice.db");
  });

  test.each([
    ["nothing", ""],
    ["half of it", '{"last_update": "2017-01", "sin'],
    ["no object", "null"],
    ["a month that is none", '{"last_update":"soon","since":"2014-01","forces":"all"}'],
    [
      "a month of thirteen",
      '{"last_update":"2017-13","since":"2014-01","forces":"all","database":"ukpolice.db"}',
    ],
    ["forces that are no list", '{"last_update":"2017-01","since":"2014-01","forces":7}'],
  ])("that holds %s is damaged: exit code 4, and a hint to delete it", (_, text) => {
    const store = openTestStore();
    writeFileSync(PATH(store), text);
    expect(() => store.lastUpdate.read()).toThrow(
      expect.objectContaining({ exitCode: 4, hint: expect.stringContaining("delete it") }),
    );
  });

  test("that cannot be read or written is an error with exit code 4", () => {
    const store = openTestStore();
    mkdirSync(PATH(store));
    const code4 = expect.objectContaining({ exitCode: 4 });
    const aim = { month: "2017-01", since: "2014-01", forces: "all" } as const;
    expect(() => store.lastUpdate.read()).toThrow(code4);
    expect(() => store.lastUpdate.write(aim)).toThrow(code4);
    expect(existsSync(PATH(store))).toBe(true);
  });
});
