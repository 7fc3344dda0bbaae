import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { addLayer } from "../../src/areas/add.ts";
import type { Keys } from "../../src/areas/area.ts";
import { countLayers } from "../../src/areas/count.ts";
import { addFigures } from "../../src/areas/figures.ts";
import type { Store } from "../../src/store/store.ts";
import {
  crimeOf,
  openLastQuestion,
  openTestStore,
  outcomeOf,
  saveCrimes,
} from "../support/stored.ts";
import { saveOutcomes } from "../support/stored.ts";
import { createFolder, queryColumn, queryRows } from "../support/temp.ts";

const signal = new AbortController().signal;

/** A square of a degree, by its west side, at 51 north. */
function feature(properties: object, west = 0): object {
  const ring = [
    [west, 51],
    [west + 1, 51],
    [west + 1, 52],
    [west, 52],
    [west, 51],
  ];
  return { type: "Feature", properties, geometry: { type: "Polygon", coordinates: [ring] } };
}

function write(...features: unknown[]): string {
  const file = join(createFolder(), "areas.geojson");
  writeFileSync(file, JSON.stringify({ type: "FeatureCollection", features }));
  return file;
}

function add(store: Store, file: string, keys: Keys = {}, name = "mine") {
  return addLayer({ store, signal, progress: () => {} }, { file, name, keys });
}

const placeAt = (longitude: number) => ({
  street: { id: 7, name: "Mill Lane" },
  latitude: 51.5,
  longitude,
});

/** A month with two crimes at 0.5, one at 1.5 and one at 9.5 east, and one without a place. */
function openStocked(): Store {
  const store = openTestStore();
  saveMonth(store, [0.5, 0.5, 1.5, 9.5, null]);
  return store;
}

function saveMonth(store: Store, longitudes: (number | null)[], month = "2018-05"): void {
  const rows = longitudes.map((longitude, at) =>
    crimeOf(at + 1, { month, place: longitude === null ? null : placeAt(longitude) }),
  );
  saveCrimes(store, openLastQuestion(store, { month }), ...rows);
}

const countsOf = (store: Store, columns = "month, area, records") =>
  queryRows(
    store.file,
    `select ${columns} from area_counts where layer = 'mine' order by kind, month, area`,
  ).map((row) => Object.values(row).join(" "));

describe("a layer", () => {
  test("counts records in its areas, and those in none by themselves", async () => {
    const store = openStocked();
    await add(store, write(feature({ id: "a" }), feature({ id: "b" }, 1)), { id: "id" });
    expect(await countLayers({ store, signal })).toMatchObject({ points: 3 });
    expect(countsOf(store)).toEqual(["2018-05  1", "2018-05 a 2", "2018-05 b 1"]);
  });

  test("counts what later months bring, and locates new points alone", async () => {
    const store = openStocked();
    await add(store, write(feature({ id: "a" })), { id: "id" });
    await countLayers({ store, signal });
    saveMonth(store, [0.5, 0.25], "2018-06");
    expect(await countLayers({ store, signal })).toMatchObject({ points: 1 });
    expect(countsOf(store)).toContain("2018-06 a 2");
    expect(await countLayers({ store, signal })).toEqual({ months: 0, points: 0 });
  });

  test("counts outcomes by their own point, and latest outcomes of crimes", async () => {
    const store = openStocked();
    const question = openLastQuestion(store, { kind: "outcomes" });
    saveOutcomes(store, question, outcomeOf(1, { place: placeAt(1.5) }));
    await add(store, write(feature({ id: "b" }, 1)), { id: "id" });
    await countLayers({ store, signal });
    expect(countsOf(store, "kind, category, area, records")).toContain("outcomes charged b 1");
    const latest = "select area, outcome, records from area_outcomes where layer = 'mine'";
    expect(queryRows(store.file, latest)).toContainEqual({ area: "b", outcome: "", records: 1 });
  });

  test("goes on after it was stopped, and ends with the same counts", async () => {
    const store = openStocked();
    saveMonth(store, [0.5], "2018-06");
    await add(store, write(feature({ id: "a" })), { id: "id" });
    const stop = new AbortController();
    const progress = (done: number) => {
      if (done === 3) stop.abort("SIGINT");
    };
    await expect(countLayers({ store, signal: stop.signal, progress })).rejects.toThrow("stopped");
    const left = queryColumn(store.file, "select count(*) from uncounted where layer = 'mine'");
    expect(left).not.toEqual([0]);
    await countLayers({ store, signal });
    expect(countsOf(store)).toEqual(["2018-05  2", "2018-05 a 2", "2018-06 a 1"]);
  });

  test("takes the first area where it overlaps itself", async () => {
    const store = openStocked();
    await add(store, write(feature({ id: "z" }), feature({ id: "a" }, 0.25)), { id: "id" });
    await countLayers({ store, signal });
    const others = "select area, others from layer_points where longitude = 0.5";
    expect(queryRows(store.file, others)).toEqual([{ area: "z", others: 1 }]);
  });

  test("is gone with all of its counts when it is removed", async () => {
    const store = openStocked();
    await add(store, write(feature({ id: "a", p: 10 })), { id: "id", population: "p" });
    await countLayers({ store, signal });
    store.layers.remove("mine");
    for (const table of ["layers", "layer_areas", "layer_points", "area_counts", "uncounted"])
      expect(queryRows(store.file, `select * from ${table}`)).toEqual([]);
    expect(queryRows(store.file, "select * from area_populations")).toEqual([]);
  });
});

