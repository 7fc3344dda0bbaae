import { existsSync, renameSync, rmSync } from "node:fs";
import { get, request } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import Database from "better-sqlite3";
import { describe, expect, onTestFinished, test } from "vitest";
import { startBrowse } from "../../src/browse/server.ts";
import { openStore } from "../../src/store/store.ts";
import { HERE, openPolygons, openTestStore, seedOf, TRIANGLE } from "../support/stored.ts";
import { createFolder } from "../support/temp.ts";

type Reply = { status: number; headers: IncomingHttpHeaders; body: string };

type Browsed = {
  file: string;
  url: string;
  port: number;
  ask(
    path: string,
    options?: { method?: string; headers?: Record<string, string> },
  ): Promise<Reply>;
};

/** Browses a database; nothing that is not to be expected may go wrong. */
async function browse(file = join(createFolder(), "ukpolice.db"), alive = true): Promise<Browsed> {
  const server = await startBrowse({
    file,
    port: 0,
    isAlive: () => alive,
    onError: (error) => expect.fail(String(error)),
  });
  onTestFinished(() => server.close());
  const ask: Browsed["ask"] = (path, options = {}) =>
    new Promise((resolve, reject) => {
      const sent = request(new URL(path, server.url), options, (reply) => {
        const { statusCode: status = 0, headers } = reply;
        text(reply).then((body) => resolve({ status, headers, body }), reject);
      });
      sent.on("error", reject).end();
    });
  return { file, url: server.url, port: Number(new URL(server.url).port), ask };
}

/** A database with two forces and no records. */
function makeDatabase(file = join(createFolder(), "ukpolice.db")): string {
  openTestStore(file).close();
  return file;
}

describe("the server", () => {
  test("listens on 127.0.0.1 alone", async () => {
    const { url } = await browse(makeDatabase());
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    const elsewhere = new URL(url);
    elsewhere.hostname = "127.0.0.2";
    const refused = await new Promise((resolve) => get(elsewhere).on("error", resolve));
    expect(refused).toMatchObject({ code: "ECONNREFUSED" });
  });

  test.each(["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example", "[::2]"])(
    "refuses what is meant for %s",
    async (host) => {
      const { ask } = await browse(makeDatabase());
      for (const path of ["/", "/assets/app.css", "/progress/events", "/sql?sql=select+1"]) {
        const { status, body } = await ask(path, { headers: { host } });
        expect(status).toBe(403);
        expect(body).not.toContain("<html");
      }
    },
  );

  test("answers to each of the names of this machine", async () => {
    const { ask, port } = await browse(makeDatabase());
    for (const name of ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])
      expect((await ask("/tables", { headers: { host: `${name}:${port}` } })).status).toBe(200);
  });

  test("lets pages of elsewhere link here, and load nothing", async () => {
    const { ask } = await browse(makeDatabase());
    const foreign = { "sec-fetch-site": "cross-site" };
    const load = { headers: { ...foreign, "sec-fetch-mode": "no-cors" } };
    expect((await ask("/sql?sql=select+1", load)).status).toBe(403);
    const link = { headers: { ...foreign, "sec-fetch-mode": "navigate" } };
    expect((await ask("/tables", link)).status).toBe(200);
  });

  test.each(["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])("refuses %s", async (method) => {
    const { ask } = await browse(makeDatabase());
    expect((await ask("/tables", { method })).status).toBe(405);
  });

  test("forbids everything that is not its own, on whatever it answers", async () => {
    const { ask } = await browse(makeDatabase());
    for (const path of ["/", "/tables", "/nowhere", "/assets/app.css", "/tables/forces/csv"]) {
      const { headers } = await ask(path);
      const policy = headers["content-security-policy"];
      expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
      expect(policy).not.toContain("unsafe");
      expect(headers["x-content-type-options"]).toBe("nosniff");
      expect(headers["cross-origin-resource-policy"]).toBe("same-origin");
    }
  });

  test.each([
    "/assets/../package.json",
    "/assets/%2e%2e/package.json",
    "/assets/..%2fpackage.json",
    "/vendor/../../package.json",
    "/tables/sqlite_schema",
    "/tables/nothing",
    "/tables/forces/row?id=nothing",
  ])("has nothing at %s", async (path) => {
    const { ask } = await browse(makeDatabase());
    const { status, body } = await ask(path);
    expect(status).toBe(404);
    expect(body).not.toContain("dependencies");
  });

  test("compresses text, and sends what did not change only once", async () => {
    const { ask } = await browse(makeDatabase());
    const first = await ask("/assets/app.css", { headers: { "accept-encoding": "gzip" } });
    expect(first.headers["content-encoding"]).toBe("gzip");
    const etag = first.headers.etag ?? "";
    const second = await ask("/assets/app.css", { headers: { "if-none-match": etag } });
    expect(second.status).toBe(304);
  });

  test("a taken port is told with the next one", async () => {
    const { port, file } = await browse(makeDatabase());
    const other = startBrowse({ file, port, isAlive: () => true, onError: () => {} });
    await expect(other).rejects.toMatchObject({
      message: `port ${port} is taken`,
      exitCode: 2,
      hint: `name another: ukpolice browse --port ${port + 1}`,
    });
  });
});

