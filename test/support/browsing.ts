import { request } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished } from "vitest";
import { startBrowse } from "../../src/browse/server.ts";
import { startCli } from "./cli.ts";
import { openTestStore } from "./stored.ts";
import { createFolder } from "./temp.ts";

export type Browsing = {
  url: string;
  pid: number;
  stop(signal?: NodeJS.Signals): Promise<number | null>;
};

/** Starts `ukpolice browse` on a free port, as a process of its own. */
export async function startBrowsing(file: string, cwd: string): Promise<Browsing> {
  const { child, finished } = startCli(["browse", "--port", "0", "--db", file], { cwd });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.once("data", (text: string) => resolve(text.trim()));
    void finished.then(({ err }) => reject(new Error(err)));
  });
  return {
    url: url.replace(/\/$/, ""),
    pid: child.pid ?? 0,
    async stop(signal = "SIGINT") {
      child.kill(signal);
      return (await finished).code;
    },
  };
}

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

/** Browses a database until the test ends; nothing that is not to be expected may go wrong. */
export async function browse(file = join(createFolder(), "ukpolice.db")): Promise<Browsed> {
  const server = await startBrowse({
    file,
    port: 0,
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
export function makeDatabase(file = join(createFolder(), "ukpolice.db")): string {
  openTestStore(file).close();
  return file;
}
