import Database from "better-sqlite3";
import { copyFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contains } from "../../../src/geo/contain.ts";
import { openConnection } from "../../../src/store/database.ts";
import type { Ring } from "../../../src/types.ts";
import { newDatabase } from "../../support/crawled.ts";
import { jsonOf } from "../../support/open-sandbox.ts";
import { queryColumn, queryRows } from "../../support/temp.ts";
import { browseDatabase, browseInTest, crawlSample, useBrowser } from "../../support/visits.ts";
import type { Browsed } from "../../support/visits.ts";

const MONTH = "2018-05";
const browser = useBrowser();
let file = "";
let server: Browsed;

beforeAll(async () => {
  file = await crawlSample();
  server = await browseDatabase(file);
}, 60_000);
afterAll(() => server.close());

const one = (sql: string) => Number(queryColumn(file, sql)[0]);
const grouped = (count: number) => count.toLocaleString("en-GB");

type Place = { force: string; id: string; crimes: number };

/** The busiest neighbourhood that holds the middle of its own box, on which a click can land. */
function findRound(): Place {
  const rows = queryRows(
    file,
    `select force_id, id, boundary,
       (select count(*) from crimes
        where month = '${MONTH}' and force_id = n.force_id and neighbourhood_id = n.id) as crimes
     from neighbourhoods as n
     where boundary is not null
     order by crimes desc`,
  );
  const found = rows.find(({ boundary }) => {
    const { coordinates }: { coordinates: [number, number][][] } = JSON.parse(String(boundary));
    const ring: Ring = (coordinates[0] ?? []).map(([longitude, latitude]) => ({
      latitude,
      longitude,
    }));
    const middle = (values: number[]) => (Math.min(...values) + Math.max(...values)) / 2;
    return contains(ring, {
      latitude: middle(ring.map(({ latitude }) => latitude)),
      longitude: middle(ring.map(({ longitude }) => longitude)),
    });
  });
  if (found === undefined) throw new Error("no neighbourhood is round enough");
  return {
    force: String(found["force_id"]),
    id: String(found["id"]),
    crimes: Number(found["crimes"]),
  };
}

async function openMap(query = "", url = server.url) {
  const visit = await browser.visit(`${url}map${query}`);
  await visit.page.locator("#map-areas button").first().waitFor({ state: "attached" });
  return visit;
}

/** Zooms out to where no points lie above the boundaries; answers the middle of the map. */
async function zoomOut(page: Page): Promise<[x: number, y: number]> {
  while (await page.locator("#map-notice").isVisible()) await pressZoom(page, "Zoom out");
  const box = await page.locator("#map").boundingBox();
  if (box === null) throw new Error("there is no map");
  return [box.x + box.width / 2, box.y + box.height / 2];
}

/** Zooms in as far as can be, where each point stands for itself. */
async function zoomIn(page: Page): Promise<void> {
  const button = page.getByLabel("Zoom in");
  while ((await button.getAttribute("aria-disabled")) !== "true") await pressZoom(page, "Zoom in");
}

/** Leaflet hears no pointer before a zoom has come to its end. */
async function pressZoom(page: Page, label: string): Promise<void> {
  await page.getByLabel(label).click();
  await expect.poll(() => page.locator("#map .leaflet-zoom-anim").count()).toBe(0);
}

/** What the canvas shows; another text whenever a pixel is. */
const picture = (page: Page) =>
  page.evaluate<string>("document.querySelector('#map canvas').toDataURL()");

