import { describe, expect, test } from "vitest";
import { databaseOf, exportDatabase, listFiles, readText } from "../support/exported.ts";
import { crimeOf, outcomeOf } from "../support/stored.ts";

const STREET =
  "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name," +
  "Crime type,Last outcome category,Context\n";
const OUTCOMES =
  "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name," +
  "Outcome type\n";
const ID = "a".repeat(64);
const PLACE = "0.500000,51.500000,On or near Mill Lane,,";

/** The only lines of the crimes of avon, without the header. */
async function streetLines(...crimes: Parameters<typeof databaseOf>[0]["crimes"] & object) {
  const { folder } = await exportDatabase(databaseOf({ crimes }));
  const text = readText(folder, "2018-05/2018-05-avon-street.csv");
  expect(text.startsWith(STREET)).toBe(true);
  return text.slice(STREET.length);
}

describe("an export as csv", () => {
  test("has the files, the columns and the values of the official archive", async () => {
    const crime = crimeOf(1, { outcomeCategory: "Under investigation", outcomeDate: "2018-06" });
    const outcome = outcomeOf(1, { crimePersistentId: ID });
    const { folder } = await exportDatabase(databaseOf({ crimes: [crime], outcomes: [outcome] }));
    expect(listFiles(folder)).toEqual([
      "2018-05/2018-05-avon-outcomes.csv",
      "2018-05/2018-05-avon-street.csv",
      "neighbourhoods.csv",
    ]);
    expect(readText(folder, "2018-05/2018-05-avon-street.csv")).toBe(
      `${STREET}${ID},2018-05,Avon,Avon,${PLACE},Burglary,Under investigation,\n`,
    );
    expect(readText(folder, "2018-05/2018-05-avon-outcomes.csv")).toBe(
      `${OUTCOMES}${ID},2018-05,Avon,Avon,${PLACE},Suspect charged\n`,
    );
  });

  test("leaves blank what is not known", async () => {
    const crime = crimeOf(1, { persistentId: null, context: null, outcomeCategory: null });
    expect(await streetLines(crime)).toBe(`,2018-05,Avon,Avon,${PLACE},Burglary,,\n`);
  });

  test("names the place of a record without one as the archive does", async () => {
    const { folder } = await exportDatabase(
      databaseOf({ crimes: [crimeOf(1, { place: null, area: null })] }),
    );
    expect(readText(folder, "2018-05/2018-05-no-force-street.csv")).toBe(
      `${STREET}${ID},2018-05,,,,,No Location,,,Burglary,,\n`,
    );
  });

  test("says of the transport police's records whose they are, outcomes included", async () => {
    const crime = crimeOf(1, { persistentId: null, locationType: "BTP" });
    const { folder } = await exportDatabase(
      databaseOf({ crimes: [crime], outcomes: [outcomeOf(1, { crimeMonth: "2018-05" })] }),
    );
    const start = ",2018-05,British Transport Police,Avon,";
    for (const [name, header] of [
      ["street", STREET],
      ["outcomes", OUTCOMES],
    ]) {
      const text = readText(folder, `2018-05/2018-05-avon-${name}.csv`);
      expect(text.slice(header?.length)).toMatch(new RegExp(`^${start}`));
    }
  });

  test("writes degrees with six decimals, however small", async () => {
    const place = { street: { id: 1, name: "S" }, latitude: 51, longitude: -0.0000004 };
    expect(await streetLines(crimeOf(1, { place }))).toContain(",-0.000000,51.000000,S,");
  });

  test("quotes after RFC 4180 what would tear a row apart, and changes nothing", async () => {
    const context = 'one\ntwo\r\nthree, "four"';
    const name = "=HYPERLINK(1) \u0000\u001B[31m";
    const place = { street: { id: 1, name }, latitude: 51, longitude: 0 };
    expect(await streetLines(crimeOf(1, { context, place }))).toBe(
      `${ID},2018-05,Avon,Avon,0.000000,51.000000,${name},,,Burglary,,` +
        `"one\ntwo\r\nthree, ""four"""\n`,
    );
  });

  test("gives neighbourhoods with their boundary as WKT", async () => {
    const { folder } = await exportDatabase(databaseOf({ crimes: [crimeOf(1)] }));
    const ring = '"POLYGON ((0 51, 1 51, 0.5 52, 0 51))"';
    expect(readText(folder, "neighbourhoods.csv")).toBe(
      "Force ID,Force,Neighbourhood ID,Name,Boundary\n" +
        `avon,Avon,A1,Area A1,${ring}\navon,Avon,A2,Area A2,${ring}\n`,
    );
  });
});
