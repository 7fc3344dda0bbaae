import { mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { MANIFEST } from "../../src/export/manifest.ts";
import { openStore } from "../../src/store/store.ts";
import type { Store } from "../../src/store/store.ts";
import type { Month } from "../../src/types.ts";
import { exportDatabase, listFiles, readText } from "../support/exported.ts";
import type { ExportRun } from "../support/exported.ts";
import { failureOf } from "../support/http.ts";
import { createFolder } from "../support/temp.ts";
import {
  crimeOf,
  openLastQuestion,
  openQuestion,
  openTestStore,
  outcomeOf,
  relocate,
  saveCrimes,
  saveOutcomes,
  THERE,
} from "../support/stored.ts";

const APRIL = "2018-04/2018-04-avon-street.csv";
const MAY = "2018-05/2018-05-avon-street.csv";
const JUNE = "2018-06/2018-06-avon-street.csv";
const KINDS = { whats: ["crimes", "outcomes"] } as const;

function saveMonth(store: Store, month: Month, id: number): void {
  saveCrimes(store, openLastQuestion(store, { month }), crimeOf(id, { month }));
}

/** A database with crimes of April and May, both complete. */
function twoMonths(): string {
  const store = openTestStore();
  saveMonth(store, "2018-04", 1);
  saveMonth(store, "2018-05", 2);
  store.close();
  return store.file;
}

function change(file: string, work: (store: Store) => void): void {
  const store = openStore(file);
  work(store);
  store.close();
}

/** Exports what changed into the same folder. */
async function again(file: string, folder: string, run: ExportRun = {}) {
  const { result } = await exportDatabase(file, { ...KINDS, folder, changed: true, ...run });
  return result;
}

/** A database, and a folder with an export of all of it. */
async function exported(run: ExportRun = {}) {
  const file = twoMonths();
  const { folder } = await exportDatabase(file, { ...KINDS, ...run });
  return { file, folder };
}

describe("an export of what changed", () => {
  test("writes nothing where nothing did", async () => {
    const { file, folder } = await exported();
    const before = statSync(join(folder, MAY), { bigint: true }).mtimeNs;
    const result = await again(file, folder);
    expect(result).toMatchObject({ written: [], paths: [], kept: [APRIL, MAY], removed: [] });
    expect(statSync(join(folder, MAY), { bigint: true }).mtimeNs).toBe(before);
  });

  test("writes a month that is new, and leaves the others", async () => {
    const { file, folder } = await exported();
    change(file, (store) => saveMonth(store, "2018-06", 3));
    const result = await again(file, folder);
    expect(result).toMatchObject({ paths: [JUNE], kept: [APRIL, MAY] });
    expect(await again(file, folder)).toMatchObject({ paths: [] });
  });

  test("writes a month that was fetched anew", async () => {
    const { file, folder } = await exported();
    change(file, (store) => {
      const sweep = { month: "2018-04", staged: true, forces: ["avon"], release: "2018-08-01" };
      const crime = crimeOf(1, { month: "2018-04", outcomeCategory: "Under investigation" });
      saveCrimes(store, openLastQuestion(store, sweep), crime);
      store.exchangeMonth("2018-04");
    });
    expect(await again(file, folder)).toMatchObject({ paths: [APRIL], kept: [MAY] });
    expect(readText(folder, APRIL)).toContain("Under investigation");
  });

  test("writes months whose records moved to another area", async () => {
    const { file, folder } = await exported({ format: "geojson" });
    change(file, (store) => void relocate(store, () => THERE));
    const { paths } = await again(file, folder, { format: "geojson" });
    expect(paths).toEqual(["crimes-2018-04.geojson", "crimes-2018-05.geojson"]);
    expect(readText(folder, paths[0] ?? "")).toContain(`"neighbourhood_id":"A2"`);
  });

  test("writes outcomes anew when crimes that they may belong to came", async () => {
    const { file, folder } = await exported();
    const may = "2018-05/2018-05-avon-outcomes.csv";
    change(file, (store) => {
      const question = openLastQuestion(store, { kind: "outcomes" });
      saveOutcomes(store, question, outcomeOf(9, { crimeMonth: "2018-03" }));
    });
    expect(await again(file, folder)).toMatchObject({ paths: [may] });
    change(file, (store) => saveMonth(store, "2018-06", 3));
    expect(await again(file, folder)).toMatchObject({ paths: [JUNE] });
    change(file, (store) => {
      const crime = crimeOf(9, { month: "2018-03", locationType: "BTP" });
      saveCrimes(store, openLastQuestion(store, { month: "2018-03" }), crime);
    });
    const { paths } = await again(file, folder);
    expect(paths).toEqual(["2018-03/2018-03-avon-street.csv", may]);
    expect(readText(folder, may)).toContain("British Transport Police");
  });

  test("writes a month that is not complete every time", async () => {
    const { file, folder } = await exported();
    const month = "2018-06";
    change(file, (store) =>
      saveCrimes(store, openQuestion(store, { month }), crimeOf(3, { month })),
    );
    expect(await again(file, folder)).toMatchObject({ paths: [JUNE] });
    expect(await again(file, folder)).toMatchObject({ paths: [JUNE], kept: [APRIL, MAY] });
  });

  test("writes neighbourhoods when one has another name", async () => {
    const whats = ["neighbourhoods"] as const;
    const { file, folder } = await exported({ whats });
    expect(await again(file, folder, { whats })).toMatchObject({ paths: [] });
    const list = ["A1", "A2"].map((id) => ({ id, name: `New name of ${id}` }));
    change(file, (store) => store.areas.saveNeighbourhoods("avon", list, "2018-07-02T00:00:00Z"));
    expect(await again(file, folder, { whats })).toMatchObject({ paths: ["neighbourhoods.csv"] });
  });

  test("removes files that are gone, with the folders that they leave empty", async () => {
    const { file, folder } = await exported();
    writeFileSync(join(folder, "mine.csv"), "mine");
    const result = await again(file, folder, { until: "2018-04" });
    expect(result).toMatchObject({ paths: [], kept: [APRIL], removed: [MAY] });
    expect(listFiles(folder)).toEqual([APRIL, "mine.csv"]);
    expect(() => statSync(join(folder, "2018-05"))).toThrow("ENOENT");
  });

  test("writes everything when options are others, and removes what they do not make", async () => {
    const { file, folder } = await exported();
    const result = await again(file, folder, { options: "other", format: "geojson" });
    expect(result.paths).toEqual(["crimes-2018-04.geojson", "crimes-2018-05.geojson"]);
    expect(result.removed).toEqual([APRIL, MAY]);
    expect(listFiles(folder)).toEqual(result.paths);
  });

  test("writes a file anew that is gone or cut off", async () => {
    const { file, folder } = await exported();
    rmSync(join(folder, APRIL));
    truncateSync(join(folder, MAY), 10);
    expect(await again(file, folder)).toMatchObject({ paths: [APRIL, MAY] });
  });

  test.each([
    ["is missing", undefined],
    ["is no JSON", "{"],
    ["is of another form", `{"options": "", "files": []}`],
    [
      "names what no export makes",
      `{"options": "", "files": {"../precious": {"key": "", "bytes": 0}}}`,
    ],
  ])("writes everything, and removes nothing, where the account %s", async (_, text) => {
    const { file, folder } = await exported({ folder: join(createFolder(), "out") });
    writeFileSync(join(folder, "../precious"), "precious");
    if (text === undefined) rmSync(join(folder, MANIFEST));
    else writeFileSync(join(folder, MANIFEST), text);
    expect(await again(file, folder)).toMatchObject({ paths: [APRIL, MAY], removed: [] });
    expect(readText(folder, "../precious")).toBe("precious");
  });

  test("leaves the folder as it was when it is stopped", async () => {
    const { file, folder } = await exported();
    change(file, (store) => saveMonth(store, "2018-06", 3));
    rmSync(join(folder, MAY));
    const before = readText(folder, MANIFEST);
    const signal = AbortSignal.abort("SIGINT");
    expect(await failureOf(again(file, folder, { signal }))).toMatchObject({ exitCode: 130 });
    expect(listFiles(folder)).toEqual([APRIL]);
    expect(readText(folder, MANIFEST)).toBe(before);
  });

  test("knows after a failure half way which files may be anything", async () => {
    const { file, folder } = await exported();
    change(file, (store) => saveMonth(store, "2018-06", 3));
    for (const path of [APRIL, MAY]) truncateSync(join(folder, path), 10);
    mkdirSync(join(folder, JUNE), { recursive: true });
    expect(await failureOf(again(file, folder))).toMatchObject({ exitCode: 4 });
    const { files } = JSON.parse(readText(folder, MANIFEST));
    expect(Object.keys(files).sort()).toEqual([APRIL, MAY, JUNE]);
    for (const path of [APRIL, MAY, JUNE]) expect(files[path].key).toBeNull();
    rmSync(join(folder, JUNE), { recursive: true });
    expect(await again(file, folder)).toMatchObject({ paths: [APRIL, MAY, JUNE] });
    expect(listFiles(folder)).toEqual([APRIL, MAY, JUNE]);
  });
});

test("a plain export leaves files that it does not make, and takes them into no account", async () => {
  const { file, folder } = await exported();
  await exportDatabase(file, { ...KINDS, folder, since: "2018-05" });
  expect(listFiles(folder)).toEqual([APRIL, MAY]);
  expect(Object.keys(JSON.parse(readFileSync(join(folder, MANIFEST), "utf8")).files)).toEqual([
    MAY,
  ]);
});
