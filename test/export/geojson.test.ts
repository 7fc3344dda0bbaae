import { describe, expect, test } from "vitest";
import type { ExportRun } from "../support/exported.ts";
import { databaseOf, exportDatabase, listFiles, readText } from "../support/exported.ts";
import { crimeOf, outcomeOf, stopOf } from "../support/stored.ts";

const rows = {
  crimes: [
    crimeOf(1, { context: 'a "quote"\n\u2028' }),
    crimeOf(2, { place: null, area: null }),
    crimeOf(3, { month: "2018-04" }),
  ],
  outcomes: [outcomeOf(1, { personId: 7 })],
  stops: [stopOf(), stopOf({ place: null, area: null })],
};

async function exported(run: ExportRun = {}) {
  const { folder } = await exportDatabase(databaseOf(rows), { format: "geojson", ...run });
  return (name: string) => ({ names: listFiles(folder), text: readText(folder, name) });
}

describe("an export as GeoJSON", () => {
  test("has a collection for each month and kind, and one of neighbourhoods", async () => {
    const { names } = (await exported())("neighbourhoods.geojson");
    expect(names).toEqual([
      "crimes-2018-04.geojson",
      "crimes-2018-05.geojson",
      "neighbourhoods.geojson",
      "outcomes-2018-05.geojson",
      "stops-2018-05.geojson",
    ]);
  });

  test("puts longitude first, keeps every value, and gives no place to what has none", async () => {
    const { text } = (await exported())("crimes-2018-05.geojson");
    const { features, ...collection } = JSON.parse(text);
    expect(collection).toEqual({ type: "FeatureCollection" });
    expect(features).toEqual([
      {
        type: "Feature",
        id: 1,
        geometry: { type: "Point", coordinates: [0.5, 51.5] },
        properties: {
          id: 1,
          persistent_id: "a".repeat(64),
          month: "2018-05",
          category: "burglary",
          category_name: "Burglary",
          street_id: 7,
          street: "On or near Mill Lane",
          location_type: "Force",
          location_subtype: "",
          context: 'a "quote"\n\u2028',
          outcome_category: null,
          outcome_date: null,
          force_id: "avon",
          neighbourhood_id: "A1",
          reported_by: null,
          lsoa_code: null,
          lsoa_name: null,
          district: null,
        },
      },
      expect.objectContaining({ id: 2, geometry: null }),
    ]);
  });

  test("tells of an outcome whose crime it is, and of whom", async () => {
    const { text } = (await exported())("outcomes-2018-05.geojson");
    expect(JSON.parse(text).features).toEqual([
      expect.objectContaining({
        properties: expect.objectContaining({ crime_id: 1, person_id: 7, date: "2018-05" }),
      }),
    ]);
  });

  test("tells of a stop all that is stored, flags as true and false", async () => {
    const { text } = (await exported())("stops-2018-05.geojson");
    expect(JSON.parse(text).features).toEqual([
      {
        type: "Feature",
        geometry: { type: "Point", coordinates: [0.5, 51.5] },
        properties: {
          month: "2018-05",
          type: "Person search",
          datetime: "2018-05-15T12:00:00+00:00",
          involved_person: true,
          gender: "Male",
          age_range: "18-24",
          self_defined_ethnicity: "Other ethnic group - Not stated",
          officer_defined_ethnicity: "White",
          legislation: "Misuse of Drugs Act 1971 (section 23)",
          object_of_search: "Controlled drugs",
          outcome: "Arrest",
          outcome_object_id: "bu-arrest",
          outcome_object_name: "Arrest",
          outcome_linked_to_object_of_search: true,
          removal_of_more_than_outer_clothing: false,
          operation: null,
          operation_name: null,
          street_id: 7,
          street: "On or near Mill Lane",
          force_id: "avon",
          neighbourhood_id: "A1",
          reported_by: "kent",
          lsoa_code: null,
          lsoa_name: null,
          district: null,
        },
      },
      expect.objectContaining({ geometry: null }),
    ]);
  });

  test("writes a feature a line with ndjson, whatever its names hold", async () => {
    const { names, text } = (await exported({ ndjson: true }))("crimes-2018-05.geojsonl");
    expect(names).toContain("neighbourhoods.geojsonl");
    const lines = text.trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).id)).toEqual([1, 2]);
  });
});