describe("the map", () => {
  test("lists every neighbourhood with a boundary, and the most crimes first", async () => {
    const { page, complaints } = await openMap();
    const all = one("select count(*) from neighbourhoods where boundary is not null");
    await expect(page.locator("#map-readout").textContent()).resolves.toBe(`${all} neighbourhoods`);
    const [first] = await page.locator("#map-areas .map-figure").allTextContents();
    const most = one(
      `select count(*) from crimes where month = '${MONTH}' and force_id is not null
       group by force_id, neighbourhood_id order by 1 desc`,
    );
    expect(first).toBe(grouped(most));
    const top = page.locator("#map-legend li:has(.map-class-7)");
    await expect(top.textContent()).resolves.toMatch(new RegExp(`–${grouped(most)}\\d+ areas$`));
    expect(complaints).toEqual([]);
  });

  test("has a layer of stops, by the neighbourhood that they lie in", async () => {
    const { page, complaints } = await openMap("?kind=stops");
    const [most = {}] = queryRows(
      file,
      `select force_id, neighbourhood_id, count(*) as stops from stops
       where month = '${MONTH}' and force_id is not null
       group by force_id, neighbourhood_id order by stops desc`,
    );
    const stops = Number(most["stops"]);
    expect(stops).toBeGreaterThan(1);
    const first = page.locator("#map-areas button").first();
    await expect(first.locator(".map-figure").textContent()).resolves.toBe(grouped(stops));
    await expect(page.locator("#map-legend strong").textContent()).resolves.toBe(
      "All stops, May 2018",
    );
    await first.click();
    const caption = page.locator("#map-area .caption");
    await caption.waitFor();
    await expect(caption.textContent()).resolves.toMatch(/^stops in May 2018/);
    expect(page.url()).toContain("kind=stops");
    const query = `kind=stops&month=${MONTH}&south=51.4&north=51.6&west=-0.3&east=0.1&zoom=19`;
    const { circles } = await jsonOf<{ circles: { records: number }[] }>(
      fetch(`${server.url}data/map/points?${query}`),
    );
    const shown = circles.reduce((sum, { records }) => sum + records, 0);
    expect(shown).toBe(
      one(`select count(*) from stops where month = '${MONTH}'
        and latitude between 51.4 and 51.6 and longitude between -0.3 and 0.1`),
    );
    expect(complaints).toEqual([]);
  });

  test("shows the figures of the neighbourhood that is clicked", async () => {
    const { force, id, crimes } = findRound();
    const { page, complaints } = await openMap(`?of=${force}&id=${id}`);
    await page.locator("#map-area h2").waitFor();
    await page.getByRole("button", { name: "Back to the list" }).click();
    await page.mouse.click(...(await zoomOut(page)));
    await page.locator("#map-area h2", { hasText: id }).waitFor();
    await expect(page.locator("#map-area .figure").textContent()).resolves.toBe(grouped(crimes));

    const where = `force_id = '${force}' and neighbourhood_id = '${id}'`;
    const byMonth = queryRows(
      file,
      `select month, count(*) as crimes from crimes where ${where} group by month order by month`,
    );
    const trend = await page.locator("#map-area .trend").getAttribute("aria-label");
    expect(byMonth).toHaveLength(2);
    for (const row of byMonth) expect(trend).toContain(` 2018 ${grouped(Number(row["crimes"]))}`);

    const categories = queryColumn(
      file,
      `select count(*) from crimes where ${where} and month = '${MONTH}'
       group by category order by 1 desc`,
    );
    const [shown, streets] = await page
      .locator("#map-area .counts")
      .evaluateAll((tables) =>
        tables.map((table) => [...table.querySelectorAll("td")].map((cell) => cell.textContent)),
      );
    expect(shown).toEqual(categories.map((count) => grouped(Number(count))));
    const busiest = queryColumn(
      file,
      `select count(*) from crimes where ${where} and month = '${MONTH}'
       group by street_id order by 1 desc limit 8`,
    );
    expect(streets).toEqual(busiest.map((count) => grouped(Number(count))));
    expect(complaints).toEqual([]);
  });

  test("tells neighbourhoods that have no record in any month from those with zero", async () => {
    const counted = `select 1 from crimes as c where c.force_id = n.force_id and neighbourhood_id = n.id`;
    const bare = one(`select count(*) from neighbourhoods as n
      where boundary is not null and not exists (${counted})`);
    expect(bare).toBeGreaterThan(1);
    const { page } = await openMap("?category=robbery");
    const row = page.locator("#map-legend li:has(.map-class-bare)");
    await expect(row.textContent()).resolves.toMatch(new RegExp(`here${bare} areas$`));
    await expect(page.locator("#map-legend li:has(.map-class-0)").textContent()).resolves.toBe("0");
    await page.locator("#map-find").fill("Tower Hamlets");
    const figures = await page.locator("#map-areas .map-figure").allTextContents();
    expect(new Set(figures)).toEqual(new Set(["none in any month"]));
  });

  test("says how many neighbourhoods each class has; together they are all", async () => {
    const { page } = await openMap();
    const counts = await page.locator("#map-legend .map-count").allTextContents();
    const sum = counts.reduce((total, count) => total + Number.parseInt(count, 10), 0);
    expect(sum).toBe(one("select count(*) from neighbourhoods where boundary is not null"));
  });

  test("has the coast, rivers and names of places below and above the boundaries", async () => {
    const { page, complaints } = await openMap();
    await page.getByText("London", { exact: true }).waitFor({ state: "attached" });
    for (const pane of ["land", "rivers"])
      await expect(page.locator(`.leaflet-${pane}-pane canvas`).count()).resolves.toBe(1);
    while ((await page.getByLabel("Zoom out").getAttribute("aria-disabled")) !== "true")
      await pressZoom(page, "Zoom out");
    await page.getByText("Glasgow", { exact: true }).waitFor({ state: "attached" });
    expect(complaints).toEqual([]);
  });

  test("opens at the place that the address says, and keeps it there", async () => {
    const { page } = await openMap("?lat=51.5500&lng=-0.1000&zoom=13");
    const seen = () => new URL(page.url()).searchParams;
    await page.locator(".leaflet-control-scale-line", { hasText: "1 km" }).waitFor();
    await page.locator("#map").press("ArrowRight");
    await expect.poll(() => Number(seen().get("lng"))).toBeGreaterThan(-0.1);
    expect(Number(seen().get("lat"))).toBeCloseTo(51.55, 3);
    expect(seen().get("zoom")).toBe("13");
    const again = page.url();
    await page.reload();
    await page.locator("#map").press("ArrowLeft");
    await expect.poll(() => Number(seen().get("lng"))).toBeCloseTo(-0.1, 3);
    expect(page.url()).not.toBe(again);
  });

  test("is coloured anew for another month, category and measure", async () => {
    const { page, complaints } = await openMap();
    const seen = [await picture(page)];
    for (const [select, value, title] of [
      ["#map-month", "2018-04", "All crime, April 2018"],
      ["#map-category", "burglary", "Burglary, April 2018"],
      ["#map-measure", "density", "Burglary per km², April 2018"],
    ] as const) {
      await page.selectOption(select, value);
      await page.locator("#map-legend strong").getByText(title, { exact: true }).waitFor();
      await expect.poll(() => picture(page)).not.toBe(seen.at(-1));
      seen.push(await picture(page));
    }
    expect(new Set(seen).size).toBe(4);
    expect(complaints).toEqual([]);
  });

  test("keeps to one force when it is chosen", async () => {
    const { page } = await openMap();
    await page.selectOption("#map-force", "city-of-london");
    const areas = one(
      "select count(*) from neighbourhoods where force_id = 'city-of-london' and boundary is not null",
    );
    await page.locator("#map-readout", { hasText: `${areas} neighbourhoods` }).waitFor();
    await expect(page.locator("#map-areas li").count()).resolves.toBe(areas);
    expect(page.url()).toContain("force=city-of-london");
  });

  test("can be used by keyboard: a search, Enter, and the way back", async () => {
    const { page } = await openMap();
    await page.locator("#map-find").fill("00AGGD");
    await page.keyboard.press("Enter");
    await page.locator("#map-area h2", { hasText: "00AGGD" }).waitFor();
    await expect.poll(() => page.evaluate("document.activeElement.tagName")).toBe("H2");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.evaluate("document.activeElement.id")).toBe("map-find");
  });

  test("names what lies in its middle when the keyboard moves it, and opens it by Enter", async () => {
    const { force, id } = findRound();
    const { page } = await openMap(`?of=${force}&id=${id}`);
    await page.locator("#map-area h2").waitFor();
    await page.locator("#map").focus();
    await page.keyboard.press("-");
    await page.locator("#map-readout", { hasText: `${id}: ` }).waitFor();
    await page.getByRole("button", { name: "Back to the list" }).click();
    await page.locator("#map").focus();
    await page.keyboard.press("Enter");
    await page.locator("#map-area h2", { hasText: id }).waitFor();
    await page.getByRole("button", { name: "Back to the list" }).press("Enter");
    await expect.poll(() => page.evaluate("document.activeElement.id")).toBe("map");
  });
});

