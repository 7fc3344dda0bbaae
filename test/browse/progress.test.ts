import { rmSync } from "node:fs";
import Database from "better-sqlite3";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { openStore } from "../../src/store/store.ts";
import type { Store } from "../../src/store/store.ts";
import { browse, makeDatabase } from "../support/browsing.ts";
import { HERE, openQuestions, openTestStore, seedOf, TRIANGLE } from "../support/stored.ts";
import { queryColumn } from "../support/temp.ts";

test("questions that failed are named, with the reason as text", async () => {
  const store = openTestStore();
  const { ask } = await browse(store.file);
  const [tile, area] = openQuestions(store, { seeds: [seedOf(null, TRIANGLE), seedOf(HERE)] });
  if (tile === undefined || area === undefined) throw new Error("no question was opened");
  store.frontier.failQuestion(tile, "a reply with <b>markup</b>");
  store.frontier.failQuestion(area, "refused, and too small to be cut");
  const { body } = await ask("/progress");
  expect(body).toContain("a reply with &lt;b&gt;markup&lt;/b&gt;");
  expect(body).toMatch(/the tile 51 0 52 1[\s\S]*avon\/A1/);
});

test("a force that was asked for by its name is named by it alone", async () => {
  const store = openTestStore();
  const { ask } = await browse(store.file);
  const seeds = [{ ...seedOf(null), forceId: "kent" }];
  const sweep = { kind: "stops", plan: "forces", forces: ["kent"] } as const;
  const [question] = openQuestions(store, { sweep, seeds });
  if (question === undefined) throw new Error("no question was opened");
  store.frontier.failQuestion(question, "no JSON");
  const { body } = await ask("/progress");
  expect(body).toMatch(/<td>stops<\/td>\s*<td>kent<\/td>\s*<td>no JSON<\/td>/);
});

test("a run at work says which month of how many it is at, and how long all of it takes", async () => {
  const store = openTestStore();
  store.run.begin();
  const progress = { month: "2018-04", nth: 7, months: 36, total: 5320, failed: 2 };
  store.run.noteProgress({ ...progress, done: 0 });
  await new Promise((resolve) => setTimeout(resolve, 3100));
  store.run.noteProgress({ ...progress, done: 1234 });
  store.run.touch();
  const { ask } = await browse(store.file);
  const { body } = await ask("/progress");
  expect(body).toMatch(/Month 7 of 36: 2018-04; 1,234 of\s+5,320 questions done/);
  expect(body).toMatch(/4,084<\/span>\s*<span class="caption">questions left/);
  expect(body).toMatch(/1[01]\.?\d? s<\/span>\s*<span class="caption">left for all of it/);
});

test("the time for which the API was down is no work: what is left does not grow by it", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date("2018-06-01T12:00:00Z") });
  onTestFinished(() => void vi.useRealTimers());
  const passSeconds = (seconds: number) => vi.setSystemTime(Date.now() + 1000 * seconds);
  const store = openTestStore();
  store.run.begin();
  store.run.wait(true); // before it asks for records, there is no pace
  passSeconds(100);
  store.run.wait(false);
  const progress = { month: "2018-04", nth: 1, months: 1, total: 400, failed: 0 };
  store.run.noteProgress({ ...progress, done: 0 });
  passSeconds(10);
  store.run.wait(true);
  passSeconds(600);
  store.run.noteProgress({ ...progress, done: 100 });
  store.run.touch();
  const { ask } = await browse(store.file);
  const isThirty = /[^\d]30 s<\/span>\s*<span class="caption">left for all of it/;
  expect((await ask("/progress")).body).toMatch(isThirty);
  store.run.wait(false);
  store.run.end(0);
  expect(queryColumn(store.file, "select waited_ms from runs")).toEqual([600_000]);
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
  /** A crawl at work: it holds the lock until it is closed. */
  const begin = (): Store => {
    const store = openStore(makeDatabase());
    store.run.begin();
    onTestFinished(() => void store.close());
    return store;
  };
  const killed = (): string => {
    const store = openStore(makeDatabase());
    store.run.begin();
    store.close();
    return store.file;
  };

  test("was killed, when no crawl holds the database, though its process's number is another's", async () => {
    const file = killed();
    expect(queryColumn(file, "select pid from runs")).toEqual([process.pid]);
    const { ask } = await browse(file);
    expect((await ask("/progress")).body).toMatch(/killed[\s\S]*goes on where it stopped/);
  });

  test("is under way, when a crawl holds the database", async () => {
    const { ask } = await browse(begin().file);
    expect((await ask("/progress")).body).toContain("under way");
  });

  test("was killed, when it is not the newest: that one is at work", async () => {
    const file = killed();
    const store = openStore(file);
    store.run.begin();
    onTestFinished(() => void store.close());
    const { body } = await (await browse(file)).ask("/progress");
    expect(body.match(/class="tag \w+">[\w ]+/g)).toEqual([
      'class="tag good">under way',
      'class="tag good">under way',
      'class="tag bad">killed',
    ]);
  });

  test("waits, when it gives no sign of life", async () => {
    const { file } = begin();
    const db = new Database(file);
    db.exec("update runs set seen_at = '2018-01-01T00:00:00.000Z'");
    db.close();
    const { ask } = await browse(file);
    expect((await ask("/progress")).body).toMatch(/waiting[\s\S]*the API may be down/);
  });
});
