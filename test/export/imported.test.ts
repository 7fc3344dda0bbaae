import { describe, expect, test } from "vitest";
import { exportDatabase, readText } from "../support/exported.ts";
import { crimeRow, importRows, outcomeRow } from "../support/imported.ts";
import { readPublished, toCrimes, toOutcomes, toStops } from "../support/published.ts";
import {
  crimeOf,
  HERE,
  openLastQuestion,
  openTestStore,
  relocate,
  saveCrimes,
} from "../support/stored.ts";

const CITY = { forceId: "city-of-london", forceName: "City of London Police" };
const STREET = "2018-05-city-of-london-street.csv.gz";
const OUTCOMES = "2016-01-city-of-london-outcomes.csv.gz";
const STOPS = "2018-05-city-of-london-stop-and-search.csv";

describe("a file of the archive that was imported", () => {
  test.each([
    ["as nothing is known of areas", null],
    ["when all of it lies in another force's area", HERE],
  ])("is exported again to the letter, %s", async (_, area) => {
    const store = openTestStore();
    const at = { ...CITY, month: "2018-05" };
    importRows(store, "crimes", toCrimes(readPublished(STREET)), at);
    importRows(store, "outcomes", toOutcomes(readPublished(OUTCOMES)), { ...at, month: "2016-01" });
    importRows(store, "stops", toStops(readPublished(STOPS)), at);
    relocate(store, () => area);
    const { folder } = await exportDatabase(store.file);
    for (const name of [STREET, OUTCOMES, STOPS]) {
      const path = `${name.slice(0, 7)}/${name.replace(".gz", "")}`;
      expect(readText(folder, path)).toBe(readPublished(name));
    }
  });

  test("keeps its odd places, and what its month called an LSOA", async () => {
    const store = openTestStore();
    const lsoa = (name: string) => ({ code: "E01000001", name });
    const rows = [
      crimeRow(1, { location: "On or near ", lsoa: lsoa("Old 001A") }),
      crimeRow(2, { location: "", lsoa: null }),
      crimeRow(3, { location: "No location", latitude: null, longitude: null, lsoa: null }),
      crimeRow(4, { location: null, latitude: null, longitude: null, lsoa: null }),
    ];
    importRows(store, "crimes", rows, { month: "2023-05" });
    importRows(store, "crimes", [crimeRow(1, { lsoa: lsoa("New 001A") })], { month: "2023-06" });
    const none = [outcomeRow(1, { location: null, latitude: null, longitude: null, lsoa: null })];
    importRows(store, "outcomes", none, { month: "2023-05" });
    const { folder } = await exportDatabase(store.file);
    const places = (path: string) =>
      readText(folder, path)
        .trimEnd()
        .split("\n")
        .slice(1)
        .map((line) => line.split(",").slice(2, 9).join());
    expect(places("2023-05/2023-05-kent-street.csv")).toEqual([
      "Kent,Kent,0.500000,51.500000,On or near ,E01000001,Old 001A",
      "Kent,Kent,0.500000,51.500000,,,",
      "Kent,Kent,,,No location,,",
      "Kent,Kent,,,No Location,,",
    ]);
    expect(places("2023-05/2023-05-kent-outcomes.csv")).toEqual(["Kent,Kent,,,No location,,"]);
    expect(places("2023-06/2023-06-kent-street.csv")).toEqual([
      "Kent,Kent,0.500000,51.500000,On or near Mill Lane,E01000001,New 001A",
    ]);
  });

  test("is chosen by its force, and by category", async () => {
    const store = openTestStore();
    const rows = [crimeRow(1), crimeRow(2, { crimeType: "Drugs" }), crimeRow(3)];
    importRows(store, "crimes", rows);
    importRows(store, "crimes", rows, { forceId: "avon" });
    const { folder, result } = await exportDatabase(store.file, {
      whats: ["crimes"],
      forces: ["kent"],
      categories: ["drugs"],
    });
    expect(result.paths).toEqual(["2024-01/2024-01-kent-street.csv"]);
    expect(readText(folder, "2024-01/2024-01-kent-street.csv").match(/Drugs/g)).toHaveLength(1);
    expect(result.leftOut.rows).toBe(0);
  });
});

test("a crime of the API is exported with the LSOA that was learnt for it", async () => {
  const store = openTestStore();
  importRows(store, "crimes", [crimeRow(1)]);
  const month = "2022-07";
  saveCrimes(store, openLastQuestion(store, { month }), crimeOf(1, { month }));
  const { folder } = await exportDatabase(store.file);
  expect(readText(folder, "2022-07/2022-07-avon-street.csv")).toContain(
    ",On or near Mill Lane,E01000001,Dover 001A,",
  );
});

test("GeoJSON tells who published what is from the archive, and in which district it lies", async () => {
  const store = openTestStore();
  importRows(store, "crimes", [crimeRow(1)]);
  importRows(store, "outcomes", [outcomeRow(1)]);
  const { folder } = await exportDatabase(store.file, { format: "geojson" });
  for (const kind of ["crimes", "outcomes"]) {
    const { features } = JSON.parse(readText(folder, `${kind}-2024-01.geojson`));
    expect(features).toHaveLength(1);
    expect(features[0].properties).toMatchObject({
      reported_by: "kent",
      lsoa_code: "E01000001",
      lsoa_name: "Dover 001A",
      district: "Dover",
    });
  }
});
