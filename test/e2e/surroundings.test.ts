import { mkdirSync, readdirSync } from "node:fs";
import { createServer, request } from "node:http";
import { connect } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { expectFailure, expectTwoLines, NOWHERE, runCli } from "../support/cli.ts";
import { countRows, createFolder } from "../support/temp.ts";
import { createWorld, rawCrime, serve, square } from "../support/world.ts";

const WORLD = createWorld({
  areas: { avon: { A1: square(51, 0, 0.1) } },
  crimes: [rawCrime(1, { latitude: 51.05, longitude: 0.05 })],
});

describe("a database", () => {
  test.each([
    [":memory:", "crawl"],
    ["file:x.db?mode=memory", "crawl"],
    ["file:x.db", "status"],
  ])("that is no file is refused: %s", async (db, command) => {
    const cwd = createFolder();
    const finished = await runCli([command, "--db", db], { cwd });
    expectTwoLines(finished, { exit: 2, says: /is not a file/, hint: /--help/ });
    expect(readdirSync(cwd)).toEqual([]);
  });

  test("of a first crawl that never reached the API is not left behind", async () => {
    const cwd = createFolder();
    const args = ["crawl", "--api-url", NOWHERE, "--patience", "0"];
    expect((await runCli(args, { cwd })).code).toBe(3);
    expect(readdirSync(cwd)).toEqual([]);
  });

  test("that holds something is kept by a crawl that does not reach the API", async () => {
    const cwd = createFolder();
    const { url } = await serve(WORLD);
    expect((await runCli(["crawl", "--api-url", url], { cwd })).code).toBe(0);
    const args = ["crawl", "--api-url", NOWHERE, "--patience", "0"];
    expect((await runCli(args, { cwd })).code).toBe(3);
    expect(countRows(join(cwd, "ukpolice.db"), "crimes")).toBe(1);
  });

  test("beside which no write-ahead log can be kept is named in two lines", async () => {
    const cwd = createFolder();
    mkdirSync(join(cwd, "ukpolice.db-wal"));
    const finished = await runCli(["crawl", "--api-url", NOWHERE, "--quiet"], { cwd });
    expectTwoLines(finished, { exit: 4, says: /no write-ahead log/, hint: /network drives/ });
  });
});

/** A proxy that forwards and tunnels to any server, and remembers what it was asked for. */
async function startProxy() {
  const asked: string[] = [];
  const proxy = createServer((incoming, response) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    const { method, headers } = incoming;
    const onward = request(incoming.url ?? "", { method, headers }, (reply) => {
      response.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(response);
    });
    incoming.pipe(onward);
  });
  proxy.on("connect", ({ url = "" }, socket) => {
    asked.push(`CONNECT ${url}`);
    const { hostname, port } = new URL(`http://${url}`);
    const onward = connect(Number(port), hostname, () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.pipe(socket).pipe(onward);
    });
    socket.on("error", () => onward.destroy());
    onward.on("error", () => socket.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, asked };
}

describe("a proxy that the environment names", () => {
  test.each(["HTTP_PROXY", "http_proxy"])("is used: %s", async (name) => {
    const cwd = createFolder();
    const proxy = await startProxy();
    const { url } = await serve(WORLD);
    const env = { [name]: proxy.url, NO_PROXY: "" };
    expect((await runCli(["crawl", "--api-url", url], { cwd, env })).code).toBe(0);
    expect(proxy.asked.length).toBeGreaterThan(0);
    expect(countRows(join(cwd, "ukpolice.db"), "crimes")).toBe(1);
  });

  test("is asked for a tunnel to an address of https", async () => {
    const cwd = createFolder();
    const proxy = await startProxy();
    const args = ["crawl", "--api-url", "https://127.0.0.1:1/api", "--patience", "0"];
    const finished = await runCli(args, { cwd, env: { HTTPS_PROXY: proxy.url, NO_PROXY: "" } });
    expectFailure(finished, { exit: 3, says: /down/, hint: /./ });
    expect(new Set(proxy.asked)).toEqual(new Set(["CONNECT 127.0.0.1:1"]));
  }, 120_000);

  test("is left out for what NO_PROXY lists, and for the sandbox", async () => {
    const cwd = createFolder();
    const { url } = await serve(WORLD);
    const env = { HTTP_PROXY: "http://127.0.0.1:1", NO_PROXY: "127.0.0.1" };
    expect((await runCli(["crawl", "--api-url", url], { cwd, env })).code).toBe(0);
    const elsewhere = { HTTP_PROXY: "http://127.0.0.1:1", NO_PROXY: "" };
    const args = ["crawl", "--sandbox", "--until", "2018-04"];
    expect((await runCli(args, { cwd, env: elsewhere })).code).toBe(0);
  }, 120_000);

  test("is named by the help", async () => {
    const { out } = await runCli(["crawl", "--help"], { cwd: createFolder() });
    for (const name of ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "NODE_EXTRA_CA_CERTS"]) {
      expect(out).toContain(name);
    }
  });
});
