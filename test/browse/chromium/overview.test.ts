import Database from "better-sqlite3";
import { copyFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openConnection } from "../../../src/store/database.ts";
import { browseDatabase, browseInTest, crawlSample, useBrowser } from "../../support/visits.ts";
import type { Browsed } from "../../support/visits.ts";
import { newDatabase } from "../../support/crawled.ts";
import { queryColumn, queryRows } from "../../support/temp.ts";

const browser = useBrowser();
let file = "";
let server: Browsed;

beforeAll(async () => {
  file = await crawlSample();
  server = await browseDatabase(file);
}, 60_000);
afterAll(() => server.close());

const one = (sql: string, of = file) => Number(queryColumn(of, sql)[0]);
const grouped = (count: number) => count.toLocaleString("en-GB");

async function read(url: string): Promise<{ status: number; text: string }> {
  const response = await fetch(url);
  return { status: response.status, text: (await response.text()).replaceAll(/\s+/g, " ") };
}

/** A database of two forces, avon and greater-manchester, and what the rows say besides. */
function makeDatabase(sql: string): string {
  const made = newDatabase();
  const db = openConnection(made);
  db.exec(`insert into forces (id, name) values ('avon', 'Avon'), ('greater-manchester', 'Manchester');
    insert into crime_categories (id, name) values ('burglary', 'Burglary');
    ${sql}`);
  db.close();
  return made;
}

/** A force's crimes of a month, covered and counted. */
const cover = (force: string, month: string, records = 0, kind = "crimes") =>
  `insert into coverage
   values ('${month}', '${kind}', '${force}', 'api', '2024-01-01', '2024-01-01', ${records});` +
  (records === 0
    ? ""
    : `insert into force_counts values ('${kind}', '${month}', 'burglary', '${force}', ${records});`);

describe("the overview", () => {
  test("tells as many crimes, outcomes and months as the tables hold", async () => {
    const { page, complaints } = await browser.visit(`${server.url}overview`);
    const figures = await page.locator("#totals .figure").allTextContents();
    const tables = ["crimes", "outcomes", "stops"].map((table) =>
      one(`select count(*) from ${table}`),
    );
    const months = one("select count(distinct month) from coverage");
    const forces = one("select count(*) from forces where listed = 1");
    const areas = one("select count(*) from neighbourhoods where listed = 1");
    expect(figures).toEqual([...tables, months, forces, areas].map(grouped));
    expect(complaints).toEqual([]);
  });

  test("has the crimes of each month and category in its table", async () => {
    const { page } = await browser.visit(`${server.url}overview`);
    const cells = await page.locator('#months tr[data-month="2018-05"] td').allTextContents();
    const counts = queryColumn(
      file,
      `select count(*) filter (where month = '2018-05') from crimes group by category
       order by count(*) desc, category`,
    ).map(Number);
    const total = counts.reduce((sum, records) => sum + records, 0);
    expect(cells).toEqual([...counts, total].map(grouped));
  });

  test("tells outcomes by kind, the most frequent first", async () => {
    const { page } = await browser.visit(`${server.url}overview`);
    const first = page.locator("#outcomes tbody tr").first();
    const [most] = queryRows(
      file,
      `select name, count(*) as records from outcomes
       join outcome_categories on outcome_categories.id = category
       group by category order by 2 desc limit 1`,
    );
    await expect(first.locator("th").textContent()).resolves.toBe(most?.["name"]);
    await expect(first.locator("td").first().textContent()).resolves.toBe(
      grouped(Number(most?.["records"])),
    );
  });

  test("shows one force's figures when it is chosen, and keeps it in the address", async () => {
    const { page, complaints } = await browser.visit(`${server.url}overview`);
    await page.selectOption("#force-0", "city-of-london");
    await page.locator("#months-title", { hasText: "City of London Police" }).waitFor();
    const month = "2018-05";
    const crimes = one(
      `select count(*) from crimes
       where coalesce(force_id, reported_by) = 'city-of-london' and month = '${month}'`,
    );
    await expect(
      page.locator(`#months tr[data-month="${month}"] td`).last().textContent(),
    ).resolves.toBe(grouped(crimes));
    await expect(page.locator(".readout").textContent()).resolves.toContain(grouped(crimes));
    await expect(page.locator("#shown").textContent()).resolves.toContain("City of London Police");
    expect(page.url()).toContain("force=city-of-london");
    expect(complaints).toEqual([]);
  });
});

