import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import Database from "better-sqlite3";
import { describe, expect, onTestFinished, test } from "vitest";
import { isLocked } from "../../src/store/lock.ts";
import { openStore } from "../../src/store/store.ts";
import { createFolder, queryColumn } from "../support/temp.ts";

const STORE = new URL("../../dist/store/store.js", import.meta.url).href;
const HOLD = `
  import { openStore } from ${JSON.stringify(STORE)};
  openStore(process.argv[1]);
  console.log("held");
  setInterval(() => {}, 1000);
`;

/** Another process that holds the store of a file until it is killed. */
async function holdElsewhere(file: string) {
  const args = ["--input-type=module", "--eval", HOLD, file];
  const stdio = ["ignore", "pipe", "inherit"] as const;
  const cwd = fileURLToPath(new URL("../..", import.meta.url));
  const child = spawn(process.execPath, args, { cwd, stdio: [...stdio] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [said] = await once(child.stdout ?? child, "data");
  expect(String(said)).toBe("held\n");
  return child;
}

function whoHolds(file: string): unknown {
  try {
    openStore(file).close();
    return undefined;
  } catch (error) {
    return error;
  }
}

describe("the lock", () => {
  test("lets one crawl at a time have a database, and names the process that has it", () => {
    const file = join(createFolder(), "ukpolice.db");
    const store = openStore(file);
    expect(whoHolds(file)).toMatchObject({
      exitCode: 4,
      message: expect.stringContaining(`process ${process.pid}`),
      hint: expect.stringContaining("--db"),
    });
    store.close();
    expect(whoHolds(file)).toBeUndefined();
  });

  test("does not keep other databases, nor readers, from being opened", () => {
    const folder = createFolder();
    const store = openStore(join(folder, "one.db"));
    openStore(join(folder, "two.db")).close();
    expect(queryColumn(join(folder, "one.db"), "select count(*) from forces")).toEqual([0]);
    store.close();
  });

  test("is held across processes, and free as soon as its holder is killed", async () => {
    const file = join(createFolder(), "ukpolice.db");
    const child = await holdElsewhere(file);
    expect(whoHolds(file)).toMatchObject({
      exitCode: 4,
      message: expect.stringContaining(`process ${child.pid}`),
    });
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(whoHolds(file)).toBeUndefined();
  });
});

/** Holds a lock, and removes it before it lets go, as a crawl does that made nothing. */
const REMOVER = `
const { parentPort, workerData } = require("node:worker_threads");
const { rmSync } = require("node:fs");
const Database = require("better-sqlite3");
const db = new Database(workerData + "-lock");
db.exec("begin immediate");
parentPort.postMessage("held");
setTimeout(() => { rmSync(workerData + "-lock"); db.close(); }, 100);
`;

test("a lock that was removed by its holder is none: it is taken anew", async () => {
  const file = join(createFolder(), "ukpolice.db");
  const remover = new Worker(REMOVER, { eval: true, workerData: file });
  onTestFinished(() => void remover.terminate());
  await once(remover, "message");
  const store = openStore(file);
  expect(() => store.verify()).not.toThrow();
  expect(whoHolds(file)).toMatchObject({ exitCode: 4 });
  store.close();
});

/** Looks whether a database is locked, all the time, and holds its lock while it looks. */
const LOOKER = `
const { parentPort, workerData } = require("node:worker_threads");
const Database = require("better-sqlite3");
let looks = 0, stopped = false;
parentPort.on("message", () => { stopped = true; });
function look() {
  if (stopped) return parentPort.postMessage(looks);
  const db = new Database(workerData + "-lock", { timeout: 0 });
  try {
    db.exec("begin immediate");
    const endMs = performance.now() + 10;
    while (performance.now() < endMs);
    db.exec("rollback");
    looks += 1;
  } catch {}
  db.close();
  setTimeout(look, 10);
}
look();
parentPort.postMessage("looking");
`;

describe("whether a crawl is at work", () => {
  test("is known while the lock is held, and no longer", () => {
    const file = join(createFolder(), "ukpolice.db");
    expect(isLocked(file)).toBe(false);
    expect(existsSync(`${file}-lock`)).toBe(false);
    const store = openStore(file);
    expect(isLocked(file)).toBe(true);
    expect(isLocked(file)).toBe(true);
    store.close();
    expect(isLocked(file)).toBe(false);
    openStore(file).close();
  });

  test("is not said of a database that is only read", () => {
    const file = join(createFolder(), "ukpolice.db");
    openStore(file).close();
    const reader = openStore(file, { readonly: true });
    expect(isLocked(file)).toBe(false);
    reader.close();
  });

  test("is not said of a crawl that was killed, though its number is another process's by now", async () => {
    const file = join(createFolder(), "ukpolice.db");
    const child = await holdElsewhere(file);
    expect(isLocked(file)).toBe(true);
    child.kill("SIGKILL");
    await once(child, "exit");
    const lock = new Database(`${file}-lock`);
    expect(lock.prepare("select pid from holder").pluck().all()).toEqual([child.pid]);
    lock.prepare("update holder set pid = ?").run(process.pid);
    lock.close();
    expect(isLocked(file)).toBe(false);
    openStore(file).close();
  });

  test("can be asked all the time without keeping a crawl from beginning", async () => {
    const file = join(createFolder(), "ukpolice.db");
    openStore(file).close();
    const looker = new Worker(LOOKER, { eval: true, workerData: file });
    onTestFinished(() => void looker.terminate());
    await once(looker, "message");
    for (let crawls = 0; crawls < 20; crawls += 1) {
      const store = openStore(file);
      expect(isLocked(file)).toBe(true);
      store.close();
      await new Promise((resolve) => setImmediate(resolve));
    }
    looker.postMessage("stop");
    const [looks] = await once(looker, "message");
    expect(looks).toBeGreaterThan(0);
  });
});