describe("the points", () => {
  const [west, south, east, north] = [-0.15, 51.49, -0.1, 51.52];
  const view = { month: MONTH, south, west, north, east };
  const ask = async (path: string, query: Record<string, string | number>) => {
    const text = Object.entries(query).map(([name, value]): [string, string] => [name, `${value}`]);
    return fetch(`${server.url}data/map/${path}?${new URLSearchParams(text)}`);
  };

  test("appear when near, clustered, with the words that they are not where it happened", async () => {
    const { force, id } = findRound();
    const { page, complaints } = await openMap(`?of=${force}&id=${id}`);
    const notice = page.locator("#map-notice");
    while (!(await notice.isVisible())) await pressZoom(page, "Zoom in");
    await page.locator(".map-cluster").first().waitFor();
    expect(await notice.textContent()).toContain("a point is not where it happened");
    await zoomIn(page);
    await page.locator(".map-point:not(.map-cluster)").first().waitFor();
    await page.locator(".map-point:not(.map-cluster)").first().dispatchEvent("click");
    expect(await page.locator(".leaflet-popup-content").textContent()).toContain(
      "An anonymised map point, not where it happened.",
    );
    // the points of another view are drawn anew, and what was opened stays
    await page
      .locator(".map-point")
      .first()
      .evaluate((point) => (point.id = "old"));
    await page.locator("#map").press("ArrowRight");
    await page.locator("#old").waitFor({ state: "detached" });
    await expect(
      page.evaluate("document.querySelector('.leaflet-popup').style.opacity"),
    ).resolves.toBe("1");
    await page.selectOption("#map-category", "burglary");
    await page.locator(".leaflet-popup-content").waitFor({ state: "detached" });
    expect(complaints).toEqual([]);
  });

  test("hold every crime in view, those in no neighbourhood included", async () => {
    const reply: { isWhole: boolean; circles: Record<string, number>[] } = await jsonOf(
      ask("points", { ...view, zoom: 19 }),
    );
    const inView = `month = '${MONTH}' and latitude between ${south} and ${north}
      and longitude between ${west} and ${east}`;
    const shown = reply.circles.filter(
      ({ latitude = 0, longitude = 0 }) =>
        latitude >= south && latitude <= north && longitude >= west && longitude <= east,
    );
    const total = shown.reduce((sum, { records = 0 }) => sum + records, 0);
    expect(reply.isWhole).toBe(true);
    expect(total).toBe(one(`select count(*) from crimes where ${inView}`));
    expect(shown).toHaveLength(
      one(`select count(*) from (select distinct latitude, longitude from crimes where ${inView})`),
    );
  });

  test("are of the chosen category alone", async () => {
    const reply: { circles: { categories?: { id: string }[] }[] } = await jsonOf(
      ask("points", { ...view, category: "burglary", zoom: 19 }),
    );
    const categories = reply.circles.flatMap((circle) => circle.categories?.map(({ id }) => id));
    expect(new Set(categories)).toEqual(new Set(["burglary"]));
  });

  test.each([
    ["counts", {}],
    ["counts", { month: "2018-13" }],
    ["counts", { month: "1066-10" }],
    ["counts", { month: MONTH, category: "' or 1 = 1 --" }],
    ["area", { month: MONTH, force: "metropolitan" }],
    ["area", { month: MONTH, force: "metropolitan", id: "nowhere" }],
    ["points", { ...view, zoom: "near" }],
    ["points", { ...view, zoom: 99 }],
    ["points", { ...view, zoom: 15, north: 51 }],
    ["points", { ...view, zoom: 15, east: 1e9 }],
    ["points", { month: MONTH, zoom: 15 }],
  ])("%s refuses what makes no sense: %j", async (path, query) => {
    expect((await ask(path, query)).status).toBe(400);
  });
});

