import { describe, expect, test } from "vitest";
import { addSweep, cover } from "../support/country.ts";
import type { Country } from "../support/country.ts";
import { createTwo, SIDECAR, statusOf, TEN, textOf, TWO, writeSidecar } from "../support/status.ts";

const MONTHS = ["2024-04", "2024-05"];

/** Two forces with crimes and outcomes of two months; stops are published as it is said. */
function createListed(
  listed: Record<string, readonly string[]>,
  asked = '["crimes","outcomes","stops"]',
) {
  const country = createTwo();
  cover(country, { forces: TWO, months: MONTHS, records: TEN });
  const { db } = country;
  db.prepare("insert into facts values ('published', ?)").run(JSON.stringify(MONTHS));
  db.prepare("insert into facts values ('asked_kinds', ?)").run(asked);
  db.exec(`insert into facts values ('asked', '[""]')`);
  const insert = db.prepare("insert into stops_published values (?, ?)");
  for (const [month, forces] of Object.entries(listed))
    for (const force of forces) insert.run(month, force);
  return country;
}

function coverStops(country: Country, month: string, ...forces: string[]): void {
  const covered = { months: [month], kinds: ["stops"], outside: null };
  cover(country, { ...covered, forces, records: () => 5 });
}

function addTransportPolice({ db }: Country): void {
  db.exec("insert into forces (id, name, listed) values ('btp', 'British Transport Police', 0)");
}

describe("the stops of a month", () => {
  test("are those of the forces that publish them: here, lacking, and not published", () => {
    const country = createListed({
      "2024-04": ["avon", "btp", "kent"],
      "2024-05": ["avon", "btp"],
    });
    addTransportPolice(country);
    coverStops(country, "2024-04", "avon", "btp");
    coverStops(country, "2024-05", "avon", "btp");
    const { months, records } = statusOf(country);
    expect(records).toMatchObject({ stops: 20 });
    expect(months).toMatchObject([
      {
        state: "complete",
        stops: 10,
        forces_with_stops: 2,
        stops_listed: 3,
        lacks_stops: ["kent"],
        stops_not_published: [],
      },
      { state: "complete", stops_listed: 2, lacks_stops: [], stops_not_published: ["kent"] },
    ]);
  });

  test("are not known to be lacking, where the API was not asked whose it has", () => {
    const country = createListed({});
    coverStops(country, "2024-03", "avon");
    expect(statusOf(country).months[0]).toMatchObject({ month: "2024-03", stops_listed: null });
  });

  test("lack those of the forces alone that the database is for", () => {
    const country = createTwo();
    cover(country, { forces: ["kent"], months: ["2024-05"], records: TEN });
    country.db.exec(`insert into facts values
      ('asked', '["kent"]'), ('published', '["2024-05"]');
      insert into stops_published values ('2024-05', 'avon')`);
    expect(statusOf(country).months).toMatchObject([
      { stops_listed: 0, lacks_stops: [], stops_not_published: ["kent"] },
    ]);
  });
});

describe("the text", () => {
  test("names who lacks, and who publishes none", () => {
    const country = createListed({ "2024-04": ["btp", "kent"], "2024-05": ["btp"] });
    addTransportPolice(country);
    coverStops(country, "2024-04", "btp");
    coverStops(country, "2024-05", "btp");
    const text = textOf(statusOf(country));
    expect(text).toMatch(/stops +10; 1 month without all that is published: 2024-04 kent\n/);
    expect(text).toContain("no stops published\n  avon: in no month\n  kent: 2024-05\n");
    expect(text).toMatch(/avon .* 2\/2 +-\n/);
    expect(text).toMatch(/kent .* 2\/2 +0\/1\n/);
    expect(text).not.toMatch(/^ +btp/m);
    expect(text).toMatch(/areas +2 forces,/);
  });

  test("says that they are of every force that publishes them", () => {
    const country = createListed({ "2024-05": ["avon"] });
    coverStops(country, "2024-05", "avon");
    expect(textOf(statusOf(country))).toMatch(/stops +5, of every force that publishes them\n/);
  });

  test("says that they were never asked for", () => {
    const country = createListed({ "2024-05": ["avon"] }, '["crimes","outcomes"]');
    expect(textOf(statusOf(country))).toMatch(/stops +0, never asked for\n/);
  });

  test("has their months with --what stops, and tells not published from not crawled", () => {
    const country = createListed({ "2024-04": ["avon", "btp"], "2024-05": ["avon", "btp"] });
    addTransportPolice(country);
    coverStops(country, "2024-04", "avon", "btp");
    const status = statusOf(country, { kinds: ["stops"] });
    expect(status).toMatchObject({ records: { stops: 10 }, kinds: ["stops"] });
    expect(status.records).not.toHaveProperty("crimes");
    const text = textOf(status);
    expect(text).toContain("stops by force and month");
    expect(text).toMatch(/avon +5 █ +· +5\n/);
    expect(text).toMatch(/btp +5 █ +· +5\n/);
    expect(text).toMatch(/kent +\/ +\/\n/);
    expect(text).toContain("/ not published for the month");
    expect(text).not.toContain("crimes");
  });
});

