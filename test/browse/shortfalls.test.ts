import { join } from "node:path";
import { expect, test } from "vitest";
import { browse } from "../support/browsing.ts";
import { addForces, cover, createCountry, monthsFrom } from "../support/country.ts";
import { createFolder } from "../support/temp.ts";

test("the overview says what is from the archive, and what of it is far below its neighbours", async () => {
  const file = join(createFolder(), "ukpolice.db");
  const country = createCountry(file);
  addForces(country, ["kent"]);
  cover(country, {
    forces: ["kent"],
    months: monthsFrom("2023-01", 8),
    records: (_, month) => (month === "2023-04" ? 1200 : 6000),
    kinds: ["crimes"],
    source: "archive",
    outside: null,
  });
  country.db.close();
  const { ask } = await browse(file);
  const { body } = await ask("/overview");
  const text = body.replaceAll(/\s+/g, " ");
  expect(text).toContain("From the archive: 2023-01 to 2023-08, 8 months");
  expect(text).toContain("2023-04 kent: 1,200 crimes, where about 6,000 are usual");
  expect((await ask("/overview?coverage=stops")).body).not.toContain("Far below");
});
