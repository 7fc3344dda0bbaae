import { copyFileSync, existsSync, renameSync, rmSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, onTestFinished, test } from "vitest";
import { startBrowse } from "../../src/browse/server.ts";
import { browse, makeDatabase } from "../support/browsing.ts";
import { databaseOf } from "../support/exported.ts";
import { databaseOfMany } from "../support/many.ts";
import { crimeOf, openTestStore } from "../support/stored.ts";
import { createFolder } from "../support/temp.ts";

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

  test.each(["cross-site", "same-site"])(
    "lets pages that are %s link here, and load nothing",
    async (site) => {
      const { ask } = await browse(makeDatabase());
      const of = (mode: string, dest: string) => ({
        headers: { "sec-fetch-site": site, "sec-fetch-mode": mode, "sec-fetch-dest": dest },
      });
      const link = of("navigate", "document");
      expect((await ask("/tables", link)).status).toBe(200);
      for (const path of [
        "/sql/csv?sql=select+1",
        "/sql/cs%76?sql=select+1",
        "/tables/forces/csv",
        "/data/map/shapes",
      ])
        expect((await ask(path, link)).status).toBe(403);
      for (const load of [of("no-cors", "image"), of("cors", "empty"), of("navigate", "iframe")])
        expect((await ask("/tables", load)).status).toBe(403);
    },
  );

  test.each(["iframe", "frame", "embed", "object", "fencedframe"])(
    "is not shown in an %s, not even of its own",
    async (dest) => {
      const { ask } = await browse(makeDatabase());
      const headers = { "sec-fetch-site": "same-origin", "sec-fetch-mode": "navigate" };
      expect((await ask("/", { headers: { ...headers, "sec-fetch-dest": dest } })).status).toBe(
        403,
      );
      const { headers: sent } = await ask("/");
      expect(sent["x-frame-options"]).toBe("DENY");
      expect(sent["content-security-policy"]).toContain("frame-ancestors 'none'");
    },
  );

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
    const other = startBrowse({ file, port, onError: () => {} });
    await expect(other).rejects.toMatchObject({
      message: `port ${port} is taken`,
      exitCode: 2,
      hint: `name another with --port ${port + 1}; 0 takes any free one`,
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

  test.each(["smaller", "larger"])(
    "is seen as it is when a %s one is copied over it",
    async (what) => {
      const [small, large] = [databaseOf({ crimes: [crimeOf(1)] }), databaseOfMany(20_000)];
      const [file, other] = what === "larger" ? [small, large] : [large, small];
      const { ask } = await browse(file);
      const paths = ["/", "/tables", "/tables/crimes", "/tables/streets", "/data/map/shapes"];
      const readAll = async (pages: Pick<typeof fresh, "ask" | "file">) => {
        const replies = await Promise.all(paths.map((path) => pages.ask(path)));
        return replies.map(({ status, body }) => [status, body.replaceAll(pages.file, "FILE")]);
      };
      await Promise.all(paths.map((path) => ask(path)));
      const fresh = await browse(other);
      const expected = await readAll(fresh);
      copyFileSync(other, file);
      expect(await readAll({ ask, file })).toEqual(expected);
      expect(expected.map(([status]) => status)).toEqual([200, 200, 200, 200, 200]);
    },
  );

  test.each([
    ["of another schema", "pragma user_version = -1", /another ukpolice[\s\S]*npm install/],
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
    for (const path of [
      "/",
      "/map",
      "/revisions",
      "/tables",
      "/tables/crimes",
      "/sql",
      "/progress",
    ])
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
    await ask("/tables"); // what makes the pages has started
    const startMs = performance.now();
    const { status, body } = await ask("/tables");
    expect(performance.now() - startMs).toBeLessThan(3000);
    expect(status).toBe(503);
    expect(body).toMatch(/another program holds the database/);
  });
});
