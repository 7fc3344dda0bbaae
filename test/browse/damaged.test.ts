import { copyFileSync, openSync, closeSync, statSync, writeSync } from "node:fs";
import Database from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import { startBrowse } from "../../src/browse/server.ts";
import { makeDatabase } from "../support/browsing.ts";
import { createRandom } from "../../src/sandbox/shares.ts";

const PAGE_BYTES = 8192;
const PATHS = [
  "/",
  "/map",
  "/tables",
  "/tables/streets",
  "/tables/streets?name__contains=9",
  "/tables/months",
  "/progress",
  "/sql?sql=select+*+from+streets",
  "/data/map/shapes",
];

/** A database with so many pages of streets that one can be damaged. */
function makeStreets(): string {
  const file = makeDatabase();
  const db = new Database(file);
  db.exec(`with recursive n (i) as (select 1 union all select i + 1 from n where i < 20000)
    insert into streets (id, name) select i, 'On or near Street ' || i from n`);
  db.pragma("journal_mode = delete");
  db.close();
  return file;
}

/** Writes over a file as a failing disk would, under whoever has it open. */
function overwrite(file: string, at: number, bytes: Buffer): void {
  const fd = openSync(file, "r+");
  writeSync(fd, bytes, 0, bytes.length, at);
  closeSync(fd);
}

async function browseDamaged(file: string) {
  const warnings: string[] = [];
  const server = await startBrowse({
    file,
    port: 0,
    onError: (error) => warnings.push(String(error)),
  });
  onTestFinished(() => server.close());
  return { url: server.url, warnings };
}

test("a download that a damaged page ends is cut off, and not taken for whole", async () => {
  const file = makeStreets();
  const { url, warnings } = await browseDamaged(file);
  const middle = Math.floor(statSync(file).size / PAGE_BYTES / 2) * PAGE_BYTES;
  overwrite(file, middle, Buffer.alloc(4 * PAGE_BYTES, 0xff));
  const reply = await fetch(`${url}tables/streets/csv`);
  await expect(reply.text()).rejects.toThrow("terminated");
  expect(warnings).toEqual([expect.stringContaining(`the database ${file} failed`)]);
});

test("bytes that flip while pages are shown are told, and never a bug or the end", async () => {
  const file = makeStreets();
  const whole = `${file}.whole`;
  copyFileSync(file, whole);
  const { url, warnings } = await browseDamaged(file);
  const random = createRandom(7);
  for (let round = 0; round < 8; round += 1) {
    const size = statSync(file).size;
    for (let count = 0; count < 30; count += 1) {
      const at = PAGE_BYTES + Math.floor(random() * (size - PAGE_BYTES - 16));
      overwrite(file, at, Buffer.from([Math.floor(random() * 256), 0xff, 0, 0x80]));
    }
    for (const path of PATHS) {
      const { status } = await fetch(new URL(path, url));
      expect([path, [200, 400, 503].includes(status)]).toEqual([path, true]);
    }
  }
  expect(warnings).toEqual([]);
  copyFileSync(whole, file);
  expect((await fetch(`${url}tables/streets`)).status).toBe(200);
});
