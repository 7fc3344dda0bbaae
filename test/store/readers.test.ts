import { statSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { describe, expect, test, onTestFinished } from "vitest";
import { openStore } from "../../src/store/store.ts";
import type { Crime, Located } from "../../src/types.ts";
import { createFolder } from "../support/temp.ts";
import { openQuestions, openTestStore, saveCrimes, seedOf } from "../support/stored.ts";

const REPLIES = 40;
const ROWS = 8000;

/** Reads all the time through two connections, one of which always has a transaction open. */
const READER = `
const { parentPort, workerData } = require("node:worker_threads");
const Database = require("better-sqlite3");
const open = () => new Database(workerData, { readonly: true, timeout: 0 });
const dbs = [open(), open()];
let reads = 0, longestMs = 0, stopped = false;
parentPort.on("message", () => { stopped = true; });
function turn(at) {
  if (stopped) { for (const db of dbs) db.close(); return parentPort.postMessage({ reads, longestMs }); }
  const startMs = performance.now();
  dbs[at].exec("begin");
  dbs[at].prepare("select count(*) from crimes where month = '2018-05'").get();
  longestMs = Math.max(longestMs, performance.now() - startMs);
  const other = dbs[1 - at];
  if (other.inTransaction) other.exec("commit");
  reads += 1;
  setTimeout(turn, 5, 1 - at);
}
turn(0);
`;

function crimesOf(reply: number): Located<Crime>[] {
  return Array.from({ length: ROWS }, (_, index) => ({
    record: {
      id: reply * ROWS + index,
      persistentId: `${reply}-${index}`.padStart(64, "0"),
      category: "burglary",
      month: "2018-05",
      place: null,
      locationType: "Force",
      locationSubtype: "",
      context: "x".repeat(1000),
      outcomeCategory: null,
      outcomeDate: null,
    },
    area: null,
    reportedBy: null,
  }));
}

describe("a reader that is there all the time", () => {
  test("neither waits for the crawl nor holds it up, and the write-ahead log starts over", async () => {
    const file = join(createFolder(), "ukpolice.db");
    const store = openTestStore(file);
    const reader = new Worker(READER, { eval: true, workerData: file });
    onTestFinished(() => void reader.terminate());
    const sizes: number[] = [];
    for (let reply = 0; reply < REPLIES; reply += 1) {
      const sweep = { month: `2018-${10 + (reply % 3)}`, forces: [`avon-${reply}`] };
      const [question] = openQuestions(store, { sweep, seeds: [seedOf(null, [])] });
      if (question === undefined) throw new Error("no question");
      saveCrimes(store, question, ...crimesOf(reply));
      sizes.push(statSync(`${file}-wal`).size / 2 ** 20);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const told = new Promise<{ reads: number; longestMs: number }>((resolve) => {
      reader.once("message", resolve);
    });
    reader.postMessage("stop");
    const { reads, longestMs } = await told;
    const database = statSync(file).size / 2 ** 20;
    expect(reads).toBeGreaterThan(20);
    expect(longestMs).toBeLessThan(2000);
    expect(database).toBeGreaterThan(330);
    expect(Math.max(...sizes)).toBeLessThan(200);
    store.close();
    const again = openStore(file);
    onTestFinished(() => again.close());
    const months = again.coverage.readCover().listMonths();
    expect(months).toEqual(["2018-10", "2018-11", "2018-12"]);
  });
});