describe("what to run next", () => {
  test("is a crawl that brings what is published and not here", () => {
    const country = createListed({ "2024-05": ["avon", "kent"] });
    coverStops(country, "2024-05", "avon");
    const { next } = statusOf(country);
    expect(next).toEqual({
      command: "ukpolice crawl --since 2024-04",
      why: "1 month without all stops that are published",
    });
    writeSidecar(country, SIDECAR);
    expect(statusOf(country).next.command).toBe("ukpolice crawl --from-last-update");
    const alone = statusOf(country, { kinds: ["stops"] });
    expect(alone.next.command).toBe("ukpolice crawl --since 2024-04 --what stops");
  });

  test("is nothing about stops, where they were never asked for", () => {
    const country = createListed({ "2024-05": ["avon"] }, '["crimes","outcomes"]');
    expect(statusOf(country).next.why).toContain("all is well");
  });

  test("is nothing but stops, where nothing else was ever asked for", () => {
    const country = createTwo();
    country.db.exec(`insert into facts values ('asked_kinds', '["stops"]')`);
    addSweep(country, { month: "2024-05", kind: "stops", forces: ["kent"] }, [{ state: "open" }]);
    expect(statusOf(country).next.command).toBe("ukpolice crawl --since 2024-05 --what stops");
  });
});

test("a force that fails is named by its id alone", () => {
  const country = createTwo();
  const failed = [{ state: "failed", reason: "no JSON", force: "kent" }];
  addSweep(country, { month: "2024-05", kind: "stops", forces: ["kent"] }, failed);
  const status = statusOf(country);
  expect(status.failures).toMatchObject([{ kind: "stops", example: "kent" }]);
  expect(textOf(status)).toContain("2024-05 stops: 1 question, such as kent: no JSON");
});

test("crimes without a location are counted by force and month", () => {
  const country = createTwo();
  cover(country, { forces: TWO, months: MONTHS, records: TEN });
  country.db.exec(`insert into crime_categories values ('drugs', 'Drugs');
    insert into crimes (month, id, category, latitude, longitude, reported_by) values
      ('2024-04', 1, 'drugs', null, null, 'kent'), ('2024-04', 2, 'drugs', null, null, 'kent'),
      ('2024-04', 3, 'drugs', 51, 0, 'kent'), ('2024-05', 1, 'drugs', 51, 0, null)`);
  const status = statusOf(country);
  expect(status).toMatchObject({
    crimes_without_location: 2,
    months: [{ crimes_without_location: 2 }, { crimes_without_location: 0 }],
    coverage: [{ without_location: {} }, { force: "kent", without_location: { "2024-04": 2 } }],
  });
  expect(textOf(status)).toMatch(/crimes +40, 2 without a location\n/);
});

test("stops of a known gap are a gap only where there are none", () => {
  const country = createTwo(["gwent"]);
  cover(country, { forces: ["gwent"], months: ["2025-10"], kinds: ["stops"], records: TEN });
  expect(statusOf(country).gaps).toEqual([]);
});