describe("the chart", () => {
  const crimesOf = (month: string) =>
    grouped(one(`select count(*) from crimes where month = '${month}'`));

  test("moves through the months by arrow keys, and reads each one out", async () => {
    const { page, complaints } = await browser.visit(`${server.url}overview`);
    const readout = page.locator(".readout");
    await page.locator(".plot").focus();
    await page.keyboard.press("ArrowLeft");
    await expect(readout.textContent()).resolves.toContain(
      `April 2018: ${crimesOf("2018-04")} crimes`,
    );
    await page.keyboard.press("End");
    await expect(readout.textContent()).resolves.toContain(
      `May 2018: ${crimesOf("2018-05")} crimes`,
    );
    await expect(readout.getAttribute("aria-live")).resolves.toBe("polite");
    expect(complaints).toEqual([]);
  });

  test("answers to the pointer", async () => {
    const { page } = await browser.visit(`${server.url}overview`);
    await page.locator(".plot .u-over").scrollIntoViewIfNeeded();
    const box = await page.locator(".plot .u-over").boundingBox();
    if (box === null) throw new Error("there is no chart");
    await page.mouse.move(box.x + box.width * 0.25, box.y + box.height / 2);
    await page.locator(".readout", { hasText: "April 2018" }).waitFor();
  });

  test("leaves out a category that is pressed in the legend", async () => {
    const { page } = await browser.visit(`${server.url}overview`);
    await page.locator(".legend button", { hasText: "Burglary" }).press("Enter");
    const others = grouped(
      one("select count(*) from crimes where month = '2018-05' and category <> 'burglary'"),
    );
    await expect(page.locator(".readout").textContent()).resolves.toContain(
      `May 2018: ${others} crimes`,
    );
  });

  test("gives way to the table where there is no script", async () => {
    const { page } = await browser.visit(`${server.url}overview`, { javaScriptEnabled: false });
    await expect(page.locator("#months").isVisible()).resolves.toBe(true);
    await expect(page.locator("#chart").isVisible()).resolves.toBe(false);
  });
});

describe("some areas and categories", () => {
  const months = ["2023-01", "2024-01"];
  const made = () =>
    makeDatabase(
      `insert into crime_categories (id, name) values ('robbery', 'Robbery');
       ${cover("avon", "2023-01", 10)} ${cover("avon", "2024-01", 30)}
       ${cover("greater-manchester", "2023-01", 5)}
       insert into force_counts values ('crimes', '2024-01', 'robbery', 'avon', 4);`,
    );
  const cellsOf = (page: Page, month: string) =>
    page.locator(`#months tr[data-month="${month}"] td`).allTextContents();
  const headsOf = (page: Page) => page.locator("#months thead th").allTextContents();

  test("tells one category alone, beside the same month of the year before", async () => {
    const { url } = await browseInTest(made());
    const { page, complaints } = await browser.visit(`${url}overview?force=avon&category=burglary`);
    expect(await headsOf(page)).toEqual(["Month", "Burglary", "The year before"]);
    expect(await Promise.all(months.map((month) => cellsOf(page, month)))).toEqual([
      ["10", "–"],
      ["30", "10"],
    ]);
    await expect(page.locator(".readout").textContent()).resolves.toBe(
      "January 2024: 30 crimes, the year before 10",
    );
    await expect(page.locator(".before-key").isVisible()).resolves.toBe(true);
    expect(complaints).toEqual([]);
  });

  test("puts several areas side by side, and leaves a gap where one is not complete", async () => {
    const { url } = await browseInTest(made());
    const { page, complaints } = await browser.visit(url + "overview?force=avon");
    await page.selectOption("#force-1", "greater-manchester");
    await page.locator("#months-title", { hasText: "Avon beside Manchester" }).waitFor();
    expect(await headsOf(page)).toEqual(["Month", "Avon", "Manchester"]);
    expect(await Promise.all(months.map((month) => cellsOf(page, month)))).toEqual([
      ["10", "5"],
      ["34", "–"],
    ]);
    await expect(page.locator(".readout").textContent()).resolves.toBe(
      "January 2024: Avon 34; Manchester not complete in this database",
    );
    expect(new URL(page.url()).searchParams.getAll("force").slice(0, 2)).toEqual([
      "avon",
      "greater-manchester",
    ]);
    expect(complaints).toEqual([]);
  });

  test("are chosen in the form, and stay chosen", async () => {
    const { url } = await browseInTest(made());
    const { page } = await browser.visit(`${url}overview`);
    await page.getByText("Some categories only").click();
    await page.getByRole("checkbox", { name: "Robbery" }).check();
    await page.locator("#months-title", { hasText: "Robbery per month, all forces" }).waitFor();
    await page.reload();
    await expect(page.getByRole("checkbox", { name: "Robbery" }).isChecked()).resolves.toBe(true);
    await expect(read(`${url}overview?category=weather`)).resolves.toMatchObject({ status: 400 });
  });

  test("stacks no more parts than can be read; the table has each", async () => {
    const { page } = await browser.visit(`${server.url}overview`);
    const categories = one("select count(distinct category) from crimes");
    await expect(page.locator("#months thead [data-part]").count()).resolves.toBe(categories);
    await expect(page.locator(".legend button").count()).resolves.toBe(7);
    const others = page.locator(".legend button", { hasText: `${categories - 6} others` });
    await expect(others.count()).resolves.toBe(1);
  });
});