describe("adding a layer", () => {
  test("names what is wrong with areas, and drops none of them", async () => {
    const store = openTestStore();
    const broken = {
      ...feature({ id: "broken" }),
      geometry: { type: "Point", coordinates: [0, 51] },
    };
    const bare = { ...feature({ id: "bare" }), geometry: null };
    const features = [
      feature({ id: "a" }),
      broken,
      bare,
      feature({ id: "a" }, 3),
      feature({ x: 1 }),
    ];
    const added = await add(store, write(...features), { id: "id" });
    expect(added).toMatchObject({
      areas: 4,
      flawed: ["broken: a Point has no area"],
      bare: ["bare"],
      joined: ["a, feature 4"],
      unnamed: ["feature 5"],
    });
    const ids = "select id from layer_areas order by nth";
    expect(queryColumn(store.file, ids)).toEqual(["a", "broken", "bare", "#5"]);
  });

  test("joins the parts of an area that several features have", async () => {
    const store = openStocked();
    await add(store, write(feature({ id: "a" }), feature({ id: "a" }, 1)), { id: "id" });
    await countLayers({ store, signal });
    expect(countsOf(store)).toContain("2018-05 a 3");
  });

  test("joins the parts of regions that thousands of features have", async () => {
    const store = openStocked();
    const features = Array.from({ length: 3000 }, (_, at) =>
      feature({ region: `r${at % 2}` }, at % 3 === 0 ? 0 : -9 + at / 1000),
    );
    const added = await add(store, write(...features), { id: "region" });
    expect(added).toMatchObject({ areas: 2, joined: { length: 2998 } });
    await countLayers({ store, signal });
    expect(countsOf(store)).toContain("2018-05 r0 2");
    const parts = `select json_array_length(boundary, '$.coordinates') from layer_areas order by id`;
    expect(queryColumn(store.file, parts)).toEqual([1500, 1500]);
  });

  test("numbers the areas where no property is named", async () => {
    const store = openTestStore();
    await add(store, write(feature({ name: "North" }), { ...feature({}), id: 77 }));
    const sql = "select id, label from layer_areas order by nth";
    expect(queryRows(store.file, sql)).toEqual([
      { id: "1", label: "North" },
      { id: "77", label: "77" },
    ]);
  });

  test("reads how many people live there, and names what is no number of them", async () => {
    const store = openTestStore();
    const people = [1200, "1,300", "", null, "many", -3];
    const features = people.map((p, at) => feature({ id: `a${at}`, p }));
    const added = await add(store, write(...features), { id: "id", population: "p" });
    expect(added).toMatchObject({ populations: 2, unread: ["a4", "a5"] });
    const sql = "select id, population from area_populations order by id";
    expect(queryRows(store.file, sql)).toEqual([
      { id: "a0", population: 1200 },
      { id: "a1", population: 1300 },
    ]);
  });

  test.each([
    [
      "a property that is not there",
      [feature({ code: 1 })],
      { id: "cod" },
      "without the property cod",
    ],
    ["no features", [], {}, "holds no areas"],
    ["what is no feature", [feature({}), { type: "Point" }], {}, "as features are none"],
    [
      "the National Grid in the midst",
      [feature({}), feature({}, 500_000)],
      {},
      "British National Grid",
    ],
  ])("refuses %s, and leaves nothing behind", async (_, features, keys, why) => {
    const store = openTestStore();
    await expect(add(store, write(...features), keys)).rejects.toThrow(why);
    expect(queryRows(store.file, "select * from layers")).toEqual([]);
    expect(queryRows(store.file, "select * from layer_areas")).toEqual([]);
    expect(await add(store, write(feature({})))).toMatchObject({ areas: 1 });
  });
});

function writeTable(text: string): string {
  const file = join(createFolder(), "people.csv");
  writeFileSync(file, text);
  return file;
}

describe("figures for areas", () => {
  const figures = (store: Store, text: string, keys = {}) =>
    addFigures({ store }, { file: writeTable(text), name: "forces", keys });

  test("are taken by id, and what does not fit is named", async () => {
    const store = openTestStore();
    const text =
      '\uFEFFid,population,"x"\r\navon,"1,234",\r\nkent,few,\r\navon,5,\r\nmars,1,\r\n,,\r\n';
    expect(await figures(store, text)).toEqual({
      populations: 1,
      lacking: 1,
      unknown: ["mars"],
      unread: ["kent"],
      repeated: ["avon"],
    });
    const sql = "select population from areas where layer = 'forces' order by id";
    expect(queryColumn(store.file, sql)).toEqual([1234, null]);
  });

  test("take the place of those before", async () => {
    const store = openTestStore();
    await figures(store, "id,population\navon,1\nkent,2\n");
    await figures(store, "code;people\nkent;3\n", { id: "code", population: "people" });
    const sql = "select id, population from area_populations";
    expect(queryRows(store.file, sql)).toEqual([{ id: "kent", population: 3 }]);
  });

  test.each([
    ["", "is empty"],
    ["code,people\nkent,1\n", "has no column id"],
    ["id,population\nmars,1\n", "has no figures for the layer forces"],
  ])("refuses %j", async (text, why) => {
    await expect(figures(openTestStore(), text)).rejects.toThrow(why);
  });
});
