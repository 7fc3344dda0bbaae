import { setTimeout as sleep } from "node:timers/promises";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, onTestFinished, test } from "vitest";
import { browse, makeDatabase, startBrowsing } from "../support/browsing.ts";
import { dropBombs, NUMBERS } from "../support/bombs.ts";
import { listDescendants } from "../support/processes.ts";

const HEAVY = `${NUMBERS} select count(*) from n`;

async function isGone(pids: () => number[], withinMs: number): Promise<boolean> {
  const endMs = performance.now() + withinMs;
  while (pids().length > 0 && performance.now() < endMs) await sleep(50);
  return pids().length === 0;
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe("statements that never end", () => {
  test("and keep all that they read take no disk, and no more memory than they may", async () => {
    const { url } = await browse(makeDatabase());
    const { ends, temporaryBytes } = await dropBombs(url, 6);
    for (const end of ends) expect(end).toMatch(/^400 stopped/);
    expect(temporaryBytes).toBe(0);
  });

  test("their process ends by itself when browse is killed", async () => {
    const file = makeDatabase();
    const browsing = await startBrowsing(file, dirname(file));
    const reply = fetch(`${browsing.url}/sql/csv?${new URLSearchParams({ sql: HEAVY })}`);
    reply.catch(() => {});
    await expect.poll(() => listDescendants(browsing.pid).length, { timeout: 20_000 }).toBe(2);
    await sleep(1000); // it is in the midst of the statement
    const started = listDescendants(browsing.pid);
    onTestFinished(() => {
      for (const pid of started) if (isAlive(pid)) process.kill(pid, "SIGKILL");
    });
    await browsing.stop("SIGKILL");
    expect(await isGone(() => started.filter(isAlive), 3000)).toBe(true);
  });

  test("their process ends, too, when browse is killed before it began", async () => {
    const file = makeDatabase();
    const browsing = await startBrowsing(file, dirname(file));
    const started = listDescendants(browsing.pid);
    await browsing.stop("SIGKILL");
    expect(await isGone(() => started.filter(isAlive), 10_000)).toBe(true);
  });
});

describe("what a statement returns", () => {
  const LARGE = "hex(zeroblob(30000000))";
  const save = (sql: string) => `/sql/csv?${new URLSearchParams({ sql })}`;

  test.each([
    ["one row", `select ${LARGE}`],
    [
      "a second row",
      `select ${LARGE.replace("30", "20")} union all select ${LARGE.replace("30", "20")}`,
    ],
    ["a row of letters that take several bytes", `select replace(${LARGE}, '00', '€')`],
  ])("is no CSV where %s makes it larger than 50 MB", async (_what, sql) => {
    const { ask } = await browse(makeDatabase());
    const { status, body } = await ask(save(sql));
    expect(status).toBe(413);
    expect(body).toContain("larger than 50 MB");
  });

  test("is a CSV up to 50 MB", async () => {
    const { ask } = await browse(makeDatabase());
    const { status, body } = await ask(save("select hex(zeroblob(20000000)) as zeros"));
    expect({ status, length: body.length }).toEqual({ status: 200, length: 40_000_009 });
  });
});

test("a statement does not wait for long for a program that holds the database", async () => {
  const file = makeDatabase();
  const db = new Database(file);
  onTestFinished(() => void db.close());
  db.pragma("journal_mode = delete");
  const { ask } = await browse(file);
  expect(await ask("/sql?sql=select+1")).toMatchObject({ status: 200 });
  db.exec("begin exclusive");
  const startMs = performance.now();
  expect((await ask("/sql?sql=select+1")).body).toMatch(/another program holds the database/);
  expect(performance.now() - startMs).toBeLessThan(4000);
});

describe("a view that never ends", () => {
  const makeEndless = (): string => {
    const file = makeDatabase();
    const db = new Database(file);
    db.exec(`create view endless as ${NUMBERS} select max(i) as most from n`);
    db.close();
    return file;
  };

  test("ends its own page alone, with a notice, and the others go on", async () => {
    const { ask } = await browse(makeEndless());
    expect(await ask("/tables")).toMatchObject({ status: 200 });
    const startMs = performance.now();
    const { status, body } = await ask("/tables/endless");
    expect(performance.now() - startMs).toBeLessThan(20_000);
    expect(status).toBe(503);
    expect(body).toContain("This page was stopped");
    expect(await ask("/tables/forces")).toMatchObject({ status: 200 });
    expect(await ask("/sql?sql=select+1")).toMatchObject({ status: 200 });
  });

  test.each(["SIGTERM", "SIGINT"] as const)(
    "does not keep browse from ending by %s",
    async (signal) => {
      const file = makeEndless();
      const browsing = await startBrowsing(file, dirname(file));
      const pids = () => listDescendants(browsing.pid);
      fetch(`${browsing.url}/tables/endless`).catch(() => {});
      await sleep(2000); // it is in the midst of it
      const started = pids();
      expect(started).not.toEqual([]);
      const startMs = performance.now();
      expect(await browsing.stop(signal)).toBe(signal === "SIGTERM" ? 143 : 130);
      expect(performance.now() - startMs).toBeLessThan(3000);
      expect(started.filter(isAlive)).toEqual([]);
    },
  );
});
