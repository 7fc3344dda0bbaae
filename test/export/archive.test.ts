import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { ENDPOINTS } from "../../src/fetch/kinds.ts";
import type { Located, Stop } from "../../src/types.ts";
import { crawlSample, databaseOf, exportDatabase, readText } from "../support/exported.ts";

const CITY = "city-of-london";
const MONTHS = ["2018-04", "2018-05"];

function fixture(name: string): Buffer {
  return readFileSync(new URL(`../fixtures/${name}`, import.meta.url));
}

/** Files of the archive, as published. */
const stopsFile = (month: string) => fixture(`${month}-${CITY}-stop-and-search.csv`).toString();
const streetFile = (month: string) =>
  gunzipSync(fixture(`${month}-${CITY}-street.csv.gz`)).toString();

const withoutLocation = (text: string) =>
  text
    .split("\n")
    .filter((line) => line.includes(",No Location,"))
    .sort();

/** The stops of a file of the archive, as the API gives them: these files have no quotes. */
function readStops(text: string, month: string, reportedBy: string): Located<Stop>[] {
  const [header = "", ...lines] = text.trimEnd().split("\n");
  const columns = header.split(",");
  const reply = lines.map((line) => {
    const values = line.split(",");
    return toReply((column) => values[columns.indexOf(column)] ?? "");
  });
  const stops = ENDPOINTS.stops.byForce?.read("", month, reply) ?? [];
  return stops.map((record) => ({ record, area: null, reportedBy }));
}

function toReply(get: (column: string) => string) {
  const text = (column: string) => get(column) || null;
  const flag = (column: string) => (get(column) === "" ? null : get(column) === "True");
  const place = { latitude: get("Latitude"), longitude: get("Longitude") };
  return {
    type: get("Type"),
    datetime: get("Date"),
    involved_person: get("Type") !== "Vehicle search",
    operation: flag("Part of a policing operation"),
    operation_name: text("Policing operation"),
    location: place.latitude === "" ? null : { ...place, street: { id: 1, name: "On or near A" } },
    gender: text("Gender"),
    age_range: text("Age range"),
    self_defined_ethnicity: text("Self-defined ethnicity"),
    officer_defined_ethnicity: text("Officer-defined ethnicity"),
    legislation: text("Legislation"),
    object_of_search: text("Object of search"),
    outcome: get("Outcome"),
    outcome_object: { id: "", name: get("Outcome") },
    outcome_linked_to_object_of_search: flag("Outcome linked to object of search"),
    removal_of_more_than_outer_clothing: flag("Removal of more than just outer clothing"),
  };
}

describe("an export beside the files of the archive", () => {
  let crawled: string;
  beforeAll(async () => {
    ({ folder: crawled } = await exportDatabase(await crawlSample()));
  }, 60_000);

  test("has the transport police's stops to the letter, equal ones as often", async () => {
    const text = fixture("2024-01-btp-stop-and-search.excerpt.csv").toString();
    const stops = readStops(text, "2024-01", "btp");
    expect(new Set(text.split("\n")).size).toBeLessThan(text.split("\n").length);
    const { folder } = await exportDatabase(databaseOf({ stops }));
    expect(readText(folder, "2024-01/2024-01-btp-stop-and-search.csv")).toBe(text);
  });

  test.each(MONTHS)("has the City's stops of %s to the letter, crawled or not", async (month) => {
    const text = stopsFile(month);
    const { folder } = await exportDatabase(databaseOf({ stops: readStops(text, month, CITY) }));
    const name = `${month}/${month}-${CITY}-stop-and-search.csv`;
    expect(readText(folder, name)).toBe(text);
    expect(readText(crawled, name)).toBe(text);
  });

  test.each(MONTHS)("has the crimes of %s without a location, to the letter", (month) => {
    const expected = withoutLocation(streetFile(month));
    expect(expected.length).toBeGreaterThan(30);
    const text = readText(crawled, `${month}/${month}-${CITY}-street.csv`);
    expect(withoutLocation(text)).toEqual(expected);
  });
});
