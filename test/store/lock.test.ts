import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
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