describe("the boundaries", () => {
  test("are served compressed, and anew only when one was fetched", async () => {
    const copy = newDatabase();
    copyFileSync(file, copy);
    const { url } = await browseInTest(copy);
    const first = await fetch(`${url}data/map/shapes`);
    const etag = first.headers.get("etag") ?? "";
    expect(first.headers.get("content-encoding")).toBe("gzip");
    const { areas }: { areas: unknown[] } = await jsonOf(Promise.resolve(first));
    expect(areas).toHaveLength(one("select count(boundary) from neighbourhoods"));
    const headers = { "if-none-match": etag };
    expect((await fetch(`${url}data/map/shapes`, { headers })).status).toBe(304);

    const db = new Database(copy);
    db.exec("update neighbourhoods set boundary_at = '2999-01-01T00:00:00.000Z' where id = 'ce'");
    db.close();
    // a server that was not there before: one that is looks at the boundaries now and then only
    const { url: later } = await browseInTest(copy);
    expect((await fetch(`${later}data/map/shapes`, { headers })).status).toBe(200);
  });
});

describe("the map of little", () => {
  test("says that there are no boundaries yet", async () => {
    const made = newDatabase();
    openConnection(made).close();
    const { url } = await browseInTest(made);
    const { page, complaints } = await browser.visit(`${url}map`);
    await page.getByRole("heading", { name: "No boundaries yet" }).waitFor();
    expect(complaints).toEqual([]);
  });

  test("draws the boundaries before any month is complete", async () => {
    const made = newDatabase();
    openConnection(made).close();
    const db = new Database(made);
    const ring = "[[0,51],[1,51],[1,52],[0,52],[0,51]]";
    db.exec(`insert into forces (id, name) values ('avon', 'Avon');
      insert into neighbourhoods (force_id, id, name, boundary, boundary_at)
      values ('avon', 'A1', 'Old Town', '{"type":"Polygon","coordinates":[${ring}]}', '2024-01-01')`);
    db.close();
    const { url } = await browseInTest(made);
    const { page, complaints } = await openMap("", url);
    await expect(page.locator("#no-months").textContent()).resolves.toContain(
      "No month of crimes is complete yet",
    );
    await page.locator("#map-areas button", { hasText: "Old Town" }).click();
    await page.locator("#map-area h2", { hasText: "Old Town" }).waitFor();
    expect(complaints).toEqual([]);
  });

  test("names the boundaries that are none, and draws the others", async () => {
    const made = newDatabase();
    openConnection(made).close();
    const db = new Database(made);
    const ring = "[[0,51],[1,51],[1,52],[0,52],[0,51]]";
    db.exec(`insert into forces (id, name) values ('avon', 'Avon');
      insert into neighbourhoods (force_id, id, name, boundary)
      values ('avon', 'A1', 'Old Town', '{"type":"Polygon","coordinates":[${ring}]}'),
        ('avon', 'A2', 'New Town', '{}')`);
    const { page, complaints } = await openMap("", (await browseInTest(made)).url);
    const says = "Left out, for their stored boundary is no polygon: avon/A2";
    expect(await page.locator("#map-left-out").textContent()).toBe(says);
    expect(await page.locator("#map-areas button").count()).toBe(1);
    db.exec("update neighbourhoods set boundary = '{}'");
    db.close();
    const alone = await browser.visit(`${(await browseInTest(made)).url}map`);
    await alone.page.locator("#map-left-out", { hasText: "avon/A1, avon/A2" }).waitFor();
    expect([...complaints, ...alone.complaints]).toEqual([]);
  });
});

test("names with markup are text", async () => {
  const copy = newDatabase();
  copyFileSync(file, copy);
  const db = new Database(copy);
  db.exec(`update neighbourhoods set name = '<script>alert(1)</script>' || id;
    update forces set name = '<img src=x onerror=alert(2)>';
    update streets set name = '<img src=x onerror=alert(3)>';
    update crime_categories set name = '<script>alert(4)</script>' || id`);
  db.close();
  const { url } = await browseInTest(copy);
  const { force, id } = findRound();
  const { page, complaints } = await openMap(`?of=${force}&id=${id}`, url);
  const title = page.locator("#map-area h2");
  await title.waitFor();
  await expect(title.textContent()).resolves.toBe(`<script>alert(1)</script>${id}`);
  await page.mouse.move(...(await zoomOut(page)));
  await page.locator(".map-tip", { hasText: "<script>" }).waitFor();
  await zoomIn(page);
  await page.locator(".map-point:not(.map-cluster)").first().dispatchEvent("click");
  await page.locator(".leaflet-popup-content", { hasText: "<img src=x" }).waitFor();
  await expect(page.locator("main img, main script").count()).resolves.toBe(0);
  expect(complaints).toEqual([]);
});
