import { rmSync } from "node:fs";
import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { openStore } from "../../src/store/store.ts";
import { browse, makeDatabase } from "../support/browsing.ts";
import { HERE, openPolygons, openTestStore, seedOf, TRIANGLE } from "../support/stored.ts";

test("polygons that failed are named, with the reason as text", async () => {
  const store = openTestStore();
  const { ask } = await browse(store.file);
  const [tile, area] = openPolygons(store, { seeds: [seedOf(null, TRIANGLE), seedOf(HERE)] });
  if (tile === undefined || area === undefined) throw new Error("no polygon was opened");
  store.frontier.failPolygon(tile, "a reply with <b>markup</b>");
  store.frontier.failPolygon(area, "refused, and too small to be cut");
  const { body } = await ask("/progress");
  expect(body).toContain("a reply with &lt;b&gt;markup&lt;/b&gt;");
  expect(body).toMatch(/the tile 51 0 52 1[\s\S]*avon\/A1/);
});

describe("the events of the page Progress", () => {
  /** Reads on until the pattern is there; answers false when the stream ended before. */
  const listen = async (url: string) => {
    const reply = await fetch(`${url}progress/events`);
    const reader = reply.body?.pipeThrough(new TextDecoderStream()).getReader();
    let seen = "";
    return async (pattern: RegExp): Promise<boolean> => {
      while (!pattern.test(seen)) {
        const part = await reader?.read();
        if (part?.value === undefined) return false;
        seen += part.value;
      }
      return true;
    };
  };

  test("tell everyone who listens of what a crawl commits", async () => {
    const store = openTestStore();
    const { url } = await browse(store.file);
    const listeners = [await listen(url), await listen(url)];
    for (const hears of listeners) expect(await hears(/No crawl ran yet/)).toBe(true);
    store.run.begin();
    for (const hears of listeners) expect(await hears(/under way/)).toBe(true);
  });

  test("end when the database goes", async () => {
    const { url, ask, file } = await browse(makeDatabase());
    const hears = await listen(url);
    expect(await hears(/No crawl ran yet/)).toBe(true);
    rmSync(file);
    await ask("/progress");
    expect(await hears(/never/)).toBe(false);
  });
});

describe("a run without an end", () => {
  const begin = () => {
    const store = openStore(makeDatabase());
    store.run.begin();
    store.close();
    return store.file;
  };

  test("whose process is gone was killed", async () => {
    const { ask } = await browse(begin(), false);
    expect((await ask("/progress")).body).toMatch(/killed[\s\S]*goes on where it stopped/);
  });

  test("whose process is there is under way", async () => {
    const { ask } = await browse(begin(), true);
    expect((await ask("/progress")).body).toContain("under way");
  });

  test("that gives no sign of life waits", async () => {
    const file = begin();
    const db = new Database(file);
    db.exec("update runs set seen_at = '2018-01-01T00:00:00.000Z'");
    db.close();
    const { ask } = await browse(file, true);
    expect((await ask("/progress")).body).toMatch(/waiting[\s\S]*the API may be down/);
  });
});
