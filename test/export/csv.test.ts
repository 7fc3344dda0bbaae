import { describe, expect, test } from "vitest";
import { databaseOf, exportDatabase, listFiles, readText } from "../support/exported.ts";
import { crimeOf, outcomeOf, stopOf } from "../support/stored.ts";

const STREET =
  "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name," +
  "Crime type,Last outcome category,Context\n";
const OUTCOMES =
  "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name," +
  "Outcome type\n";
const STOPS =
  "Type,Date,Part of a policing operation,Policing operation,Latitude,Longitude,Gender,Age range," +
  "Self-defined ethnicity,Officer-defined ethnicity,Legislation,Object of search,Outcome," +
  "Outcome linked to object of search,Removal of more than just outer clothing\n";
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

  test("has a crime without a location in the file of the force that published it", async () => {
    const crime = { ...crimeOf(1, { place: null, area: null }), reportedBy: "kent" };
    const outcome = outcomeOf(1, { place: null, area: null });
    const { folder } = await exportDatabase(databaseOf({ crimes: [crime], outcomes: [outcome] }));
    expect(readText(folder, "2018-05/2018-05-kent-street.csv")).toBe(
      `${STREET}${ID},2018-05,Kent,Kent,,,No Location,,,Burglary,,\n`,
    );
    expect(readText(folder, "2018-05/2018-05-no-force-outcomes.csv")).toBe(
      `${OUTCOMES},2018-05,,,,,No location,,,Suspect charged\n`,
    );
  });

  test("says who published a crime of another force's area", async () => {
    const crime = { ...crimeOf(1), reportedBy: "kent" };
    expect(await streetLines(crime)).toBe(`${ID},2018-05,Kent,Avon,${PLACE},Burglary,,\n`);
  });

  test("has the stops of whoever published them, wherever they were", async () => {
    const bare = stopOf({
      reportedBy: "btp",
      place: null,
      area: null,
      gender: null,
      ageRange: null,
      selfDefinedEthnicity: null,
      officerDefinedEthnicity: null,
      legislation: null,
      objectOfSearch: null,
      outcome: null,
      outcomeObject: { id: "", name: "" },
      outcomeLinkedToObjectOfSearch: null,
      removalOfMoreThanOuterClothing: null,
    });
    const operation = { operation: true, operationName: "=Op, one" };
    const { folder } = await exportDatabase(databaseOf({ stops: [stopOf(operation), bare] }));
    expect(readText(folder, "2018-05/2018-05-kent-stop-and-search.csv")).toBe(
      `${STOPS}Person search,2018-05-15T12:00:00+00:00,True,"=Op, one",51.500000,0.500000,Male,` +
        "18-24,Other ethnic group - Not stated,White,Misuse of Drugs Act 1971 (section 23)," +
        "Controlled drugs,Arrest,True,False\n",
    );
    expect(readText(folder, "2018-05/2018-05-btp-stop-and-search.csv")).toBe(
      `${STOPS}Person search,2018-05-15T12:00:00+00:00,,,,,,,,,,,,,\n`,
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