describe("the coverage", () => {
  test("tells counted, none published, not here and a known gap apart", async () => {
    const made = makeDatabase(
      [
        cover("avon", "2019-06", 1234),
        cover("greater-manchester", "2019-06", 5000),
        cover("avon", "2019-07"),
        cover("greater-manchester", "2019-07", 12),
        cover("greater-manchester", "2019-09"),
      ].join(""),
    );
    const { url } = await browseInTest(made);
    const { page } = await browser.visit(`${url}overview`);
    const rowOf = (force: string) =>
      page
        .locator(`.heat tbody tr:has(th:text-is("${force}")) td`)
        .evaluateAll((cells) =>
          cells.map((cell) => `${cell.className}: ${cell.getAttribute("title") ?? ""}`),
        );
    expect(await rowOf("Avon")).toEqual([
      "shade-3: 1,234",
      "zero: complete, none published",
      "missing: not in this database",
      "missing: not in this database",
    ]);
    expect(await rowOf("Manchester")).toEqual([
      "shade-5: 5,000",
      "gap: a known gap: only 12",
      "gap: a known gap",
      "gap: a known gap",
    ]);
    await expect(page.locator(".gap-note").allTextContents()).resolves.toEqual([
      "× Manchester publishes none since July 2019.",
    ]);
  });

  test("of stops tells not published, none and not here apart, of the transport police, too", async () => {
    const made = makeDatabase(
      `insert into forces (id, name, listed) values ('btp', 'British Transport Police', 0);
       insert into facts values ('published', '["2019-06","2019-07"]'), ('asked', '[""]');
       insert into stops_published values ('2019-06', 'avon'), ('2019-06', 'btp'),
         ('2019-07', 'avon'), ('2019-07', 'btp');
       ${cover("avon", "2019-06", 0, "stops")} ${cover("btp", "2019-07", 7, "stops")}`,
    );
    const { url } = await browseInTest(made);
    const { page, complaints } = await browser.visit(`${url}overview?coverage=stops`);
    const rows = await page
      .locator(".heat tbody tr")
      .evaluateAll((found) =>
        found.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.title)),
      );
    expect(rows).toEqual([
      ["complete, none published", "not in this database"],
      ["not in this database", "7"],
      ["not published", "a known gap"],
    ]);
    await expect(page.locator("#force-0 option").allTextContents()).resolves.toEqual([
      "All forces",
      "Avon",
      "Manchester",
    ]);
    const { text } = await read(`${url}overview?coverage=crimes`);
    expect(text).not.toContain("British Transport Police");
    expect(complaints).toEqual([]);
  });

  test("says which months are being fetched", async () => {
    const made = makeDatabase(
      `${cover("avon", "2024-01")}
       insert into sweeps (id, month, kind, plan, release, staged)
       values (1, '2024-02', 'crimes', 'tiles', '2024-03-01', 0);
       insert into sweep_cells values (1, 'avon');
       ${cover("avon", "2024-02", 0, "outcomes")}`,
    );
    const { url } = await browseInTest(made);
    const { text } = await read(`${url}overview`);
    expect(text.match(/class="open" title="being fetched"/g)).toHaveLength(1);
  });
});

describe("the overview of little", () => {
  test("says that an empty database is empty, and what fills it", async () => {
    const made = newDatabase();
    openConnection(made).close();
    const { url } = await browseInTest(made);
    const { status, text } = await read(`${url}overview`);
    expect(status).toBe(200);
    expect(text).toContain("The database is empty.");
  });

  test("says that no month is complete while the first is fetched", async () => {
    const { url } = await browseInTest(makeDatabase(""));
    const { status, text } = await read(`${url}overview`);
    expect(status).toBe(200);
    expect(text).toContain("2 forces and 0 neighbourhoods are here, but no month is complete yet.");
  });

  test("draws a single month", async () => {
    const made = makeDatabase(cover("avon", "2024-01", 7));
    const { url } = await browseInTest(made);
    const { page, complaints } = await browser.visit(`${url}overview`);
    await expect(page.locator(".readout").textContent()).resolves.toContain(
      "January 2024: 7 crimes",
    );
    expect(complaints).toEqual([]);
  });

  test("refuses a force and a kind that there are not", async () => {
    await expect(read(`${server.url}overview?force=atlantis`)).resolves.toMatchObject({
      status: 400,
    });
    await expect(read(`${server.url}overview?coverage=weather`)).resolves.toMatchObject({
      status: 400,
    });
  });
});

test("names with markup are text", async () => {
  const copy = newDatabase();
  copyFileSync(file, copy);
  const db = new Database(copy);
  db.exec(`update forces set name = '<script>alert(1)</script>';
    update crime_categories set name = '<img src=x onerror=alert(2)>' || id;
    update outcome_categories set name = '"><script>alert(3)</script>' || id`);
  db.close();
  const { url } = await browseInTest(copy);
  const { page, complaints } = await browser.visit(`${url}overview?force=metropolitan`);
  await page.locator(".legend button", { hasText: "<img src=x" }).first().waitFor();
  await expect(page.locator("#months-title").textContent()).resolves.toContain("<script>alert(1)");
  await expect(page.locator("main img, main script").count()).resolves.toBe(0);
  expect(complaints).toEqual([]);
});