describe("the database", () => {
  test("that fails in the midst of it is told as what it is, and the next page may be well", async () => {
    const file = makeDatabase();
    const { ask } = await browse(file);
    expect((await ask("/tables")).status).toBe(200);
    const db = new Database(file);
    db.exec("drop table runs");
    db.close();
    expect(await ask("/progress")).toMatchObject({ status: 503 });
    expect((await ask("/progress")).body).toContain("no such table: runs");
    expect(await ask("/tables")).toMatchObject({ status: 200 });
  });

  test("may come, go and be another while the server runs", async () => {
    const { file, ask } = await browse();
    expect(await ask("/tables")).toMatchObject({ status: 503 });
    expect(existsSync(file)).toBe(false);
    makeDatabase(file);
    expect(await ask("/tables/forces")).toMatchObject({ status: 200 });
    rmSync(file);
    expect((await ask("/tables")).body).toContain("No database yet");
    const other = makeDatabase();
    const db = new Database(other);
    db.exec("insert into forces (id, name) values ('essex', 'Essex')");
    db.close();
    renameSync(other, file);
    expect((await ask("/tables/forces")).body).toContain("Essex");
  });

  test.each([
    ["of an older schema", "pragma user_version = 1", /older ukpolice[\s\S]*ukpolice crawl/],
    ["of a newer schema", "pragma user_version = 99", /newer ukpolice[\s\S]*npm install/],
    ["of another program", "pragma application_id = 7", /another program[\s\S]*--db/],
  ])("%s is told apart, with what to do", async (_name, sql, says) => {
    const file = makeDatabase();
    const db = new Database(file);
    db.exec(sql);
    db.close();
    const { ask } = await browse(file);
    const { status, body } = await ask("/");
    expect(status).toBe(503);
    expect(body).toMatch(says);
  });

  test("is not taken for empty in the moment before its tables are made", async () => {
    const file = join(createFolder(), "ukpolice.db");
    const db = new Database(file);
    db.pragma("journal_mode = wal");
    db.close();
    const { ask } = await browse(file);
    expect((await ask("/tables")).body).toContain("No database yet");
    makeDatabase(file);
    expect((await ask("/tables/forces")).body).toContain("Avon");
  });

  test("without records each page is sensible", async () => {
    const { ask } = await browse(makeDatabase());
    for (const path of ["/", "/map", "/tables", "/tables/crimes", "/sql", "/progress"])
      expect(await ask(path)).toMatchObject({ status: 200 });
    expect((await ask("/tables/crimes")).body).toContain("There is no row here.");
    expect((await ask("/progress")).body).toContain("No crawl ran yet.");
  });

  test("that a crawl writes to shows what was committed a moment ago", async () => {
    const store = openTestStore();
    const { ask } = await browse(store.file);
    expect((await ask("/tables/forces")).body).not.toContain("Essex");
    store.areas.saveForces([{ id: "essex", name: "Essex" }], "2018-07-01");
    expect((await ask("/tables/forces")).body).toContain("Essex");
  });

  test("that another program has locked is told, and no page waits for long", async () => {
    const file = makeDatabase();
    const db = new Database(file);
    db.pragma("journal_mode = delete");
    db.exec("begin exclusive");
    onTestFinished(() => void db.close());
    const { ask } = await browse(file);
    const startMs = performance.now();
    const { status, body } = await ask("/tables");
    expect(performance.now() - startMs).toBeLessThan(3000);
    expect(status).toBe(503);
    expect(body).toMatch(/another program holds the database/);
  });
});

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
